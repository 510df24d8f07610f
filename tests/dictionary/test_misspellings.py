"""How well the search hears what people mean, on our own entries as they are published."""

from pathlib import Path

import pytest
import yaml

from dictionary.models import Entry
from dictionary.search import search

FOLDER = Path(__file__).parent
QUERIES = yaml.safe_load((FOLDER / "queries.yaml").read_text())
QUERIES |= yaml.safe_load((FOLDER / "fresh_queries.yaml").read_text())


def places(pairs):
    """Where the entry that was meant stands in each answer, from 0, by what was typed."""
    slugs = dict(Entry.objects.values_list("pk", "slug"))
    found = {str(typed): (_slugs(str(typed), slugs), slug) for typed, slug in pairs}
    return {typed: _place(answer, slug.split("/")) for typed, (answer, slug) in found.items()}


def _place(answer, meant):
    """Of the first of several entries that are right, None if there is none."""
    return next((place for place, slug in enumerate(answer) if slug in meant), None)


def _slugs(typed, slugs):
    return [slugs[match.entry_id] for match in search(typed).matches]


def share(found, most):
    return sum(place is not None and place < most for place in found.values()) / len(found)


def missed(found, most):
    return {typed: place for typed, place in found.items() if place is None or place >= most}


@pytest.mark.parametrize("which", ["tuned", "held_out", "fresh", "fresher"])
def test_the_word_that_was_meant_comes_first_or_among_three(site, which):
    found = places(QUERIES[which])

    assert share(found, 1) >= 0.9, missed(found, 1)
    assert share(found, 3) >= 0.97, missed(found, 3)


def test_every_query_means_a_published_entry(site):
    meant = {
        slug for pairs in QUERIES.values() for _, either in pairs for slug in either.split("/")
    }

    assert meant - set(Entry.objects.published().values_list("slug", flat=True)) == set()
    assert sum(map(len, QUERIES.values())) >= 150
    assert min(len(QUERIES[half]) for half in ("held_out", "fresh")) >= 150


def test_every_former_or_avoided_name_leads_to_its_entry(site):
    index_of = places(
        (label["text"], entry.slug)
        for entry in Entry.objects.published().select_related("current")
        for label in entry.current.snapshot["labels"]
        if label["kind"] in {"former", "avoided"}
    )

    assert len(index_of) > 20
    assert missed(index_of, 3) == {}


def test_every_published_name_leads_to_its_entry(site):
    index_of = places(
        (label["text"], entry.slug)
        for entry in Entry.objects.published().select_related("current")
        for label in entry.current.snapshot["labels"]
    )

    assert missed(index_of, 3) == {}
