"""What was written goes when its time is over; lists for spreadsheets hold named columns alone."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from awards.exports import EXPORTS, lines
from awards.models import Answer, Collaborator, Cycle, Nomination, PublishedAward, Sheet
from awards.retention import DAYS_OF_FINALISTS, DAYS_OF_NOTES, DAYS_OF_UNSUCCESSFUL, due, erase_due
from tests.awards.factories import make_nomination, make_running_cycle
from tests.awards.results import make_people, make_released_category, make_sealed_category
from tests.awards.test_two_worlds import past_all_guards

pytestmark = pytest.mark.django_db
CANARY = "canary-4711"


def counts(now):
    return [len(one.rows) for one in due(now)]


def after(days, seconds=0):
    return Cycle.objects.get().ceremony_at + timedelta(days=days, seconds=seconds)


@pytest.fixture
def released():
    category = make_released_category(outcomes={"Example Bridge": "winner"})
    Cycle.objects.update(ceremony_at=timezone.now())
    with past_all_guards():
        Sheet.objects.update(note=CANARY)
    return category


TIMES = [
    (DAYS_OF_UNSUCCESSFUL - 2, [0, 0, 0, 0, 0]),
    (DAYS_OF_UNSUCCESSFUL + 1, [0, 2, 0, 0, 0]),
    (DAYS_OF_NOTES + 1, [0, 2, 9, 0, 0]),
    (DAYS_OF_FINALISTS + 1, [0, 2, 9, 0, 1]),
]


@pytest.mark.parametrize(("days", "expected"), TIMES)
def test_each_kind_is_kept_for_its_own_time(released, days, expected):
    assert counts(after(days)) == expected


def test_what_is_erased_leaves_no_word_but_the_public_record(released):
    nomination = Nomination.objects.get(nominee_name="Example Line")
    for name, row in [("nominee_organisation", nomination), ("charity_number", nomination)]:
        setattr(row, name, CANARY)
    nomination.save()
    Collaborator.objects.filter(nomination=nomination).update(name=CANARY, phone=CANARY)
    now = after(DAYS_OF_FINALISTS + 1)

    erase_due(now)

    assert counts(now) == [0, 0, 0, 0, 0]
    assert not Answer.objects.exists()
    assert set(Nomination.objects.values_list("nominee_name", flat=True)) == {"Erased"}
    rows = [*Nomination.objects.values(), *Collaborator.objects.values()]
    assert CANARY not in str(rows)
    assert not Sheet.objects.exclude(note="", improvement="").exists()
    assert Sheet.objects.count() == 9
    assert PublishedAward.objects.public().exists()
    assert Nomination.objects.count() == 3


def test_drafts_go_thirty_days_after_the_deadline(django_capture_on_commit_callbacks):
    cycle = make_running_cycle()
    draft = make_nomination(cycle.categories.get())
    sent = make_nomination(cycle.categories.get(), state="submitted")
    file = draft.attachments.create(name=CANARY, content_type="text/plain", size=1, sha256="0" * 64)
    file.file.save("file", ContentFile(b"A"))
    storage, place = file.file.storage, file.file.name
    assert counts(cycle.closes_at + timedelta(days=29)) == [0, 0, 0, 0, 0]

    with django_capture_on_commit_callbacks(execute=True):
        erase_due(cycle.closes_at + timedelta(days=31))

    draft.refresh_from_db()
    sent.refresh_from_db()
    assert (draft.nominee_name, sent.nominee_name) == ("Erased", "Example Project")
    assert not storage.exists(place)


def test_a_dry_run_only_counts(released, capsys):
    Cycle.objects.update(ceremony_at=timezone.now() - timedelta(days=400))

    call_command("forget_nominations", dry_run=True)

    assert "Would be erased: 2 nominations that did not succeed." in capsys.readouterr().out
    assert not Nomination.objects.filter(erased_at__isnull=False).exists()


# -- Lists -----------------------------------------------------------------------------------------


@pytest.fixture
def staff(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    client.people = make_people()
    client.force_login(client.people[0])
    return client


def plant_canaries(category):
    """In every text of every nomination that no list names."""
    nomination = category.nominations.get(nominee_name="Example Bridge")
    nomination.nominee_email, nomination.charity_number = f"{CANARY}@example.org", CANARY
    nomination.save()
    nomination.collaborators.update(name=CANARY, email=f"{CANARY}@example.org", phone=CANARY)
    nomination.consent.do_not_publish = nomination.consent.corrections = CANARY
    nomination.consent.save()


def test_no_list_holds_what_it_does_not_name(staff):
    category = make_sealed_category(people=staff.people)
    plant_canaries(category)
    category.nominations.filter(nominee_name="Example Line").update(nominee_name="=1+1")

    for name, export in EXPORTS.items():
        page = reverse("admin:awards_cycle_export", args=[category.cycle_id, name])
        text = staff.get(page).content.decode()
        assert CANARY not in text
        assert text.splitlines()[0].lstrip("\ufeff").split(",") == list(export.columns)
        assert ",=1+1" not in text
    assert category.cycle.events.filter(verb="export").count() == len(EXPORTS)
    page = staff.get(reverse("admin:awards_cycle_exports", args=[category.cycle_id]))
    assert "Finalists, for the ceremony" in page.content.decode()


def test_the_list_of_guests_waits_for_the_seal(staff):
    cycle = make_running_cycle()

    page = reverse("admin:awards_cycle_export", args=[cycle.pk, "guests"])

    assert staff.get(page).status_code == 403
    assert lines(EXPORTS["nominations"], cycle) == []
