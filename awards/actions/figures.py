"""The numbers of a year, published once its results are, and only in groups of ten or more."""

from collections import Counter

from django.db import transaction

from awards.equality import counts_of, told
from awards.log import STAFF, note
from awards.models import (
    ExclusionReason,
    Nomination,
    NominationState,
    NomineeKind,
    PublishedCycle,
    PublishedFigure,
    Stage,
)
from cja_portal.kit.moves import ImpossibleMove


@transaction.atomic
def publish_figures(cycle, *, by=None):
    """Write them anew, as they stand now; raises ImpossibleMove before the release.

    Where every group is small, the whole table is left out.
    """
    if cycle.stage not in {Stage.RELEASED, Stage.ARCHIVED} or cycle.rehearsal_of_id:
        raise ImpossibleMove(f"“{cycle}” is not released: its numbers stay in.")
    public = PublishedCycle.objects.select_for_update().get(year=cycle.year)
    public.figures.all().delete()
    rows = [
        (group, label, count)
        for group, counts in _groups(cycle).items()
        for label, count in told(counts)
        if any(count for _, count in told(counts))
    ]
    PublishedFigure.objects.bulk_create(
        PublishedFigure(cycle=public, position=place, group=group, label=label, count=count)
        for place, (group, label, count) in enumerate(rows)
    )
    note(cycle, "publish_figures", role=STAFF, by=by, rows=len(rows))


def _groups(cycle):
    """{what is counted: [(label, count)]}"""
    sent = Nomination.objects.filter(category__cycle=cycle).submitted()
    found = {
        "Nominations by category": _by_category(cycle, sent),
        "What was nominated": _by_choice(sent, "nominee_kind", NomineeKind),
        "What became of them": _outcomes(sent),
        "Why some were not eligible": _exclusions(sent),
    }
    answers = counts_of(cycle.year).items()
    return found | {text: counts for text, counts in answers if _differ(counts)}


def _differ(counts):
    """Where all gave one answer, whoever is known to have answered would be known by it."""
    return sum(count > 0 for _, count in counts) > 1


def _by_category(cycle, sent):
    counts = Counter(sent.values_list("category", flat=True))
    return [(category.name, counts[category.pk]) for category in cycle.categories.all()]


def _by_choice(sent, field, choices):
    counts = Counter(sent.values_list(field, flat=True))
    return [(choice.label, counts[choice.value]) for choice in choices]


def _outcomes(sent):
    counts = Counter(sent.values_list("state", flat=True))
    judged = sum(counts[state] for state in NominationState.JUDGED)
    return [
        ("Judged", judged),
        ("Not eligible", counts[NominationState.INELIGIBLE]),
        ("Joined to another of the same nominee", counts[NominationState.MERGED]),
        ("Withdrawn", counts[NominationState.WITHDRAWN]),
    ]


def _exclusions(sent):
    """The reason of the look that counted; both people had to agree."""
    excluded = sent.filter(state=NominationState.INELIGIBLE, screenings__second_agrees=True)
    counts = Counter(dict(excluded.values_list("pk", "screenings__reason")).values())
    labels = dict(ExclusionReason.choices) | {ExclusionReason.OTHER: "Another reason"}
    return [(label, counts[reason]) for reason, label in labels.items()]
