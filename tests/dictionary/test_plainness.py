import pytest

from dictionary.plainness import (
    FAULT_WORDS,
    WARN_WORDS,
    burden,
    common_words,
    count_words,
    findings,
    is_everyday,
)


def found(text, kind, **options):
    """The places of one kind, as they stand in the text."""
    hits = [one for one in findings(text, **options) if one.kind == kind]
    assert all(text[one.start : one.end] == one.text for one in hits)
    return [one.text for one in hits]


def long(words):
    return " ".join(["dog"] * words) + "."


def test_a_plain_text_is_left_alone():
    text = "The police can keep you for a day. They must tell you why. You can ask for a solicitor."

    assert findings(text) == []


@pytest.mark.parametrize("text", ["", " ", "\n\n", "…", "- ", "?!", "\x00", "\ud800"])
def test_a_text_of_nothing_holds_nothing(text):
    assert findings(text) == []


@pytest.mark.parametrize(
    ("words", "faults"),
    [
        (WARN_WORDS, []),
        (WARN_WORDS + 1, [False]),
        (FAULT_WORDS, [False]),
        (FAULT_WORDS + 1, [True]),
    ],
)
def test_a_long_sentence_is_a_warning_and_then_a_fault(words, faults):
    hits = [one for one in findings(long(words)) if one.kind == "long"]

    assert [one.is_fault for one in hits] == faults


def test_each_line_of_a_list_is_a_sentence_of_its_own():
    text = f"- {long(12)}\n- {long(12)}".replace(".", "")

    assert found(text, "long") == []


def test_a_full_stop_in_a_name_of_a_case_ends_no_sentence():
    assert found(f"R v. {long(WARN_WORDS)}", "long") == [f"R v. {long(WARN_WORDS)}"]


def test_the_place_of_the_second_long_sentence_is_right():
    text = f"Short one.\n\n- {long(22)}"

    assert found(text, "long") == [long(22)]


@pytest.mark.parametrize(
    ("text", "passives"),
    [
        ("You were arrested.", ["were arrested"]),
        ("It is often not given to children.", ["is often not given"]),
        ("They are being held.", ["being held"]),
        ("You got hit.", ["got hit"]),
        ("You are allowed to go. She is worried. It is used to help.", []),
        ("He is a hundred. You were in need.", []),
        ("The police arrested you.", []),
    ],
)
def test_passives(text, passives):
    assert found(text, "passive") == passives


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Ask about ROTL.", ["ROTL"]),
        ("Ask about ROTLs.", ["ROTLs"]),
        ("OASys says so.", ["OASys"]),
        ("Release on temporary licence (ROTL) is short. ROTL ends.", []),
        ("An anti-social behaviour order, or ASBO, was an order.", []),
        ("BAME is short for something. ", []),
        ("ROTL (release for a day) is short.", []),
        ("The UK has a TV.", []),
        ("ROTL, then ROTL again.", ["ROTL"]),
    ],
)
def test_letters_that_nobody_spelled_out(text, letters):
    assert found(text, "acronym") == letters


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("They met inter alia the judge.", ["inter alia"]),
        ("Some people, e.g. you.", ["e.g."]),
        ("Prima Facie it is so, etc.", ["Prima Facie", "etc."]),
        ("The vizier fetched it.", []),
    ],
)
def test_latin(text, latin):
    assert found(text, "latin") == latin


@pytest.mark.parametrize(
    ("text", "negatives"),
    [
        ("It is not unlikely.", ["not unlikely"]),
        ("You cannot go without asking.", ["cannot go without"]),
        ("They don’t refuse it.", ["don’t refuse"]),
        ("You cannot go until they say so.", []),
        ("You do not pay and do not go.", []),
        ("It is not free.", []),
    ],
)
def test_double_negatives(text, negatives):
    assert found(text, "negative") == negatives


@pytest.mark.parametrize(
    ("text", "nouns"),
    [
        ("The court makes a decision.", ["makes a decision"]),
        ("They carry out an assessment of risk.", ["carry out an assessment"]),
        ("The removal of your goods follows.", ["The removal of"]),
        ("The court decides.", []),
    ],
)
def test_verbs_hidden_in_nouns(text, nouns):
    assert found(text, "noun") == nouns


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("The offender was rude.", ["offender"]),
        ("Young offenders and ex-offenders.", ["Young offenders", "ex-offenders"]),
        ("Inmates, criminals and the homeless.", ["Inmates", "criminals", "the homeless"]),
        ("He suffers from it.", ["suffers from"]),
        ("The Rehabilitation of Offenders Act 1974.", []),
        ("A young offender institution.", []),
        ("Some say “offender” for it.", []),
        ("The criminal justice system and a criminal record.", []),
    ],
)
def test_names_that_make_people_one_thing(text, labels):
    assert found(text, "label") == labels


def test_a_hard_word_is_named_once_and_a_name_never():
    text = "Desistance is hard. We like desistance, says Mr Justice Wobblington in Ruritania."

    assert found(text, "hard") == ["Desistance"]


def test_a_word_that_the_dictionary_explains_is_not_hard():
    text = "Your remand ends."

    assert found(text, "hard") == ["remand"]
    assert found(text, "hard", known=[(5, 11)]) == []


def test_one_word_is_not_blamed_twice():
    kinds = [one.kind for one in findings("It is so inter alia.")]

    assert kinds == ["latin"]


@pytest.mark.parametrize(
    "word",
    [
        *("police", "carries", "carried", "stopping", "stopped", "happier", "easily", "children's"),
        *("can't", "you're", "unfair", "reopen", "self-harm", "21st", "2026", "payer", "helpful"),
        *("taken", "biggest", "simply", "women's", "visitors"),
    ],
)
def test_forms_of_everyday_words_are_everyday(word):
    assert is_everyday(word)


@pytest.mark.parametrize("word", ["desistance", "pursuant", "adjudicator", "thereof", "indictable"])
def test_words_of_lawyers_are_not(word):
    assert not is_everyday(word)


def test_the_list_of_everyday_words_is_long_and_holds_no_jargon():
    words = common_words()

    assert len(words) > 1_800
    assert words.isdisjoint({"remand", "bail", "plaintiff", "hereby", "statutory", "recidivism"})


def test_the_burden_is_for_each_hundred_words_so_that_long_entries_are_not_blamed():
    text = "The offender was held. "

    short, tenfold = findings(text), [one for _ in range(10) for one in findings(text)]

    assert burden(short, 4) == burden(tenfold, 40) > 0
    assert burden([], 0) == 0


def test_a_long_text_is_read_quickly():
    text = "The offender was not unlikely to be detained by PACE inter alia. " * 300

    assert count_words(text) == 3_600
    assert len(findings(text)) > 1_000
