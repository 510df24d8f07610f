"""What the library may hold already, and who may learn of it."""

import pytest
from django.contrib.auth.models import AnonymousUser

from library.duplicates import Grade, known_to, known_to_staff, likely_duplicates
from library.models import Item
from members.models import Organisation, Role
from tests.factories import (
    make_affiliation,
    make_document,
    make_item,
    make_organisation,
    make_submission,
    make_user,
)

pytestmark = pytest.mark.django_db
SAME = b"%PDF-1.4 the very same bytes"


def found(item, user=None):
    known = known_to_staff()
    if user:
        known = known_to(user, Organisation.objects.filter(pk__in=own_of(user)))
    return [(one.item.title, one.grade) for one in likely_duplicates(item, known)]


def own_of(user):
    return user.organisation_ids() if user.is_authenticated else []


def test_there_are_three_grades_the_surest_first():
    item = make_item("An example report", status="draft")
    make_document(item, content=SAME, likeness=0b1111)
    make_document(make_item("Near"), content=b"%PDF near", likeness=0b1000)
    make_document(make_item("Far"), content=b"%PDF far", likeness=-1)
    make_item("The example report")
    make_item("AN EXAMPLE: report")
    make_document(make_item("Same file"), content=SAME)

    assert found(item) == [
        ("Same file", Grade.SAME_FILE),
        ("AN EXAMPLE: report", Grade.SAME_TITLE),
        ("Near", Grade.NEAR_TEXT),
    ]


@pytest.mark.parametrize(
    ("mine", "theirs", "is_same"),
    [
        ("2020-01-01", "2020-05-01", True),
        ("2020-01-01", None, True),
        (None, "2020-01-01", True),
        ("2020-01-01", "2021-01-01", False),
    ],
)
def test_the_same_title_counts_in_the_same_year_or_where_one_is_not_known(mine, theirs, is_same):
    def dated(day):
        return {"published_on": day, "precision": "day" if day else ""}

    item = make_item("An example report", status="draft", **dated(mine))
    make_item("An example report", **dated(theirs))

    assert bool(found(Item.objects.get(pk=item.pk))) == is_same


def test_likeness_of_either_sign_is_compared_by_its_bits():
    item = make_item("Mine")
    make_document(item, likeness=-(2**63))
    make_document(make_item("Six away"), content=b"%PDF 6", likeness=0b11111 - 2**63 + 2**40)
    make_document(make_item("Seven away"), content=b"%PDF 7", likeness=0b111111 - 2**63 + 2**40)

    assert found(item) == [("Six away", Grade.NEAR_TEXT)]


def test_nothing_is_told_of_what_the_reader_may_not_know():
    """The same file stands in each: only what is open, or one's own, may be told."""
    mine, other = make_organisation(), make_organisation("Other")
    user = make_user()
    make_affiliation(user, mine, Role.PARTICIPANT)
    item = make_submission(mine, "Mine").item
    make_document(item, content=SAME)
    for title, fields in {
        "Open": {},
        "Members": {"files_audience": "members"},
        "Staff's file": {"files_audience": "staff"},
        "Their draft": {"status": "draft", "owner": other},
        "Their submission": {"status": "submitted", "owner": other},
        "Withdrawn": {"status": "withdrawn"},
    }.items():
        make_document(make_item(title, **fields), content=SAME)
    make_document(make_submission(mine, "Our draft").item, content=SAME)

    assert {title for title, _ in found(item, user)} == {"Open", "Members", "Our draft"}
    assert {title for title, _ in found(item, AnonymousUser())} == {"Open"}
