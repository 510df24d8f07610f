"""How long what was written for the awards is kept, and what goes when; see docs/awards.md.

The public record and the log of actions stay. What goes is what people wrote about others.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from awards.clock import add_days
from awards.log import PORTAL, note
from awards.models import (
    Cycle,
    Feedback,
    Interest,
    Nomination,
    NominationState,
    Outcome,
    Sheet,
    Stage,
)

DAYS_OF_DRAFTS = 30  # after nominations have closed
DAYS_OF_UNSUCCESSFUL = 183  # after the ceremony, as for all that follows
DAYS_OF_NOTES = 365
DAYS_OF_FINALISTS = 730
ERASED = "Erased"
OVER = (Stage.RELEASED, Stage.ARCHIVED)
WON = (*Outcome.HONOURED, Outcome.SHORTLISTED)


@dataclass(frozen=True)
class Due:
    """One kind of thing whose time is over, and how many there are."""

    what: str
    rows: list


def due(now):
    """What would be erased at that moment."""
    return [
        Due("drafts that were never sent", _drafts(now)),
        Due("nominations that did not succeed", _unsuccessful(now)),
        Due("notes of judges", _notes(now)),
        Due("interests that judges declared", _interests(now)),
        Due("nominations of finalists, with their sheets’ remarks", _finalists(now)),
    ]


def erase_due(now):
    """Erase it; returns what was erased."""
    found = due(now)
    drafts, unsuccessful, notes, interests, finalists = (one.rows for one in found)
    for nomination in [*drafts, *unsuccessful, *finalists]:
        erase_nomination(nomination)
    Sheet.objects.filter(pk__in=[one.pk for one in notes]).update(note="", improvement="")
    Interest.objects.filter(pk__in=[one.pk for one in interests]).delete()
    return found


def _kept():
    return Nomination.objects.filter(erased_at__isnull=True).select_related("category__cycle")


def _drafts(now):
    """A withdrawn one is as good as a draft: nobody judges it."""
    never = Q(state=NominationState.DRAFT) | Q(state=NominationState.WITHDRAWN)
    return [
        one
        for one in _kept().filter(never, category__cycle__closes_at__isnull=False)
        if add_days(one.category.cycle.closes_at, DAYS_OF_DRAFTS) <= now
    ]


def _unsuccessful(now):
    cycles = _cycles_before(now, DAYS_OF_UNSUCCESSFUL)
    lost = _kept().filter(category__cycle__in=cycles).exclude(decision__outcome__in=WON)
    return list(lost.exclude(state=NominationState.WITHDRAWN))


def _finalists(now):
    cycles = _cycles_before(now, DAYS_OF_FINALISTS)
    return list(_kept().filter(category__cycle__in=cycles, decision__outcome__in=WON))


def _notes(now):
    cycles = _cycles_before(now, DAYS_OF_NOTES)
    sheets = Sheet.objects.filter(category__cycle__in=cycles)
    return list(sheets.exclude(note="", improvement=""))


def _interests(now):
    """What followed from them stays as a conflict, without the words."""
    return list(Interest.objects.filter(judge__cycle__in=_cycles_before(now, DAYS_OF_NOTES)))


def _cycles_before(now, days):
    """Those whose ceremony lies so far back; one without a day counts from its release."""
    cycles = Cycle.objects.filter(stage__in=OVER).prefetch_related("categories__releases")
    return [one for one in cycles if (day := _ended(one)) and add_days(day, days) <= now]


def _ended(cycle):
    if cycle.ceremony_at:
        return cycle.ceremony_at
    released = [each.at for category in cycle.categories.all() for each in category.releases.all()]
    return max(released, default=None)


@transaction.atomic
def erase_nomination(nomination):
    """Take out every word of it and of who wrote it; that it was there stays, and its outcome."""
    nomination = Nomination.objects.select_for_update().get(pk=nomination.pk)
    _erase_files(nomination)
    for rows in ("answers", "receipts", "merges", "merged_nominations", "screenings", "referees"):
        getattr(nomination, rows).all().delete()
    Feedback.objects.filter(nomination=nomination).delete()
    nomination.collaborators.exclude(is_lead=True).delete()
    for lead in nomination.collaborators.all():
        lead.links.all().delete()
        lead.name, lead.phone, lead.user = ERASED, "", None
        lead.email = f"erased-{lead.pk}@example.invalid"
        lead.save()
    if hasattr(nomination, "consent"):
        nomination.consent.delete()
    _erase_fields(nomination)
    note(nomination.category.cycle, "erase", role=PORTAL, nomination=nomination)


def _erase_fields(nomination):
    values = {
        "nominee_name": ERASED,
        "nominee_organisation": "",
        "nominee_email": "",
        "charity_number": "",
        "organisation": None,
        "nominated_for": None,
        "eligibility": {},
        "sensitive": [],
        "submits_itself": False,
        "erased_at": nomination.category.cycle.now(),
    }
    for name, value in values.items():
        setattr(nomination, name, value)
    nomination.save(update_fields=list(values))


def _erase_files(nomination):
    for attachment in nomination.attachments.all():
        name, storage = attachment.file.name, attachment.file.storage
        attachment.delete()
        transaction.on_commit(lambda name=name, storage=storage: storage.delete(name))
