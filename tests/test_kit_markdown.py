import time

import lxml.html
import pytest
from django.template import Context, Template

from cja_portal.kit.markdown import LONGEST, MOST_CELLS, render_markdown


def test_renders_what_writers_use():
    html = render_markdown("**Bold**, *stressed*.\n\n- one\n- two\n\n> said")

    assert html == (
        "<p><strong>Bold</strong>, <em>stressed</em>.</p>\n"
        "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"
        "<blockquote>\n<p>said</p>\n</blockquote>\n"
    )


def test_renders_tables():
    html = render_markdown("| Year |\n|---|\n| 2017 |")

    assert "<th>Year</th>" in html
    assert "<td>2017</td>" in html


def test_headings_start_below_the_heading_of_the_page():
    html = render_markdown("# One\n\n## Two\n\n###### Six")

    assert html == "<h2>One</h2>\n<h3>Two</h3>\n<h4>Six</h4>\n"


def test_links_open_safely():
    html = render_markdown("[law](https://www.legislation.gov.uk/ukpga/1984/60)")

    assert html == (
        '<p><a href="https://www.legislation.gov.uk/ukpga/1984/60" rel="noopener">law</a></p>\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="https://example.org" onclick="alert(1)">x</a>',
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:msgbox(1))",
        "![x](javascript:alert(1))",
        "![x](https://example.org/pixel.png)",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<iframe src=https://example.org></iframe>",
        '<p style="position:fixed">x</p>',
        '[x](https://example.org "a\\" onmouseover=\\"alert(1)")',
        "`<script>alert(1)</script>`",
        "<javascript:alert(1)>",
    ],
)
def test_nothing_hostile_becomes_an_element_or_a_link(text):
    html = render_markdown(text)

    for fault in ("<script", "<img", "<svg", "<iframe", "<style", 'href="java'):
        assert fault not in html.lower()
    assert not has_attribute_beyond(html, {"href", "title", "rel"})


def has_attribute_beyond(html, allowed):
    elements = lxml.html.fragment_fromstring(html or "<p></p>", create_parent="div").iter()
    return any(name not in allowed for element in elements for name in element.attrib)


@pytest.mark.parametrize(
    "text",
    [
        "word " * 200_000,
        ">" * 50_000 + " deep",
        "[" * 50_000,
        "*a " * 30_000,
        "- " * 20_000 + "deep",
        "`" * 50_000,
        "![](" * 20_000,
        "a\x00b",
        "\u202e right to left \U0001f600",
    ],
)
def test_long_and_deep_texts_end_in_reasonable_time(text):
    started = time.perf_counter()

    render_markdown(text)

    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(("columns", "rows", "times"), [(256, 256, 20), (10, 9, 300)])
def test_tables_of_few_letters_cannot_fill_a_page(columns, rows, times):
    table = "|" + "a|" * columns + "\n|" + "-|" * columns + "\n" + "a\n" * rows + "\n"

    assert 0 < render_markdown(table * times).count("<td>") <= MOST_CELLS


def test_a_long_table_keeps_its_rows():
    html = render_markdown("|Year|Deaths|\n|-|-|\n" + "|2017|1|\n" * 300)

    assert html.count("<tr>") == 301


def test_what_goes_past_the_longest_text_is_left_out():
    assert "end" not in render_markdown("a" * LONGEST + "end")


@pytest.mark.parametrize("nothing", ["", None])
def test_nothing_renders_as_nothing(nothing):
    assert render_markdown(nothing) == ""


def test_every_template_has_the_filter():
    html = Template("{{ text|markdown }}").render(Context({"text": "*plain*"}))

    assert html == "<p><em>plain</em></p>\n"
