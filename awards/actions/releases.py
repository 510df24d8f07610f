"""The result of a category becomes public, and goes away again within seconds if it must.

Nothing of a result stands in a table that public pages read before the transaction that releases
it. Whoever releases or withdraws holds the year, so that two at once wait for each other.
"""

import json
from collections import Counter

from django.db import transaction
from django.utils import timezone

from awards import copies
from awards.actions.figures import publish_figures
from awards.actions.published import publish_cycle
from awards.actions.seals import name_to_publish
from awards.log import PORTAL, STAFF, note
from awards.models import (
    ConsentRule,
    Cycle,
    Event,
    NameChoice,
    Outcome,
    PublishedAward,
    PublishedCycle,
    PublishedProof,
    Release,
    Seal,
    Stage,
    Wording,
)
from awards.sealing import shares
from cja_portal.kit.moves import ImpossibleMove

UNNAMED = "A nominee who is not named"


@transaction.atomic
def release_category(category, *, by=None):
    """Write the public rows of the category, at the ceremony or when its moment has come."""
    cycle = Cycle.objects.select_for_update().get(pk=category.cycle_id)
    category.cycle = cycle
    seal = _seal_of(category)
    moment = timezone.now()
    release = Release.objects.create(category=category, seal=seal, by=by, at=moment)
    public = _public_year(cycle, by)
    _publish_awards(category, seal, moment)
    _publish_proof(category, seal, public, moment)
    copies.renew()
    note(cycle, "release", role=STAFF if by else PORTAL, by=by, category=category.slug)
    if cycle.stage == Stage.SEALED and not _waiting(cycle).exists():
        _move(cycle, Stage.RELEASED, by)
        publish_figures(cycle, by=by)
    return release


def _seal_of(category):
    cycle = category.cycle
    if cycle.rehearsal_of_id:
        raise ImpossibleMove("A rehearsal publishes nothing.")
    if cycle.stage not in {Stage.SEALED, Stage.RELEASED}:
        raise ImpossibleMove(f"“{cycle}” is not sealed: results come out once all are sealed.")
    if category.releases.live().exists():
        raise ImpossibleMove(f"“{category}” is public already.")
    seal = Seal.objects.confirmed().filter(category=category).first()
    if seal is None:
        raise ImpossibleMove(f"“{category}” is not sealed by two people.")
    return seal


def _public_year(cycle, by):
    """The page of the year; one that was withdrawn has to be shown again first."""
    public = PublishedCycle.objects.filter(year=cycle.year).first()
    if public is None or public.published_at is None:
        return publish_cycle(cycle, by=by)
    if not public.is_public:
        raise ImpossibleMove(f"The page of {cycle.year} is withdrawn: show it again first.")
    return public


def release_due():
    """What the clock releases now: each category that nobody has released or withdrawn yet."""
    due = [
        category
        for cycle in Cycle.objects.real().filter(stage=Stage.SEALED, results_at__isnull=False)
        if cycle.results_at <= cycle.now()
        for category in _waiting(cycle)
    ]
    return sum(_release_if_waiting(category) for category in due)


@transaction.atomic
def _release_if_waiting(category):
    cycle = Cycle.objects.select_for_update().get(pk=category.cycle_id)
    if not _waiting(cycle).filter(pk=category.pk).exists():
        return 0
    if cycle.results_at is None or cycle.results_at > cycle.now():
        return 0
    release_category(category)
    return 1


def _waiting(cycle):
    """Sealed, and never released yet: what somebody withdrew is not brought back by the clock."""
    sealed = Seal.objects.confirmed().values("category")
    return cycle.categories.filter(pk__in=sealed, releases__isnull=True)


@transaction.atomic
def withdraw_release(category, *, because, by):
    """Take the result of a category off every page at once; it can be released again."""
    cycle = Cycle.objects.select_for_update().get(pk=category.cycle_id)
    release = category.releases.live().first()
    if release is None:
        raise ImpossibleMove(f"“{category}” is not public.")
    if not because.strip():
        raise ImpossibleMove("Say why the result is withdrawn.")
    moment = timezone.now()
    release.withdrawn_by, release.withdrawn_at = by, moment
    release.withdrawn_because = because
    release.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])
    for rows in (_awards_of(category), _proofs_of(category)):
        rows.filter(published_at__isnull=False).update(withdrawn_at=moment)
    copies.take_back(_awards_of(category))
    note(cycle, "withdraw_release", role=STAFF, by=by, reason=because, category=category.slug)


def _awards_of(category):
    return PublishedAward.objects.filter(year=category.cycle.year, category_slug=category.slug)


def _proofs_of(category):
    return PublishedProof.objects.filter(
        cycle__year=category.cycle.year, category_slug=category.slug
    )


@transaction.atomic
def archive_cycle(cycle, *, by):
    """The year is over: what was written for it goes when its time has come."""
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    _move(cycle, Stage.ARCHIVED, by)


# -- What is written ------------------------------------------------------------------------------


def _publish_awards(category, seal, moment):
    """One row for each decision that is told, in the place of those of an earlier release."""
    decisions = category.decisions.select_related("nomination__consent", "wording")
    decisions = [one for one in decisions if _is_told(one)]
    pence = shares(category, {one.nomination_id: one.outcome for one in decisions})
    decisions.sort(key=lambda one: (_ORDER[one.outcome], one.nomination.nominee_name.lower()))
    names = _names(decisions)
    for place, decision in enumerate(decisions):
        award = _award(decision, seal, names[decision.pk])
        award |= {"prize_pence": pence.get(decision.nomination_id) or None}
        award |= {"position": category.position * 100 + place}
        PublishedAward.objects.update_or_create(
            year=category.cycle.year,
            category_slug=category.slug,
            recipient=award.pop("recipient"),
            defaults=award | {"published_at": moment, "withdrawn_at": None},
        )


_ORDER = {outcome: place for place, outcome in enumerate(Outcome.values)}


def _is_told(decision):
    """Whoever is honoured; of the shortlist only those who agreed to be named."""
    if decision.outcome in Outcome.HONOURED:
        return True
    return decision.outcome == Outcome.SHORTLISTED and bool(name_to_publish(decision.nomination))


def _names(decisions):
    """{decision: the name in public}, with a number where it stands more than once."""
    names, taken = {}, Counter()
    for decision in decisions:
        name = name_to_publish(decision.nomination) or UNNAMED
        taken[name] += 1
        names[decision.pk] = name if taken[name] == 1 else f"{name} ({taken[name]})"
    return names


def _award(decision, seal, name):
    nomination, category = decision.nomination, decision.category
    words = getattr(decision, "wording", None) or Wording()
    return {
        "recipient": name,
        "cycle_name": category.cycle.name,
        "category_name": category.name,
        "organisation": nomination.organisation if _is_named_in_full(nomination) else None,
        "result": decision.outcome,
        "for_work": words.for_work,
        "citation": words.citation,
        "judges_words": words.judges_words,
        "entry_code": seal.code_of(nomination) if decision.outcome in Outcome.HONOURED else "",
        "is_demonstration": category.cycle.is_demonstration,
    }


def _is_named_in_full(nomination):
    """A link to the page of the organisation tells more than a first name does."""
    if nomination.category.consent == ConsentRule.PUBLIC_WORK:
        return True
    consent = getattr(nomination, "consent", None)
    if consent is None or not consent.name_to_publish:
        return False
    return consent.name_choice in {NameChoice.FULL, NameChoice.ORGANISATION}


def _publish_proof(category, seal, public, moment):
    sealed = json.loads(seal.file)
    left_out = Counter(reason for _, _, reason in sealed["left_out"])
    PublishedProof.objects.update_or_create(
        cycle=public,
        category_slug=category.slug,
        defaults={
            "category_name": category.name,
            "position": category.position,
            "sha256": seal.sha256,
            "file": seal.file if seal.is_sheet_public else "",
            "sealed_at": seal.confirmed_at,
            "left_out": dict(left_out),
            "withheld_because": sealed.get("withheld", ""),
            "earlier": _earlier_seals(seal),
            "published_at": moment,
            "withdrawn_at": None,
        },
    )


def _earlier_seals(seal):
    """Those confirmed of earlier versions: judges and the trustee were sent their fingerprints."""
    round_ = seal.round
    reasons = {
        event.details["version"]: event.reason
        for event in Event.objects.filter(
            cycle=seal.category.cycle_id, verb="reopen_round", details__round=str(round_.uuid)
        )
    }
    sealed = round_.seals.filter(confirmed_at__isnull=False, version__lt=round_.version)
    return [
        {
            "sha256": one.sha256,
            "sealed_at": one.confirmed_at.isoformat(),
            "because": reasons.get(one.version + 1, ""),
        }
        for one in sealed.order_by("version")
    ]


def _move(cycle, stage, by):
    before = cycle.stage
    cycle.move_to(stage)
    cycle.save(update_fields=["stage"])
    note(cycle, "move_cycle", role=STAFF if by else PORTAL, by=by, before=before, after=stage)
