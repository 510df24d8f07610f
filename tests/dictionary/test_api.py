"""The API: what it answers is what its description says, and nothing that is not public."""

import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from dictionary import api_urls, openapi
from dictionary.actions import restore_entry, withdraw_entry
from dictionary.models import LabelKind, RelationKind
from tests.factories import (
    make_entry,
    make_label,
    make_relation,
    make_sense,
    make_theme,
    make_user,
    publish,
)

pytestmark = pytest.mark.django_db

ROOT = "/api/dictionary/v1/"


def ask(client, path, **query):
    response = client.get(ROOT + path, query)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/json"
    return response.json()


def refusal(client, path, **query):
    response = client.get(ROOT + path, query)
    return response.status_code, response.json()["detail"]


def pages(client, address):
    """Every result of a list, page after page."""
    while address:
        page = client.get(address.replace("http://127.0.0.1:8000", "")).json()
        yield page["results"]
        address = page["next"]


def faults(name, content):
    """Where an answer is not what the description says of it."""
    schema = {"$ref": f"#/components/schemas/{name}", **openapi.document()}
    checker = Draft202012Validator.FORMAT_CHECKER
    found = Draft202012Validator(schema, format_checker=checker).iter_errors(content)
    return [f"{error.json_path}: {error.message}" for error in found]


@pytest.fixture
def words():
    bail = make_entry("Bail", topics=[make_theme()])
    make_sense(bail, "scotland", name="Interim liberation")
    make_label(bail, "surety", LabelKind.SPOKEN)
    remand = make_entry("Remand")
    make_relation(bail, remand, RelationKind.OPPOSITE, "You are locked up.")
    gone = make_entry("Wrong word")
    withdraw_entry(gone, by=make_user(), because="It was wrong.")
    make_entry("Secret", is_published=False)
    return {"bail": bail, "remand": remand, "gone": gone}


# -- The description --------------------------------------------------------------------------


def test_the_description_is_sound_openapi(client):
    document = ask(client, "openapi.json")

    assert document["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_a_spoiled_description_is_not_sound():
    document = openapi.document()
    del document["info"]["title"]

    assert list(OpenAPIV31SpecValidator(document).iter_errors()) != []


@pytest.mark.parametrize(("path", "name"), [(path, name) for path, name, *_ in openapi.PATHS])
def test_every_answer_is_as_described(client, words, path, name):
    sense = words["bail"].senses.first().pk
    address = path.format(slug="bail", id=sense).removeprefix("/")

    content = ask(client, address, q="bail")

    assert faults(name, content) == []
    assert faults("Problem", content) != []


def test_every_address_is_described():
    routes = {str(one.pattern) for one in api_urls.urlpatterns} - {"openapi.json", "<path:rest>"}
    names = {"<int:pk>": "{id}", "<slug:slug>": "{slug}"}
    there = {re.sub("<.*?>", lambda part: names[part[0]], f"/{route}") for route in routes}

    assert set(openapi.document()["paths"]) == there


@pytest.mark.parametrize(("text", "schema"), [("On bail.", "WordsInText"), (1, "Problem")])
def test_words_of_a_text_are_answered_as_described(client, words, text, schema):
    answer = client.post(f"{ROOT}words", {"text": text}, content_type="application/json")

    assert faults(schema, answer.json()) == []
    assert answer.json().get("words") != []


# -- Finding ----------------------------------------------------------------------------------


def test_a_search_says_why_each_entry_was_found(client, words):
    (found,) = ask(client, "search", q="surety")["results"]

    assert found["headword"] == "Bail"
    assert found["reason"] == "People also say “surety”"
    assert (found["version"], found["law_as_of"]) == (4, "2025-01-01")


def test_a_search_in_a_place_tells_its_meaning(client, words):
    (found,) = ask(client, "search", q="bail", jurisdiction="scotland")["results"]

    assert (found["name"], found["jurisdiction"]) == ("Interim liberation", "scotland")


def test_a_search_can_be_read_page_by_page(client):
    for number in range(5):
        make_entry(f"Bail {number}")

    found = [
        result["slug"] for page in pages(client, f"{ROOT}search?q=bail&limit=2") for result in page
    ]

    assert sorted(found) == [f"bail-{number}" for number in range(5)]


def test_suggestions_are_by_name_alone(client, words):
    assert [one["slug"] for one in ask(client, "suggest", q="ba")["results"]] == ["bail"]
    assert ask(client, "suggest", q="meaning")["results"] == []


# -- Reading ----------------------------------------------------------------------------------


def test_all_entries_can_be_read_page_by_page_each_once(client, words):
    for number in range(4):
        make_entry(f"Word {number}")

    read = [entry["slug"] for page in pages(client, f"{ROOT}entries?limit=2") for entry in page]

    assert read == ["bail", "remand", "word-0", "word-1", "word-2", "word-3"]


def test_an_entry_published_meanwhile_neither_doubles_nor_hides_another(client):
    for name in "abc":
        make_entry(name)
    reading = pages(client, f"{ROOT}entries?limit=1")

    read = [next(reading)[0]["slug"]]
    withdraw_entry(make_entry("0 first"), by=make_user(), because="A slip.")
    make_entry("0 second")
    read += [page[0]["slug"] for page in reading]

    assert read == ["a", "b", "c", "0-second"]


def test_entries_of_a_topic_or_a_place(client, words):
    assert [one["slug"] for one in ask(client, "entries", topic="policing")["results"]] == ["bail"]
    of_scotland = ask(client, "entries", jurisdiction="scotland")["results"]
    assert [one["slug"] for one in of_scotland] == ["bail"]


def test_an_entry_tells_all_its_page_says(client, words):
    entry = ask(client, "entries/bail")

    assert entry["topics"] == [{"slug": "policing", "name": "Policing"}]
    assert entry["relations"][0]["to"] == "remand"
    assert [sense["name"] for sense in entry["senses"]] == ["Bail", "Interim liberation"]


def test_a_meaning_tells_its_version_and_the_day_of_its_law(client, words):
    sense = words["bail"].senses.first()

    told = ask(client, f"senses/{sense.pk}")

    assert told["uri"] == f"http://127.0.0.1:8000/dictionary/id/{sense.pk}/"
    assert (told["version"], told["law_as_of"]) == (4, "2025-01-01")
    assert told["sources"][0]["title"] == "Example Act 2000"


def test_the_dump_holds_every_entry_as_it_is_told_alone(client, words):
    dump = ask(client, "dump")

    alone = [ask(client, f"entries/{slug}") for slug in ("bail", "remand")]

    assert dump["entries"] == alone
    assert dump == client.get("/dictionary/export.json").json()


def test_no_draft_is_told_anywhere(client, words):
    make_relation(words["bail"], make_entry("Secret too", is_published=False))
    words["bail"].senses.update(plain="A secret change.")

    texts = [
        json.dumps(ask(client, path, q="secret"))
        for path in ("search", "suggest", "entries", "entries/bail", "changes", "dump")
    ]

    assert [text for text in texts if "ecret" in text.replace('"query": "secret"', "")] == []
    assert refusal(client, "entries/secret") == refusal(client, "entries/nothing")


# -- What changed -----------------------------------------------------------------------------


def test_changes_are_told_in_their_order(client, words):
    told = [(one["slug"], one["kind"], one["version"]) for one in ask(client, "changes")["results"]]

    assert told[-2:] == [("wrong-word", "published", 1), ("wrong-word", "withdrawn", None)]
    assert [number for slug, _, number in told if slug == "bail"] == [1, 2, 3, 4]


def test_only_later_changes_are_told_and_a_copy_can_be_kept_up(client, words):
    last = ask(client, "changes")["results"][-1]["at"]
    assert ask(client, "changes", since=last)["results"] == []

    publish(words["remand"], "Said more clearly.")

    (new,) = ask(client, "changes", since=last)["results"]
    assert (new["slug"], new["note"]) == ("remand", "Said more clearly.")


def test_changes_can_be_read_page_by_page_each_once(client, words):
    whole = ask(client, "changes")["results"]

    read = [one for page in pages(client, f"{ROOT}changes?limit=2") for one in page]

    assert read == whole
    assert len(whole) > 4


@pytest.mark.parametrize(
    "since", ["2000-01-01", "2000-01-01T10:00:00Z", "2000-01-01T10:00:00 01:00"]
)
def test_a_moment_may_be_written_in_several_ways(client, words, since):
    assert len(ask(client, "changes", since=since)["results"]) > 4


# -- When something is wrong ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status", "words_of_it"),
    [
        ("search", 400, "Say what to look for"),
        ("search?q=%00", 400, "Say what to look for"),
        ("search?q=a&jurisdiction=france", 400, "“jurisdiction” is one of"),
        ("search?q=a&limit=0", 400, "“limit” is a number from 1 to 200."),
        ("entries?limit=many", 400, "“limit” is a number"),
        ("entries?limit=²", 400, "“limit” is a number"),
        ("entries?cursor=wrong", 400, "This cursor is not one of ours"),
        ("entries?cursor=%00", 400, "This cursor is not one of ours"),
        ("entries?cursor=é", 400, "This cursor is not one of ours"),
        ("changes?cursor=/w==", 400, "This cursor is not one of ours"),
        ("changes?since=yesterday", 400, "“since” is a day or a moment"),
        ("changes?since=2026-13-45", 400, "“since” is a day or a moment"),
        ("entries/nothing", 404, "There is no entry of this name."),
        ("senses/0", 404, "There is no meaning of this number."),
        ("senses/99999999999999999999999", 404, "There is no meaning of this number."),
        ("nothing/here", 404, "There is nothing at this address."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(client, path, status, words_of_it):
    address, _, query = path.partition("?")
    response = client.get(ROOT + address, QUERY_STRING=quote(query, safe="=&%"))

    assert response.status_code == status
    assert response.json()["detail"].startswith(words_of_it)
    assert faults("Problem", response.json()) == []


def test_a_withdrawn_entry_says_why(client, words):
    sense = words["gone"].senses.get()

    assert refusal(client, "entries/wrong-word") == (
        410,
        "This entry was withdrawn. It was wrong.",
    )
    assert refusal(client, f"senses/{sense.pk}") == (
        410,
        "This meaning was taken out. It was wrong.",
    )


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(client, method):
    response = getattr(client, method)(ROOT + "entries")

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert response.json()["detail"] == "This API is read only: use GET."


# -- Other sites, and what is already known ---------------------------------------------------


@pytest.mark.parametrize("path", ["", "entries", "entries/nothing", "search", "nothing"])
def test_every_site_may_read_every_answer_without_anyones_cookies(client, path):
    response = client.get(ROOT + path, headers={"origin": "https://example.org"})

    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    assert not response.cookies


def test_a_browser_may_ask_first(client):
    response = client.options(ROOT + "entries", headers={"origin": "https://example.org"})

    assert response.status_code == 204
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["entries", "entries/bail", "search?q=bail", "dump", "changes"])
def test_what_did_not_change_is_not_sent_again(client, words, path):
    first = client.get(ROOT + path)

    again = client.get(ROOT + path, headers={"if-none-match": first["ETag"]})
    later = client.get(ROOT + path, headers={"if-modified-since": first["Last-Modified"]})

    assert (again.status_code, again.content) == (304, b"")
    assert later.status_code == 304
    assert again["Access-Control-Allow-Origin"] == "*"


def test_every_change_is_sent(client, words):
    """A publication, a withdrawal, its end and a change of topics."""
    stamps = [client.get(ROOT + "dump")["ETag"]]
    by, bail = make_user(), words["bail"]
    for change in (
        lambda: publish(bail),
        lambda: withdraw_entry(bail, by=by, because="It was wrong."),
        lambda: restore_entry(bail, by=by),
        lambda: bail.topics.set([]),
    ):
        change()
        stamps.append(client.get(ROOT + "dump")["ETag"])

    assert stamps[1] == stamps[3]
    assert len({*stamps[:3], stamps[4]}) == 4


def test_it_was_last_modified_when_something_was_published(client, words):
    publish(words["bail"])

    told = client.get(ROOT + "dump")["Last-Modified"]

    at = datetime.strptime(told, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    assert timedelta(0) <= datetime.now(UTC) - at < timedelta(minutes=1)


@pytest.mark.parametrize("path", ["entries", "search?q=bail", "changes", "dump"])
def test_the_database_is_asked_as_often_for_one_entry_as_for_three(
    client, django_assert_num_queries, path
):
    make_entry("Bail", topics=[make_theme()])
    client.get(ROOT + path)
    make_entry("Bail hostel")
    with django_assert_num_queries(QUERIES[path]):
        client.get(ROOT + path)

    make_entry("Bail in Scotland")
    with django_assert_num_queries(QUERIES[path]):
        client.get(ROOT + path)


QUERIES = {"entries": 8, "search?q=bail": 13, "changes": 5, "dump": 8}


def test_posting_is_refused_in_json_whoever_asks(db):
    response = Client(enforce_csrf_checks=True).post(reverse("dictionary-api:search"))

    assert response.status_code == 405
    assert response.json()["detail"] == "This API is read only: use GET."
