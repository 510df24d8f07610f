import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connection

from dictionary.actions import withdraw_entry
from dictionary.index import allowed_slips
from dictionary.models import Entry, EntryVersion, LabelKind
from dictionary.search import current_index, search, suggest
from tests.factories import make_entry, make_label, make_sense, make_user

pytestmark = pytest.mark.django_db


def found(text, **choice):
    """The headwords that a search finds, best first."""
    names = dict(Entry.objects.values_list("id", "headword"))
    return [names[match.entry_id] for match in search(text, **choice).matches]


def reasons(text):
    return [match.reason for match in search(text).matches]


@pytest.fixture
def entries():
    rotl = make_entry("Release on temporary licence", plain="Time out of prison.")
    make_label(rotl, "ROTL", LabelKind.ACRONYM)
    make_label(rotl, "home leave", LabelKind.SPOKEN)
    make_entry("Bail", plain="Being free while your case goes on.")
    make_entry("Bailiff", plain="A person who collects debts.")
    make_entry("Witness summons", plain="An order to come to court, also called a subpoena.")
    make_entry("Magistrates' court", plain="The court where most cases begin.")


@pytest.mark.parametrize(
    ("typed", "headword"),
    [
        ("bail", "Bail"),
        ("BAIL", "Bail"),
        ("  bail  ", "Bail"),
        ("bial", "Bail"),
        ("bale", "Bail"),
        ("rotl", "Release on temporary licence"),
        ("rolt", "Release on temporary licence"),
        ("home leave", "Release on temporary licence"),
        ("temporary", "Release on temporary licence"),
        ("tempory lisence", "Release on temporary licence"),
        ("relese on temporary licence", "Release on temporary licence"),
        ("sepeena", "Witness summons"),
        ("subpeona", "Witness summons"),
        ("magistrates court", "Magistrates' court"),
        ("majistrates court", "Magistrates' court"),
        ("magistrates’ court", "Magistrates' court"),
        ("collects debts", "Bailiff"),
    ],
)
def test_search_forgives(entries, typed, headword):
    first, *_ = found(typed)

    assert first == headword


def test_the_exact_word_comes_before_longer_ones(entries):
    assert found("bail") == ["Bail", "Bailiff"]


def test_a_result_says_why_it_was_found(entries):
    assert reasons("rotl") == ["Short for it “ROTL”"]
    assert reasons("rolt") == ["Spelled like “ROTL”"]
    assert reasons("home leave") == ["People also say “home leave”"]
    assert reasons("collects debts") == ["It says: “A person who collects debts.”"]


def test_a_word_of_a_meaning_is_mended_and_said(entries):
    assert search("sepeena").instead == "subpoena"
    assert search("bail").instead == ""


@pytest.mark.parametrize(
    ("typed", "headwords"),
    [
        ("my son got a letter about home leave", ["Release on temporary licence"]),
        ("what does ROTL mean?", ["Release on temporary licence"]),
        ("he got bail and a visit from a bailiff", ["Bail", "Bailiff"]),
        ("the bailiffs came", ["Bailiff"]),
    ],
)
def test_the_words_inside_a_question_are_found(entries, typed, headwords):
    assert sorted(found(typed)) == sorted(headwords)


def test_a_longer_name_in_a_question_comes_before_its_parts(entries):
    make_entry("Court")

    first, *_ = found("letter from the magistrates court today")

    assert first == "Magistrates' court"


def test_of_a_long_sentence_only_the_part_around_the_word_is_quoted():
    start, end = " ".join(["before"] * 30), " ".join(["after"] * 30)
    make_entry("Charge", plain=f"{start} subpoena {end}.")

    [reason] = reasons("subpoena")

    assert reason == f"It says: “… {'before ' * 5}subpoena {'after ' * 14}…”"


def test_nonsense_finds_nothing(entries):
    make_label(Entry.objects.get(slug="bail"), "CICA", LabelKind.ACRONYM)

    assert found("qwertyuiop zxcvb") == []
    assert found("zzzzqqqq") == []


def test_suggestions_are_few_and_by_name_alone(entries):
    for index in range(12):
        make_entry(f"Bailey {index}")

    assert len(suggest("bail")) == 8
    assert suggest("debts") == []


def test_a_nation_hides_words_that_mean_nothing_there(entries):
    procurator = make_entry("Procurator fiscal", jurisdiction="scotland")
    make_entry("Procurement", jurisdiction="uk")
    make_label(procurator, "fiscal")

    assert found("procur", jurisdiction="scotland") == ["Procurement", "Procurator fiscal"]
    assert found("procur", jurisdiction="northern-ireland") == ["Procurement"]
    assert found("fiscal", jurisdiction="england-and-wales") == []


def test_the_word_used_in_another_nation_is_found():
    entry = make_entry("Defendant")
    make_sense(entry, "scotland", name="Accused")

    assert found("accused") == ["Defendant"]
    assert found("accused", jurisdiction="england-and-wales") == []


def test_a_withdrawn_entry_is_gone_from_the_next_search(entries):
    assert found("bailiff") == ["Bailiff"]

    withdraw_entry(Entry.objects.get(slug="bailiff"), by=make_user(), because="It was wrong.")

    assert "Bailiff" not in found("bailiff")


def test_a_new_label_is_found_at_once(entries):
    bail = Entry.objects.get(slug="bail")
    assert found("surety") == []

    make_label(bail, "surety")

    assert found("surety") == ["Bail"]


@pytest.mark.parametrize(("word", "slips"), [("ab", 0), ("bail", 1), ("court", 1), ("remand", 2)])
def test_longer_words_may_hold_more_slips(word, slips):
    assert allowed_slips(word) == slips


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (LabelKind.FORMER, "It used to be called “early days”"),
        (LabelKind.AVOIDED, "Some say “early days”; many now choose other words"),
        (LabelKind.MISSPELLING, "Often spelled “early days”"),
    ],
)
def test_former_and_avoided_names_lead_to_their_entry_and_blame_nobody(kind, reason):
    make_label(make_entry("Resettlement"), "early days", kind)

    assert found("early days") == ["Resettlement"]
    assert reasons("early days") == [reason]


@pytest.mark.parametrize(
    "typed",
    ["s60", "S.60", "s 60", "sec 60", "sect. 60", "section60", "section sixty", "Section 60?"],
)
def test_a_section_is_found_however_it_is_written(typed):
    make_entry("Section 60")
    make_entry("Section 160")

    assert found(typed)[0] == "Section 60"


def test_a_number_is_never_taken_for_another():
    make_entry("Section 60")

    assert found("section 61") == []


@pytest.mark.parametrize(
    "typed", ["R.O.T.L.", "r o t l", "ROTLs", "are oh tee ell", "what is ROTL?"]
)
def test_an_acronym_is_found_with_dots_blanks_or_as_it_sounds(entries, typed):
    assert found(typed)[0] == "Release on temporary licence"


@pytest.mark.parametrize("typed", ["magistratescourt", "magis trates court", "witnesssummons"])
def test_split_and_joined_words_are_found(entries, typed):
    assert found(typed)[0] in {"Magistrates' court", "Witness summons"}


def test_one_letter_finds_the_names_that_begin_with_it(entries):
    assert set(found("b")) == {"Bail", "Bailiff"}


def test_a_name_within_a_long_text_is_found(entries):
    typed = "they told me I must go to the magistrates court on Monday and I do not know why"

    assert found(typed) == ["Magistrates' court"]


def test_an_acronym_means_first_of_all_the_entry_whose_initials_it_has():
    make_label(make_entry("Imprisonment for public protection"), "DPP", LabelKind.ACRONYM)
    make_label(make_entry("Director of Public Prosecutions"), "DPP", LabelKind.ACRONYM)

    assert found("dpp")[0] == "Director of Public Prosecutions"


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            " ",
            "?",
            "'",
            "''",
            "%",
            "_",
            "\\",
            "(",
            "a & b",
            "-",
            "--",
            "!bail",
            "\0",
            "\ud800",
        ),
        *("🙂", "bail🙂", "\u200b", "e\u0301" * 100, "x" * 10_000, "bail " * 2_000, "1" * 200),
        *("<script>", "bail' OR 1=1 --", "s" * 3, "٣٤", "ß", "Ǆ", "what is", "meaning of"),
    ],
)
def test_odd_queries_are_answered(entries, typed):
    assert isinstance(found(typed), list)


def test_a_publication_reads_only_what_it_changed(entries, django_assert_num_queries):
    search("bail")
    make_label(Entry.objects.get(slug="bail"), "surety")

    with django_assert_num_queries(3):  # the stamp, the current versions, the one new version
        current_index()


def test_meanings_are_asked_of_their_index_even_for_a_common_word():
    for number in range(8):
        make_entry(f"Word {number}", plain=f"A court {'decides' if number else 'waits'}.")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE dictionary_entryversion")
    query = SearchQuery("decides", config="english", search_type="websearch")

    plan = EntryVersion.objects.saying(query).order_by().values("pk").explain()

    assert "Index Scan on version_words" in plan
