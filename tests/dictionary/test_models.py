from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from dictionary.actions import withdraw_entry
from dictionary.models import (
    Entry,
    EntryVersion,
    Label,
    LabelKind,
    LanguageNote,
    Relation,
    Sense,
    Withdrawal,
)
from tests.factories import (
    make_entry,
    make_label,
    make_relation,
    make_sense,
    make_user,
)

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


@pytest.mark.parametrize("who", ["anyone", "member", "staff"])
@pytest.mark.parametrize(
    ("state", "may_see"), [("published", True), ("draft", False), ("withdrawn", False)]
)
def test_who_may_see_an_entry(who, state, may_see):
    user = AnonymousUser() if who == "anyone" else make_user(is_staff=who == "staff")
    entry = make_entry(is_published=state != "draft")
    if state == "withdrawn":
        withdraw_entry(entry, by=user if who == "staff" else make_user(), because="Wrong.")

    assert Entry.objects.visible_to(user).filter(pk=entry.pk).exists() is may_see


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((None, None), (None, None)),
        ((None, date(2015, 3, 23)), (date(2015, 3, 23), None)),
        ((date(2000, 1, 1), None), (date(2010, 1, 1), date(2011, 1, 1))),
    ],
)
def test_a_place_has_one_meaning_at_a_time(one, other):
    entry = make_entry(jurisdiction="scotland", valid_from=one[0], valid_to=one[1])

    refused_by_form_and_database(
        sense_of(entry, valid_from=other[0], valid_to=other[1]), "already has a meaning there"
    )


def test_a_place_may_have_a_former_meaning_too():
    entry = make_entry(jurisdiction="scotland", valid_from=date(2015, 3, 24))

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


def test_a_meaning_has_one_preferred_name_in_each_language():
    entry = make_entry()
    sense = entry.senses.get()

    refused_by_form_and_database(
        Label(entry=entry, sense=sense, text="Other", kind=LabelKind.PREFERRED),
        "already has a preferred name",
    )
    Label.objects.create(
        entry=entry, sense=sense, text="Mechnïaeth", kind=LabelKind.PREFERRED, language="cy"
    )


def test_a_preferred_name_says_of_which_meaning():
    refused_by_form_and_database(
        Label(entry=make_entry(), text="Other", kind=LabelKind.PREFERRED), "of which meaning"
    )


def test_a_note_on_language_is_attributed():
    refused_by_form_and_database(
        LanguageNote(entry=make_entry(), position="Avoid it.", held_by=""), "blank|who holds"
    )


def test_an_entry_is_not_related_to_itself():
    entry = make_entry()

    refused_by_form_and_database(
        Relation(entry=entry, to=entry, kind="related"), "related to itself"
    )


def test_two_entries_are_related_once_in_each_way():
    bail, remand = make_entry("Bail"), make_entry("Remand")
    make_relation(bail, remand)

    refused_by_form_and_database(Relation(entry=bail, to=remand, kind="related"), "already related")


def test_no_entry_is_part_of_itself_however_far_round():
    one, two, three = make_entry("One"), make_entry("Two"), make_entry("Three")
    make_relation(one, two, "broader")
    make_relation(two, three, "broader")

    refused_by_form_and_database(Relation(entry=three, to=one, kind="broader"), "part of itself")

    make_relation(three, one, "related")


@pytest.mark.parametrize(
    "unfit",
    [
        {"senses": []},
        {"senses": [{"plain": ""}]},
        {"senses": [{"law_as_of": None}]},
        {"senses": [{"review_due": None}]},
        {"senses": [{"sources": []}]},
    ],
)
def test_what_is_unfit_is_not_published_by_any_way(unfit):
    good = make_entry().current.snapshot
    senses = [good["senses"][0] | sense for sense in unfit["senses"]]
    version = EntryVersion(
        entry=make_entry("Other", is_published=False),
        number=1,
        snapshot=good | {"senses": senses},
        meanings="Words.",
        change_note="New.",
    )

    refused_by_form_and_database(version, "plain words, the law, its date")


def test_a_source_is_not_needed_where_no_law_defines_the_word():
    entry = make_entry(is_published=False, no_statutory_definition=True)
    entry.senses.get().sources.all().delete()

    make_label(entry, "other")
    assert entry.senses.get().no_statutory_definition


def test_a_published_version_is_never_changed():
    make_entry()

    with pytest.raises(IntegrityError, match="for ever"), transaction.atomic():
        EntryVersion.objects.update(meanings="Other.")


def test_a_published_version_is_never_deleted():
    entry = make_entry()
    make_label(entry, "surety")

    with pytest.raises(IntegrityError, match="for ever"), transaction.atomic():
        EntryVersion.objects.filter(number=1).delete()


def test_names_sort_without_case_accents_and_the():
    for name in ["The Dock", "éclair", "Zoo", "abscond", "Dossier"]:
        make_entry(name, slug=f"slug-{len(name)}{name[0]}".lower())

    names = Entry.objects.values_list("headword", flat=True)

    assert list(names) == ["abscond", "The Dock", "Dossier", "éclair", "Zoo"]


def test_what_readers_see_is_the_version_not_the_working_copy():
    entry = make_entry("Bail", plain="Old words.")

    Sense.objects.filter(entry=entry).update(plain="New words.")

    assert Entry.objects.get(pk=entry.pk).current.snapshot["senses"][0]["plain"] == "Old words."


def test_former_and_current_meanings_are_told_apart():
    entry = make_entry(valid_from=date(2020, 1, 1))
    former = make_sense(entry, valid_to=date(2019, 12, 31))

    assert list(Sense.objects.current()) == [entry.senses.exclude(pk=former.pk).get()]


# -- Later laws -----------------------------------------------------------------------------------


def test_only_the_same_idea_elsewhere_names_a_place():
    bail, remand = make_entry("Bail"), make_entry("Remand")

    refused_by_form_and_database(
        Relation(entry=bail, to=remand, kind="related", jurisdiction="scotland"), "names a place"
    )


def test_the_same_idea_may_have_one_name_in_two_places():
    bail, remand = make_entry("Bail"), make_entry("Remand")
    for place in ("scotland", "northern-ireland"):
        Relation(entry=bail, to=remand, kind="equivalent", jurisdiction=place).full_clean()
        make_relation(bail, remand, "equivalent", jurisdiction=place)

    refused_by_form_and_database(
        Relation(entry=bail, to=remand, kind="equivalent", jurisdiction="scotland"),
        "already related",
    )


def test_a_blank_review_is_a_year_after_the_law():
    sense = sense_of(make_entry(), law_as_of=date(2024, 2, 29), review_due=None)

    sense.full_clean()

    assert sense.review_due == date(2025, 2, 28)


def test_a_name_is_in_a_language_that_we_have():
    label = Label(entry=make_entry(), text="caution", kind="spoken", language="fr")

    with pytest.raises(ValidationError, match="not a valid choice"):
        label.full_clean()


def test_a_withdrawal_says_why():
    refused_by_form_and_database(
        Withdrawal(entry=make_entry(), because=""), "cannot be blank|in a sentence why"
    )


def test_an_entry_is_out_of_sight_once_at_a_time():
    entry = make_entry()
    withdraw_entry(entry, by=make_user())

    refused_by_form_and_database(Withdrawal(entry=entry, because="Again."), "withdrawn already")


def test_a_withdrawal_ends_after_it_begins():
    early = timezone.now() - timedelta(days=1)

    refused_by_form_and_database(
        Withdrawal(entry=make_entry(), because="Wrong.", ended_at=early),
        "cannot end before it begins",
    )


def test_a_withdrawal_is_never_struck_from_the_record():
    withdraw_entry(make_entry(), by=make_user())

    with pytest.raises(IntegrityError, match="stays in the public record"), transaction.atomic():
        Withdrawal.objects.all().delete()


def test_a_withdrawn_entry_says_since_when():
    entry = make_entry()
    entry.stage = "withdrawn"

    refused_by_form_and_database(entry, "since when")


def test_a_published_entry_has_a_version():
    entry = make_entry(is_published=False)
    entry.stage = "published"

    refused_by_form_and_database(entry, "has a version that readers see")


def test_whoever_checked_a_version_did_not_publish_it():
    user, old = make_user(), make_entry().current
    version = EntryVersion(
        entry=old.entry,
        number=2,
        snapshot=old.snapshot,
        meanings="Words.",
        change_note="New.",
        checked_by=user,
        published_by=user,
    )

    refused_by_form_and_database(version, "ask a colleague")


def test_the_address_of_a_public_entry_stays():
    with pytest.raises(IntegrityError, match="stays for ever"), transaction.atomic():
        Entry.objects.filter(pk=make_entry().pk).update(slug="other")

    draft = make_entry("Draft", is_published=False)
    Entry.objects.filter(pk=draft.pk).update(slug="other")


def test_what_waits_is_judged_by_what_readers_see():
    checked = make_entry("Checked", checked_on=date(2026, 1, 1))
    unchecked = make_entry("Unchecked")
    make_entry("Draft", is_published=False)
    checked.senses.update(checked_on=None)
    unchecked.senses.update(checked_on=date(2026, 1, 1))

    assert list(Entry.objects.unchecked()) == [unchecked]


def test_a_review_is_overdue_the_day_after_it_was_due():
    today = timezone.localdate()
    late = make_entry("Late", review_due=today - timedelta(days=1))
    make_entry("Today", review_due=today)

    assert list(Entry.objects.overdue()) == [late]
