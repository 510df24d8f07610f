"""Whom a nomination names as able to confirm it."""

from django.db import transaction

from awards.actions.nominations import take_to_write
from awards.log import note_of
from awards.models import Referee
from cja_portal.kit.moves import ImpossibleMove

MOST_REFEREES = 3


@transaction.atomic
def name_referee(nomination, *, name, email, organisation, by):
    """They get no letter from this; staff write to them if something is to be confirmed."""
    nomination, _ = take_to_write(nomination)
    if nomination.referees.count() >= MOST_REFEREES:
        raise ImpossibleMove(f"At most {MOST_REFEREES} people can be named.")
    values = {"name": name, "organisation": organisation}
    referee, is_new = nomination.referees.get_or_create(email=email.lower(), defaults=values)
    if not is_new:
        raise ImpossibleMove(f"{email} is named already.")
    note_of(nomination, "name_referee", by)
    return referee


@transaction.atomic
def drop_referee(referee, *, by):
    nomination, _ = take_to_write(referee.nomination)
    Referee.objects.filter(pk=referee.pk).delete()
    note_of(nomination, "drop_referee", by)
