import pytest

from dictionary.matching import Form, Matcher

FORMS = [
    Form("bail", "bail"),
    Form("release on temporary licence", "rotl"),
    Form("licence", "licence"),
    Form("ROTL", "rotl", is_exact=True),
    Form("PACE", "pace", is_exact=True),
    Form("court of appeal", "court of appeal"),
    Form("courts of appeal", "court of appeal"),
    Form("appeal", "appeal"),
    Form("sentence", "sentence", not_before=("structure", "in the book")),
    Form("charge", "charge", not_after=("in", "pick up the")),
    Form("stop and search", "stop and search"),
    Form("defendant", "defendant"),
    Form("fine", "fine"),
]


def found(text, forms=FORMS):
    return [(text[match.start : match.end], *match.keys) for match in Matcher(forms).find(text)]


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("Bail.", [("Bail", "bail")]),
        ("Bail's end", [("Bail", "bail")]),
        ("the bailiff", []),
        ("Courts of Appeal and appeal", [("Courts of Appeal", "court of appeal"), ("appeal",) * 2]),
        ("release on\ntemporary   licence", [("release on\ntemporary   licence", "rotl")]),
        ("release on\n\ntemporary licence", [("licence", "licence")]),
        ("release on tempo-\r\nrary licence", [("release on tempo-\r\nrary licence", "rotl")]),
        ("stop-\nand-search", [("stop-\nand-search", "stop and search")]),
        ("Stop-and-search", [("Stop-and-search", "stop and search")]),
        ("the Bail-\niff, sur-\nbail and bail", [("bail", "bail")]),
        ("the pace of PACE", [("PACE", "pace")]),
        ("rotl, ROTL", [("ROTL", "rotl")]),
        ("THE PACE OF CHANGE IS SLOW", []),
        ("YOU ARE ON ROTL TODAY", [("ROTL", "rotl")]),
        ("sentence structure and a sentence", [("sentence", "sentence")]),
        ("a sentence in the book", []),
        ("in charge, pick up the charge, a charge", [("charge", "charge")]),
        ("captain charge", [("charge", "charge")]),
        ("a co-defendant, one defendant", [("defendant", "defendant")]),
        ("court - bail", [("bail", "bail")]),
        ("ﬁne oﬃce", [("ﬁne", "fine")]),
        ("ba\u00adil and ba\u200bil", [("ba\u00adil", "bail"), ("ba\u200bil", "bail")]),
        ("\ud800 bail", [("bail", "bail")]),
        ("\x00bail\x00", [("bail", "bail")]),
        ("İİİ bail", [("bail", "bail")]),
        ("bai\u0301l", []),
        ("", []),
    ],
)
def test_matches(text, matches):
    assert found(text) == matches


def test_a_form_within_a_refused_longer_one_is_kept():
    forms = [Form("court of app", 1), Form("of", 2)]

    assert found("court of appeal", forms) == [("of", 2)]


def test_one_spelling_may_lead_to_two_entries():
    assert found("HMIP", [Form("HMIP", "prisons"), Form("HMIP", "probation")]) == [
        ("HMIP", "prisons", "probation")
    ]


def test_no_forms_find_nothing():
    assert found("bail", []) == []


@pytest.mark.parametrize("text", ["We charge £22.", "We charge£22."])
def test_a_sum_of_money_guards_with_and_without_a_blank(text):
    assert Matcher([Form("charge", 1, not_before=("£",))]).find(text) == []
