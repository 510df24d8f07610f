from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from dictionary.models import Entry, Label, Relation, Sense, Status
from tests.factories import make_entry, make_label, make_sense, make_user

pytestmark = pytest.mark.django_db


def refused_by_form_and_database(row, sentence):
    with pytest.raises(ValidationError, match=sentence):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def sense_of(entry, **fields):
    values = {"plain": "Plain.", "legal": "Legal.", "jurisdiction": "scotland"}
    dates = {"law_as_of": date(2025, 1, 1), "review_due": date(2026, 1, 1)}
    return Sense(entry=entry, **values | dates | fields)


@pytest.mark.parametrize(
    ("who", "status", "may_see"),
    [
        ("anyone", Status.PUBLISHED, True),
        ("anyone", Status.DRAFT, False),
        ("anyone", Status.WITHDRAWN, False),
        ("member", Status.DRAFT, False),
        ("member", Status.WITHDRAWN, False),
        ("staff", Status.DRAFT, True),
        ("staff", Status.WITHDRAWN, True),
    ],
)
def test_who_may_see_an_entry(who, status, may_see):
    user = AnonymousUser() if who == "anyone" else make_user(is_staff=who == "staff")
    entry = make_entry(status=status)

    assert Entry.objects.visible_to(user).filter(pk=entry.pk).exists() is may_see


def test_a_place_has_one_current_meaning():
    entry = make_entry(jurisdiction="scotland")

    refused_by_form_and_database(sense_of(entry), "already has a current meaning")


def test_a_place_may_have_a_former_meaning_too():
    entry = make_entry(jurisdiction="scotland")

    sense_of(entry, valid_to=date(2015, 3, 23)).save()

    assert entry.senses.count() == 2


def test_a_meaning_says_something():
    refused_by_form_and_database(sense_of(make_entry(), plain=""), "cannot be blank|plain words")


def test_a_meaning_ends_after_it_begins():
    early, late = date(2001, 1, 1), date(2002, 1, 1)

    refused_by_form_and_database(
        sense_of(make_entry(), valid_from=late, valid_to=early), "cannot end before it begins"
    )


def test_the_review_comes_after_the_law():
    refused_by_form_and_database(
        sense_of(make_entry(), review_due=date(2024, 1, 1)), "later than the date of the law"
    )


def test_a_name_stands_once_in_an_entry():
    entry = make_entry()
    make_label(entry, "surety")

    refused_by_form_and_database(
        Label(entry=entry, text="surety", kind="spoken"), "already has this name"
    )


def test_an_entry_is_not_related_to_itself():
    entry = make_entry()

    refused_by_form_and_database(
        Relation(entry=entry, to=entry, kind="related"), "related to itself"
    )


def test_two_entries_are_related_once_in_each_way():
    bail, remand = make_entry("Bail"), make_entry("Remand")
    Relation.objects.create(entry=bail, to=remand, kind="related")

    refused_by_form_and_database(Relation(entry=bail, to=remand, kind="related"), "already related")


def test_names_sort_without_case_accents_and_the():
    for name in ["The Dock", "éclair", "Zoo", "abscond", "Dossier"]:
        make_entry(name)

    names = Entry.objects.values_list("headword", flat=True)

    assert list(names) == ["abscond", "The Dock", "Dossier", "éclair", "Zoo"]


def test_the_gist_is_the_first_sentence():
    entry = make_entry()
    sense = make_sense(entry, "scotland", plain="The case of R v. Smith is known. It is old.")

    assert sense.gist == "The case of R v Smith is known."
