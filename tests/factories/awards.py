"""Years of the awards as staff prepare them and as everyone reads them."""

from django.utils.text import slugify

from awards.models import Cycle, PublishedAward, PublishedCycle, Result
from tests.factories.moments import LONG_AGO


def make_cycle(year=2030, *categories, **fields):
    """A year as staff prepare it, with nothing published."""
    cycle = Cycle.objects.create(year=year, name=f"Example Awards {year}", **fields)
    return _with_categories(cycle, categories)


def make_published_cycle(year=2030, *categories, **fields):
    values = {"name": f"Example Awards {year}", "published_at": LONG_AGO} | fields
    cycle = PublishedCycle.objects.create(year=year, **values)
    return _with_categories(cycle, categories)


def _with_categories(cycle, names):
    for position, name in enumerate(names):
        cycle.categories.create(name=name, slug=slugify(name), position=position)
    return cycle


def make_proof(cycle, **fields):
    """The public fingerprint of its first category, with a score sheet, and a number."""
    category = cycle.categories.first()
    values = {
        "category_slug": category.slug,
        "category_name": category.name,
        "sha256": "0a" * 32,
        "file": "{}",
        "sealed_at": LONG_AGO,
        "published_at": LONG_AGO,
    }
    cycle.figures.create(position=0, group="Nominations by category", label="Example", count=12)
    return cycle.proofs.create(**values | fields)


def make_award(recipient="Example Winner", *, year=2030, category="Example Category", **fields):
    """A name on the public record, without the page of its year."""
    values = {
        "cycle_name": f"Example Awards {year}",
        "category_slug": slugify(category),
        "result": Result.WINNER,
        "published_at": LONG_AGO,
    }
    return PublishedAward.objects.create(
        year=year, category_name=category, recipient=recipient, **values | fields
    )
