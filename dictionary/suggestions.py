"""What happens to suggestions: received, considered, answered with a reason that can be read."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cja_portal.kit.moves import ImpossibleMove
from dictionary import emails
from dictionary.models import Suggestion, SuggestionContact, SuggestionStatus
from members.audit import record

MOMENT = timedelta(hours=1)


class ImpossibleAnswer(ImpossibleMove):
    """The suggestion cannot be answered so; the message says why, for staff."""


@transaction.atomic
def receive_suggestion(suggestion, *, email=""):
    """Keep what somebody told us, once; the address for the answer rests apart from it."""
    if not email and (same := _just_received(suggestion)):
        return same
    suggestion.save()
    if email:
        SuggestionContact.objects.create(suggestion=suggestion, email=email)
    return suggestion


@transaction.atomic
def consider_suggestion(suggestion, *, by):
    """Say on its page that somebody is looking into it."""
    suggestion = _locked(suggestion)
    _move(suggestion, SuggestionStatus.CONSIDERING)
    suggestion.save(update_fields=["status"])
    record(by, "dictionary.consider-suggestion", suggestion)


@transaction.atomic
def answer_suggestion(suggestion, status, *, by, because, same_as=None):
    """Say what came of it and why, write to whoever left an address, and forget the address."""
    suggestion = _locked(suggestion)
    _move(suggestion, status)
    if not because.strip():
        raise ImpossibleAnswer("Give a reason: whoever sent it will read it.")
    suggestion.outcome, suggestion.same_as = because.strip(), same_as
    suggestion.answered_at, suggestion.answered_by = timezone.now(), by
    suggestion.full_clean(exclude=["entry", "organisation"])
    suggestion.save()
    record(by, f"dictionary.{status}-suggestion", suggestion)
    _write_and_forget(suggestion)


def _write_and_forget(suggestion):
    contact = SuggestionContact.objects.filter(suggestion=suggestion).first()
    if contact:
        email = contact.email
        contact.delete()
        transaction.on_commit(lambda: emails.suggestion_answered(suggestion, email))


def _just_received(suggestion):
    """The same words from a moment ago: a form sent twice, or a machine."""
    names = ["kind", "entry", "word", "text", "organisation"]
    alike = Suggestion.objects.waiting().filter(received_at__gt=timezone.now() - MOMENT)
    return alike.filter(**{name: getattr(suggestion, name) for name in names}).first()


def _locked(suggestion):
    rows = Suggestion.objects.select_for_update(of=("self",)).select_related("entry")
    return rows.get(pk=suggestion.pk)


def _move(suggestion, status):
    if status not in SuggestionStatus.next_statuses.get(suggestion.status, ()):
        there = SuggestionStatus(status).label.lower()
        here = suggestion.get_status_display().lower()
        raise ImpossibleAnswer(f"{suggestion.reference} is {here}: it cannot become “{there}”.")
    suggestion.status = status
