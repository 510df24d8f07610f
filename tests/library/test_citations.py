import json
from datetime import date
from itertools import accumulate

import pytest

from library.citations import Work, apa, harvard, name_of, oscola
from library.citations.bibtex import bibtex
from library.citations.csl import csl_json
from library.citations.ris import ris
from library.models import Contributor, Item
from tests.factories import make_contributor, make_item, make_organisation, make_theme

ADDRESS = "https://portal.example/library/item/"


def person(name, filed_as=""):
    return name_of(Contributor(name=name, filed_as=filed_as, kind="person"))


@pytest.mark.parametrize(
    ("printed", "family", "given"),
    [
        ("Peter Keeling", "Keeling", "Peter"),
        ("Kirat Kaur Kalyan", "Kalyan", "Kirat Kaur"),
        ("Jacobson", "Jacobson", ""),
        ("Sir William Macpherson", "Macpherson", "William"),
        ("Dame Elish Angiolini QC", "Angiolini", "Elish"),
        ("David Lammy MP", "Lammy", "David"),
        ("van der Example, Maria", "van der Example", "Maria"),
        ("Maria Example, KC", "Example", "Maria"),
        ("Lord Farmer", "Lord Farmer", ""),
        ("Baroness Casey of Blackstock", "Baroness Casey of Blackstock", ""),
        ("Mr Justice Keith", "Mr Justice Keith", ""),
    ],
)
def test_a_printed_name_is_taken_apart_only_where_it_can_be(printed, family, given):
    name = person(printed)

    assert (name.family, name.given) == (family, given)


def test_a_name_can_be_filed_by_hand():
    name = person("Maria de la Cruz", filed_as="de la Cruz, Maria")

    assert (name.family, name.given) == ("de la Cruz", "Maria")


@pytest.fixture
def work(db, monkeypatch):
    monkeypatch.setattr("library.citations.references.localdate", lambda: date(2026, 11, 23))

    def make(title="Women in prison", *, organisations=(), **fields):
        fields.setdefault("publishers", [make_organisation("Example Charity")])
        item = make_item(title, slug="women-in-prison", **fields)
        for name in organisations:
            make_contributor(item, name, "organisation")
        return Work(Item.objects.for_page().get(pk=item.pk), ADDRESS)

    return make


COMMA = "Department for Levelling Up, Housing and Communities"
CASES = {
    "an organisation that is its own publisher": (
        {"organisations": ["Example Charity"], "subtitle": "a study"},
        "Example Charity (2020) <i>Women in prison: a study</i>. "
        f"Available at: {ADDRESS} (Accessed: 23 November 2026).",
        f"Example Charity. (2020). <i>Women in prison: a study</i>. {ADDRESS}",
        "Example Charity, <i>Women in prison: a study</i> (2020) "
        f"&lt;{ADDRESS}&gt; accessed 23 November 2026",
    ),
    "two people, a number and a link to the work": (
        {
            "authors": ["Kirat Kaur Kalyan", "Peter Keeling"],
            "series": "Cm 9298",
            "link": "https://example.org/a?b=1&c=2",
            "link_kind": "publisher",
        },
        "Kalyan, K.K. and Keeling, P. (2020) <i>Women in prison</i>. Cm 9298. Example Charity. "
        "Available at: https://example.org/a?b=1&amp;c=2 (Accessed: 23 November 2026).",
        "Kalyan, K. K., &amp; Keeling, P. (2020). <i>Women in prison</i> (Cm 9298). "
        "Example Charity. https://example.org/a?b=1&amp;c=2",
        "Kirat Kaur Kalyan and Peter Keeling, <i>Women in prison</i> (Cm 9298, 2020) "
        "&lt;https://example.org/a?b=1&amp;c=2&gt; accessed 23 November 2026",
    ),
    "four people": (
        {"authors": ["A One", "B Two", "C Three", "D Four"]},
        "One, A. <i>et al.</i> (2020) <i>Women in prison</i>. Example Charity. "
        f"Available at: {ADDRESS} (Accessed: 23 November 2026).",
        "One, A., Two, B., Three, C., &amp; Four, D. (2020). <i>Women in prison</i>. "
        f"Example Charity. {ADDRESS}",
        "A One and others, <i>Women in prison</i> (Example Charity, 2020) "
        f"&lt;{ADDRESS}&gt; accessed 23 November 2026",
    ),
    "an organisation with a comma, a notice only and no date": (
        {
            "organisations": [COMMA],
            "published_on": None,
            "precision": "",
            "link": "https://example.org/news",
            "link_kind": "notice",
        },
        f"{COMMA} (no date) <i>Women in prison</i>. Example Charity. "
        f"Available at: {ADDRESS} (Accessed: 23 November 2026).",
        f"{COMMA}. (n.d.). <i>Women in prison</i>. Example Charity. {ADDRESS}",
        f"{COMMA}, <i>Women in prison</i> (Example Charity) "
        f"&lt;{ADDRESS}&gt; accessed 23 November 2026",
    ),
    "nobody named": (
        {"publishers": []},
        "No author named (2020) <i>Women in prison</i>. "
        f"Available at: {ADDRESS} (Accessed: 23 November 2026).",
        f"No author named. (2020). <i>Women in prison</i>. {ADDRESS}",
        "No author named, <i>Women in prison</i> (2020) "
        f"&lt;{ADDRESS}&gt; accessed 23 November 2026",
    ),
    "an article with a DOI": (
        {
            "kind": "journal-article",
            "authors": ["Grieshofer"],
            "series": "Journal of Law",
            "doi": "10.1007/s1",
            "publishers": [],
        },
        "Grieshofer (2020) ‘Women in prison’, <i>Journal of Law</i>. "
        "Available at: https://doi.org/10.1007/s1 (Accessed: 23 November 2026).",
        "Grieshofer. (2020). Women in prison. <i>Journal of Law</i>. https://doi.org/10.1007/s1",
        "Grieshofer, ‘Women in prison’ (2020) Journal of Law "
        "&lt;https://doi.org/10.1007/s1&gt; accessed 23 November 2026",
    ),
    "hostile text": (
        {"title": "<b>Tags</b> & 'quotes'", "organisations": ["<script>"]},
        "&lt;script&gt; (2020) <i>&lt;b&gt;Tags&lt;/b&gt; &amp; &#x27;quotes&#x27;</i>. "
        f"Example Charity. Available at: {ADDRESS} (Accessed: 23 November 2026).",
        "&lt;script&gt;. (2020). <i>&lt;b&gt;Tags&lt;/b&gt; &amp; &#x27;quotes&#x27;</i>. "
        f"Example Charity. {ADDRESS}",
        "&lt;script&gt;, <i>&lt;b&gt;Tags&lt;/b&gt; &amp; &#x27;quotes&#x27;</i> "
        f"(Example Charity, 2020) &lt;{ADDRESS}&gt; accessed 23 November 2026",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_three_styles(case, work):
    fields, in_harvard, in_apa, in_oscola = CASES[case]
    cited = work(**fields)

    assert harvard(cited) == in_harvard
    assert apa(cited) == in_apa
    assert oscola(cited) == in_oscola


def test_editors_are_said_to_be_editors(work):
    cited = work()
    make_contributor(cited.item, "A One", role="editor")
    make_contributor(cited.item, "B Two", role="editor", position=1)
    cited = Work(Item.objects.for_page().get(), ADDRESS)

    assert harvard(cited).startswith("One, A. and Two, B. (eds) (2020)")
    assert apa(cited).startswith("One, A., &amp; Two, B. (Eds.). (2020).")
    assert oscola(cited).startswith("A One and B Two (eds), ")


def test_bibtex(work):
    cited = work(
        "ROTL & 50% of women",
        organisations=[COMMA],
        authors=["Peter Keeling"],
        series="Cm 9298",
        isbn="0-10-142622-4",
        published_on=date(2017, 9, 1),
        precision="month",
    )

    assert bibtex(cited) == (
        "@techreport{women-in-prison,\n"
        f"  author = {{Keeling, Peter and {{{COMMA}}}}},\n"
        "  title = {{ROTL} \\& 50\\% of women},\n"
        "  institution = {Example Charity},\n"
        "  number = {Cm 9298},\n"
        "  year = {2017},\n"
        "  month = {9},\n"
        "  isbn = {0-10-142622-4},\n"
        f"  url = {{{ADDRESS}}},\n"
        "  language = {English},\n"
        "}\n"
    )


def test_no_word_of_a_record_writes_another_bibtex_entry(work):
    cited = work(
        "Sure}, @misc{planted, title = {x",
        authors=["A} and {B"],
        doi="10.1234/a}},@misc{planted,title={x}",
    )

    written = bibtex(cited)

    depths = list(accumulate({"{": 1, "}": -1}.get(letter, 0) for letter in written))
    inside = depths[written.index("{") : -2]
    assert min(inside) == 1
    assert depths[-1] == 0


def test_ris(work):
    cited = work(
        organisations=[COMMA],
        authors=["Peter Keeling"],
        summary="**One**\n\n[two](https://example.org).",
        themes=[make_theme("Race")],
        published_on=date(2017, 9, 5),
        precision="day",
    )

    assert ris(cited) == (
        "TY  - RPRT\r\n"
        "AU  - Keeling, Peter\r\n"
        "AU  - Department for Levelling Up Housing and Communities\r\n"
        "TI  - Women in prison\r\n"
        "PY  - 2017\r\n"
        "DA  - 2017/09/05/\r\n"
        "PB  - Example Charity\r\n"
        "LA  - en\r\n"
        "KW  - Race\r\n"
        "AB  - One two.\r\n"
        f"UR  - {ADDRESS}\r\n"
        "ER  - \r\n"
    )


@pytest.mark.parametrize(
    ("precision", "day", "written"),
    [("year", date(2017, 1, 1), "2017///"), ("month", date(2017, 9, 1), "2017/09//")],
)
def test_ris_dates_keep_their_precision(work, precision, day, written):
    cited = work(precision=precision, published_on=day)

    assert f"DA  - {written}\r\n" in ris(cited)


def test_csl_json(work):
    cited = work(organisations=[COMMA], authors=["Peter Keeling"], series="Cm 9298")

    assert json.loads(csl_json(cited)) == [
        {
            "id": "women-in-prison",
            "type": "report",
            "title": "Women in prison",
            "author": [{"family": "Keeling", "given": "Peter"}, {"literal": COMMA}],
            "issued": {"date-parts": [[2020]]},
            "publisher": "Example Charity",
            "number": "Cm 9298",
            "URL": ADDRESS,
            "language": "en",
        }
    ]
