from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from library.models import (
    Audience,
    Contributor,
    Document,
    Item,
    Page,
    Publisher,
    SearchAlias,
    validate_doi,
    validate_isbn,
)
from members.models import User
from tests.factories import (
    LONG_AGO,
    make_affiliation,
    make_contributor,
    make_document,
    make_item,
    make_organisation,
    make_theme,
    make_user,
)

pytestmark = pytest.mark.django_db


# -- Who sees what --------------------------------------------------------------------------------


def cast():
    member, former, outsider = make_user(), make_user(), make_user()
    charity = make_organisation()
    make_affiliation(member, charity)
    reader, owner = make_user(), make_user()
    named, owning = make_organisation("Named"), make_organisation("Owning")
    make_affiliation(reader, named)
    make_affiliation(owner, owning)
    for item in Item.objects.all():
        item.readers.add(named)
    Item.objects.update(owner=owning)
    make_affiliation(former, charity, ended_at=now())
    staff = make_user(is_staff=True)
    return {
        "anonymous": AnonymousUser(),
        "outsider": outsider,
        "former": former,
        "member": member,
        "reader": reader,
        "owner": owner,
        "staff": staff,
    }


SOON, JUST_NOW = timedelta(minutes=1), timedelta(seconds=-1)
ITEMS = {
    "draft": {"status": "draft"},
    "submitted": {"status": "submitted"},
    "published": {},
    "due": {"visible_from": JUST_NOW},
    "scheduled": {"visible_from": SOON},
    "for members": {"audience": "members"},
    "for members, scheduled": {"audience": "members", "visible_from": SOON},
    "for staff": {"audience": "staff"},
    "for named readers": {"audience": "organisations"},
    "for named readers, scheduled": {"audience": "organisations", "visible_from": SOON},
    "changes asked": {"status": "changes-asked"},
    "declined": {"status": "declined"},
    "withdrawn": {"status": "withdrawn"},
    "withdrawn, for members": {"status": "withdrawn", "audience": "members"},
    "withdrawn, scheduled": {"status": "withdrawn", "visible_from": SOON},
}
SEEN_BY_ALL = {"published", "due"}
SEEN_BY_STAFF = set(ITEMS) - {
    *("withdrawn", "withdrawn, for members", "withdrawn, scheduled"),
}
SEES = {
    "anonymous": SEEN_BY_ALL,
    "outsider": SEEN_BY_ALL,
    "former": SEEN_BY_ALL,
    "member": SEEN_BY_ALL | {"for members"},
    "reader": SEEN_BY_ALL | {"for members", "for named readers"},
    "owner": SEEN_BY_ALL | {"for members", "for named readers"},
    "staff": SEEN_BY_STAFF,
}
TOMBSTONES = {
    "anonymous": {"withdrawn"},
    "outsider": {"withdrawn"},
    "former": {"withdrawn"},
    "member": {"withdrawn", "withdrawn, for members"},
    "reader": {"withdrawn", "withdrawn, for members"},
    "owner": {"withdrawn", "withdrawn, for members"},
    "staff": set(ITEMS) - SEEN_BY_STAFF,
}


def make_all_items():
    for title, fields in ITEMS.items():
        moment = fields.get("visible_from")
        make_item(title, **fields | ({"visible_from": now() + moment} if moment else {}))


@pytest.mark.parametrize("who", SEES)
def test_each_person_sees_exactly_the_items_meant_for_them(who):
    make_all_items()
    user = cast()[who]

    seen = set(Item.objects.visible_to(user).values_list("title", flat=True))

    assert seen == SEES[who]


@pytest.mark.parametrize("who", TOMBSTONES)
def test_each_person_is_told_only_of_withdrawals_they_could_have_seen(who):
    make_all_items()
    user = cast()[who]

    told = set(Item.objects.tombstones_for(user).values_list("title", flat=True))

    assert told == TOMBSTONES[who]


OPENED = {
    "anonymous": {"public"},
    "outsider": {"public"},
    "former": {"public"},
    "member": {"public", "members"},
    "reader": {"public", "members", "organisations"},
    "owner": {"public", "members", "organisations"},
    "staff": {"public", "members", "organisations", "staff", "hidden"},
}


@pytest.mark.parametrize("who", OPENED)
def test_each_person_opens_exactly_the_files_and_pages_meant_for_them(who):
    for audience in Audience.values:
        make_document(make_item(audience, files_audience=audience), pages=["Some words."])
    make_document(make_item("hidden", audience="staff"), pages=["Some words."])
    make_document(make_item("infected"), reading="infected", pages=["Some words."])
    user = cast()[who]

    files = set(Document.objects.visible_to(user).values_list("item__title", flat=True))
    pages = set(Page.objects.visible_to(user).values_list("document__item__title", flat=True))

    assert files == pages == OPENED[who]


def test_a_scheduled_item_appears_at_its_minute_with_nothing_saved():
    item = make_item(visible_from=now() + timedelta(hours=1))
    assert not Item.objects.visible_to(AnonymousUser()).exists()

    Item.objects.filter(pk=item.pk).update(visible_from=now())

    assert Item.objects.visible_to(AnonymousUser()).get() == item


def test_a_person_of_two_organisations_sees_a_members_item_once():
    member = make_user()
    make_affiliation(member, make_organisation("One"))
    make_affiliation(member, make_organisation("Two"))
    item = make_item(audience="members")

    assert list(Item.objects.visible_to(member)) == [item]


# -- Laws -----------------------------------------------------------------------------------------

BROKEN = {
    "item_slug_is_free": {"slug": "submit"},
    "item_date_has_precision": {"precision": ""},
    "item_year_is_filed_under_its_first_day": {"published_on": date(2020, 2, 1)},
    "item_month_is_filed_under_its_first_day": {
        "precision": "month",
        "published_on": date(2020, 2, 2),
    },
    "item_link_has_a_kind": {"link": "https://example.org/"},
    "item_published_since": {"published_at": None},
    "item_withdrawn_says_why": {"withdrawn_because": "It was wrong."},
}


@pytest.mark.parametrize("law", BROKEN)
def test_a_broken_law_is_a_sentence_in_a_form_and_refused_by_the_database(law):
    item = make_item()
    for field, value in BROKEN[law].items():
        setattr(item, field, value)
    constraint = next(one for one in Item._meta.constraints if one.name == law)

    with pytest.raises(ValidationError) as told:
        item.full_clean()
    assert constraint.violation_error_message in told.value.messages
    with pytest.raises(IntegrityError, match=law), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(**BROKEN[law])


def test_every_law_of_an_item_is_tried_above():
    assert {law.name for law in Item._meta.constraints} == {*BROKEN, "item_does_not_replace_itself"}


def test_an_item_cannot_take_its_own_place():
    item = make_item()
    item.superseded_by = item

    with pytest.raises(ValidationError, match="cannot take its own place"):
        item.full_clean()
    with pytest.raises(IntegrityError, match="item_does_not_replace_itself"):
        item.save()


def test_a_publisher_stands_once():
    charity = make_organisation()
    item = make_item(publishers=[charity])
    again = Publisher(item=item, organisation=charity)

    with pytest.raises(ValidationError, match="already among the publishers"):
        again.full_clean()
    with pytest.raises(IntegrityError, match="publisher_once"):
        again.save()


def test_a_person_has_no_page_of_an_organisation():
    wrong = Contributor(
        item=make_item(), name="Policy lead", kind="person", organisation=make_organisation()
    )

    with pytest.raises(ValidationError, match="Only an organisation"):
        wrong.full_clean()
    with pytest.raises(IntegrityError, match="contributor_person_is_no_organisation"):
        wrong.save()


def test_a_name_stands_once_in_a_role():
    item = make_item(authors=["Policy lead"])

    with pytest.raises(ValidationError, match="already stands in this role"):
        Contributor(item=item, name="Policy lead", kind="person").full_clean()
    with pytest.raises(IntegrityError, match="contributor_once"):
        make_contributor(item, "Policy lead")


def test_two_items_cannot_share_an_address():
    make_item(slug="report")

    with pytest.raises(IntegrityError, match="slug"):
        make_item(slug="report")


@pytest.mark.parametrize("isbn", ["0-10-142622-4", "978-1-84726-177-9", "080442957X", ""])
def test_a_right_isbn_is_accepted(isbn):
    item = make_item(isbn=isbn)

    item.full_clean()


@pytest.mark.parametrize("isbn", ["0-10-142622-5", "978-1-84726-177-8", "12345", "X804429570"])
def test_a_wrong_isbn_is_refused(isbn):
    with pytest.raises(ValidationError, match="ISBN"):
        validate_isbn(isbn)


@pytest.mark.parametrize("doi", ["https://doi.org/10.1007/x", "10.1/x", "10.1007/", "10.1007/a b"])
def test_a_wrong_doi_is_refused(doi):
    with pytest.raises(ValidationError, match="DOI"):
        validate_doi(doi)


# -- What an item says ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "precision", "words", "partial"),
    [
        (date(2021, 7, 14), "day", "14 July 2021", "2021-07-14"),
        (date(2021, 7, 1), "month", "July 2021", "2021-07"),
        (date(2021, 1, 1), "year", "2021", "2021"),
        (None, "", "no date", ""),
    ],
)
def test_a_date_is_said_as_exactly_as_it_is_known(day, precision, words, partial):
    item = Item(published_on=day, precision=precision)

    assert (item.date_in_words, item.partial_date) == (words, partial)


def test_publishers_keep_their_order():
    second, first = make_organisation("B"), make_organisation("A")
    item = make_item(publishers=[second, first])

    assert item.publisher_list == [second, first]


def test_undated_items_come_last_among_the_newest():
    undated = make_item(published_on=None, precision="")
    old, new = make_item(published_on=date(1981, 1, 1)), make_item()

    assert list(Item.objects.newest_first()) == [new, old, undated]


def test_mentioning_finds_any_phrase_in_title_or_summary_in_its_order():
    title = make_item("Release on temporary licence")
    summary = make_item(summary="On ROTL and jobs.")
    make_item("A temporary release of prisoners on licence")
    make_item(publishers=[make_organisation("ROTL Trust")])

    found = Item.objects.mentioning(["release on temporary license", "ROTL", " "])

    assert set(found) == {title, summary}
    assert list(Item.objects.mentioning([])) == []


def test_about_and_published_by_find_each_item_once():
    theme, charity = make_theme(), make_organisation()
    item = make_item(themes=[theme], publishers=[charity])
    make_item()

    assert list(Item.objects.about(theme)) == [item]
    assert list(Item.objects.published_by(charity)) == [item]


def test_names_of_rows_in_the_admin():
    item = make_item("Title", publishers=[make_organisation()], authors=["Policy lead"])
    alias = SearchAlias(term="ROTL", meaning="release on temporary licence")

    assert [str(item), str(item.publishings.get()), str(item.contributors.get()), str(alias)] == [
        *("Title", "Example Charity", "Policy lead", "ROTL: release on temporary licence"),
    ]
    assert item.created_at > LONG_AGO
    assert User.objects.count() == 0
