"""Twice a year everybody is asked whether they are still at their organisation."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from members import emails
from members.audit import record
from members.models import Affiliation, StillHere, User
from members.models.succession import round_of

REST = timedelta(days=90)  # between two questions, however late a round is caught up


def ask_who_is_still_here():
    """Ask everybody not yet asked in this round; how many letters went out.

    It may run at any time and as often as one likes: the ledger knows who has been asked.
    """
    begun = round_of(timezone.localdate())
    people = User.objects.filter(affiliations__in=_due(begun)).distinct().order_by("pk")
    return sum(_ask(pk, begun) for pk in people.values_list("pk", flat=True))


def _due(begun):
    """Places held since before the round began, not asked in it nor a short while ago."""
    lately = timezone.now() - REST
    asked = StillHere.objects.filter(round=begun) | StillHere.objects.filter(asked_at__gt=lately)
    held = Affiliation.objects.current().filter(user__is_active=True, started_at__date__lt=begun)
    return held.exclude(pk__in=asked.values("affiliation"))


@transaction.atomic
def _ask(pk, begun):
    """The letter is queued within the transaction: it goes out if the ledger knows it, and once."""
    user = User.objects.select_for_update().get(pk=pk)
    places = list(_due(begun).filter(user=user).select_related("organisation"))
    if places:
        asked = {"round": begun, "asked_at": timezone.now()}
        StillHere.objects.bulk_create(StillHere(affiliation=place, **asked) for place in places)
        emails.still_here(user, places)
    return bool(places)


@transaction.atomic
def confirm_still_here(user):
    """One answer for all places, and for all times they were asked."""
    asked = StillHere.objects.filter(affiliation__in=user.affiliations.current())
    count = asked.filter(answered_at__isnull=True).update(answered_at=timezone.now())
    if count:
        record(user, "members.still_here", user)
    return count
