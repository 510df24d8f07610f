"""Nominations that may be of the same nominee. People decide; nothing is joined by itself."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from awards.models import Nomination, NominationState

ALIKE = 0.8  # of names, once folded
CANDIDATES = (NominationState.SUBMITTED, NominationState.SCREENED_IN)


@dataclass(frozen=True)
class Suggestion:
    """Two nominations of one category, and why they may be the same."""

    nomination: Nomination
    reason: str


def likely_duplicates(nomination):
    """Others in the category: same charity number, same address, or a name much like it."""
    others = Nomination.objects.filter(category=nomination.category_id, state__in=CANDIDATES)
    found = ((other, _reason(nomination, other)) for other in others.exclude(pk=nomination.pk))
    return [Suggestion(other, reason) for other, reason in found if reason]


def _reason(one, other):
    numbers = {_digits(one.charity_number), _digits(other.charity_number)}
    if len(numbers) == 1 and numbers != {""}:
        return "The same charity number."
    emails = {one.nominee_email.lower(), other.nominee_email.lower()}
    if len(emails) == 1 and emails != {""}:
        return "The same e-mail address of the nominee."
    mine, theirs = _folded(one.nominee_name), _folded(other.nominee_name)
    if mine == theirs:
        return "The same name."
    return "Much the same name." if _alike(mine, theirs) else ""


def _digits(number):
    return "".join(sign for sign in number if sign.isdigit())


def _folded(name):
    words = "".join(sign if sign.isalnum() else " " for sign in name.casefold()).split()
    return " ".join(word for word in words if word != "the")


def _alike(mine, theirs):
    return SequenceMatcher(None, mine, theirs, autojunk=False).ratio() >= ALIKE
