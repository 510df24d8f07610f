import gzip
import json
import random
import re
import string
from base64 import b64encode
from datetime import date, timedelta
from hashlib import sha256, sha384
from html import unescape

import pytest
from django.test import Client

from dictionary import embed
from dictionary.actions import withdraw_entry
from dictionary.embed import (
    EmbeddedEntry,
    EmbeddedWords,
    current_script,
    current_words,
    script_with,
    words_in,
)
from dictionary.models import CaseRule, EntryVersion, LabelKind, LinkPolicy
from dictionary.plurals import plural_forms
from dictionary.published import PublishedEntry
from tests.factories import make_entry, make_label, make_sense, make_staff, publish

pytestmark = pytest.mark.django_db

LABELS = "/dictionary/embed/v1/labels.json"
WORDS = "/api/dictionary/v1/words"


def index():
    return json.loads(current_words().files["labels.json"].body)


def told():
    """Places, names and forms in the index, without the steps from entry to entry."""
    data = index()
    heads = [re.sub(r"^\d+:", "", head) for head in data["entries"].split("|")]
    return "|".join(heads), *(data[name] for name in ("own", "exact", "names", "forms"))


def fetched(client, name="labels.json"):
    answer = client.get(f"/dictionary/embed/v1/data/{current_words().stamp}/{name}")
    assert answer.status_code == 200
    return answer.json()


# -- The data -------------------------------------------------------------------------------------


def test_the_columns_hold_places_names_and_forms_of_an_entry():
    entry = make_entry("Release on licence", name="release on licence")
    make_label(entry, "ROL", LabelKind.ACRONYM)
    make_sense(entry, "scotland")
    name = entry.labels.get(sense__jurisdiction="scotland")
    name.text, name.forms = "Temporary penalty", ["Temporary penalties"]
    name.save()
    publish(entry)

    assert told() == ("01", "|1|0", "ROL", "temporary penalty;release on licence", "||;")


def test_guards_are_a_file_of_their_own():
    entry = make_entry("Sentence", name="Sentence")
    make_label(entry, "order of court", not_before=["to", "of a"], not_after=["in"], forms=["x"])

    assert told() == ("0", "|", "", "order of court;sentence", ";=x|;")
    assert index()["guarded"] == [0]
    assert json.loads(current_words().files["guards.json"].body) == [[["of a", "to"], ["in"]]]


def test_names_with_our_own_signs_are_written_as_in_an_address():
    entry = make_entry("Sentence", name="Sentence")
    make_label(entry, "a | b; 5% = c", forms=["a ; b"])

    assert told() == ("0", "|", "", "a %7C b%3B 5%25 = c;sentence", ";=a %3B b|;")


def test_a_guard_finds_its_label_by_steps():
    entry = make_entry("Sentence", name="Sentence")
    for name in ("order of court", "ruling of court", "word of court"):
        make_label(entry, name, forms=[], not_before=[] if name[0] == "r" else ["x"])

    assert index()["guarded"] == [0, 2]


def test_only_names_that_are_meant_everywhere_are_there():
    entry = make_entry("Bail hostel", name="Bail hostel")
    make_label(entry, "the hostel house", policy=LinkPolicy.EXPLAIN_ONLY)
    make_label(entry, "the hostel home", policy=LinkPolicy.NEVER)
    make_label(entry, "hostel")
    make_label(entry, "gwesty mechnïaeth", language="cy")
    make_entry("Secret", name="Secret", is_published=False)

    assert told() == ("0", "", "", "bail hostel", ";")


def test_only_what_holds_today_is_there():
    gone = date.today() - timedelta(days=1)
    entry = make_entry("Order", name="Old order", valid_to=gone)
    make_sense(entry, "scotland", name="New order")

    assert told() == ("1", "", "", "new order", ";")


def test_a_meaning_says_place_date_and_that_no_lawyer_checked_it(client):
    entry = make_entry("Bail", name="Bail", plain="You may go home.", is_in_force=False)
    sense = entry.senses.get()

    assert fetched(client, f"meanings/{entry.pk // embed.SHELF}.json") == {
        str(entry.pk): {
            "name": "Bail",
            "path": "/dictionary/bail/",
            "senses": [
                {
                    "id": sense.pk,
                    "jurisdiction": "england-and-wales",
                    "place": "England and Wales",
                    "plain": "You may go home.",
                    "warning": "Not in force: Parliament has passed it, but it does not apply yet.",
                    "is_checked": False,
                    "status": "Draft: not yet checked by a lawyer.",
                    "law_as_of": "1 January 2025",
                }
            ],
        }
    }


def test_a_new_version_has_a_new_address_and_the_old_one_leads_to_it(client):
    make_entry("Bail", name="Bail")
    before = client.get(LABELS)["Location"]

    make_entry("Remand", name="Remand")
    after = client.get(LABELS)["Location"]

    assert before != after
    assert client.get(before)["Location"] == after
    assert client.get(before)["Cache-Control"] == "no-store"


def test_what_is_withdrawn_is_gone_at_once():
    entry = make_entry("Bail", name="Bail")
    make_entry("Remand", name="Remand")
    assert told()[3] == "bail|remand"

    withdraw_entry(entry, because="It is wrong.", by=make_staff())

    assert told()[3] == "remand"


def test_an_empty_dictionary_is_an_empty_list(client):
    assert fetched(client)["names"] == ""
    assert list(words_in("Bail")) == []


# -- How the files are served ---------------------------------------------------------------------


@pytest.fixture
def files():
    """The addresses of all kinds of file."""
    entry = make_entry("Bail", name="Bail")
    data = f"/dictionary/embed/v1/data/{current_words().stamp}"
    return [
        f"/dictionary/embed/v1/{current_script().digest}/words.js",
        f"{data}/labels.json",
        f"{data}/guards.json",
        f"{data}/meanings/{entry.pk // embed.SHELF}.json",
    ]


def test_files_may_be_read_by_any_page_and_kept_for_ever(client, files):
    answers = [client.get(file) for file in files]

    assert {answer["Access-Control-Allow-Origin"] for answer in answers} == {"*"}
    assert {answer["Cross-Origin-Resource-Policy"] for answer in answers} == {"cross-origin"}
    assert {answer["Cache-Control"] for answer in answers} == {
        "public, max-age=31536000, immutable"
    }
    assert not any("Access-Control-Allow-Credentials" in answer for answer in answers)
    assert not any(answer.cookies for answer in answers)


def test_the_way_to_the_files_of_today_is_kept_for_five_minutes(client):
    answer = client.get(LABELS)

    assert answer.status_code == 302
    assert answer["Cache-Control"] == "public, max-age=300"
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_files_are_zipped_for_those_who_can_read_it(client, files):
    for file in files:
        plain = client.get(file)
        zipped = client.get(file, headers={"accept-encoding": "br, gzip"})

        assert gzip.decompress(zipped.content) == plain.content
        assert zipped["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in plain["Vary"]
        assert "Accept-Encoding" in zipped["Vary"]


@pytest.mark.parametrize(
    "path",
    ["0123456789abcdef/words.js", "data/past/other.json", "data/past/meanings/999999.json"],
)
def test_what_never_was_is_not_found(client, path):
    assert client.get(f"/dictionary/embed/v1/{path}").status_code == 404


def test_the_address_of_the_script_is_its_digest():
    script = current_script()

    assert sha256(script.body).hexdigest().startswith(script.digest)
    assert script_with(script.digest) is script


def test_a_script_of_the_past_is_kept(settings, tmp_path, monkeypatch):
    old = b"old();"
    digest = sha256(old).hexdigest()[:16]
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / f"{digest}.js").write_bytes(old)
    (tmp_path / "words.js").write_bytes(b"new();")
    monkeypatch.setattr(embed, "SCRIPTS", tmp_path)

    assert script_with(digest).body == old
    assert script_with(current_script().digest).body == b"new();"
    assert script_with("words") is None


def test_every_kept_script_is_named_by_its_digest():
    for path in (embed.SCRIPTS / "kept").glob("*.js"):
        assert sha256(path.read_bytes()).hexdigest()[:16] == path.stem


# -- Sizes ----------------------------------------------------------------------------------------


def vocabulary():
    """2,600 invented words that look alike as much as English ones do."""
    choose = random.Random(1)
    starts, ends = (
        ["re", "con", "dis", "pro", "in", "sub", ""],
        ["tion", "ment", "er", "al", "ing", ""],
    )
    middle = ["".join(choose.choices(string.ascii_lowercase, k=3)) for _ in range(120)]
    return sorted(
        {choose.choice(starts) + choose.choice(middle) + choose.choice(ends) for _ in range(3600)}
    )[:2600]


def many_entries(count):
    """Entries of two names each, the second in three cases of ten an acronym."""
    choose, words = random.Random(2), vocabulary()
    for pk in range(1, count + 1):
        name = " ".join(choose.choices(words, k=choose.randint(1, 3)))
        is_acronym = choose.random() < 0.3
        other = (
            "".join(choose.choices(string.ascii_uppercase, k=4))
            if is_acronym
            else " ".join(choose.choices(words, k=2))
        )
        labels = [
            (name, LabelKind.PREFERRED, pk),
            (other, "acronym" if is_acronym else "alternative", None),
        ]
        snapshot = {
            "headword": name,
            "senses": [_many_sense(pk, choose, words)],
            "labels": [_many_label(*label) for label in labels],
        }
        version = EntryVersion(entry_id=pk, snapshot=snapshot)
        yield EmbeddedEntry(PublishedEntry(version, slug=f"word-{pk}"), date.today())


def _many_sense(pk, choose, words):
    return {
        "id": pk,
        "jurisdiction": choose.choice(embed.PLACES),
        "plain": " ".join(choose.choices(words, k=40)),
        **dict.fromkeys(["means_for_you", "legal", "replaced_by"], ""),
        **dict.fromkeys(["valid_from", "valid_to", "checked_on"]),
        **dict.fromkeys(["law_as_of", "review_due"], "2025-01-01"),
        "no_statutory_definition": False,
        "is_in_force": True,
        "sources": [],
    }


def _many_label(text, kind, sense):
    is_acronym = kind == "acronym"
    return {
        "text": text,
        "kind": kind,
        "language": "en",
        "sense": sense,
        "said_as": "",
        "note": "",
        "policy": LinkPolicy.EVERYWHERE,
        "not_before": [],
        "not_after": [],
        "case_rule": CaseRule.EXACT if is_acronym else CaseRule.ANY,
        "forms": plural_forms(text, is_acronym=is_acronym),
    }


def test_the_script_and_the_names_of_2000_entries_are_small():
    words = EmbeddedWords(list(many_entries(2000)))
    shelves = [len(file.zipped) for name, file in words.files.items() if "meanings" in name]

    assert len(words.entries) == 2000
    assert len(current_script().zipped) <= 10_000
    assert len(words.files["labels.json"].zipped) <= 30_000
    assert max(shelves) <= 15_000


# -- The page -------------------------------------------------------------------------------------


def snippet(client, query=""):
    page = client.get(f"/dictionary/embed/{query}").content.decode()
    shown = re.search(r'<code id="snippet">(.*?)</code>', page, re.S)[1]
    assert "<" not in shown
    return unescape(shown)


def test_the_snippet_names_the_script_and_its_digest(client, settings):
    digest = b64encode(sha384(current_script().body).digest()).decode()

    assert snippet(client) == (
        "<script defer\n"
        f'  src="{settings.SITE_ORIGIN}/dictionary/embed/v1/{current_script().digest}/words.js"\n'
        f'  integrity="sha384-{digest}"\n'
        '  crossorigin="anonymous"></script>'
    )


def test_the_snippet_holds_what_was_chosen(client):
    chosen = snippet(client, "?jurisdiction=scotland&root=%23story")

    assert chosen.endswith('  data-jurisdiction="scotland"\n  data-root="#story"></script>')


def test_hostile_choices_cannot_leave_their_attribute(client):
    chosen = snippet(client, "?jurisdiction=%22x&root=%22><script>alert(1)</script>")

    assert 'data-root="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in chosen
    assert "data-jurisdiction" not in chosen


# -- The answer to a text -------------------------------------------------------------------------


def ask(body, **options):
    client = Client(enforce_csrf_checks=True)
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(WORDS, data, content_type="application/json", **options)


def test_a_text_is_answered_with_offsets_and_senses():
    entry = make_entry("Bail", name="Bail", plain="You may go home.")
    make_sense(entry, "scotland", plain="You go home on an undertaking.")

    answer = ask({"text": "😀 No bail.", "jurisdiction": "scotland"})

    [word] = answer.json()["words"]
    assert (word["start"], word["end"], word["text"]) == (5, 9, "bail")
    assert [(one["plain"], one["headword"], one["path"]) for one in word["senses"]] == [
        ("You go home on an undertaking.", "Bail", "/dictionary/bail/?jurisdiction=scotland")
    ]
    assert answer["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer
    assert not answer.cookies


def test_a_word_without_a_meaning_in_the_place_is_not_found():
    make_entry("Sheriff court", name="Sheriff court", jurisdiction="scotland")
    make_entry("Judge", name="Judge", jurisdiction="uk")
    text = "A judge of the sheriff court"

    found = {
        place: [word["text"] for word in ask({"text": text, "jurisdiction": place}).json()["words"]]
        for place in ["", "scotland", "england-and-wales"]
    }

    assert found == {
        "": ["judge", "sheriff court"],
        "scotland": ["judge", "sheriff court"],
        "england-and-wales": ["judge"],
    }


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ("", 400, 'Send JSON such as {"text": "Bail was refused."}.'),
        ("[" * 100_000, 400, 'Send JSON such as {"text": "Bail was refused."}.'),
        (b"\xff\xfe\xff", 400, 'Send JSON such as {"text": "Bail was refused."}.'),
        ([], 400, 'Send an object with a string "text".'),
        ({"text": 1}, 400, 'Send an object with a string "text".'),
        (
            {"text": "", "jurisdiction": "france"},
            400,
            "The jurisdiction is one of: england-and-wales, scotland, northern-ireland, uk.",
        ),
        (
            {"text": "", "jurisdiction": []},
            400,
            "The jurisdiction is one of: england-and-wales, scotland, northern-ireland, uk.",
        ),
        ({"text": "x" * 100_001}, 413, "Send at most 100,000 characters at a time."),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_sentence(body, status, said):
    answer = ask(body)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (answer.json()["status"], answer.json()["detail"]) == (status, said)
    assert answer["Cache-Control"] == "no-store"


def test_a_text_in_no_request_is_asked_for(client):
    answer = client.get(WORDS)

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert answer.json()["detail"] == "Send the text in a POST request."


@pytest.mark.parametrize("text", ["\x00bail", "\ud800bail", "bail " * 20_000, "\u0301" * 100_000])
def test_hostile_texts_are_answered(text):
    make_entry("Bail", name="Bail")

    assert len(ask({"text": text}).json()["words"]) == text.count("bail")
