"""What independent readers make of our files: every name, title and number comes back."""

import json
import re

import bibtexparser
import pybtex.database
import pytest
import rispy
from bibtexparser import middlewares
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc import formatter as citeproc_formatters
from citeproc.source.json import CiteProcJSON
from django.db import transaction
from pylatexenc import latex2text

from library.citations import export, for_machines, work_of
from library.models import Item
from tests.factories import make_item
from tests.library.odd_works import make_odd_works

HOW_MANY = 1_000


@pytest.fixture(scope="module")
def works(django_db_setup, django_db_blocker):
    """Made once; to write them nothing more is asked of the database."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_odd_works(HOW_MANY)
        works = [work_of(item) for item in for_machines(Item.objects.order_by("pk"))]
        transaction.set_rollback(True)
    return works


def text_of(works, form):
    return "".join(export(works, form))


def one_line(text):
    return " ".join(text.split())


# -- RIS ------------------------------------------------------------------------------------------


def test_ris_comes_back(works):
    records = rispy.loads(text_of(works, "ris"))

    assert [in_ris(record) for record in records] == [as_ris(work) for work in works]


def in_ris(record):
    names = ["type_of_reference", "authors", "title", "year", "publisher", "number", "issn"]
    return {name: record.get(name) for name in names} | {"url": record["urls"][0]}


def as_ris(work):
    names = [
        name.inverted if name.is_person else name.family.replace(",", "") for name in work.authors
    ]
    _, issue = work.volume_and_issue
    return {
        "type_of_reference": "JOUR" if work.is_article else "RPRT",
        "authors": names or None,
        "title": one_line(work.item.full_title),
        "year": work.year or None,
        "publisher": " and ".join(work.publishers) or None,
        "number": issue or None,
        "issn": None if work.is_article else work.report_number,
        "url": work.where,
    }


# -- BibTeX ---------------------------------------------------------------------------------------

# Two commands of LaTeX that the decoder does not know.
BRACES = {"textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^"}


def decoder():
    known = latex2text.get_default_latex_context_db()
    macros = [latex2text.MacroTextSpec(name, sign) for name, sign in BRACES.items()]
    known.add_context_category("braces", macros=macros, prepend=True)
    return latex2text.LatexNodes2Text(latex_context=known).latex_to_text


def decoded(latex, decode=None):
    return one_line((decode or decoder())(latex))


def as_names(work):
    return [(name.family, name.given) for name in work.authors]


def test_bibtex_comes_back_from_bibtexparser(works):
    split = [middlewares.SeparateCoAuthors(), middlewares.SplitNameParts()]
    library = bibtexparser.parse_string(text_of(works, "bib"), append_middleware=split)
    decode = decoder()

    assert library.failed_blocks == []
    found = [(entry.key, *in_bibtex(entry.fields_dict, decode)) for entry in library.entries]
    assert found == [(work.item.slug, *as_bibtex(work)) for work in works]


def in_bibtex(fields, decode):
    people = fields["author"].value if "author" in fields else []
    names = [
        (decoded(" ".join([*name.von, *name.last]), decode), decoded(" ".join(name.first), decode))
        for name in people
    ]
    texts = [
        decoded(fields[name].value, decode) if name in fields else ""
        for name in ("title", "institution", "journal", "number")
    ]
    return names, *texts


def as_bibtex(work):
    _, issue = work.volume_and_issue
    is_article = work.is_article
    return (
        as_names(work),
        one_line(work.item.full_title),
        "" if is_article else " and ".join(work.publishers),
        work.item.series if is_article else "",
        issue if is_article else work.report_number,
    )


def test_bibtex_comes_back_from_pybtex(works):
    entries = pybtex.database.parse_string(text_of(works, "bib"), "bibtex").entries
    decode = decoder()

    found = [
        (key, in_pybtex(entry, decode), decoded(entry.fields["title"], decode))
        for key, entry in entries.items()
    ]
    assert found == [
        (work.item.slug, as_names(work), one_line(work.item.full_title)) for work in works
    ]


def in_pybtex(entry, decode):
    return [
        (
            decoded(" ".join([*person.prelast_names, *person.last_names]), decode),
            decoded(" ".join([*person.first_names, *person.middle_names]), decode),
        )
        for person in entry.persons.get("author", [])
    ]


@pytest.mark.django_db
def test_keys_of_bibtex_differ_without_regard_to_capitals():
    for slug in ("same", "SAME", "Same", "other_one"):
        make_item(slug=slug)

    text = text_of(map(work_of, for_machines(Item.objects.order_by("pk"))), "bib")

    keys = re.findall(r"^@\w+{([^,]+),", text, re.MULTILINE)
    assert [keys[0], keys[3]] == ["same", "other_one"]
    assert len({key.lower() for key in keys}) == 4


# -- CSL-JSON -------------------------------------------------------------------------------------


def test_csl_json_comes_back_and_citeproc_cites_it(works):
    records = json.loads(text_of(works, "csl.json"))

    source = CiteProcJSON(records)
    assert [in_csl(source[record["id"].lower()]) for record in records] == [
        (as_names(work), work.item.full_title) for work in works
    ]
    assert [record["id"] for record in records] == [work.item.slug for work in works]
    cited = cite(source, records[:50])
    assert len(cited) == 50
    assert all(cited)


def in_csl(reference):
    names = [
        (str(name.get("family") or name.get("literal")), str(name.get("given") or ""))
        for name in reference.get("author", [])
    ]
    return names, str(reference.title)


def cite(source, records):
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, source, citeproc_formatters.plain)
    for record in records:
        bibliography.register(Citation([CitationItem(record["id"])]))
    return [str(entry) for entry in bibliography.bibliography()]
