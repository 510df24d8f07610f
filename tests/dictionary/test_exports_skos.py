"""Three RDF formats that say the same, and keep the rules of SKOS."""

from datetime import date
from pathlib import Path

import pyshacl
import pytest
from rdflib import DCTERMS, OWL, RDF, SKOS, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from dictionary.actions import withdraw_entry
from dictionary.exports import skos
from dictionary.exports.book import current_book, scheme_address, sense_address
from dictionary.models import LabelKind, RelationKind
from tests.factories import (
    make_entry,
    make_label,
    make_relation,
    make_sense,
    make_theme,
    make_user,
    publish,
)

pytestmark = [
    pytest.mark.django_db,
    # rdflib's own reader of JSON-LD, and pySHACL, still use rdflib's older names.
    pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning"),
]

SHAPES = Path(__file__).with_name("skos_shapes.ttl")
RDFLIB_NAMES = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}


def graph_of(text, form="ttl"):
    return Graph().parse(data=text, format=RDFLIB_NAMES[form])


def whole(form="ttl"):
    return graph_of(skos.whole(current_book(), form), form)


def concept(sense):
    return URIRef(sense_address(sense.pk))


def faults(graph):
    """The messages of all shapes that the graph breaks."""
    holds, results, _ = pyshacl.validate(graph, shacl_graph=str(SHAPES), advanced=True)
    path = URIRef("http://www.w3.org/ns/shacl#resultMessage")
    messages = {str(message) for message in results.objects(None, path)}
    assert holds == (not messages)
    return messages


@pytest.fixture
def words():
    """Entries with every kind of name and relation, in several jurisdictions."""
    theme = make_theme()
    bail = make_entry("Bail", topics=[theme], valid_from=date(2000, 1, 1))
    make_sense(bail, "scotland", name="Interim liberation", plain="Bail in Scotland.")
    for kind in LabelKind.values[1:]:
        make_label(bail, f"a name that is {kind}", kind)
    make_label(bail, 'Quote " back \\ line\nbreak <b> & \x0b 𐍈 end', LabelKind.ALTERNATIVE)
    make_label(bail, "mechnïaeth", LabelKind.ALTERNATIVE, language="cy")
    remand = make_entry("Remand", jurisdiction="uk")
    custody, police = make_entry("Custody"), make_entry("Police custody")
    make_relation(custody, remand, RelationKind.BROADER)
    make_relation(police, custody, RelationKind.BROADER)
    make_relation(police, custody, RelationKind.RELATED)
    for kind in RelationKind.values:
        make_relation(bail, custody, kind) if kind != RelationKind.BROADER else None
    return {"bail": bail, "remand": remand, "custody": custody, "police": police}


# -- Three formats --------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["rdf", "jsonld"])
def test_every_format_says_the_same(words, form):
    turtle = whole("ttl")

    assert len(turtle) > 100
    assert isomorphic(turtle, whole(form))


def test_our_turtle_says_what_rdflib_would_say(words):
    graph = skos.graph_of(skos.SkosBook(current_book()).triples())

    assert isomorphic(graph_of(graph.serialize(format="turtle")), whole("ttl"))


def test_one_meaning_alone_says_what_the_whole_says_of_it(words):
    sense = words["bail"].senses.first()
    alone = graph_of(skos.one_sense(current_book(), sense.pk, "ttl"))

    own = set(alone.triples((concept(sense), None, None)))

    assert own == set(whole().triples((concept(sense), None, None)))
    assert set(alone.subjects(RDF.type, SKOS.Concept)) == {concept(sense)}


def test_no_letter_breaks_a_format(words):
    label = 'Quote " back \\ line\nbreak <b> & \ufffd 𐍈 end'

    for form in skos.FORMATS:
        assert Literal(label, lang="en") in set(whole(form).objects(None, SKOS.altLabel))


# -- What is said -----------------------------------------------------------------------------


def test_each_meaning_is_a_concept_in_the_scheme_of_its_jurisdiction(words):
    english, scottish = words["bail"].senses.order_by("jurisdiction")
    graph = whole()

    assert graph.value(concept(english), SKOS.prefLabel) == Literal("Bail", lang="en")
    assert graph.value(concept(scottish), SKOS.prefLabel) == Literal(
        "Interim liberation", lang="en"
    )
    assert graph.value(concept(scottish), SKOS.inScheme) == URIRef(scheme_address("scotland"))
    assert (concept(english), SKOS.closeMatch, concept(scottish)) in graph


def test_a_misspelling_is_hidden_and_other_names_are_alternatives(words):
    graph, sense = whole(), words["bail"].senses.first()
    hidden = {str(label) for label in graph.objects(concept(sense), SKOS.hiddenLabel)}
    shown = {str(label) for label in graph.objects(concept(sense), SKOS.altLabel)}

    assert hidden == {"a name that is misspelling"}
    assert {"a name that is former", "a name that is acronym", "mechnïaeth"} <= shown


def test_a_meaning_says_when_it_held_and_what_replaced_it():
    newer = make_entry("Criminal behaviour order")
    older = make_entry("ASBO", valid_to=date(2015, 3, 23), replaced_by=newer)

    graph = whole()

    assert str(graph.value(concept(older.senses.get()), DCTERMS.valid)) == (
        "end=2015-03-23; scheme=W3C-DTF"
    )
    replaced = (concept(older.senses.get()), DCTERMS.isReplacedBy, concept(newer.senses.get()))
    assert replaced in graph


def test_a_later_law_replaces_an_earlier_one_of_the_same_word():
    entry = make_entry("Bail", valid_to=date(2020, 1, 1))
    later = make_sense(entry, valid_from=date(2020, 1, 2))
    earlier = entry.senses.exclude(pk=later.pk).get()

    assert (concept(earlier), DCTERMS.isReplacedBy, concept(later)) in whole()


def test_what_stands_above_is_not_called_related_too(words):
    custody, police = words["custody"].senses.get(), words["police"].senses.get()
    graph = whole()

    assert (concept(police), SKOS.broader, concept(custody)) in graph
    assert (concept(police), SKOS.related, concept(custody)) not in graph


def test_only_the_same_words_are_an_exact_match():
    entry = make_entry("Jury", plain="People who decide.", legal="The law.")
    other = make_sense(entry, "scotland", plain="People who decide.", legal="The law.")

    first = entry.senses.exclude(pk=other.pk).get()

    assert (concept(first), SKOS.exactMatch, concept(other)) in whole()


def test_relations_between_schemes_are_matches(words):
    custody, remand = words["custody"].senses.get(), words["remand"].senses.get()

    assert (concept(custody), SKOS.broadMatch, concept(remand)) in whole()


def test_drafts_are_nowhere():
    make_relation(make_entry("Bail"), make_entry("Secret", is_published=False))
    entry = make_entry("Remand")
    entry.senses.update(plain="A secret that nobody published.")

    for form in skos.FORMATS:
        assert b"ecret" not in skos.whole(current_book(), form)
    publish(entry)
    assert b"A secret" in skos.whole(current_book(), "ttl")


def test_a_withdrawn_meaning_says_so_for_ever(client):
    entry = make_entry("Bail")
    sense = entry.senses.get()
    withdraw_entry(entry, by=make_user(), because="It was wrong.")

    response = client.get(f"/dictionary/id/{sense.pk}.ttl")

    assert response.status_code == 410
    graph = graph_of(response.content)
    assert (concept(sense), OWL.deprecated, Literal(True)) in graph
    assert Literal("It was wrong.", lang="en") in set(graph.objects(None, SKOS.changeNote))


# -- The rules of SKOS ------------------------------------------------------------------------


def test_the_rules_of_skos_hold(words):
    assert faults(whole()) == set()


ONE, OTHER = (URIRef(f"urn:concept:{name}") for name in "ab")
PLANTED = {
    "S9:": [(ONE, RDF.type, SKOS.ConceptScheme)],
    "S13, S14:": [(ONE, SKOS.prefLabel, Literal("another", lang="en"))],
    "S13: a hidden": [(ONE, SKOS.hiddenLabel, Literal("a", lang="en"))],
    "S27: what stands above": [(ONE, SKOS.broader, OTHER), (ONE, SKOS.related, OTHER)],
    "S27: what stands below": [(ONE, SKOS.broader, OTHER), (OTHER, SKOS.related, ONE)],
    "S46: an exact match is not a related": [
        (ONE, SKOS.exactMatch, OTHER),
        (ONE, SKOS.relatedMatch, OTHER),
    ],
    "No concept stands above itself": [(ONE, SKOS.broader, OTHER), (OTHER, SKOS.broader, ONE)],
    "Matches lead to another scheme": [(ONE, SKOS.closeMatch, OTHER)],
    "A meaning has one definition": [(ONE, SKOS.definition, Literal("again", lang="en"))],
}


def small_graph():
    graph, scheme = Graph(), URIRef("urn:scheme")
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    for one, name in [(ONE, "a"), (OTHER, "b")]:
        graph.add((one, RDF.type, SKOS.Concept))
        graph.add((one, SKOS.prefLabel, Literal(name, lang="en")))
        graph.add((one, SKOS.definition, Literal(f"meaning of {name}", lang="en")))
        graph.add((one, SKOS.inScheme, scheme))
        graph.add((one, SKOS.notation, Literal(name)))
        graph.add((one, DCTERMS.modified, Literal("2026-01-01T00:00:00Z", datatype=_MOMENT)))
    return graph


_MOMENT = URIRef("http://www.w3.org/2001/XMLSchema#dateTime")


def test_a_small_sound_graph_breaks_no_rule():
    assert faults(small_graph()) == set()


@pytest.mark.parametrize("message", PLANTED)
def test_a_planted_error_is_caught(message):
    graph = small_graph()
    for triple in PLANTED[message]:
        graph.add(triple)

    assert [one for one in faults(graph) if one.startswith(message)]
