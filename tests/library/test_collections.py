"""Collections: what staff chose, and what each reader sees of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from cja_portal.kit.content import ContentError
from library.models import Collection, CollectionEntry, Letter
from library.starter_collections import read_collections
from tests.factories import make_collection, make_item, make_saved_search, make_staff, make_user
from tests.logins import sign_in

pytestmark = pytest.mark.django_db


def text_at(client, address):
    return client.get(address).content.decode()


def test_works_stand_in_the_order_that_staff_gave_them_each_with_its_reason(client):
    make_collection("A collection", make_item("Zebra"), make_item("Ant"))

    text = text_at(client, "/library/collections/a-collection/")

    assert text.index("Because of Zebra.") < text.index("Because of Ant.")


def test_a_reader_sees_and_counts_only_what_is_open_to_that_reader(client):
    make_collection("A collection", make_item("Open"), make_item("Closed", audience="members"))

    assert "Closed" not in text_at(client, "/library/collections/a-collection/")
    assert "1 work\n" in text_at(client, "/library/collections/").replace("</p>", "\n")
    assert Collection.objects.counted_for(make_staff()).get().count == 2


def test_what_is_in_preparation_is_for_staff_alone(client):
    make_collection("A collection", make_item(), is_public=False)

    assert client.get("/library/collections/a-collection/").status_code == 404
    assert "A collection" not in text_at(client, "/library/collections/")
    assert "A collection" not in text_at(client, "/library/")

    sign_in(client, make_user(is_staff=True))
    assert "only staff see it" in text_at(client, "/library/collections/a-collection/")


def test_the_front_of_the_library_leads_to_them_and_a_search_does_not(client):
    make_collection("A collection", make_item())

    assert "/library/collections/a-collection/" in text_at(client, "/library/")
    assert "/library/collections/a-collection/" not in text_at(client, "/library/?q=report")


def test_both_pages_ask_the_same_for_one_and_for_three(client, django_assert_num_queries):
    collection = make_collection("A collection", make_item())

    with django_assert_num_queries(1):
        client.get("/library/collections/")
    with django_assert_num_queries(5):
        client.get("/library/collections/a-collection/")
    for number in range(2):
        collection.entries.create(item=make_item(), reason="So.")
        make_collection(f"Another {number}")
    with django_assert_num_queries(1):
        client.get("/library/collections/")
    with django_assert_num_queries(5):
        client.get("/library/collections/a-collection/")


@pytest.mark.parametrize("fields", [{"reason": ""}, {"reason": "Again."}])
def test_an_entry_says_why_and_stands_once(fields):
    item = make_item()
    collection = make_collection("A collection", *[item] if fields["reason"] else [])
    entry = CollectionEntry(collection=collection, item=item, **fields)

    with pytest.raises(ValidationError):
        entry.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save()


def test_staff_keep_collections_in_the_admin(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    client.force_login(make_user(is_staff=True, is_superuser=True))
    make_collection("A collection", make_item())

    for address in ("", "add/", f"{Collection.objects.get().pk}/change/"):
        assert client.get(f"/admin/library/collection/{address}").status_code == 200


def test_staff_see_that_a_letter_is_in_doubt_but_not_whose_it_is(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    client.force_login(make_user(is_staff=True, is_superuser=True))
    saved = make_saved_search("q=secret", email="reader@example.org")
    letter = Letter.objects.create(search=saved, started_at=now() - timedelta(minutes=11))
    address = "/admin/library/letter/"

    text = text_at(client, f"{address}?state=doubt") + text_at(client, f"{address}{letter.pk}/")
    answer = client.post(address, {"action": "send_again", "_selected_action": [letter.pk]})

    letter.refresh_from_db()
    assert str(letter.uuid) in text
    assert not {"reader@example.org", "q=secret"} & set(text.replace("<", " ").split())
    assert [answer.status_code, letter.started_at] == [302, None]


def test_a_starter_collection_names_only_items_that_there_are(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    path = tmp_path / "collections.yaml"
    path.write_text("- {slug: a, title: A, intro: B, items: [{item: gone, reason: So.}]}")

    with pytest.raises(ContentError, match="gone"):
        read_collections(path, {"here"})
