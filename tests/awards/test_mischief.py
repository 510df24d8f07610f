"""What strangers might do to others through nominations."""

from uuid import uuid4

import pytest
from django.core import mail

from awards.actions.consent import ask_nominee
from awards.actions.links import MOST_LETTERS, read_link
from awards.actions.nominations import (
    MOST_ADDED,
    add_co_editor,
    remove_co_editor,
    save_answer,
    submit_nomination,
)
from awards.emails import MOST_RECEIPTS
from awards.models import AccessLink
from cja_portal.kit.moves import ImpossibleMove
from tests.awards.factories import make_nomination, make_running_cycle
from tests.awards.test_nomination_views import (
    WHO,
    address,
    client_of,
    eligible,
    start_address,
)

pytestmark = pytest.mark.django_db
LONG = f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 12}.org"  # Fits no column.


@pytest.fixture
def nomination():
    category = make_running_cycle().categories.get()
    return make_nomination(category, email="lead@example.org", nominee_email="n@example.org")


def submitted(nomination, **fields):
    category = nomination.category
    return make_nomination(category, state="submitted", nominee_email="n@example.org", **fields)


def desk_secret(letter):
    return letter.body.split("/nominee/")[1].split("/")[0]


def test_no_address_gets_more_than_a_few_letters_a_day_from_all_nominations(
    nomination, django_capture_on_commit_callbacks
):
    both = [submitted(nomination), submitted(nomination)]

    with django_capture_on_commit_callbacks(execute=True):
        for turn in range(2 * MOST_LETTERS):
            ask_nominee(both[turn % 2])

    assert len(mail.outbox) == MOST_LETTERS


def test_a_corrected_address_gets_the_letter_and_the_wrong_one_opens_nothing_more(
    nomination, django_capture_on_commit_callbacks
):
    sent = submitted(nomination)
    with django_capture_on_commit_callbacks(execute=True):
        ask_nominee(sent)
        sent.nominee_email = "right@example.org"
        sent.save()
        ask_nominee(sent)

    assert [letter.to for letter in mail.outbox] == [["n@example.org"], ["right@example.org"]]
    wrong, right = (read_link(desk_secret(letter)) for letter in mail.outbox)
    assert (wrong, right.email) == (None, "right@example.org")
    assert AccessLink.objects.filter(consent__isnull=False).count() == 1


def test_nobody_writes_to_the_whole_world_by_taking_helpers_in_and_out(nomination):
    lead = nomination.collaborators.get()
    for number in range(MOST_ADDED):
        added = add_co_editor(nomination, name="A", email=f"a{number}@example.org", by=lead)
        remove_co_editor(nomination, added, by=lead)

    with pytest.raises(ImpossibleMove, match="tomorrow"):
        add_co_editor(nomination, name="A", email="last@example.org", by=lead)


def test_no_address_is_flooded_with_receipts(nomination, django_capture_on_commit_callbacks):
    lead, answer = nomination.collaborators.get(), nomination.answers.first()
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(MOST_RECEIPTS + 2):
            answer = save_answer(
                nomination, answer.question, f"{number} times.", seen=answer.version, by=lead
            )
            submit_nomination(nomination, key=uuid4(), by=lead)

    receipts = [one for one in mail.outbox if "Received" in one.subject]
    assert len(receipts) == MOST_RECEIPTS


@pytest.mark.parametrize("question", ["9" * 5_000, "²", "-1", "", "\0"])
def test_odd_numbers_of_questions_are_not_found(nomination, question):
    answer = client_of(nomination).post(address(nomination, "save"), {"question": question})

    assert answer.status_code == 404


def test_addresses_that_fit_no_column_are_refused(nomination, client):
    category = nomination.category
    begun = WHO | eligible(category) | {"email": LONG, "key": str(uuid4())}

    pages = [
        client.post(start_address(category), begun),
        client_of(nomination).post(address(nomination, "people"), {"name": "A", "email": LONG}),
    ]

    assert all("at most 254 characters" in page.content.decode() for page in pages)


def test_names_stay_on_one_line_of_a_letter(nomination, client):
    category = nomination.category
    name = "Example\r\n\r\nThe CJA asks you to log in at https://example.com"
    begun = WHO | eligible(category) | {"nominee_name": name, "name": name, "key": str(uuid4())}

    client.post(start_address(category), begun)

    made = category.nominations.latest("pk")
    assert "\n" not in made.nominee_name + made.collaborators.get().name
