"""Asking people to judge, what they answer, and when they leave."""

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from awards import judging_emails as emails
from awards.actions.interests import find_conflicts, hold_judge
from awards.log import JUDGE, STAFF, note
from awards.models import Assignment, AssignmentState, Judge, RoundState, Stage
from cja_portal.kit.moves import ImpossibleMove
from members.actions.invitations import invite_person
from members.models import User
from members.models.invitation import Purpose
from members.permissions import JUDGES

TERMS_VERSION = "2026-1"  # of templates/awards/_judging_terms.html
ENDED = (Stage.RELEASED, Stage.ARCHIVED)


@transaction.atomic
def invite_judge(cycle, email, *, by, limit=20, is_chair=False):
    """Ask a person of the portal, or invite one: then the letter is bound to the address.

    Raises ImpossibleMove, as `invite_person` does.
    """
    if cycle.stage in ENDED:
        raise ImpossibleMove(f"“{cycle}” is over.")
    values = {"limit": limit, "is_chair": is_chair}
    user = User.objects.with_address(email).filter(is_active=True).first()
    judge = _ask(cycle, user, values) if user else _invite(cycle, email, values, by)
    note(cycle, "invite_judge", role=STAFF, by=by, judge=judge.reference)
    return judge


def _ask(cycle, user, values):
    """Also anew: whoever declined, left, or was invited before they had an account."""
    invited = Q(user__isnull=True, invitation__email=user.email)
    judge = Judge.objects.filter(Q(user=user) | invited, cycle=cycle).first()
    judge = judge or Judge(cycle=cycle)
    if judge.is_sitting:
        raise ImpossibleMove(f"{user} judges already.")
    judge.user, judge.limit, judge.is_chair = user, values["limit"], values["is_chair"]
    judge.accepted_at = judge.declined_at = judge.left_at = None
    judge.terms_version = ""
    judge.save()
    transaction.on_commit(lambda: emails.asked(judge))
    return judge


def _invite(cycle, email, values, by):
    invitation = invite_person(email, Purpose.JUDGE, by=by)
    return Judge.objects.get_or_create(cycle=cycle, invitation=invitation, defaults=values)[0]


@transaction.atomic
def accept_place(judge, *, by, limit, themes=()):
    """Yes to judging and to its terms. Who came by invitation is known from now on by login."""
    judge = hold_judge(judge)
    if judge.cycle.stage in ENDED:
        raise ImpossibleMove(f"“{judge.cycle}” is over.")
    if not Judge.objects.of(by).filter(pk=judge.pk).exists():
        raise ImpossibleMove("This place is somebody else’s.")
    judge.user, judge.limit = by, limit
    judge.accepted_at = judge.accepted_at or timezone.now()
    judge.terms_version = TERMS_VERSION
    judge.save(update_fields=["user", "limit", "accepted_at", "terms_version"])
    judge.themes.set(themes)
    by.groups.add(Group.objects.get(name=JUDGES))
    note(judge.cycle, "accept_place", role=JUDGE, by=by, limit=limit, terms=TERMS_VERSION)
    find_conflicts(judge)


@transaction.atomic
def decline_place(judge, *, by):
    judge = hold_judge(judge)
    if judge.accepted_at:
        raise ImpossibleMove("You have said yes: leave the panel instead.")
    judge.declined_at = timezone.now()
    judge.save(update_fields=["declined_at"])
    note(judge.cycle, "decline_place", role=JUDGE, by=by, judge=judge.reference)


@transaction.atomic
def leave_panel(judge, *, reason, by):
    """What was handed in still counts; the rest is there for others to read."""
    judge = hold_judge(judge)
    if not judge.is_sitting:
        raise ImpossibleMove(f"{judge} does not judge.")
    unread = Assignment.objects.active().filter(judge=judge, sheet__submitted_at__isnull=True)
    unread = unread.exclude(round__state=RoundState.SEALED).values_list("pk", flat=True)
    Assignment.objects.filter(pk__in=list(unread)).update(
        state=AssignmentState.RECUSED, recused_at=timezone.now()
    )
    judge.left_at = timezone.now()
    judge.save(update_fields=["left_at"])
    role = JUDGE if judge.user_id == by.pk else STAFF
    note(judge.cycle, "leave_panel", role=role, by=by, reason=reason, judge=judge.reference)
