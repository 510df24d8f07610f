from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from dictionary.actions import (
    ONE_PERSON,
    WITHDRAWN_FOR_NOW,
    ImpossibleMove,
    check_note,
    explain_withdrawal,
    move_entry,
    moves_for,
    publish_check,
    publish_entry,
    record_legal_check,
    reopen_entry,
    restore_entry,
    withdraw_entry,
    write_version,
)
from dictionary.models import Entry, EntryVersion, Relation, Sense, Stage, Withdrawal
from members.models import AuditEvent
from tests.factories import make_entry, make_sense, make_user
from tests.races import race

pytestmark = pytest.mark.django_db
PLAIN, LEGAL = Stage.PLAIN_EDIT, Stage.LEGAL_CHECK


def fresh(entry):
    return Entry.objects.select_related("current").get(pk=entry.pk)


def make_ready(lawyer, headword="Bail", **fields):
    """A new entry that `lawyer` has checked."""
    entry = make_entry(headword, is_published=False, **fields)
    for stage in (PLAIN, LEGAL):
        move_entry(entry, stage, by=lawyer)
    record_legal_check(entry, by=lawyer)
    return fresh(entry)


def names(entry, by):
    return [move.name for move in moves_for(fresh(entry), by=by)]


# -- The way to readers ---------------------------------------------------------------------------


def test_an_entry_goes_from_desk_to_desk_to_readers():
    author, lawyer, publisher = make_user(), make_user(), make_user()
    entry = make_entry(is_published=False)

    move_entry(entry, PLAIN, by=author)
    move_entry(entry, LEGAL, by=author)
    record_legal_check(entry, by=lawyer)
    version = publish_entry(entry, by=publisher, change_note=" A new word. ")

    entry = fresh(entry)
    assert (entry.stage, entry.current) == (Stage.PUBLISHED, version)
    assert (version.number, version.change_note) == (1, "A new word.")
    assert (version.checked_by, version.published_by) == (lawyer, publisher)
    assert version.snapshot["senses"][0]["checked_on"] == timezone.localdate().isoformat()
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        *("dictionary.plain-edit", "dictionary.legal-check", "dictionary.legal-check"),
        "dictionary.publish",
    ]


@pytest.mark.parametrize(
    ("stage", "steps"),
    [
        (Stage.DRAFT, ["plain-edit"]),
        (Stage.PLAIN_EDIT, ["legal-check", "draft"]),
        (Stage.LEGAL_CHECK, ["check", "plain-edit", "draft"]),
        (Stage.READY, ["publish", "draft"]),
    ],
)
def test_the_steps_of_a_new_entry(stage, steps):
    entry = make_entry(is_published=False)
    Entry.objects.update(stage=stage)

    assert names(entry, make_user()) == steps


def test_the_steps_of_a_public_entry():
    entry, user = make_entry(), make_user()

    assert names(entry, user) == ["check", "withdraw"]

    withdraw_entry(entry, by=user)
    assert names(entry, user) == ["restore"]


def test_every_step_offered_can_be_taken():
    user, colleague = make_user(), make_user()
    doors = {
        "check": record_legal_check,
        "publish": lambda entry, by: publish_entry(entry, by=colleague, change_note="New."),
        "withdraw": withdraw_entry,
        "restore": restore_entry,
    }
    for stage in [Stage.DRAFT, Stage.PLAIN_EDIT, Stage.LEGAL_CHECK, Stage.READY]:
        for name in names(make_at(stage, user), user):
            entry = make_at(stage, user)
            door = doors.get(name) or (lambda entry, by, to=name: move_entry(entry, to, by=by))
            door(entry, by=user)


def make_at(stage, lawyer):
    entry = make_entry(f"Word {Entry.objects.count()}", is_published=False)
    Entry.objects.filter(pk=entry.pk).update(stage=stage)
    if stage == Stage.READY:
        entry.senses.update(checked_on=timezone.localdate(), checked_by=lawyer)
    return fresh(entry)


@pytest.mark.parametrize("stage", [Stage.PUBLISHED, Stage.READY, Stage.WITHDRAWN])
def test_no_desk_passes_on_what_needs_an_action_of_its_own(stage):
    with pytest.raises(ImpossibleMove, match="action of its own"):
        move_entry(make_entry(is_published=False), stage, by=make_user())


def test_a_desk_is_not_jumped():
    with pytest.raises(ImpossibleMove, match="cannot go from “draft” to “legal check”"):
        move_entry(make_entry(is_published=False), LEGAL, by=make_user())


def test_an_entry_without_a_meaning_goes_to_no_lawyer():
    entry, user = Entry.objects.create(slug="bail", headword="Bail", stage=PLAIN), make_user()

    with pytest.raises(ImpossibleMove, match="“Bail” has no meaning yet"):
        move_entry(entry, LEGAL, by=user)
    assert moves_for(entry, by=user)[0].hint == "“Bail” has no meaning yet."
    for stage in (LEGAL, Stage.READY):
        with pytest.raises(IntegrityError, match="goes to no lawyer"), transaction.atomic():
            Entry.objects.update(stage=stage)


def test_publishing_says_what_changed():
    with pytest.raises(ImpossibleMove, match="what changed"):
        publish_entry(make_ready(make_user()), by=make_user(), change_note=" ")


def test_what_has_no_source_is_not_published():
    entry = make_ready(make_user())
    entry.senses.get().sources.all().delete()

    with pytest.raises(ImpossibleMove, match="has no source"):
        publish_entry(entry, by=make_user(), change_note="New.")


def test_a_meaning_that_slipped_past_the_lawyer_is_not_published():
    entry = make_ready(make_user())
    make_sense(entry, "scotland")

    with pytest.raises(ImpossibleMove, match="not checked by a lawyer"):
        publish_entry(entry, by=make_user(), change_note="New.")


def test_a_change_makes_a_draft_and_ends_the_checks():
    entry = make_ready(make_user())

    reopen_entry(entry, by=make_user())

    assert fresh(entry).stage == Stage.DRAFT
    assert not Sense.objects.filter(checked_on__isnull=False).exists()


# -- Two people -----------------------------------------------------------------------------------


def test_whoever_checked_does_not_publish():
    lawyer = make_user()
    entry = make_ready(lawyer)

    with pytest.raises(ImpossibleMove, match="ask a colleague"):
        publish_entry(entry, by=lawyer, change_note="New.")
    assert [move.hint for move in moves_for(entry, by=lawyer) if move.name == "publish"] == [
        ONE_PERSON
    ]


def test_a_former_meaning_is_checked_and_needs_two_people_too():
    lawyer = make_user()
    entry = make_ready(lawyer, valid_to=date(2015, 3, 22))

    with pytest.raises(ImpossibleMove, match="ask a colleague"):
        publish_entry(entry, by=lawyer, change_note="New.")


def test_the_database_knows_that_two_people_are_two():
    lawyer = make_user()
    entry = make_ready(lawyer)

    with pytest.raises(IntegrityError, match="version_two_people"), transaction.atomic():
        write_version(entry, by=lawyer, change_note="New.")


@pytest.mark.django_db(transaction=True)
def test_a_check_and_a_publication_at_once_are_still_two_people():
    lawyer, colleague = make_user(), make_user()
    entry = make_entry(is_published=False)
    Entry.objects.update(stage=LEGAL)

    _, refused = race(
        lambda: record_legal_check(entry, by=lawyer),
        lambda: publish_entry(entry, by=lawyer, change_note="New."),
    )

    assert str(refused) == ONE_PERSON
    assert publish_entry(entry, by=colleague, change_note="New.").number == 1


# -- The starter entries --------------------------------------------------------------------------


def test_a_public_entry_is_checked_without_being_rewritten():
    lawyer, publisher = make_user(), make_user()
    entry = make_entry(plain="Words that stay.")
    before = entry.current.snapshot

    record_legal_check(entry, by=lawyer)
    assert fresh(entry).current.snapshot == before
    version = publish_check(fresh(entry), by=publisher)

    assert version.change_note.startswith("A lawyer checked this entry on ")
    assert version.change_note.endswith("No word changed.")
    assert version.snapshot["senses"][0]["plain"] == "Words that stay."
    assert version.snapshot["senses"][0]["checked_on"] == timezone.localdate().isoformat()
    assert not Entry.objects.unchecked().exists()


def test_the_lawyer_does_not_publish_the_check():
    lawyer = make_user()
    entry = make_entry()
    record_legal_check(entry, by=lawyer)

    with pytest.raises(ImpossibleMove, match="ask a colleague"):
        publish_check(fresh(entry), by=lawyer)


def test_a_check_is_not_recorded_twice():
    entry = make_entry()
    record_legal_check(entry, by=make_user())
    publish_check(fresh(entry), by=make_user())

    with pytest.raises(ImpossibleMove, match="checked already"):
        record_legal_check(entry, by=make_user())


def test_a_check_of_public_words_is_not_recorded_on_other_words():
    entry = make_entry()
    Sense.objects.update(plain="Changed past every desk.")

    with pytest.raises(ImpossibleMove, match="not what readers see"):
        record_legal_check(entry, by=make_user())


def test_a_note_that_no_word_changed_is_never_a_lie():
    entry = make_entry()
    record_legal_check(entry, by=make_user())
    Sense.objects.update(plain="Changed past every desk.")

    assert check_note(fresh(entry)) == ""
    with pytest.raises(ImpossibleMove, match="More than the legal check changed"):
        publish_check(fresh(entry), by=make_user())


# -- Out of sight and back ------------------------------------------------------------------------


def test_withdrawing_needs_no_reason_and_gives_one():
    entry, user = make_entry(), make_user()

    withdraw_entry(entry, by=user)

    entry = fresh(entry)
    assert (entry.stage, entry.withdrawn_because) == (Stage.WITHDRAWN, WITHDRAWN_FOR_NOW)
    assert not Entry.objects.published().exists()
    assert Withdrawal.objects.get().began_by == user


def test_the_reason_is_said_better_afterwards():
    entry, user = make_entry(), make_user()
    withdraw_entry(entry, by=user)

    explain_withdrawal(entry, by=user, because="The law it explained is gone.")

    assert fresh(entry).withdrawn_because == "The law it explained is gone."
    assert Withdrawal.objects.get().because == "The law it explained is gone."


def test_a_withdrawal_that_was_undone_stays_on_record():
    entry, user = make_entry(), make_user()
    withdraw_entry(entry, by=user)

    restore_entry(entry, by=user)

    entry = fresh(entry)
    assert (entry.stage, entry.withdrawn_at) == (Stage.PUBLISHED, None)
    assert Entry.objects.published().get() == entry
    assert Withdrawal.objects.get().ended_by == user


def test_an_entry_that_was_edited_while_out_of_sight_comes_back_with_its_draft():
    entry, user = make_entry(plain="Old words."), make_user()
    withdraw_entry(entry, by=user)
    Sense.objects.update(plain="New words.")

    restore_entry(entry, by=user)

    entry = fresh(entry)
    assert entry.stage == Stage.DRAFT
    assert entry.current.snapshot["senses"][0]["plain"] == "Old words."


def test_a_check_that_waited_still_waits_when_the_entry_comes_back():
    entry, lawyer = make_entry(), make_user()
    record_legal_check(entry, by=lawyer)
    withdraw_entry(entry, by=lawyer)

    restore_entry(entry, by=lawyer)

    assert fresh(entry).stage == Stage.READY
    assert publish_check(fresh(entry), by=make_user()).number == 2


def test_a_new_version_ends_a_withdrawal():
    lawyer = make_user()
    entry = make_entry()
    withdraw_entry(entry, by=lawyer)
    for stage in (Stage.DRAFT, PLAIN, LEGAL):
        move_entry(entry, stage, by=lawyer)
    record_legal_check(entry, by=lawyer)

    publish_entry(entry, by=make_user(), change_note="Right now.")

    assert not Withdrawal.objects.open().exists()
    assert Entry.objects.published().exists()


@pytest.mark.parametrize("because", ["", "  "])
def test_a_reason_is_a_sentence(because):
    with pytest.raises(ImpossibleMove, match="Say in a sentence why"):
        withdraw_entry(make_entry(), by=make_user(), because=because)


def test_what_is_not_public_is_not_withdrawn():
    with pytest.raises(ImpossibleMove, match="is not public"):
        withdraw_entry(make_entry(is_published=False), by=make_user())


def test_what_is_not_withdrawn_is_neither_restored_nor_explained():
    entry, user = make_entry(), make_user()

    with pytest.raises(ImpossibleMove, match="is not withdrawn"):
        restore_entry(entry, by=user)
    with pytest.raises(ImpossibleMove, match="is not withdrawn"):
        explain_withdrawal(entry, by=user, because="Why not.")


# -- Races ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_make_one_version():
    entry = make_ready(make_user())

    version, refused = race(
        lambda: publish_entry(entry, by=make_user("one@example.org"), change_note="One."),
        lambda: publish_entry(entry, by=make_user("two@example.org"), change_note="Two."),
    )

    assert version.number == 1
    assert "cannot go from “published” to “published”" in str(refused)
    assert EntryVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_even_without_a_lock_a_number_is_given_once():
    entry = make_entry()

    version, refused = race(
        lambda: write_version(entry, by=None, change_note="One."),
        lambda: write_version(fresh(entry), by=None, change_note="Two."),
    )

    assert version.number == 2
    assert isinstance(refused, IntegrityError)
    assert "version_number_once" in str(refused)


@pytest.mark.django_db(transaction=True)
def test_two_withdrawals_at_once_are_one():
    entry, user = make_entry(), make_user()

    _, refused = race(
        lambda: withdraw_entry(entry, by=user), lambda: withdraw_entry(entry, by=user)
    )

    assert "is not public" in str(refused)
    assert Withdrawal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_editors_cannot_close_a_circle_between_them():
    bail, remand = make_entry("Bail"), make_entry("Remand")

    made, refused = race(
        lambda: Relation.objects.create(entry=bail, to=remand, kind="broader"),
        lambda: Relation.objects.create(entry=remand, to=bail, kind="broader"),
    )

    assert made.pk
    assert "part of itself" in str(refused)
    assert Relation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_editors_cannot_write_two_meanings_of_one_day():
    entry = make_entry()
    words = {"plain": "Plain.", "legal": "Legal.", "jurisdiction": "scotland"}
    dates = {"law_as_of": date(2025, 1, 1), "review_due": date(2026, 1, 1)}

    made, refused = race(
        lambda: Sense.objects.create(entry=entry, **words, **dates),
        lambda: Sense.objects.create(entry=entry, **words, **dates, valid_from=date(2020, 1, 1)),
    )

    assert made.pk
    assert "sense_one_meaning_at_a_time" in str(refused)
