import pytest
from django.contrib.auth.models import AnonymousUser

from library.found import found
from library.search import read_query
from library.snippets import plain_text, rows_for
from tests.factories import make_item, make_organisation, make_theme

LONG = " ".join(f"word{number}" for number in range(100))


def row(query, **fields):
    item = make_item(**fields)
    return rows_for(found([item.pk], AnonymousUser()), read_query(query))[0]


def test_markdown_becomes_words():
    assert plain_text("# Head\n\n*Bold* & [link](https://example.org) <script>") == (
        "Head Bold & link <script>"
    )


@pytest.mark.django_db
def test_words_are_marked_in_whatever_spelling_they_stand():
    result = row(
        "reoffending organisation", title="Re-offending", summary="The organization of prisons."
    )

    assert result.title == "<mark>Re-offending</mark>"
    assert result.snippet == "The <mark>organization</mark> of prisons."


@pytest.mark.django_db
def test_other_names_are_marked_and_unwanted_words_are_not():
    result = row("bail -remand", title="Bail", summary="Bail, not remand.")

    assert result.snippet == "<mark>Bail</mark>, not remand."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("Howard", "Published by <mark>Howard</mark> League"),
        ("POA", "Published by <mark>POA</mark>"),
        ("Consortium", "Published by what was once called Example <mark>Consortium</mark>"),
        ("Macpherson", "By Sir William <mark>Macpherson</mark>"),
        ("4262", "In the series Cm <mark>4262-I</mark>"),
        ("race", "About <mark>Race</mark>"),
        ("report", ""),
    ],
)
def test_a_match_outside_title_and_summary_is_explained(query, reason):
    publisher = make_organisation(
        "Howard League", short_name="POA", former_names=["Example Consortium"]
    )
    result = row(
        query,
        title="A report",
        summary="Short.",
        series="Cm 4262-I",
        publishers=[publisher],
        authors=["Sir William Macpherson"],
        themes=[make_theme("Race")],
    )

    assert result.reason == reason
    assert (result.snippet, result.opening) == ("", "Short.")


@pytest.mark.django_db
def test_without_a_query_the_summary_begins_and_hostile_text_is_harmless():
    result = row("", title="<script>alert(1)</script>", summary=f"{LONG} & more")

    assert result.title == "&lt;script&gt;alert(1)&lt;/script&gt;"
    assert result.opening.endswith("word39 …")
    assert result.reason == ""
