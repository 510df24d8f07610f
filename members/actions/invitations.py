"""Inviting people: the only way to an account."""

import secrets
from datetime import timedelta
from functools import partial

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from cja_portal.kit.moves import ImpossibleMove
from members import emails
from members.actions.affiliations import join_organisation, lock_organisation
from members.audit import record
from members.models import DoNotInvite, Invitation, InvitationLink
from members.models.invitation import LIFETIME, Purpose, digest_of
from members.permissions import JUDGES, STAFF, may_invite

MOST_A_DAY = 20
MOST_OPEN = 25
PAUSE = timedelta(minutes=5)


class InvitationError(ImpossibleMove):
    """An impossible step with an invitation, as a sentence for the person who tried it."""


@transaction.atomic
def invite_person(email, purpose, *, by, organisation=None, roles=()):
    """Write to `email`; an older invitation for the same thing is renewed. Give the invitation."""
    email = email.strip().lower()
    if not may_invite(by, purpose, organisation):
        raise InvitationError("You may not invite people to this.")
    _check_wish(email, organisation)
    if organisation:
        lock_organisation(organisation)
        _check_outside(organisation, email)
    pending = Invitation.objects.pending().select_for_update()
    invitation = pending.filter(email=email, purpose=purpose, organisation=organisation).first()
    invitation = invitation or Invitation(email=email, purpose=purpose, organisation=organisation)
    invitation.roles, invitation.invited_by = list(roles), by
    _send(invitation)
    record(by, "members.invite", invitation, email=email, roles=invitation.roles)
    return invitation


@transaction.atomic
def resend_invitation(invitation, *, by):
    """Send a new letter; the links in older letters work as long. `by` now stands for it."""
    lock_invitation(invitation)
    _check_pending(invitation)
    if not may_invite(by, invitation.purpose, invitation.organisation):
        raise InvitationError("You may not invite people to this.")
    invitation.invited_by = by
    _send(invitation)
    record(by, "members.resend", invitation, email=invitation.email)


@transaction.atomic
def withdraw_invitation(invitation, *, by):
    lock_invitation(invitation)
    _check_pending(invitation)
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    record(by, "members.withdraw", invitation, email=invitation.email)


@transaction.atomic
def decline_invitation(invitation, *, by=None, never_again=False):
    """Whoever holds the link may decline, and ask for no more from the same organisation."""
    lock_invitation(invitation)
    _check_pending(invitation)
    invitation.declined_at = timezone.now()
    invitation.save(update_fields=["declined_at"])
    if never_again:
        wish = {"email": invitation.email, "organisation": invitation.organisation}
        DoNotInvite.objects.get_or_create(**wish)
    record(by, "members.decline", invitation, email=invitation.email, never_again=never_again)


@transaction.atomic
def accept_invitation(invitation, *, by):
    """Give `by` what the invitation opens. It works once, and only for the invited address."""
    lock_invitation(invitation)
    check_acceptable(invitation)
    if not by.has_verified_address(invitation.email):
        raise InvitationError("This invitation is for another e-mail address.")
    invitation.accepted_at, invitation.accepted_by = timezone.now(), by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record(by, "members.accept", invitation, email=invitation.email, roles=invitation.roles)
    OPENS[invitation.purpose](invitation, by)


def check_acceptable(invitation):
    """What it gives is capped by what the inviter may give today, not on the day of the letter."""
    if not invitation.is_open:
        raise InvitationError("This invitation has been used or withdrawn, or is too old.")
    if not may_invite(invitation.invited_by, invitation.purpose, invitation.organisation):
        raise InvitationError(
            "The person who invited you can no longer do so. When another owner sends the "
            "invitation again, your link works."
            if invitation.organisation
            else "The person who invited you can no longer do so."
        )


def lock_invitation(invitation):
    """The organisation first, as everywhere: an inviter who is losing the role is waited for."""
    if invitation.organisation:
        lock_organisation(invitation.organisation)
    invitation.refresh_from_db(from_queryset=Invitation.objects.select_for_update())


def _check_pending(invitation):
    if invitation.has_ended:
        raise InvitationError("This invitation has already been used, declined or withdrawn.")


def _check_wish(email, organisation):
    if DoNotInvite.objects.filter(email=email, organisation=organisation).exists():
        raise InvitationError("This person has asked not to be invited again.")


def _check_outside(organisation, email):
    """By the addresses that the owners see anyway: another of a colleague's tells them nothing.

    Whoever has both gets the new roles beside the old ones.
    """
    if organisation.affiliations.current().filter(user__email=email).exists():
        raise InvitationError("This person already belongs to your organisation.")


def _check_room(invitation):
    """The lock on the organisation holds both counts true for two letters at once."""
    organisation = invitation.organisation
    others = organisation.invitations.open().exclude(pk=invitation.pk)
    if others.count() >= MOST_OPEN:
        raise InvitationError(
            f"{MOST_OPEN} invitations are open. Withdraw one, or wait until one is accepted."
        )
    since = timezone.now() - timedelta(days=1)
    letters = InvitationLink.objects.filter(invitation__organisation=organisation)
    if letters.filter(sent_at__gt=since).count() >= MOST_A_DAY:
        raise InvitationError(f"You can send {MOST_A_DAY} invitations a day. Go on tomorrow.")


def _send(invitation):
    if invitation.pk and invitation.invited_at > timezone.now() - PAUSE:
        raise InvitationError("A letter has just been sent. Wait five minutes before the next.")
    if invitation.organisation:
        _check_room(invitation)
    secret = secrets.token_urlsafe(32)
    invitation.invited_at = timezone.now()
    invitation.expires_at = invitation.invited_at + LIFETIME
    invitation.save()
    invitation.links.create(secret_digest=digest_of(secret), sent_at=invitation.invited_at)
    transaction.on_commit(lambda: emails.invitation(invitation, secret))


def _open_organisation(invitation, user):
    organisation = invitation.organisation
    had_payer = bool(emails.payers_of(organisation))
    join_organisation(user, organisation, roles=invitation.roles, by=user)
    if not had_payer:
        for invoice in organisation.invoices.outstanding().order_by("number"):
            transaction.on_commit(partial(emails.invoice, invoice))


def _open_judging(invitation, user):
    user.groups.add(Group.objects.get(name=JUDGES))


def _open_staff_work(invitation, user):
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    user.groups.add(Group.objects.get(name=STAFF))


def _open_administration(invitation, user):
    user.is_staff = user.is_superuser = True
    user.save(update_fields=["is_staff", "is_superuser"])


OPENS = {
    Purpose.ORGANISATION: _open_organisation,
    Purpose.JUDGE: _open_judging,
    Purpose.STAFF: _open_staff_work,
    Purpose.ADMINISTRATOR: _open_administration,
}
