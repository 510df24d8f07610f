"""The starter entries in every format: as many words as the portal opens with, and as odd."""

import json
import time

import pytest
from rdflib import RDF, SKOS
from rdflib.compare import isomorphic

from dictionary.exports import booklet, csv, skos, tbx
from dictionary.exports.book import current_book
from dictionary.exports.json import whole as whole_json
from dictionary.models import EntryVersion
from tests.dictionary.csv_reader import read_entries
from tests.dictionary.test_exports_skos import faults, whole
from tests.dictionary.test_exports_tbx import faults as tbx_faults

pytestmark = [
    pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning"),
]


def test_the_rules_of_skos_hold(site):
    graph = whole()

    assert len(set(graph.subjects(RDF.type, SKOS.Concept))) == len(current_book().senses) > 300
    assert faults(graph) == set()


def test_the_three_rdf_formats_say_the_same(site):
    turtle = whole()

    assert isomorphic(turtle, whole("jsonld"))
    assert isomorphic(turtle, whole("rdf"))


def test_the_file_for_translators_is_sound(site):
    assert tbx_faults(tbx.whole(current_book())) == []


def test_the_sheet_can_be_read_back(site):
    book = current_book()
    text = csv.whole(book).decode()

    sheets = {sheet.slug: sheet for sheet in read_entries(text)}

    for version in EntryVersion.objects.current().select_related("entry"):
        snapshot = csv.sheet_of(book, book.by_slug[version.entry.slug]).snapshot
        assert unordered(sheets[version.entry.slug].snapshot) == unordered(snapshot)


def unordered(snapshot):
    """Names have no order among them, meanings and sources do."""
    labels = sorted(json.dumps(label, sort_keys=True) for label in snapshot["labels"])
    return snapshot | {"labels": labels}


def test_every_format_is_out_in_three_seconds(site):
    book = current_book()
    writers = {
        **{form: lambda form=form: skos.whole(book, form) for form in skos.FORMATS},
        "tbx": lambda: tbx.whole(book),
        "csv": lambda: csv.whole(book),
        "json": lambda: json.dumps(whole_json(book)),
    }
    took = {}
    for form, write in writers.items():
        start = time.process_time()
        write()
        took[form] = time.process_time() - start

    assert {form: seconds for form, seconds in took.items() if seconds > 3} == {}


def test_the_booklet_is_set_while_a_reader_waits(site):
    start = time.process_time()

    name = booklet.make()

    assert name.endswith(f"{current_book().edition.stamp}.pdf")
    assert time.process_time() - start < 8
