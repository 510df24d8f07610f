from datetime import date

import pytest

from cja_portal.kit.content import ContentError
from library import starter
from library.models import Card, Item, SearchAlias
from members import starter as members_starter
from tests.factories import make_area, make_organisation, make_theme

pytestmark = pytest.mark.django_db

PIECE = """
- slug: bail-report
  title: Bail
  subtitle: a study
  kind: report
  contributors:
    - {name: Policy lead, kind: person, role: author}
    - {name: Example Trust, kind: organisation, organisation: example-charity, role: evaluator}
  publishers: [example-charity]
  published: "2017-09"
  themes: [policing]
  nations: [england]
  licence: not-stated
  licence_certainty: found
  certainty: high
  link: https://example.org/bail
  link_kind: publisher
  summary: About bail.
"""

COLLECTION = """
- slug: about-bail
  title: About bail
  intro: What to read first.
  items: [{item: bail-report, reason: It comes first.}]
"""


@pytest.fixture
def folder(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    make_theme(), make_area(), make_organisation()
    (tmp_path / "items.yaml").write_text(PIECE)
    (tmp_path / "aliases.yaml").write_text("- {term: RJ, meaning: restorative justice}")
    (tmp_path / "collections.yaml").write_text(COLLECTION)
    return tmp_path


def load(folder):
    told = []
    starter.load(told.append, folder)
    return told[0]


def test_a_piece_becomes_a_published_item(folder):
    assert load(folder) == "Library: 1 items, 3 of them new or changed."

    item = Item.objects.get()
    item.full_clean()
    assert (item.slug, item.full_title, item.status) == (
        "bail-report",
        "Bail: a study",
        "published",
    )
    assert (item.published_on, item.precision) == (date(2017, 9, 1), "month")
    assert [(row.name, row.kind, row.role) for row in item.contributors.all()] == [
        ("Policy lead", "person", "author"),
        ("Example Trust", "organisation", "evaluator"),
    ]
    assert SearchAlias.objects.get().meaning == "restorative justice"


def test_a_second_load_changes_nothing(folder):
    load(folder)
    before = list(Item.objects.values())

    assert load(folder) == "Library: 1 items, 0 of them new or changed."
    assert list(Item.objects.values()) == before


def test_a_changed_file_changes_an_item_that_staff_left_alone(folder):
    load(folder)
    (folder / "items.yaml").write_text(PIECE.replace("About bail.", "On bail."))

    load(folder)

    assert Item.objects.get().summary == "On bail."


@pytest.mark.parametrize("change", ["summary", "status", "contributors", "themes", "gone"])
def test_what_staff_changed_stays(folder, change):
    load(folder)
    item = Item.objects.get()
    if change == "summary":
        Item.objects.update(summary="By staff.")
    elif change == "status":
        Item.objects.update(status="withdrawn", withdrawn_at=item.created_at, withdrawn_because="x")
    elif change == "gone":
        item.delete()
    elif change == "themes":
        item.themes.clear()
    else:
        item.contributors.first().delete()
    (folder / "items.yaml").write_text(PIECE.replace("About bail.", "On bail."))

    load(folder)

    assert not Item.objects.filter(summary="On bail.").exists()


def test_a_succession_is_laid_whichever_comes_first(folder):
    newer = PIECE.replace("bail-report", "newer").replace("  title", "  superseded_by: ''\n  title")
    older = PIECE.replace("  title", "  superseded_by: newer\n  title")
    (folder / "items.yaml").write_text(older + newer.replace("  superseded_by: ''\n", ""))

    load(folder)
    load(folder)

    assert Item.objects.get(slug="bail-report").superseded_by.slug == "newer"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("kind: report", "kind: poem"), "items.yaml, line 5: “kind” must be one of"),
        (("[policing]", "[poetry]"), "items.yaml, line 11: “poetry” is not one of the themes."),
        (("[england]", "[rome]"), "line 12: “rome” is not one of the nations."),
        (("[example-charity]", "[nobody]"), "line 9: “nobody” is not one of the publishers."),
        (('"2017-09"', '"2017-13"'), "line 10: “published” must be a date such as"),
        (('"2017-09"', '"Sept 2017"'), "line 10: “published” must be a date such as"),
        (("https://example.org", "http://example.org"), "“link” must begin with https://."),
        (("link_kind: publisher", "link_kind: door"), "“link_kind” must be one of"),
        (("  title: Bail\n", ""), "“title” is missing."),
        (("  subtitle", "  subtitel"), "“subtitel” is not a key of this format."),
        (("slug: bail-report", "slug: Bail Report"), "is not an address of small letters"),
        (("  summary", "  isbn: '123'\n  summary"), "line 18: This is not an ISBN"),
        (("  summary", "  superseded_by: nothing\n  summary"), "“nothing” is not an item."),
        (("kind: person", "kind: dog"), "line 7: “kind” must be one of"),
        (("organisation: example-charity", "organisation: x"), "“organisation” must be one of"),
    ],
)
def test_a_fault_is_told_with_file_and_line(folder, change, message):
    (folder / "items.yaml").write_text(PIECE.replace(*change))

    with pytest.raises(ContentError) as told:
        load(folder)

    assert message in str(told.value)
    assert not Item.objects.exists()


def test_a_slug_stands_once(folder):
    (folder / "items.yaml").write_text(PIECE + PIECE)

    with pytest.raises(ContentError, match="“bail-report” stands twice"):
        load(folder)


def test_the_real_content_is_sound_and_found():
    members_starter.load(lambda sentence: None)
    told = []

    starter.load(told.append)

    assert told[0].startswith("Library: 100 items, ")
    for item in Item.objects.all():
        item.full_clean()
    assert Card.objects.filter(is_partial=False).count() == 100
    newer = Item.objects.get(slug="pace-code-a-january-2023").superseded_by
    assert newer.title.startswith("PACE")
