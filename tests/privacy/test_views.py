import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from cja_portal.work import waiting_work
from library.saved_searches import save_search
from members.actions.leaving import hand_over_and_leave
from members.letters import LettersForm, choose_letters, stop_address, without
from members.models import AuditEvent, Complaint, Erasure, LetterOff, Topic
from tests.factories import make_affiliation, make_organisation, make_owner, make_staff, make_user
from tests.logins import PASSWORD, log_in
from tests.privacy.people import EMAIL, NAME, OTHER_EMAIL, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    user = make_person()
    client.force_login(user)
    return user


@pytest.fixture
def somebody(client):
    """Whose password was not asked for lately, and who needs no second step."""
    user = make_user(EMAIL, name=NAME, password=PASSWORD)
    client.force_login(user)
    return user


@pytest.fixture
def proved(client):
    """Somebody who typed their password just now."""
    user = make_user(EMAIL, name=NAME, password=PASSWORD)
    return prove(client, user)


def prove(client, user):
    log_in(client, user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return user


def archive(response):
    files = zipfile.ZipFile(io.BytesIO(response.content))
    return files.read("about-you.html").decode(), json.loads(files.read("about-you.json"))


# -- Taking everything away -----------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/my/privacy/export/", "/my/privacy/erase/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_both_ask_for_the_password_first(client, somebody, address, method):
    response = getattr(client, method)(address)

    assert "reauthenticate/?next=%2Fmy%2Fprivacy%2F" in response["Location"]
    assert not Erasure.objects.exists()


def test_the_archive_holds_everything_about_the_person(client, person):
    person.set_password(PASSWORD)
    person.save()
    person.authenticator_set.all().delete()
    prove(client, person)

    response = client.post("/my/privacy/export/")

    page, data = archive(response)
    titles = {one["what"] for one in data["held"]}
    assert {"Your account", "Your shelves", "Nominations you write or wrote"} <= titles
    assert len(titles) > 20
    for said in (EMAIL, OTHER_EMAIL, NAME, "Keeper of canaria", "0118-canary"):
        assert said in page
    assert "canary.secret" not in page + json.dumps(data)
    assert "stays@example.org" not in page + json.dumps(data)


def test_the_archive_is_logged_and_no_cache_keeps_it(client, proved):
    response = client.post("/my/privacy/export/")

    assert response["Content-Type"] == "application/zip"
    assert "no-store" in response["Cache-Control"]
    assert AuditEvent.objects.filter(verb="members.export_own_data", by=proved).count() == 1


# -- Being erased ---------------------------------------------------------------------------------


def test_the_preview_says_what_goes_and_what_stays(client, proved):
    page = client.get("/my/privacy/erase/")

    assert "Your e-mail addresses (1)" in page.content.decode()
    assert page.context["obstacles"] == []
    assert "Erase me in seven days" in page.content.decode()


def test_a_last_owner_is_shown_the_way_to_hand_over(client, proved):
    make_affiliation(proved, make_organisation("Example Nest"), "owner")

    page = client.get("/my/privacy/erase/").content.decode()

    assert "You are the last owner of Example Nest. Hand it over to somebody first." in page
    assert "/my/organisations/example-nest/leave/" in page
    assert "Erase me in seven days" not in page


def test_asking_and_taking_back(client, proved):
    client.post("/my/privacy/erase/")
    page = client.get("/my/privacy/").content.decode()
    client.post("/my/privacy/", {"do": "undo"})

    assert "You will be erased on" in page
    assert Erasure.objects.get().cancelled_at
    assert "You will be erased on" not in client.get("/my/privacy/").content.decode()


# -- Letters --------------------------------------------------------------------------------------


def test_letters_are_chosen(client, somebody):
    client.post("/my/privacy/", {"do": "letters", "topics": ["profile", "colleagues"]})
    once = set(LetterOff.objects.values_list("topic", flat=True))
    client.post("/my/privacy/", {"do": "letters", "topics": ["payments"]})

    assert once == set(Topic.values) - {"profile", "colleagues"}
    assert set(LetterOff.objects.values_list("topic", flat=True)) == set(Topic.values) - {
        "payments"
    }


def test_letters_of_saved_searches_are_chosen_beside_them(client, somebody):
    stopped = save_search("q=prison", "daily", by=somebody)
    begun = save_search("q=police", "never", by=somebody)
    page = client.get("/my/privacy/").content.decode()

    client.post("/my/privacy/", {"do": "letters", "topics": Topic.values, "searches": [begun.pk]})

    stopped.refresh_from_db()
    begun.refresh_from_db()
    assert "“prison”" in page
    assert (stopped.frequency, begun.frequency) == ("never", "weekly")
    assert not LetterOff.objects.exists()


def test_an_address_without_an_account_stops_letters_and_takes_it_back(client):
    address = stop_address("nominator@example.org", "drafts")
    client.post(address, {"List-Unsubscribe": "One-Click"})
    stopped = without("drafts", ["nominator@example.org", "other@example.org"])
    client.post(address, {"do": "again"})

    assert "nominator" not in address
    assert stopped == ["other@example.org"]
    assert without("drafts", ["nominator@example.org"]) == ["nominator@example.org"]


def test_what_an_address_switched_off_stays_off_for_its_account():
    LetterOff.objects.create(email="new@example.org", topic="drafts")
    user = make_user("new@example.org")
    shown = LettersForm(user=user).fields["topics"].initial
    choose_letters(user, Topic.values)

    assert "drafts" not in shown
    assert not LetterOff.objects.exists()


def a_colleague_leaves(capture):
    organisation = make_organisation()
    owner = make_owner(organisation)
    other = make_affiliation(make_user("leaves@example.org"), organisation, "editor")
    with capture(execute=True):
        hand_over_and_leave(other, {}, by=other.user)
    return owner


def test_a_letter_that_is_no_duty_stops_by_one_press(client, django_capture_on_commit_callbacks):
    owner = a_colleague_leaves(django_capture_on_commit_callbacks)
    headers = mail.outbox[0].extra_headers
    address = headers["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")

    looked = client.get(address).content.decode()
    was_on = not LetterOff.objects.exists()
    pressed = client.post(address, {"List-Unsubscribe": "One-Click"})

    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in mail.outbox[0].body
    assert "Stop these letters?" in looked
    assert (was_on, pressed.status_code) == (True, 200)
    assert list(LetterOff.objects.values_list("user", "topic")) == [(owner.pk, "colleagues")]


def test_whoever_switched_them_off_gets_none(django_capture_on_commit_callbacks):
    owner = make_user("owner@example.org")
    LetterOff.objects.create(user=owner, topic="colleagues")
    organisation = make_organisation()
    make_affiliation(owner, organisation, "owner")
    other = make_affiliation(make_user(), organisation, "editor")

    with django_capture_on_commit_callbacks(execute=True):
        hand_over_and_leave(other, {}, by=other.user)

    assert mail.outbox == []


def test_a_forged_link_stops_nothing(client):
    make_user()

    assert client.post("/letters/stop/1:payments:forged/").status_code == 410
    assert not LetterOff.objects.exists()


# -- Complaints -----------------------------------------------------------------------------------

COMPLAINT = {"text": "You wrote to me too often.", "name": "", "email": "reader@example.org"}


def complain(client, capture, **fields):
    stamp = client.get("/privacy/complaint/").context["form"]["shown"].value()
    with pytest.MonkeyPatch.context() as patch, capture(execute=True):
        patch.setattr("cja_portal.kit.people.QUICKEST", 0)
        return client.post("/privacy/complaint/", COMPLAINT | {"shown": stamp} | fields)


def test_anybody_complains_and_is_told_so(client, django_capture_on_commit_callbacks):
    page = complain(client, django_capture_on_commit_callbacks).content.decode()

    complaint = Complaint.objects.get()
    assert complaint.reference in page
    assert (complaint.acknowledged_at is not None, complaint.days_left) == (True, 30)
    assert [(letter.to, complaint.reference in letter.body) for letter in mail.outbox] == [
        (["reader@example.org"], True)
    ]


def test_a_complaint_says_something_and_has_an_address(client, django_capture_on_commit_callbacks):
    page = complain(client, django_capture_on_commit_callbacks, text="", email="x")

    assert set(page.context["form"].errors) == {"text", "email"}
    assert not Complaint.objects.exists()


def test_staff_answer_once_and_the_person_hears_of_it(
    client, settings, django_capture_on_commit_callbacks
):
    settings.REQUIRE_SECOND_FACTOR = False
    staff = make_staff()
    client.force_login(staff)
    complaint = Complaint.objects.create(email="reader@example.org", text="Too many letters.")
    address = f"/admin/members/complaint/{complaint.pk}/change/"
    answer = {"steps": "We looked.", "outcome": "We stopped them."}

    shown = client.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, answer)
        client.post(address, answer | {"outcome": "Something else."})

    complaint.refresh_from_db()
    assert "Too many letters." in shown
    assert (complaint.outcome, complaint.answered_by) == ("We stopped them.", staff)
    assert complaint.answered_at <= timezone.now()
    assert ["We stopped them." in letter.body for letter in mail.outbox] == [True]
    assert "ico.org.uk" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (0, "30 days left for the first."),
        (30, "The first is due today."),
        (31, "The first is 1 day late."),
    ],
)
def test_the_index_says_how_many_days_a_complaint_has_left(age, words):
    noon = timezone.now().replace(hour=12)
    for received_at in (noon - timedelta(days=age), noon):
        Complaint.objects.create(
            email="reader@example.org", text="It is wrong.", received_at=received_at
        )

    queues = {queue.label: queue.note for queue in waiting_work(make_staff(is_superuser=True))}

    assert {label: note for label, note in queues.items() if note} == {
        "Complaints about data to answer": words
    }
