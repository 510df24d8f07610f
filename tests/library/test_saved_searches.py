"""Saving a search, with an account and without: who is asked, who is told, and how it stops."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils.timezone import now

from cja_portal.kit.moves import ImpossibleMove
from library import saved_searches
from library.models import Frequency, SavedSearch
from library.saved_searches import ask_for_alerts, confirm_search, save_search, stop_search
from library.search_words import query_in_words
from members.models.invitation import digest_of
from tests.factories import make_item, make_organisation, make_saved_search, make_theme, make_user

pytestmark = pytest.mark.django_db

WEEKLY = Frequency.WEEKLY


@pytest.fixture
def letters(django_capture_on_commit_callbacks):
    """Runs what it is given and returns the letters that left."""

    def run(act, *args, **kwargs):
        before = len(mail.outbox)
        with django_capture_on_commit_callbacks(execute=True):
            act(*args, **kwargs)
        return mail.outbox[before:]

    return run


def link_in(letter, part):
    return next(
        word for word in letter.body.split() if part in word and word.startswith("http")
    ).removeprefix("http://127.0.0.1:8000")


# -- With an account ------------------------------------------------------------------------------


def test_exactly_the_search_on_the_screen_is_saved_whatever_its_order(client):
    make_item(themes=[make_theme("Policing")], publishers=[make_organisation("Example Trust")])
    person = make_user()
    client.force_login(person)
    asked = "theme=policing&page=3&q=stop++search&kind=report&organisation=example-trust&sort=title"

    client.post(f"/library/searches/save/?{asked}", {"frequency": "daily"})
    client.post(f"/library/searches/save/?kind=report&{asked}", {"frequency": "weekly"})

    saved = SavedSearch.objects.get()
    assert saved.query == "q=stop+search&kind=report&organisation=example-trust&theme=policing"
    assert saved.frequency == "weekly"
    assert query_in_words(saved) == (
        "“stop search”, Kind: Report, Theme: Policing, Publisher: Example Trust"
    )


def test_a_search_without_words_is_of_everything():
    assert query_in_words(make_saved_search("")) == "Everything in the library"


def test_only_my_own_words_is_a_search_of_its_own(client):
    client.force_login(make_user())

    client.post("/library/searches/save/?q=rotl&exact=1", {"frequency": "never"})

    assert SavedSearch.objects.get().query == "q=rotl&exact=1"


def test_one_persons_searches_are_closed_to_another(client):
    saved = make_saved_search("q=secret", owner=make_user())
    client.force_login(make_user())

    response = client.post(f"/library/searches/change/{saved.uuid}/", {"do": "delete"})

    assert response.status_code == 404
    assert "secret" not in client.get("/library/searches/").content.decode()


def test_a_person_changes_and_deletes(client):
    person = make_user()
    saved = make_saved_search(owner=person)
    client.force_login(person)
    address = f"/library/searches/change/{saved.uuid}/"

    client.post(address, {"frequency": "weekly"})
    assert SavedSearch.objects.get().frequency == "weekly"
    assert client.post(address, {"frequency": "hourly"}).status_code == 404

    client.post(address, {"do": "delete"})
    assert SavedSearch.objects.count() == 0


def test_there_is_an_end_to_what_one_person_keeps(monkeypatch):
    monkeypatch.setattr(saved_searches, "MOST_SEARCHES", 1)
    person = make_user()
    save_search("q=one", WEEKLY, by=person)

    with pytest.raises(ImpossibleMove):
        save_search("q=two", WEEKLY, by=person)


# -- Without an account ---------------------------------------------------------------------------


def test_an_address_is_asked_once_and_told_nothing_before_it_says_yes(client, letters):
    ask = {"email": "Reader@Example.org", "frequency": "daily"}

    (letter,) = letters(client.post, "/library/searches/save/?q=prison", ask)
    again = letters(client.post, "/library/searches/save/?q=prison", ask)

    saved = SavedSearch.objects.get()
    assert [letter.to, again] == [["reader@example.org"], []]
    assert "prison" not in letter.body
    assert saved.confirmed_at is None
    assert link_in(letter, "/confirm/") not in saved.secret_digest
    assert list(SavedSearch.objects.to_be_told()) == []


def test_saying_yes_takes_a_press_and_works_once(client, letters):
    (letter,) = letters(ask_for_alerts, "q=prison", "daily", email="reader@example.org")
    address = link_in(letter, "/confirm/")

    for look in (client.get, client.head, client.get):
        look(address)
    assert SavedSearch.objects.get().confirmed_at is None

    response = client.post(address)
    assert SavedSearch.objects.get().confirmed_at is not None
    assert "“prison”" in client.get(response["Location"]).content.decode()
    assert client.get(address).status_code == 410


def test_the_link_ends_after_two_days(client, letters):
    (letter,) = letters(ask_for_alerts, "q=prison", "daily", email="reader@example.org")
    SavedSearch.objects.update(confirm_by=now() - timedelta(seconds=1))

    assert client.post(link_in(letter, "/confirm/")).status_code == 410
    assert SavedSearch.objects.get().confirmed_at is None
    assert len(letters(ask_for_alerts, "q=prison", "daily", email="reader@example.org")) == 1
    assert SavedSearch.objects.count() == 1


def test_what_was_never_confirmed_is_deleted():
    old = {"confirmed_at": None, "secret_digest": digest_of("x")}
    make_saved_search("q=old", confirm_by=now() - timedelta(1), **old)
    make_saved_search("q=new", confirm_by=now() + timedelta(1), **old)
    make_saved_search("q=confirmed")

    assert saved_searches.forget_searches() == 1
    assert set(SavedSearch.objects.values_list("query", flat=True)) == {"q=new", "q=confirmed"}


def test_the_answer_is_the_same_whether_or_not_the_address_is_known(client):
    make_user("known@example.org")
    make_saved_search("q=prison", email="reader@example.org")
    address = "/library/searches/save/?q=prison"

    answers = {
        email: client.post(address, {"email": email, "frequency": "daily"}).content.replace(
            email.encode(), b""
        )
        for email in ("known@example.org", "reader@example.org", "new@example.org")
    }

    assert len(set(answers.values())) == 1


def test_a_stranger_cannot_flood_an_address(letters):
    sent = [
        len(letters(ask_for_alerts, f"q=word{number}", "daily", email="victim@example.org"))
        for number in range(6)
    ]

    assert sum(sent) == 3


def test_one_network_can_ask_only_so_often():
    def ask(number):
        data = {"email": f"reader{number}@example.org", "frequency": "daily"}
        return Client().post("/library/searches/save/?q=prison", data).status_code

    assert [ask(number) for number in range(21)] == [200] * 20 + [429]


# -- Stopping -------------------------------------------------------------------------------------


def test_looking_at_the_link_that_stops_does_nothing(client):
    saved = make_saved_search("q=prison")
    address = f"/library/searches/stop/{saved.token}/"

    assert [look(address).status_code for look in (client.get, client.head)] == [200, 200]
    assert SavedSearch.objects.count() == 1


def test_one_press_in_the_mail_program_stops_it():
    """RFC 8058: a POST without cookies, from elsewhere, with this one pair in its body."""
    saved = make_saved_search("q=prison")
    stranger = Client(enforce_csrf_checks=True)
    address = f"/library/searches/stop/{saved.token}/"

    first = stranger.post(address, {"List-Unsubscribe": "One-Click"})
    second = stranger.post(address, {"List-Unsubscribe": "One-Click"})

    assert [first.status_code, second.status_code] == [200, 200]
    assert SavedSearch.objects.count() == 0


def test_a_wrong_token_stops_nothing(client):
    saved = make_saved_search("q=prison")
    wrong = f"{saved.uuid}:{'x' * 43}"

    for address in (wrong, str(saved.uuid), "x"):
        client.post(f"/library/searches/stop/{address}/")
        assert client.get(f"/library/searches/manage/{address}/").status_code == 410

    assert SavedSearch.objects.count() == 1


def test_a_persons_search_stays_when_its_letters_stop():
    saved = make_saved_search("q=prison", owner=make_user())

    stop_search(saved)

    assert SavedSearch.objects.get().frequency == Frequency.NEVER


def test_all_searches_of_an_address_are_on_one_page_and_none_of_others(client):
    first = make_saved_search("q=one", email="reader@example.org")
    second = make_saved_search("q=two", email="reader@example.org")
    other = make_saved_search("q=three")
    address = f"/library/searches/manage/{first.token}/"

    text = client.get(address).content.decode()
    assert ["“one”" in text, "“two”" in text, "“three”" in text] == [True, True, False]

    client.post(address, {"search": str(second.uuid), "frequency": "daily"})
    assert SavedSearch.objects.get(pk=second.pk).frequency == "daily"
    assert client.post(address, {"search": str(other.uuid), "do": "delete"}).status_code == 404

    response = client.post(address, {"search": str(first.uuid), "do": "delete"})
    assert response["Location"] == f"/library/searches/manage/{second.token}/"
    assert set(SavedSearch.objects.all()) == {second, other}


def test_confirming_begins_with_what_comes_from_now_on():
    make_item()
    saved = make_saved_search(
        confirmed_at=None, confirm_by=now() + timedelta(1), secret_digest="x", last_arrival=0
    )
    make_item()

    confirm_search(saved)

    assert saved.last_arrival == saved_searches.note_arrivals()
