"""What happens to the public record of the awards."""

from django.db import transaction
from django.utils import timezone

from awards import copies
from awards.models import PublishedAward, PublishedCycle
from cja_portal.kit.moves import ImpossibleMove
from members.audit import record


@transaction.atomic
def publish_cycle(cycle, *, by):
    """Copy a year and its categories, as they now stand, to its public page."""
    public, _ = PublishedCycle.objects.update_or_create(year=cycle.year, defaults=cycle.facts())
    _copy_categories(cycle, public)
    public.published_at = public.published_at or timezone.now()
    public.withdrawn_at = None
    public.save(update_fields=["published_at", "withdrawn_at", "updated_at"])
    record(by, "awards.publish_cycle", public)
    return public


def _copy_categories(cycle, public):
    categories = cycle.categories.prefetch_related("themes")
    public.categories.exclude(slug__in=[category.slug for category in categories]).delete()
    for category in categories:
        copy, _ = public.categories.update_or_create(slug=category.slug, defaults=category.facts())
        copy.themes.set(category.themes.all())


def publish_award(award, *, by):
    """Put the award on the public record, or back on it after a withdrawal."""
    return _publish(award, "awards.publish", by)


def withdraw_award(award, *, by):
    """Take the award off every public page at once."""
    return _withdraw(award, "awards.withdraw", by)


def withdraw_cycle(cycle, *, by):
    """Take the page of a year, and with it every award of the year, away at once."""
    return _withdraw(cycle, "awards.withdraw_cycle", by)


def restore_cycle(cycle, *, by):
    return _publish(cycle, "awards.restore_cycle", by)


@transaction.atomic
def correct_award(award, changes, *, note, by):
    """Change a public award and tell readers, in `note`, what was put right."""
    award = _locked(award)
    if not award.is_public:
        raise ImpossibleMove(f"“{award}” is not public: change it without a note.")
    for name, value in changes.items():
        setattr(award, name, value)
    award.save(update_fields=[*changes, "updated_at"])
    award.corrections.create(note=note)
    copies.take_back(_awards_of(award))
    record(by, "awards.correct", award, fields=sorted(changes), note=note)
    return award


@transaction.atomic
def _publish(thing, verb, by):
    thing = _locked(thing)
    if thing.is_public:
        raise ImpossibleMove(f"“{thing}” is already public.")
    thing.published_at = thing.published_at or timezone.now()
    copies.renew()
    return _release(thing, None, verb, by)


@transaction.atomic
def _withdraw(thing, verb, by):
    thing = _locked(thing)
    if not thing.is_public:
        raise ImpossibleMove(f"“{thing}” is not public.")
    _release(thing, timezone.now(), verb, by)
    copies.take_back(_awards_of(thing))
    return thing


def _awards_of(thing):
    """The award itself, or all of a year."""
    is_year = isinstance(thing, PublishedCycle)
    return PublishedAward.objects.filter(**{"year": thing.year} if is_year else {"pk": thing.pk})


def _release(thing, withdrawn_at, verb, by):
    thing.withdrawn_at = withdrawn_at
    thing.save(update_fields=["published_at", "withdrawn_at", "updated_at"])
    record(by, verb, thing)
    return thing


def _locked(thing):
    return type(thing).objects.select_for_update().get(pk=thing.pk)
