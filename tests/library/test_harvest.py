"""When harvesters are told that an item changed, and of which they are told at all."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils.timezone import now

from library import actions
from library.harvest import Range, all_sets, earliest, heading_of, headings, settled_until
from library.models import Departure, Item, Version
from tests.factories import (
    LONG_AGO,
    make_area,
    make_contributor,
    make_document,
    make_item,
    make_organisation,
    make_theme,
    make_user,
    set_changed_at,
)

pytestmark = pytest.mark.django_db
LATER = LONG_AGO + timedelta(days=400)


def make_old_item(title="Old", **fields):
    """One that last changed long ago."""
    item = make_item(title, **fields)
    set_changed_at(item, LONG_AGO)
    return Item.objects.get(pk=item.pk)


def has_changed(item):
    return Item.objects.values_list("changed_at", flat=True).get(pk=item.pk) > LONG_AGO


def listed(**asked):
    found = headings(Range(**asked), after=None, until=settled_until(), most=100, for_records=False)
    return {heading.code: heading for heading in found}


# -- What moves the stamp ---------------------------------------------------------------------


CHANGES = {
    "its title": lambda item, part: Item.objects.update(title="New"),
    "its link": lambda item, part: Item.objects.update(link="https://a.org", link_kind="copy"),
    "who may open its files": lambda item, part: Item.objects.update(files_audience="staff"),
    "a new author": lambda item, part: make_contributor(item),
    "an author less": lambda item, part: item.contributors.all().delete(),
    "an author's name": lambda item, part: item.contributors.update(name="B"),
    "a publisher less": lambda item, part: item.publishings.all().delete(),
    "the order of publishers": lambda item, part: item.publishings.update(position=7),
    "a publisher's name": lambda item, part: part["publisher"].__class__.objects.update(name="B"),
    "a theme less": lambda item, part: item.themes.clear(),
    "a theme's name": lambda item, part: part["theme"].__class__.objects.update(name="B"),
    "a new theme": lambda item, part: item.themes.add(make_theme("Courts")),
    "a nation less": lambda item, part: item.nations.clear(),
    "a nation's name": lambda item, part: part["area"].__class__.objects.update(name="B"),
    "a new file": lambda item, part: make_document(item, "other.pdf"),
    "a file less": lambda item, part: item.documents.all().delete(),
    "a file's title": lambda item, part: item.documents.update(title="B"),
}
NO_CHANGES = {
    "a save of the same": lambda item, part: item.save(),
    "a note for staff": lambda item, part: Item.objects.update(note="x", certainty="low"),
    "the same author once more": lambda item, part: item.contributors.update(name="Author"),
    "a reader": lambda item, part: item.readers.add(part["publisher"]),
    "a file's outline": lambda item, part: item.documents.update(outline=[[1, "a", 1]]),
    "a new version": lambda item, part: Version.objects.create(item=item, number=1, note="x"),
    "a publisher's summary": lambda item, part: part["publisher"].__class__.objects.update(
        short_name="x"
    ),
}


def make_whole(**fields):
    part = {
        "publisher": make_organisation(),
        "theme": make_theme(),
        "area": make_area(),
    }
    item = make_item(
        authors=["Author"],
        publishers=[part["publisher"]],
        themes=[part["theme"]],
        nations=[part["area"]],
        **fields,
    )
    make_document(item)
    set_changed_at(item, LONG_AGO)
    return Item.objects.get(pk=item.pk), part


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_that_everyone_sees_moves_the_stamp(change):
    item, part = make_whole()

    CHANGES[change](item, part)

    assert has_changed(item)


@pytest.mark.parametrize("change", NO_CHANGES)
def test_nothing_else_moves_it(change):
    item, part = make_whole()

    NO_CHANGES[change](item, part)

    assert not has_changed(item)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("state", [{"audience": "members"}, {"status": "draft"}])
def test_what_happens_out_of_sight_moves_nothing(change, state):
    item, part = make_whole(**state)

    CHANGES[change](item, part)

    assert not has_changed(item)


@pytest.mark.parametrize("change", ["a new file", "a file less", "a file's title"])
def test_files_for_members_move_nothing(change):
    item, part = make_whole(files_audience="members")

    CHANGES[change](item, part)

    assert not has_changed(item)


def test_a_stale_save_moves_no_stamp_back():
    item = make_old_item()
    stale = Item.objects.get(pk=item.pk)
    Item.objects.update(title="New")

    stale.title = "New"
    stale.save()

    assert has_changed(item)


# -- Who is listed ----------------------------------------------------------------------------


def test_what_was_never_public_is_not_listed():
    make_item(status="draft")
    make_item(audience="members")
    make_item(visible_from=now() + timedelta(minutes=1))
    make_item(status="withdrawn", audience="members")

    assert listed() == {}


@pytest.mark.parametrize(
    "narrowing",
    [
        {"audience": "members"},
        {"audience": "staff"},
        {"visible_from": datetime(2999, 1, 1, tzinfo=UTC)},
        {"status": "withdrawn", "withdrawn_at": LATER, "withdrawn_because": "Wrong."},
    ],
)
def test_what_is_taken_from_the_public_is_listed_as_deleted_and_keeps_its_sets(narrowing):
    charity = make_organisation()
    item = make_old_item(publishers=[charity], themes=[make_theme("Race")])

    Item.objects.update(**narrowing)
    item.themes.clear()

    heading = listed()[item.code]
    assert heading.item is None
    assert heading.place.stamp > LONG_AGO
    assert heading.sets == ["type:report", "org:example-charity", "topic:race"]
    for name in ["topic:race", "topic", "org", "type"]:
        assert listed(wanted_set=name).keys() == {item.code}
    assert listed(wanted_set="topi") == {}
    assert heading_of(item.code) == heading


def test_what_was_deleted_from_the_database_is_listed_for_ever():
    item, draft = make_old_item(), make_item(status="draft")

    Item.objects.all().delete()

    heading = listed()[item.code]
    assert heading.item is None
    assert heading.sets == ["type:report"]
    assert heading_of(item.code) == heading
    assert heading_of(draft.code) is None
    assert Departure.objects.count() == 1


def test_a_change_while_it_is_hidden_tells_nobody():
    item = make_old_item()
    Item.objects.update(audience="members")
    set_changed_at(item, LATER)

    Item.objects.update(title="Secret", kind="briefing")
    make_contributor(item)

    heading = listed()[item.code]
    assert heading.place.stamp == LATER
    assert heading.sets == ["type:report"]


def test_what_is_public_again_is_no_longer_deleted():
    item = make_old_item()
    user = make_user()
    actions.withdraw_item(item, by=user, because="Wrong.")
    assert listed()[item.code].item is None

    actions.publish_item(item, by=user)

    assert listed()[item.code].item == item
    assert len(listed()) == 1


def test_an_item_is_stamped_with_its_hour_with_no_job_running():
    hour = now() - timedelta(seconds=1)
    item = make_old_item(visible_from=hour)

    assert listed()[item.code].place.stamp == hour
    assert heading_of(item.code).place.stamp == hour
    assert listed(since=hour).keys() == {item.code}
    assert listed(since=hour + timedelta(microseconds=1)) == {}


def test_earliest_is_before_all_stamps_of_deleted_ones_too():
    item = make_old_item()
    make_item("Newer")
    assert earliest() == LONG_AGO

    item.delete()

    assert earliest() <= min(heading.place.stamp for heading in listed().values())


def test_earliest_of_an_empty_library_is_now():
    assert now() - earliest() < timedelta(minutes=1)


# -- Sets -------------------------------------------------------------------------------------


def test_sets_name_publishers_of_public_items_only():
    make_item(publishers=[make_organisation("Open")], themes=[make_theme("Race")])
    make_item(publishers=[make_organisation("Hidden")], audience="members")
    make_organisation("Idle")

    sets = dict(all_sets())

    assert [name for name in sets if name.startswith("org:")] == ["org:open"]
    assert sets["org:open"] == "Open"
    assert sets["topic:race"] == "Theme: Race"
    assert sets["type:report"] == "Kind: Report"
    assert {name.partition(":")[0] for name in sets} == {name for name in sets if ":" not in name}


@pytest.mark.parametrize("name", ["type:report", "org:open", "topic:race"])
def test_a_set_holds_its_items(name):
    item = make_item(publishers=[make_organisation("Open")], themes=[make_theme("Race")])
    make_item(kind="briefing")

    assert listed(wanted_set=name).keys() == {item.code}
    assert name in listed()[item.code].sets


def test_a_set_holds_what_the_sets_below_it_hold_once():
    themes, charities = (
        [make_theme("Race"), make_theme("Youth")],
        [make_organisation("Open"), make_organisation("Other")],
    )
    item = make_item(publishers=charities, themes=themes)
    bare = make_item(kind="briefing")

    assert listed(wanted_set="topic").keys() == listed(wanted_set="org").keys() == {item.code}
    assert listed(wanted_set="type").keys() == {item.code, bare.code}


@pytest.mark.parametrize("name", ["types", "type:", "org:none", "else:report", "type:report:a"])
def test_there_is_nothing_in_a_set_that_does_not_exist(name):
    make_item()

    assert listed(wanted_set=name) == {}


# -- What is still being written --------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_is_stamped_after_an_unfinished_write_began_is_held_back():
    make_item("Before")
    with Writer() as writer:
        writer.write("UPDATE library_item SET note = 'Being written.'")
        meanwhile = make_item("Meanwhile")
        assert meanwhile.code not in listed()
        assert len(listed()) == 1

    assert len(listed()) == 2


class Writer:
    """A second connection with a transaction that is open until the end of the block."""

    def __enter__(self):
        self.other = connection.copy()
        self.other.set_autocommit(False)
        return self

    def write(self, sql):
        with self.other.cursor() as cursor:
            cursor.execute(sql)

    def __exit__(self, *error):
        self.other.rollback()
        self.other.close()
