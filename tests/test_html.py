"""Every page of the list is sound HTML, before any browser mends it."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urldefrag, urljoin

import html5lib
import pytest
from django.urls import get_resolver
from html5lib.constants import E as PARSE_ERRORS

from tests.opened import answers
from tests.pages import NO_PAGES, OURS, PAGES, Page
from tests.site import client_of

REFERENCES = [
    *("aria-activedescendant", "aria-controls", "aria-describedby", "aria-details"),
    *("aria-errormessage", "aria-flowto", "aria-labelledby", "aria-owns", "for", "form"),
    *("headers", "list", "popovertarget"),
]
DATA_BLOCK = "application/ld+json"


@dataclass
class Document:
    """A page as it was answered, and as a parser reads it."""

    page: Page
    response: object

    @cached_property
    def text(self):
        return self.response.content.decode()

    @cached_property
    def parsed(self):
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        tree = parser.parse(self.text)
        return tree, [
            f"line {line}: {PARSE_ERRORS[code] % values}"
            for (line, _), code, values in parser.errors
        ]

    @property
    def tree(self):
        return self.parsed[0]

    @property
    def slips(self):
        return self.parsed[1]

    @cached_property
    def elements(self):
        return [element for element in self.tree.iter() if isinstance(element.tag, str)]

    def all(self, tag):
        return [element for element in self.elements if element.tag == tag]

    @property
    def title(self):
        return words(self.all("title")[0]) if self.all("title") else ""

    @property
    def description(self):
        named = [meta for meta in self.all("meta") if meta.get("name") == "description"]
        return named[0].get("content", "") if len(named) == 1 else ""

    @cached_property
    def ids(self):
        return [element.get("id") for element in self.elements if element.get("id") is not None]


def words(element):
    return " ".join("".join(element.itertext()).split())


@pytest.fixture
def documents(site):
    """All pages, opened once; the database is there for the test that opens more."""
    if not _documents:
        _documents.extend(Document(page, answer) for page, answer in answers().items())
    return _documents


_documents = []


@pytest.fixture
def ours(documents):
    return [document for document in documents if document.page in OURS]


def faults(documents, fault):
    """What `fault` finds, by page; pages where it finds nothing are left out."""
    found = {str(document.page): fault(document) for document in documents}
    return {page: value for page, value in found.items() if value}


# -- The list is complete -------------------------------------------------------------------------


def test_every_page_is_in_the_list():
    names = set(_url_names(get_resolver()))
    listed = {page.name for page in PAGES if page.name} | set(NO_PAGES)

    assert names - listed == set(), "Add these to PAGES or, with the reason, to NO_PAGES."
    assert listed - names == set(), "No address has these names any more."


def _url_names(resolver, namespace=""):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _url_names(pattern, inner)
        elif not namespace.startswith("admin:") or pattern.name == "index":
            yield namespace + (pattern.name or str(pattern.pattern))


def test_no_page_is_listed_twice():
    twice = [page for page, count in Counter(PAGES).items() if count > 1]

    assert twice == []


def test_every_page_opens_for_its_person(documents):
    def unexpected(document):
        status = document.response.status_code
        return status != document.page.status and f"{status} {document.response.get('Location')}"

    assert faults(documents, unexpected) == {}


# -- What every page has --------------------------------------------------------------------------


def test_every_page_is_sound_html(ours):
    assert faults(ours, lambda document: document.slips) == {}


def test_every_page_says_its_language(documents):
    assert faults(documents, _wrong_language) == {}


def _wrong_language(document):
    language = document.all("html")[0].get("lang")
    expected = ["en-gb"] if document.page.is_admin else ["en-GB"]
    return language not in expected and f"lang={language}"


def test_every_page_has_one_heading_of_the_first_order(documents):
    def wrong(document):
        headings = [words(element) for element in document.all("h1")]
        return (len(headings) != 1 or not headings[0]) and (headings or "none")

    assert faults(documents, wrong) == {}


def test_every_page_has_one_main_part(documents):
    assert faults(documents, lambda document: len(document.all("main")) != 1) == {}


def test_no_two_pages_share_a_title(documents):
    pages = defaultdict(set)
    for document in documents:
        page = document.page
        address = page.path.partition("?")[0]
        pages[document.title].add(address if page.status in {200, 410} else page.status)

    assert {title: found for title, found in pages.items() if len(found) > 1} == {}
    assert "" not in pages


def test_a_search_and_a_second_page_say_so_in_their_title(documents):
    plain = {document.page.path: document.title for document in documents}

    alike = [
        path
        for path, title in plain.items()
        if "?q=" in path or "page=" in path
        if title == plain.get(path.partition("?")[0])
    ]
    assert alike == []


def test_every_public_page_describes_itself(documents):
    public = [document for document in documents if document.page.is_public]

    def lacking(document):
        is_fit = 30 <= len(document.description) <= 300
        return not is_fit and f"{len(document.description)} characters"

    assert faults(public, lacking) == {}


def test_no_two_public_pages_describe_themselves_alike(documents):
    pages = defaultdict(set)
    for document in documents:
        if document.page.is_public and "?" not in document.page.path:
            pages[document.description].add(document.page.path)

    assert {text: paths for text, paths in pages.items() if len(paths) > 1} == {}


# -- What no page has -----------------------------------------------------------------------------


def test_no_id_stands_twice(documents):
    def doubled(document):
        return [name for name, count in Counter(document.ids).items() if count > 1 or not name]

    assert faults(documents, doubled) == {}


def test_every_reference_within_a_page_leads_somewhere(documents):
    def dangling(document):
        return [f"{name}={target}" for name, target in _references(document)]

    def _references(document):
        ids = set(document.ids)
        for element in document.elements:
            for name in REFERENCES:
                for target in (element.get(name) or "").split():
                    if target not in ids:
                        yield name, target

    assert faults(documents, dangling) == {}


def test_every_link_to_a_part_of_its_page_finds_it(ours):
    def lost(document):
        targets = [link.get("href", "") for link in document.all("a")]
        parts = {target[1:] for target in targets if target.startswith("#")}
        return sorted(parts - set(document.ids))

    assert faults(ours, lost) == {}


def test_every_input_has_a_label(ours):
    hidden = {"hidden", "submit", "button", "image", "reset"}

    def nameless(document):
        labelled = {label.get("for") for label in document.all("label")}
        inside = {child for label in document.all("label") for child in label.iter()}
        fields = [
            *(field for field in document.all("input") if field.get("type") not in hidden),
            *document.all("select"),
            *document.all("textarea"),
        ]
        return [
            field.get("name")
            for field in fields
            if field.get("id") not in labelled
            and field not in inside
            and not (field.get("aria-label") or field.get("aria-labelledby"))
        ]

    assert faults(ours, nameless) == {}


def test_no_page_holds_style_or_script_of_its_own(documents):
    def inline(document):
        return [
            f"<{element.tag} {name}>"
            for element in document.elements
            for name, value in element.attrib.items()
            if name == "style" or name.startswith("on") or _is_code(value)
        ] + [
            f"<{element.tag}>"
            for element in document.elements
            if element.tag == "style"
            or (element.tag == "script" and not element.get("src") and not _is_data(element))
        ]

    assert faults(documents, inline) == {}


def _is_code(value):
    return value.strip().lower().startswith("javascript:")


def _is_data(script):
    return script.get("type") in {DATA_BLOCK, "application/json"}


def test_no_page_shows_the_bones_of_a_template(ours):
    bones = re.compile(r"\{[{%#]|[%#}]\}|\bNone\b|&amp;(amp|lt|gt|quot|#\d+);")

    def shown(document):
        if document.page.is_development:
            return None
        hidden = {"script", "code"}
        told = [element for element in document.all("main")[0].iter() if element.tag not in hidden]
        texts = [text for element in told for text in (element.text, element.tail) if text]
        return [text.strip()[:200] for text in texts if bones.search(text)]

    assert faults(ours, shown) == {}


# -- Links ----------------------------------------------------------------------------------------


def test_every_link_into_the_portal_opens(documents):
    """Of all public pages: so every entry, item, organisation and award is opened once."""
    links = defaultdict(set)
    for document in documents:
        if document.page.is_public:
            for path in _links(document):
                links[path].add(str(document.page))
    client = client_of(raise_request_exception=False)

    statuses = {path: _status(client.get(path)) for path in sorted(links)}

    # What was withdrawn answers 410, with a page that says why.
    dead = {
        path: (status, links[path])
        for path, status in statuses.items()
        if status >= 400 and status != 410
    }
    assert dead == {}
    assert len(statuses) > 250


def _status(response):
    """Read to its end, so that a file is closed."""
    b"".join(response)
    return response.status_code


def _links(document):
    """The addresses of our own that a page leads to, without their parts."""
    for link in document.all("a"):
        address = urldefrag(
            urljoin(document.response.request["PATH_INFO"], link.get("href", ""))
        ).url
        if address.startswith("/") and not address.startswith("//"):
            yield address.partition("?")[0]
