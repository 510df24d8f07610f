"""The cards of the search follow every change, in its own transaction."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.utils.timezone import now

from library.cards import SOURCES, cards_later, count_words, refresh_cards
from library.models import Card, Item, Page, Version, Word
from library.search import find
from tests.factories import (
    make_affiliation,
    make_area,
    make_contributor,
    make_document,
    make_item,
    make_organisation,
    make_theme,
    make_user,
)

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


def found(text, user=NOBODY):
    search = find(QueryDict(urlencode({"q": text})), user)
    items = set(search.items)
    assert search.page.total == len(items)
    return items


def cards():
    """All cards as plain values, for comparing with those that are written anew."""
    fields = [field.name for field in Card._meta.fields if field.name != "id"]
    return sorted(map(repr, Card.objects.values(*fields)))


@pytest.fixture
def item():
    charity, theme, area = (
        make_organisation("Ambledore"),
        make_theme("Bracken"),
        make_area("Corrie"),
    )
    item = make_item("Dunlin", publishers=[charity], themes=[theme], nations=[area])
    make_contributor(item, "Eyrie")
    make_document(item, pages=["Fescue."])
    return item


def rename(thing, name):
    thing.name = name
    thing.save()


CHANGES = {
    "a title": lambda item: Item.objects.filter(pk=item.pk).update(title="Newword"),
    "a publisher's name": lambda item: rename(item.publisher_list[0], "Newword"),
    "a theme's name": lambda item: rename(item.themes.get(), "Newword"),
    "an area's name": lambda item: rename(item.nations.get(), "Newword"),
    "another theme": lambda item: item.themes.add(make_theme("Newword")),
    "another area": lambda item: item.nations.add(make_area("Newword")),
    "another publisher": lambda item: item.publishings.create(
        organisation=make_organisation("Newword")
    ),
    "another contributor": lambda item: make_contributor(item, "Newword"),
    "a contributor's name": lambda item: item.contributors.update(name="Newword"),
    "another file": lambda item: make_document(item, "two.pdf", pages=["Newword."]),
    "a page's text": lambda item: Page.objects.update(text="Newword."),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_found_at_once(item, change):
    other = make_item("Gannet")
    assert found("newword") == set()

    CHANGES[change](item)

    assert found("newword") == {item}
    assert found("gannet") == {other}


LOSSES = {
    "ambledore": lambda item: item.publishings.all().delete(),
    "bracken": lambda item: item.themes.clear(),
    "corrie": lambda item: item.nations.set([]),
    "eyrie": lambda item: item.contributors.all().delete(),
    "fescue": lambda item: item.documents.all().delete(),
    "dunlin": lambda item: Item.objects.filter(pk=item.pk).update(title="Other"),
}


@pytest.mark.parametrize("word", LOSSES)
def test_what_was_taken_away_is_not_found(item, word):
    assert found(word) == {item}

    LOSSES[word](item)

    assert found(word) == set()


def test_a_file_that_was_replaced_or_refused_is_not_searched(item):
    document = item.documents.get()
    document.removed_in = Version.objects.create(item=item, number=1, note="A new file.")
    document.save()
    assert found("fescue") == set()

    document.removed_in = None
    document.save()
    assert found("fescue") == {item}

    document.reading = "infected"
    document.save()
    assert found("fescue") == set()


def test_a_deleted_item_leaves_no_card(item):
    item.delete()

    assert not Card.objects.exists()


def test_a_save_that_changes_no_word_writes_no_card(item):
    before = Card.objects.values_list("item_id", "id").get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin, ctid FROM library_card")
        row = cursor.fetchone()
        item.note = "Something for staff."
        item.save()
        cursor.execute("SELECT xmin, ctid FROM library_card")
        assert cursor.fetchone() == row
    assert Card.objects.values_list("item_id", "id").get() == before


def test_every_table_is_watched_for_what_its_cards_copy():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, count(*) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE tgname LIKE 'library_cards_%' GROUP BY 1"
        )
        watched = dict(cursor.fetchall())

    assert watched == {table: len(events.split()) for table, (_, _, events) in SOURCES.items()}


def test_an_import_refreshes_once_after(item, django_assert_num_queries):
    with cards_later():
        make_item("Later")
        item.delete()
        assert found("later") == set()
    assert Card.objects.count() == 1

    assert refresh_cards() == 2

    assert {one.title for one in found("later")} == {"Later"}
    assert Card.objects.count() == 1


def test_cards_written_anew_are_the_same(item):
    make_item("Kept", files_audience="members", owner=make_organisation("Owner"))
    before = cards()

    call_command("refresh_search", verbosity=0)

    assert cards() == before


# -- Who finds the text of files ------------------------------------------------------------------


@pytest.fixture
def people():
    reader, member = make_user(), make_user()
    named = make_organisation("Named")
    make_affiliation(reader, named)
    make_affiliation(member, make_organisation("Other"))
    staff = make_user(is_staff=True)
    return {"nobody": NOBODY, "member": member, "reader": reader, "staff": staff, "named": named}


@pytest.mark.parametrize(
    ("audience", "files_audience", "of_record", "of_file"),
    [
        ("public", "public", "nobody member reader staff", "nobody member reader staff"),
        ("public", "members", "nobody member reader staff", "member reader staff"),
        ("public", "organisations", "nobody member reader staff", "reader staff"),
        ("public", "staff", "nobody member reader staff", "staff"),
        ("members", "public", "member reader staff", "member reader staff"),
        ("members", "organisations", "member reader staff", "reader staff"),
        ("organisations", "members", "reader staff", "reader staff"),
        ("organisations", "staff", "reader staff", "staff"),
        ("staff", "public", "staff", "staff"),
    ],
)
def test_words_of_files_are_found_by_those_who_may_open_them(
    people, audience, files_audience, of_record, of_file
):
    item = make_item("Ptarmigan", audience=audience, files_audience=files_audience)
    item.readers.add(people["named"])
    make_document(item, pages=["Whimbrel calling."])
    users = {name: user for name, user in people.items() if name != "named"}

    def finders(text):
        return " ".join(name for name, user in users.items() if found(text, user))

    assert finders("ptarmigan") == of_record
    assert finders("whimbrel") == of_file
    assert finders("ptarmigan whimbrel") == of_file
    assert finders('"whimbrel calling"') == of_file
    # Who does not know the word is there cannot tell by leaving it out either.
    hidden_from = " ".join(set(of_record.split()) - set(of_file.split()))
    assert set(finders("ptarmigan -whimbrel").split()) == set(hidden_from.split())
    assert set(finders('ptarmigan -"whimbrel calling"').split()) == set(hidden_from.split())


def test_a_scheduled_item_appears_at_its_minute_with_no_job():
    item = make_item("Embargoed", visible_from=now() + timedelta(hours=1))
    assert found("embargoed") == set()

    with connection.cursor() as cursor:
        cursor.execute("UPDATE library_item SET visible_from = now() - interval '1 second'")

    assert found("embargoed") == {item}


# -- Words ----------------------------------------------------------------------------------------


def test_words_are_those_of_public_records():
    make_item("Sandpiper", summary="Curlew.", authors=["Dotterel"])
    make_item("Hidden goosander", audience="members")
    make_item("Draft merganser", status="draft")
    known = set(Word.objects.values_list("word", flat=True))

    assert {"sandpiper", "curlew", "dotterel"} <= known
    assert known.isdisjoint({"goosander", "merganser"})


def test_counting_words_forgets_those_that_are_gone():
    item = make_item("Sandpiper")
    make_item("Sandpiper and curlew")
    Item.objects.filter(title="Sandpiper and curlew").update(title="Sandpiper")
    assert Word.objects.filter(word="curlew").exists()

    count_words()

    assert dict(Word.objects.values_list("word", "items")) == {"sandpiper": 2}
    assert found("sandpiper") >= {item}
