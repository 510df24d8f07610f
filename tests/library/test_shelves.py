"""Shelves: whose they are, what each reader sees on them, and how they are taken along."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from cja_portal.kit.moves import ImpossibleMove
from library import shelves
from library.models import Item, Shelf
from library.shelves import keep_item, kept_on, move_entry, share_shelf, shown_on
from tests.factories import (
    make_affiliation,
    make_item,
    make_organisation,
    make_shelf,
    make_user,
)

pytestmark = pytest.mark.django_db


def texts(response):
    return response.content.decode()


def titles(shelf, user):
    return [kept.item.title if kept.item else None for kept in kept_on(shelf, user)]


# -- Visitors -------------------------------------------------------------------------------------


def test_reading_the_library_sets_no_cookie(client):
    make_item("A report", slug="a-report")

    client.get("/library/?q=report")
    client.get("/library/a-report/")

    assert dict(client.cookies) == {}


def test_a_visitor_keeps_a_list_without_an_account(client):
    make_item("A report", slug="a-report")

    response = client.post("/library/shelf/keep/a-report/", {"note": "For Monday."}, follow=True)

    shelf = Shelf.objects.get()
    assert response.request["PATH_INFO"] == f"/library/shelf/{shelf.uuid}/"
    assert "A report" in texts(response)
    assert "For Monday." in texts(response)
    assert Client().get(f"/library/shelf/{shelf.uuid}/").status_code == 404


def test_a_visitor_has_one_shelf(client):
    for slug in ("one", "two"):
        make_item(slug.title(), slug=slug)
        client.post(f"/library/shelf/keep/{slug}/", {})

    assert titles(Shelf.objects.get(), make_user()) == ["One", "Two"]


def test_a_visitors_shelf_comes_along_on_signing_in(client):
    make_item("A report", slug="a-report")
    client.post("/library/shelf/keep/a-report/", {})
    person = make_user()
    kept = client.session["shelf"]
    client.force_login(person)
    session = client.session
    session["shelf"] = kept
    session.save()

    client.get("/library/shelf/")

    assert Shelf.objects.get().owner == person
    assert "shelf" not in client.session


def test_a_visitors_shelf_is_forgotten_with_the_session(client):
    make_item("A report", slug="a-report")
    client.post("/library/shelf/keep/a-report/", {})
    shelf = Shelf.objects.get()
    share_shelf(shelf)
    Shelf.objects.update(changed_at=now() - timedelta(days=15))

    assert client.get(f"/library/shelf/{shelf.uuid}/").status_code == 404
    assert client.get(f"/library/shelves/{shelf.secret}/").status_code == 404
    assert shelves.forget_shelves() == 1


def test_a_persons_shelf_is_not_forgotten():
    shelf = make_shelf(make_user())
    Shelf.objects.update(changed_at=now() - timedelta(days=1500))

    assert shelves.forget_shelves() == 0
    assert list(Shelf.objects.lasting()) == [shelf]


def test_one_network_cannot_begin_shelves_without_end():
    make_item("A report", slug="a-report")

    for _ in range(20):
        Client().post("/library/shelf/keep/a-report/", {})
    response = Client().post("/library/shelf/keep/a-report/", {})

    assert Shelf.objects.count() == 20
    assert "Please try in an hour." in texts(response)


# -- People ---------------------------------------------------------------------------------------


def test_a_person_chooses_the_shelf(client):
    person = make_user()
    first, second = make_shelf(person, name="First"), make_shelf(person, name="Second")
    make_item("A report", slug="a-report")
    client.force_login(person)

    client.post("/library/shelf/keep/a-report/", {"shelf": str(first.uuid)})
    client.post("/library/shelf/keep/a-report/", {"shelf": "new", "name": "Third"})
    response = client.post("/library/shelf/keep/a-report/", {"shelf": "new", "name": " "})

    third = Shelf.objects.get(name="Third")
    assert [titles(one, person) for one in (first, second, third)] == [
        ["A report"],
        [],
        ["A report"],
    ]
    assert "Give the new shelf a name." in texts(response)


def test_nobody_puts_anything_on_a_shelf_of_somebody_else(client):
    theirs = make_shelf(make_user())
    mine = make_user()
    make_shelf(mine)
    make_item("A report", slug="a-report")
    client.force_login(mine)

    client.post("/library/shelf/keep/a-report/", {"shelf": str(theirs.uuid)})

    assert theirs.entries.count() == 0


@pytest.mark.parametrize("do", ["up", "remove", "note", "rename", "share", "unshare", "delete"])
def test_nobody_changes_the_shelf_of_somebody_else(client, do):
    shelf = make_shelf(make_user(), make_item())
    client.force_login(make_user())

    response = client.post(f"/library/shelf/{shelf.uuid}/change/", {"do": do, "name": "Mine"})

    assert response.status_code == 404
    assert Shelf.objects.get().name == "Reading"


def test_an_entry_of_another_shelf_cannot_be_changed(client):
    person = make_user()
    mine = make_shelf(person, make_item())
    theirs = make_shelf(make_user(), make_item())
    client.force_login(person)

    entry = theirs.entries.get()
    address = f"/library/shelf/{mine.uuid}/change/"
    response = client.post(address, {"do": "remove", "entry": entry.pk})

    assert response.status_code == 404
    assert theirs.entries.count() == 1


def test_works_are_put_in_order_without_script(client):
    person = make_user()
    shelf = make_shelf(person, make_item("One"), make_item("Two"), make_item("Three"))
    one, _, three = shelf.entries.all()
    client.force_login(person)
    address = f"/library/shelf/{shelf.uuid}/change/"

    client.post(address, {"do": "up", "entry": three.pk})
    client.post(address, {"do": "down", "entry": one.pk})
    response = client.post(address, {"do": "up", "entry": three.pk})

    assert titles(shelf, person) == ["Three", "One", "Two"]
    assert response["Location"] == f"/library/shelf/{shelf.uuid}/#entry-{three.pk}"


def test_the_first_cannot_go_up_nor_the_last_down():
    shelf = make_shelf(make_user(), make_item("One"), make_item("Two"))
    one, two = shelf.entries.all()

    move_entry(shelf, one, by=-1)
    move_entry(shelf, two, by=1)

    assert titles(shelf, make_user()) == ["One", "Two"]


def test_keeping_twice_keeps_the_place_and_adds_the_note():
    shelf = make_shelf(make_user(), make_item("One"))
    item = Item.objects.get()

    keep_item(shelf, item, note="First.")
    entry = keep_item(shelf, item, note="Second.")

    assert shelf.entries.count() == 1
    assert entry.note == "First.\nSecond."


def test_a_shelf_has_an_end(monkeypatch):
    monkeypatch.setattr(shelves, "MOST_ENTRIES", 1)
    shelf = make_shelf(make_user(), make_item())

    with pytest.raises(ImpossibleMove):
        keep_item(shelf, make_item())


def test_notes_names_and_ends(client):
    person = make_user()
    shelf = make_shelf(person, make_item())
    client.force_login(person)
    address = f"/library/shelf/{shelf.uuid}/change/"

    client.post(address, {"do": "note", "entry": shelf.entries.get().pk, "note": "Page 4."})
    client.post(address, {"do": "rename", "name": "For the meeting"})
    shelf.refresh_from_db()
    assert [shelf.name, shelf.entries.get().note] == ["For the meeting", "Page 4."]

    client.post(address, {"do": "delete"})
    assert Shelf.objects.count() == 0


def test_a_list_of_shelves_asks_the_same_for_one_and_for_three(client, django_assert_num_queries):
    person = make_user()
    client.force_login(person)
    make_shelf(person, make_item())
    client.get("/library/shelf/")

    with django_assert_num_queries(4):
        client.get("/library/shelf/")
    make_shelf(person, make_item(), make_item())
    make_shelf(person)
    with django_assert_num_queries(4):
        client.get("/library/shelf/")


def test_a_shelf_asks_the_same_for_one_work_and_for_three(client, django_assert_num_queries):
    person = make_user()
    client.force_login(person)
    shelf = make_shelf(person, make_item(authors=["One"]))
    address = f"/library/shelf/{shelf.uuid}/"
    client.get(address)

    with django_assert_num_queries(10):
        client.get(address)
    keep_item(shelf, make_item(authors=["Two"]))
    keep_item(shelf, make_item(authors=["Three"]))
    with django_assert_num_queries(10):
        client.get(address)


# -- Sharing --------------------------------------------------------------------------------------


def test_a_link_can_be_switched_off_and_made_anew(client):
    person = make_user()
    shelf = make_shelf(person, make_item())
    client.force_login(person)
    address = f"/library/shelf/{shelf.uuid}/change/"

    def secret():
        return Shelf.objects.get().secret

    client.post(address, {"do": "share"})
    first = secret()
    client.post(address, {"do": "share"})
    second = secret()
    assert [Client().get(f"/library/shelves/{one}/").status_code for one in (first, second)] == [
        404,
        200,
    ]

    client.post(address, {"do": "unshare"})
    assert Client().get(f"/library/shelves/{second}/").status_code == 404


def test_a_reader_of_a_link_sees_what_that_reader_may_see():
    member = make_user()
    make_affiliation(member, make_organisation())
    shelf = make_shelf(
        make_user(), make_item("For all"), make_item("For members", audience="members")
    )

    assert [kept.item.title for kept in shown_on(shelf, member)] == ["For all", "For members"]
    assert [kept.item.title for kept in shown_on(shelf, make_user())] == ["For all"]


@pytest.mark.parametrize("suffix", ["", "?style=APA", "cite.ris", "cite.bib", "cite.csl.json"])
def test_a_link_to_a_shelf_with_something_hidden_reads_like_one_without(client, suffix):
    hidden = make_item("A secret", visible_from=now() + timedelta(days=1))
    shelf = make_shelf(make_user(), make_item("First"), hidden, make_item("Last"))
    shelf.entries.filter(item=hidden).update(note="Do not tell.")
    share_shelf(shelf)

    address = f"/library/shelves/{shelf.secret}/{suffix}"
    with_it = client.get(address).content
    shelf.entries.filter(item=hidden).delete()
    without_it = client.get(address).content

    assert b"First" in with_it
    assert with_it == without_it


def test_what_is_no_longer_open_to_its_keeper_leaves_a_gap_that_says_nothing(client):
    person = make_user()
    shelf = make_shelf(person, make_item("Once public"))
    Item.objects.update(audience="members")
    client.force_login(person)

    text = texts(client.get(f"/library/shelf/{shelf.uuid}/"))

    assert "A work that is no longer here for you" in text
    assert "Once public" not in text


def test_a_withdrawn_work_keeps_its_citation_on_the_shelf():
    person = make_user()
    shelf = make_shelf(person, make_item("It was wrong", status="withdrawn"))

    (kept,) = kept_on(shelf, person)

    assert kept.is_withdrawn
    assert kept.item.title == "It was wrong"


def test_an_address_with_a_secret_is_told_to_no_other_site_and_to_no_cache(client):
    shelf = make_shelf(make_user(), make_item())
    share_shelf(shelf)

    response = client.get(f"/library/shelves/{shelf.secret}/")

    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]
    assert 'name="robots" content="noindex"' in texts(response)


# -- Taking along ---------------------------------------------------------------------------------


def test_the_citations_follow_the_chosen_style(client):
    person = make_user()
    shelf = make_shelf(person, make_item("A report", authors=["Ann Other"]))
    client.force_login(person)
    address = f"/library/shelf/{shelf.uuid}/"

    assert "Other, A. (2020) <i>A report</i>" in texts(client.get(address))
    assert "Other, A. (2020). <i>A report</i>" in texts(client.get(f"{address}?style=APA"))
    assert "Other, A. (2020) <i>" in texts(client.get(f"{address}?style=nonsense"))


def test_a_shelf_is_one_file_for_a_reference_manager(client):
    person = make_user()
    shelf = make_shelf(person, make_item("One", slug="one"), make_item("Two", slug="two"))
    client.force_login(person)
    address = f"/library/shelf/{shelf.uuid}/cite."

    records = json.loads(client.get(f"{address}csl.json").content)
    ris = texts(client.get(f"{address}ris"))
    bibtex = texts(client.get(f"{address}bib"))

    assert [record["title"] for record in records] == ["One", "Two"]
    assert [ris.count("\r\nER  - "), bibtex.count("@techreport{")] == [2, 2]
    assert client.get(f"{address}exe").status_code == 404
