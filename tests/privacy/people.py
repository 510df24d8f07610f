"""A person who left a trace wherever people of organisations, nominators and judges can."""

from datetime import timedelta
from importlib import import_module

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from awards.models import Cycle, Event, Extension, NomineeConsent
from dictionary.models import SuggestionContact
from library.models import ChangeRequest
from members.audit import record
from members.models import (
    ApprovedDomain,
    BlockedSender,
    Claim,
    Complaint,
    Contact,
    DoNotInvite,
    FactorReset,
    JoinRequest,
    LetterOff,
    ProfileRevision,
    StillHere,
)
from tests.awards.factories import make_nomination, make_running_cycle
from tests.awards.judging import make_judge
from tests.factories import (
    make_affiliation,
    make_application,
    make_invitation,
    make_item,
    make_organisation,
    make_owner,
    make_saved_search,
    make_shelf,
    make_submission,
    make_suggestion,
    make_user,
)

EMAIL = "canary.person@example.org"
OTHER_EMAIL = "canary.other@example.com"
NAME = "Canaria Ömlaut-Bird"
CANARIES = ["canary.", "canaria", "0118-canary"]
LONG_AGO = timezone.now() - timedelta(days=400)


def make_person():
    """Of one organisation, beside its other owner; with rows in every app."""
    organisation = make_organisation("Example Nest")
    make_owner(organisation, email="stays@example.org", name="Policy lead, Example Nest")
    user = make_user(EMAIL, name=NAME)
    EmailAddress.objects.create(user=user, email=OTHER_EMAIL, verified=True)
    _in_members(user, organisation)
    _in_accounts(user)
    _in_library(user, organisation)
    _in_awards(user)
    _as_judge(user)
    SuggestionContact.objects.create(suggestion=make_suggestion(), email=EMAIL)
    return user


def _in_members(user, organisation):
    place = make_affiliation(user, organisation, "editor", job_title="Keeper of canaria")
    Contact.objects.create(affiliation=place, about="canaria")
    StillHere.objects.create(affiliation=place, round="2026-09-01")
    DoNotInvite.objects.create(email=EMAIL)
    LetterOff.objects.create(user=user, topic="payments")
    asked = {"email": OTHER_EMAIL, "name": NAME, "message": f"I am {NAME}."}
    JoinRequest.objects.create(organisation=organisation, **asked)
    days = {"claimed_at": LONG_AGO, "opens_at": LONG_AGO + timedelta(days=7)}
    Claim.objects.create(organisation=organisation, **asked, **days)
    Complaint.objects.create(
        email=EMAIL, name=NAME, text="canaria", answered_at=LONG_AGO, outcome="canaria"
    )
    FactorReset.objects.create(user=user, email=EMAIL, words="Call 0118-canary.")
    BlockedSender.objects.create(organisation=organisation, email=OTHER_EMAIL, words="canaria")
    make_invitation(EMAIL, purpose="judge", secret="a secret of a judge")
    _as_owner(user)
    _in_history(user, organisation, place)


def _as_owner(user):
    """Who invited, approved, and paid."""
    organisation = make_organisation("Example Nest by the Sea")
    make_owner(organisation, email="stays.too@example.org")
    make_affiliation(user, organisation, "owner", "finance", job_title="Head of canaria")
    make_invitation(
        "colleague@example.org",
        purpose="organisation",
        organisation=organisation,
        roles=["editor"],
        invited_by=user,
        secret="a secret of a colleague",
    )
    ApprovedDomain.objects.create(organisation=organisation, domain="sea.example", approved_by=user)
    Claim.objects.create(
        organisation=organisation,
        email="claimant@example.org",
        opens_at=timezone.now() + timedelta(days=8),
        objection="canaria",
        objected_by=EMAIL,
        objected_at=timezone.now(),
        state="frozen",
    )


def _in_history(user, organisation, place):
    said = {"contact": f"{NAME} <{EMAIL}>"}
    ProfileRevision.objects.create(
        organisation=organisation, before=said, after=said, asked_by=user, reason=f"For {NAME}."
    )
    answers = {"second_name": NAME, "second_email": EMAIL.title()}
    make_application(answers=answers)
    for thing in (place, user):
        record(user, "members.test", thing, email=EMAIL)
        LogEntry.objects.create(
            user=user,
            content_type=ContentType.objects.get_for_model(thing),
            object_id=str(thing.pk),
            object_repr=str(thing),
            action_flag=CHANGE,
            change_message=EMAIL,
        )


def _in_accounts(user):
    Authenticator.objects.create(user=user, type="totp", data={"secret": "canary.secret"})
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session["said"] = EMAIL
    session.create()
    UserSession.objects.create(
        user=user, ip="192.0.2.7", session_key=session.session_key, user_agent="canary.browser"
    )


def _in_library(user, organisation):
    item = make_item("A report")
    make_shelf(user, item, name="canaria").entries.update(note="canaria")
    make_saved_search("canaria", owner=user)
    make_saved_search("canaria", email=OTHER_EMAIL)
    item.copy_requests.create(kind="audio", email=EMAIL, text="canaria")
    make_submission(organisation, "Another report", by=user, status="submitted")
    ChangeRequest.objects.create(item=item, kind="withdrawal", text=EMAIL, asked_by=user)


def _in_awards(user):
    cycle = Cycle.objects.first() or make_running_cycle()
    nomination = make_nomination(cycle.categories.first(), nominee_email=EMAIL)
    nomination.collaborators.create(name=NAME, email=EMAIL, phone="0118-canary", user=user)
    nomination.referees.create(name=NAME, email=EMAIL)
    NomineeConsent.objects.create(nomination=nomination, email=OTHER_EMAIL, needs="canaria")
    until = timezone.now() + timedelta(days=1)
    Extension.objects.create(cycle=cycle, email=EMAIL, until=until, reason="canaria")


def _as_judge(user):
    """With interests and a sheet: what they said as a judge is kept, and they are not named."""
    cycle = Cycle.objects.filter(rehearsal_of=None).order_by("-year").first()
    judge = make_judge(cycle, user=user)
    judge.interests.create(kind="other", name="Example Nest", note="I know them.")
    Event.objects.create(cycle=cycle, verb="declare", role="judge", by=user)
