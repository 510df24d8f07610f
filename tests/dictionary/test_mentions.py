from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.utils import timezone

from dictionary.actions import withdraw_entry
from dictionary.mentions import find_mentions, uses_of, words_of
from dictionary.models import Mention
from tests.factories import (
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

    assert "<blockquote><p>It looks at stop and search.</p></blockquote>" in page
    assert '<a href="/library/a-report/">A report</a>' in page


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
