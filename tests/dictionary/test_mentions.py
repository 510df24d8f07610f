import re
from datetime import date
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.utils import timezone

from dictionary.actions import withdraw_entry
from dictionary.mentions import BOOKLET, find_mentions, uses_of, words_of
from dictionary.models import Mention
from library.actions import make_version
from library.models import Item
from tests.factories import (
    make_document,
    make_entry,
    make_item,
    make_label,
    make_organisation,
    make_participant,
    make_staff,
)

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


def sentences():
    return {(one.entry.headword, one.sentence) for one in Mention.objects.all()}


def titles(entry, user=NOBODY):
    return [use.item.title for use in uses_of(entry, user)]


def test_a_mention_is_the_sentence_that_uses_the_word():
    make_entry("Stop and search")
    make_item(
        "A report", summary="It is long. It asks *how* [stop and search](/x) is used. And why."
    )

    find_mentions()

    assert sentences() == {("Stop and search", "It asks how stop and search is used.")}


def test_a_title_that_uses_the_word_counts_where_no_sentence_does():
    make_entry("Stop and search")
    make_item("Fair stop and search")

    find_mentions()

    assert sentences() == {("Stop and search", "Fair stop and search")}


def test_only_what_changed_is_read_again():
    entry = make_entry("Stop and search")
    item = make_item("Fair stop and search")
    make_item("Another")
    assert find_mentions() == 2
    assert find_mentions() == 0

    item.title = "Nothing of it"
    item.save()
    assert find_mentions() == 1
    assert sentences() == set()

    make_label(entry, "fair dealing")
    assert find_mentions() == 2


def test_a_mention_that_stands_keeps_the_day_when_it_was_found():
    entry = make_entry("Stop and search")
    make_item("Fair stop and search")
    find_mentions()
    before = Mention.objects.get()

    make_label(entry, "fair dealing")
    find_mentions()

    assert Mention.objects.get() == before
    assert Mention.objects.get().found_at == before.found_at


def test_a_withdrawn_entry_is_mentioned_nowhere():
    entry = make_entry("Stop and search")
    item = make_item("Fair stop and search")
    find_mentions()

    withdraw_entry(entry, by=make_staff(), because="It was wrong.")

    assert words_of(item) == []
    find_mentions()
    assert sentences() == set()


def test_an_entry_shows_three_uses_the_newest_of_each_organisation():
    entry = make_entry("Stop and search")
    for name in ("Alpha", "Beta", "Gamma", "Delta"):
        organisation = make_organisation(name)
        for year in (2010, 2020):
            make_item(
                f"Stop and search by {name} {year}",
                publishers=[organisation],
                published_on=timezone.datetime(year, 1, 1).date(),
            )
    find_mentions()

    shown = titles(entry)
    assert len(shown) == 3
    assert all(title.endswith("2020") for title in shown)


def test_nobody_sees_the_use_of_an_item_that_they_may_not_see():
    entry = make_entry("Stop and search")
    member = make_participant(make_organisation("Example Charity"))
    staff = make_staff()
    make_item("Public stop and search")
    make_item("Stop and search for members", audience="members")
    make_item("Stop and search in draft", status="draft")
    make_item("Stop and search withdrawn", status="withdrawn")
    make_item("Stop and search tomorrow", visible_from=timezone.now() + timezone.timedelta(days=1))
    find_mentions()

    assert Mention.objects.count() == 5
    assert titles(entry) == ["Public stop and search"]
    assert set(titles(entry, member)) == {"Public stop and search", "Stop and search for members"}
    assert "Stop and search withdrawn" not in titles(entry, staff)


def test_the_entry_page_links_its_uses(client):
    make_entry("Stop and search")
    make_item("A report", slug="a-report", summary="It looks at stop and search.")
    find_mentions()

    page = client.get("/dictionary/stop-and-search/").content.decode()

    assert "<p>It looks at <mark>stop and search</mark>.</p>" in page
    assert '<a href="/library/a-report/">A report</a>' in page


# -- On the pages of files -------------------------------------------------------------------------

QUOTE = "The police must say why they use stop and search."
PAGE = f"Stop and search in 2020\n\n12 Stop and search 13\n\n{QUOTE} It is so."


def test_a_use_leads_to_the_page_of_the_file_and_marks_the_word_there(client):
    make_entry("Stop and search")
    make_document(make_item("A report", slug="a-report"), pages=["Nothing.", PAGE, PAGE])
    find_mentions()

    page = client.get("/dictionary/stop-and-search/").content.decode()
    link = re.search(r'<a href="(/library/a-report/files/[^"]*)">A report, page 2</a>', page)[1]

    assert "why they use <mark>stop and search</mark>.</p></blockquote>" in page
    assert link == "/library/a-report/files/report.pdf/page/2/?q=%22stop+and+search%22#hit"
    assert "<mark" in client.get(link).content.decode()


def test_a_page_goes_before_a_record_and_a_heading_is_no_use():
    entry = make_entry("Stop and search")
    owner = make_organisation("Alpha")
    make_item("Stop and search now", publishers=[owner], published_on=date(2024, 1, 1))
    make_document(make_item("A report", publishers=[owner]), pages=[PAGE])
    make_document(make_item("Another"), pages=["Stop and search in 2020"])
    find_mentions()

    assert [use.sentence for use in uses_of(entry, NOBODY)] == [QUOTE]


@pytest.mark.parametrize(
    "change",
    [
        {"files_audience": "members"},
        {"audience": "members"},
        {"status": "withdrawn", "withdrawn_at": timezone.now(), "withdrawn_because": "Wrong."},
        {"visible_from": timezone.now() + timezone.timedelta(days=1)},
    ],
)
def test_what_not_everyone_may_open_is_quoted_to_nobody_even_before_it_is_read_again(change):
    entry = make_entry("Stop and search")
    item = make_item("A report")
    make_document(item, pages=[PAGE])
    find_mentions()
    everyone = [NOBODY, make_participant(make_organisation("Example Charity")), make_staff()]
    assert [len(uses_of(entry, user)) for user in everyone] == [1, 1, 1]

    Item.objects.filter(pk=item.pk).update(**change)
    assert [uses_of(entry, user) for user in everyone] == [[], [], []]
    assert words_of(item) == []

    find_mentions()
    assert sentences() == set()


def test_a_file_that_comes_or_goes_wakes_the_search(django_capture_on_commit_callbacks):
    make_entry("Stop and search")
    item = make_item("A report")
    find_mentions()

    with django_capture_on_commit_callbacks(execute=True):
        document = make_document(item, pages=[PAGE])
    assert sentences() == {("Stop and search", QUOTE)}
    assert [entry.headword for entry in words_of(item)] == ["Stop and search"]

    document.removed_in = make_version(item, by=make_staff(), note="Mended.", is_major=False)
    with django_capture_on_commit_callbacks(execute=True):
        document.save()
    assert sentences() == set()


def test_files_in_other_languages_and_the_booklet_of_the_dictionary_are_not_read():
    make_entry("Stop and search")
    make_document(make_item("A report"), pages=[PAGE], language="cy")
    make_document(make_item("Our words", slug=BOOKLET), pages=[PAGE])

    find_mentions()

    assert sentences() == set()


def test_the_words_of_an_item_are_right_before_and_after_they_were_found():
    make_entry("Stop and search")
    item = make_item("Fair stop and search")
    before = [entry.headword for entry in words_of(item)]
    find_mentions()

    assert before == [entry.headword for entry in words_of(item)] == ["Stop and search"]


def test_saving_an_item_or_publishing_wakes_the_search(django_capture_on_commit_callbacks):
    entry = make_entry("Stop and search")
    with django_capture_on_commit_callbacks(execute=True):
        make_item("Fair stop and search")
    assert sentences() == {("Stop and search", "Fair stop and search")}

    with django_capture_on_commit_callbacks(execute=True):
        withdraw_entry(entry, by=make_staff(), because="It was wrong.")
    assert sentences() == set()


def test_many_calls_before_the_worker_looks_are_one(
    django_capture_on_commit_callbacks, monkeypatch
):
    calls = []
    task = SimpleNamespace(enqueue=lambda: calls.append(1))
    monkeypatch.setattr("dictionary.tasks.find_mentions", task)
    cache.clear()
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(3):
            make_item(f"Report {number}")

    assert calls == [1]
