import re
import time

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe

from dictionary.linking import linked, without_links
from dictionary.models import LinkPolicy
from tests.factories import make_entry, make_label, make_sense

pytestmark = pytest.mark.django_db

BUTTON = re.compile(r'<button type="button" class="word helped"[^>]*>(.*?)</button>', re.DOTALL)


@pytest.fixture
def entries():
    bail = make_entry("Bail", plain="Being free until the trial. It has rules.")
    make_entry("Stop and search")
    make_entry("Victims' Code")
    return bail


def marked(html, **options):
    return BUTTON.findall(linked(mark_safe(html), **options))


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>On bail.</p>", ["bail"]),
        ("<p>Bail and bail</p><p>bail</p>", ["Bail"]),
        ("<p>Bail</p><h2>More</h2><p>bail</p>", ["Bail", "bail"]),
        ("<h2>Bail</h2><p>bail</p>", ["bail"]),
        ('<p><a href="/">bail</a> <code>bail</code></p><pre>bail</pre><p>bail</p>', ["bail"]),
        ("<p><a><b>bail</b> x</a></p>", []),
        ("<p>ba<em>il</em> stop <b>and search</b></p>", []),
        ("<p><b>stop and\nsearch</b></p>", ["stop and\nsearch"]),
        ("<p>stop</p><p>and search</p>", []),
        ("<p>the Victims&#x27; Code</p>", ["Victims&#x27; Code"]),
        ("<p>the Victims&rsquo; Code</p>", ["Victims&rsquo; Code"]),
        ("<p>&lt;bail&gt; &amp;</p>", ["bail"]),
        ('<p title="a > bail">x</p>', []),
        ('<blockquote lang="cy"><p>bail</p></blockquote><p>Bail</p>', ["Bail"]),
        ('<blockquote lang="en"><p>bail</p></blockquote>', ["bail"]),
        ("<p>bailiff</p>", []),
        ("", []),
    ],
)
def test_what_is_marked(entries, html, words):
    assert marked(html) == words


def test_an_entry_does_not_explain_itself(entries):
    assert marked("<p>Bail, stop and search</p>", own=entries.pk) == ["stop and search"]


def test_names_for_readers_letters_alone_are_not_marked(entries):
    make_label(entries, "police bail", policy=LinkPolicy.EXPLAIN_ONLY, forms=[])

    assert marked("<p>police bail</p>") == ["bail"]


def test_plain_text_is_escaped_first(entries):
    assert linked("<b>bail").startswith("&lt;b&gt;<button ")


def test_the_button_opens_the_meaning_beside_it(entries):
    html = linked(mark_safe("<p>bail</p>"))

    (target,) = re.findall(r'class="word helped" popovertarget="([^"]+)"', html)
    assert f'</button><span class="meaning" id="{target}" popover>' in html
    assert "Being free until the trial. It has rules. <a" in html
    assert f'href="{entries.get_absolute_url()}?jurisdiction=england-and-wales"' in html


def test_the_meaning_is_that_of_the_place(entries):
    make_sense(entries, "scotland", name="Bail", plain="Free in Scotland. And more.")

    assert "Free in Scotland." in linked(mark_safe("<p>bail</p>"), place="scotland")
    assert "Free in Scotland." not in linked(mark_safe("<p>bail</p>"))


def test_a_meaning_cannot_break_out(entries):
    make_entry("Caution", plain='<script>"alert"</script></span><!--w-->. More.')

    html = linked(mark_safe("<p>caution</p>"))

    assert "<script>" not in html
    assert without_links(html) == "<p>caution</p>"


def test_linking_follows_the_dictionary(entries):
    page = mark_safe("<p>a recall</p>")
    before = marked(page)
    make_entry("Recall")

    assert (before, marked(page)) == ([], ["recall"])


def test_a_page_already_linked_is_quick(entries, django_assert_num_queries):
    page = mark_safe("<p>On bail, stop and search.</p>" * 700)
    linked(page)

    with django_assert_num_queries(1):
        start = time.process_time()
        linked(page)
        taken = time.process_time() - start
    assert taken < 0.05  # `make bench` holds it to 2 ms, on a quiet machine


@pytest.mark.parametrize(
    "html",
    [
        "<p>bail" * 5_000,
        "<div>" * 20_000 + "bail",
        '<a "' * 10_000,
        "<" * 50_000,
        "&#" * 30_000,
        "</p>" * 20_000,
        "<a>" * 20_000 + "</b>" * 20_000,
        "<p title='" * 10_000,
    ],
    ids=lambda html: html[:10],
)
def test_broken_html_costs_little_and_stays_as_it_was(entries, html):
    start = time.process_time()
    once = linked(mark_safe(html))

    assert time.process_time() - start < 2
    assert without_links(once) == html


def test_the_tag_asks_for_the_dictionary_once_a_page(entries, rf, django_assert_num_queries):
    request = rf.get("/")
    template = Template(
        "{% load dictionary_tags %}{% for text in texts %}{% explained text %}{% endfor %}"
    )
    context = {"request": request, "texts": ["bail", "stop and search", "bail"]}
    template.render(Context(context))
    del request.dictionary_index

    with django_assert_num_queries(1):
        html = template.render(Context(context))

    assert len(BUTTON.findall(html)) == 3
