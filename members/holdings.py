"""What the tables of members, and of what it stands on, hold about a person."""

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from cja_portal.kit.holdings import NO_ADDRESS, NOBODY, Holding, Person, clear, deed, delete
from members.actions.applying import forget_content
from members.models import (
    Affiliation,
    Application,
    ApplicationStep,
    ApprovedDomain,
    AuditEvent,
    BillingDetails,
    BlockedSender,
    Bounce,
    Claim,
    Complaint,
    Contact,
    CriterionTick,
    Detail,
    DoNotInvite,
    Erasure,
    FactorReset,
    Invitation,
    Invoice,
    JoinRequest,
    LetterOff,
    MembershipPeriod,
    Organisation,
    Payment,
    ProfileRevision,
    StatementLine,
    StillHere,
    User,
)
from members.models.invitation import HAS_NOT_ENDED

GOES = "It is deleted."
EMPTIED = "Your name, your address and what you wrote go. That it was, and when, stays."


def person_of(user):
    """With the addresses that were shown to be theirs, and no others."""
    addresses = EmailAddress.objects.filter(user=user, verified=True)
    return Person(user, tuple(addresses.values_list("email", flat=True)))


# -- What becomes of it ---------------------------------------------------------------------------


def empty_accounts(users, person):
    """The row stays for the records that point to it; nothing in it tells whose it was."""
    for user in users:
        user.email, user.name = f"erased-{user.pk}@erased.invalid", NOBODY
        user.is_active = user.is_staff = user.is_superuser = False
        user.last_login = None
        user.set_unusable_password()
        user.save()
        user.groups.clear()
        user.user_permissions.clear()


def end_sessions(sessions, person):
    for session in sessions:
        session.end()


def end_places(places, person):
    places.filter(ended_at=None).update(ended_at=timezone.now())
    places.update(job_title="", wants_to_leave_at=None)


def forget_invitations(invitations, person):
    pks = list(invitations.values_list("pk", flat=True))
    Invitation.objects.filter(HAS_NOT_ENDED, pk__in=pks).delete()
    Invitation.objects.filter(pk__in=pks).update(email=NO_ADDRESS)


def forget_join_requests(asked, person):
    pks = list(asked.values_list("pk", flat=True))
    found = JoinRequest.objects.filter(pk__in=pks)
    found.waiting().delete()
    found.update(email=NO_ADDRESS, name=NOBODY, message="")


def forget_claims(claims, person):
    pks = list(claims.values_list("pk", flat=True))
    found = Claim.objects.filter(pk__in=pks)
    found.undecided().delete()
    found.update(email=NO_ADDRESS, name=NOBODY, message="")


def forget_applications(applications, person):
    for application in list(applications):
        if application.is_draft:
            application.delete()
        else:
            forget_content(application.pk, timezone.now())


# -- The list -------------------------------------------------------------------------------------

HOLDINGS = [
    Holding(
        User,
        "Your account",
        ("id",),
        ("name", "email", "joined_at", "last_login", "is_active", "is_staff", "is_superuser"),
        "It is emptied: where it stood, “a former member” stands.",
        empty_accounts,
    ),
    Holding(
        EmailAddress,
        "Your e-mail addresses",
        ("user",),
        ("email", "verified", "primary"),
        GOES,
        delete,
    ),
    Holding(
        Authenticator,
        "Your second steps for logging in",
        ("user",),
        ("type", "created_at", "last_used_at"),
        GOES,
        delete,
    ),
    Holding(
        UserSession,
        "Where you are logged in",
        ("user",),
        ("created_at", "last_seen_at", "ip", "user_agent"),
        "All are ended and deleted.",
        end_sessions,
    ),
    Holding(
        Affiliation,
        "Your places in organisations",
        ("user",),
        ("organisation", "roles", "job_title", "started_at", "ended_at", "wants_to_leave_at"),
        "They end. That “a former member” held them, and when, stays; your job title goes.",
        end_places,
    ),
    Holding(
        Contact,
        "Where you agreed to be named",
        ("affiliation__user",),
        ("about", "audience", "reads_messages", "agreed_at"),
        "It is deleted, and you are no longer named.",
        delete,
    ),
    Holding(
        StillHere,
        "When we asked whether you are still there",
        ("affiliation__user",),
        ("round", "asked_at", "answered_at"),
        GOES,
        delete,
    ),
    Holding(
        Invitation,
        "Invitations to you",
        ("accepted_by", "email"),
        ("email", "purpose", "organisation", "roles", "invited_at", "accepted_at", "declined_at"),
        "Open ones are deleted. Of the others your address goes; that they were, and when, stays.",
        forget_invitations,
    ),
    Holding(
        DoNotInvite,
        "Your wishes not to be invited",
        ("email",),
        ("email", "organisation", "asked_at"),
        "They are deleted too, for we can keep them only with your address.",
        delete,
    ),
    Holding(
        JoinRequest,
        "Your requests to join organisations",
        ("email",),
        ("organisation", "email", "name", "message", "asked_at", "outcome", "decided_at"),
        f"Open ones are deleted. {EMPTIED}",
        forget_join_requests,
    ),
    Holding(
        Claim,
        "Your claims of organisations",
        ("email",),
        ("organisation", "email", "name", "message", "claimed_at", "state"),
        f"Open ones are deleted. {EMPTIED}",
        forget_claims,
    ),
    Holding(
        Claim,
        "Your objections to claims",
        ("objected_by",),
        ("organisation", "objection", "objected_by", "objected_at"),
        EMPTIED,
        clear(objected_by=NO_ADDRESS, objection=""),
    ),
    Holding(
        Application,
        "Applications for membership sent from your address",
        ("email",),
        ("reference", "email", "state", "answers", "begun_at", "submitted_at", "closed_at"),
        "Drafts are deleted. Of the others what was written goes; the outcome stays.",
        forget_applications,
    ),
    Holding(
        Complaint,
        "Your complaints about data",
        ("email",),
        ("reference", "name", "email", "text", "received_at", "outcome", "answered_at"),
        EMPTIED,
        clear(email=NO_ADDRESS, name="", text="", steps="", outcome="It was answered."),
    ),
    Holding(
        BlockedSender,
        "Organisations that do not want your messages",
        ("email",),
        ("blocked_at",),
        GOES,
        delete,
    ),
    Holding(
        FactorReset,
        "When you lost your second step",
        ("user", "email"),
        ("asked_at", "email", "words", "opens_at", "ended_at", "outcome"),
        GOES,
        delete,
    ),
    Holding(
        Bounce,
        "That letters to you came back",
        ("email",),
        ("kind", "times", "first_at", "last_at", "lifted_at"),
        GOES,
        delete,
    ),
    Holding(
        LetterOff, "Letters you switched off", ("user", "email"), ("topic", "since"), GOES, delete
    ),
    Holding(
        Erasure,
        "Your wish to be erased",
        ("user",),
        ("asked_at", "due_at", "cancelled_at", "done_at"),
        "It stays, without your name, so that we can do it again after a backup is put back.",
    ),
    Holding(
        AuditEvent,
        "What you did on the portal",
        ("by",),
        ("at", "verb"),
        "It stays as done by “a former member”, in a log that nobody can change; events that name "
        "you lose the name.",
    ),
    Holding(
        LogEntry,
        "What you did in the admin",
        ("user",),
        ("action_time", "action_flag"),
    ),
    deed(Invitation, "Invitations you sent", "invited_by"),
    deed(ApplicationStep, "Steps of applications you took", "by"),
    deed(Application, "Applications you looked after", "reviewer"),
    deed(CriterionTick, "Checks of applications you made", "by"),
    deed(ApprovedDomain, "Domains you approved", "approved_by"),
    deed(JoinRequest, "Requests to join you decided", "decided_by"),
    deed(Claim, "Claims you decided", "decided_by"),
    deed(FactorReset, "Lost second steps you confirmed", "first_by", "second_by"),
    deed(MembershipPeriod, "Memberships you opened", "opened_by"),
    deed(ProfileRevision, "Changes of profiles you asked for", "asked_by"),
    deed(ProfileRevision, "Changes of profiles you decided", "decided_by"),
    deed(Complaint, "Complaints about data you answered", "answered_by"),
]
# Links to addresses, or to users, that are no person's: why.
# What stays as it is, whoever is named in it.
KEPT = {
    Detail: "What an organisation says of itself is its own: its editors can change it.",
    Organisation: "What an organisation says of itself is its own: its editors can change it.",
    BillingDetails: "What the CJA says of itself on its invoices is its own.",
    Invoice: "Invoices are accounts, kept for six years.",
    Payment: "Payments are accounts, kept for six years.",
    StatementLine: "Lines of bank statements are accounts, kept for six years.",
    AuditEvent: "The log of who did what stays; what named you in it is taken out.",
}
NO_PERSON = {
    (BillingDetails, "email"): "the CJA's own address on its invoices",
    (User, "email"): "it is the account itself",
    (EmailAddress, "email"): "found by its owner, for others may have typed it",
    (EmailConfirmation, "email_address"): "goes with the address",
}
