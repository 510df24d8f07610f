import re
from collections import Counter

import pytest

from cja_portal.kit.content import ContentError
from cja_portal.kit.text import sentences
from dictionary import starter
from dictionary.actions import withdraw_entry
from dictionary.models import Entry, Sense
from tests.factories import make_theme, make_user

FILES = sorted(starter.FOLDER.glob("*.yaml"))
GOOD = """\
headword: Bail
topics: [courts]
senses:
  - jurisdiction: england-and-wales
    plain: You are free for now.
    legal: Release under the Bail Act 1976.
    law_as_of: 2025-01-01
    review_due: 2027-06-30
    certainty: high
    sources:
      - {title: Bail Act 1976, kind: act}
"""


@pytest.fixture
def write(tmp_path, settings):
    settings.BASE_DIR = tmp_path

    def write(text):
        path = tmp_path / "bail.yaml"
        path.write_text(text)
        return path

    return write


def test_every_entry_has_a_source_and_a_date():
    entries = [starter.read_entry(path) for path in FILES]

    senses = [sense for entry in entries for sense in entry["senses"]]

    assert len([entry for entry in entries if not entry.get("withdrawn")]) == 199
    assert all(sense["sources"] and sense["law_as_of"] for sense in senses)


def test_no_sentence_stands_twice():
    entries = [starter.read_entry(path) for path in FILES]

    texts = (
        sense.get(key, "")
        for entry in entries
        for sense in entry["senses"]
        for key in ("plain", "legal", "means_for_you")
    )
    counts = Counter(part.casefold() for text in texts for part in sentences(text))

    assert [part for part, count in counts.items() if count > 1 and len(part.split()) > 4] == []


def test_a_good_file_is_read(write):
    assert starter.read_entry(write(GOOD))["headword"] == "Bail"


@pytest.mark.parametrize(
    ("change", "place", "sentence"),
    [
        (("headword: Bail", "headword: ''"), "line 1", "“headword” must be a text"),
        (("topics: [courts]", "topics: []"), "line 2", "at least one theme"),
        (("england-and-wales", "france"), "line 4", "must be one of"),
        (("2025-01-01", "soon"), "line 7", "must be a date"),
        (("plain:", "plian:"), "line 5", "not a key"),
        (("\n      - {title: Bail Act 1976, kind: act}", " []"), "line 10", "at least one source"),
        (("kind: act", "kind: rumour"), "line 11", "must be one of"),
        (("kind: act", "kind: act, url: http://x"), "line 11", "https://"),
        (("free for now", "free " * 30), "line 5", "more than 25 words"),
        (("certainty: high", "certainty: high\n    certainty: low"), "line 4", "stands twice"),
        (("topics: [courts]", "topics: [courts"), "line", "bail.yaml"),
        (
            ("topics:", "language_notes: [{position: No.}]\ntopics:"),
            "line 2",
            "“held_by” is missing",
        ),
    ],
)
def test_a_fault_is_named_with_file_and_line(write, change, place, sentence):
    with pytest.raises(ContentError, match=sentence) as fault:
        starter.read_entry(write(GOOD.replace(*change)))

    assert re.search(f"bail.yaml, ({place})", str(fault.value))


@pytest.fixture
def files(monkeypatch, tmp_path, settings):
    settings.BASE_DIR = tmp_path
    monkeypatch.setattr(starter, "FOLDER", tmp_path)
    for name in ("arrest", "bail", "charge"):
        (tmp_path / f"{name}.yaml").write_text(GOOD)
    make_theme("Courts")
    return tmp_path


def plain_of(slug):
    """What readers see."""
    return Entry.objects.get(slug=slug).current.snapshot["senses"][0]["plain"]


@pytest.mark.django_db
def test_a_second_load_keeps_what_staff_changed_and_withdrew(files):
    starter.load(str)
    Sense.objects.filter(entry__slug="bail").update(plain="Staff wrote this.")
    withdraw_entry(Entry.objects.get(slug="arrest"), by=make_user(), because="It was wrong.")

    for path in files.glob("*.yaml"):
        path.write_text(GOOD.replace("You are free for now.", "New words."))
    starter.load(str)

    assert plain_of("charge") == "New words."
    assert Sense.objects.get(entry__slug="bail").plain == "Staff wrote this."
    assert not Entry.objects.published().filter(slug="arrest").exists()


@pytest.mark.django_db
def test_new_words_are_a_new_version_of_the_same_meaning(files):
    starter.load(str)
    before = Sense.objects.get(entry__slug="bail").pk

    (files / "bail.yaml").write_text(GOOD.replace("You are free for now.", "New words."))
    starter.load(str)

    assert Sense.objects.get(entry__slug="bail").pk == before
    assert list(Entry.objects.get(slug="bail").versions.values_list("number", flat=True)) == [2, 1]


@pytest.mark.django_db
def test_a_second_load_of_the_same_files_writes_nothing(files):
    said = []

    starter.load(said.append)
    before = list(Entry.objects.values_list("pk", "updated_at"))
    starter.load(said.append)

    assert list(Entry.objects.values_list("pk", "updated_at")) == before
    assert said[1] == "Dictionary: 3 entries, 0 of them new or changed."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("related: [nowhere]", "“nowhere” is not an entry"),
        ("not_same_as: [{entry: nowhere, why: Because.}]", "“nowhere” is not an entry"),
    ],
)
def test_a_link_to_nowhere_is_named(files, line, sentence):
    (files / "bail.yaml").write_text(GOOD + line)

    with pytest.raises(ContentError, match=rf"bail\.yaml, line 12: {sentence}"):
        starter.load(str)


@pytest.mark.django_db
def test_an_unknown_topic_is_named(files):
    (files / "bail.yaml").write_text(GOOD.replace("[courts]", "[cooking]"))

    with pytest.raises(ContentError, match=r"bail\.yaml, line 2: “cooking” is not a theme"):
        starter.load(str)


# -- Published ------------------------------------------------------------------------

ASBO = "/dictionary/anti-social-behaviour-order-historic/"


def page(client, address, status=200, **query):
    response = client.get(address, query)
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"jurisdiction": "england-and-wales"}, "It ended on 22 March 2015."),
        ({"jurisdiction": "england-and-wales"}, "/dictionary/anti-social-behaviour-injunction/"),
        ({"jurisdiction": "england-and-wales", "on": "2010-06-01"}, "the meaning on 1 June 2010."),
        ({"jurisdiction": "scotland"}, "ASBOs are still used in Scotland."),
        (
            {"jurisdiction": "northern-ireland"},
            "A court in Northern Ireland can still make an ASBO.",
        ),
    ],
)
def test_a_superseded_law_is_readable_by_date_beside_its_living_neighbours(
    client, site, query, words
):
    assert words in page(client, ASBO, **query)


def test_the_day_after_the_last_another_nation_s_law_is_shown_and_says_so(client, site):
    html = page(client, ASBO, jurisdiction="england-and-wales", on="2015-03-23")

    assert "We have no meaning for England and Wales. This is the one for" in html


def test_the_same_idea_elsewhere_names_both_nations(client, site):
    html = page(client, "/dictionary/anti-social-behaviour-injunction/")

    assert "In Northern Ireland. In Scotland." in html


def test_a_withdrawn_entry_of_the_starter_content_explains_itself(client, site):
    html = page(client, "/dictionary/example-word/", status=410)

    assert "This entry only shows what a withdrawn entry looks like." in html
    assert 'href="/dictionary/example-word/v/1/"' in html
    assert Entry.objects.published().count() == 199


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("bame", "UK Government, in Inclusive Britain</a>, March 2022"),
        ("bame", "Judicial College, Equal Treatment Bench Book"),
        ("ethnic-minority", "Race Disparity Unit, Writing about ethnicity"),
        ("lived-experience", "Ministry of Justice, as the press reported, 2022"),
    ],
)
def test_contested_words_say_who_holds_what(client, site, slug, words):
    assert words in page(client, f"/dictionary/{slug}/")
