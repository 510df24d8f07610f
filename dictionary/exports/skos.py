"""SKOS: each meaning is a concept, each jurisdiction a scheme.

A concept has one preferred name in a language (S14), so that "accused" in Scotland and "defendant"
in England and Wales are two concepts, matched across schemes.
"""

import json
import re
from functools import cache, cached_property, partial

from rdflib import DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef

from cja_portal.kit.site import absolute
from dictionary.exports.book import (
    MAKER,
    NAME,
    RIGHTS,
    entry_address,
    names_of,
    scheme_address,
    sense_address,
    terms_address,
)
from dictionary.models import Jurisdiction, LabelKind, RelationKind

FORMATS = {
    "ttl": ("turtle", "text/turtle"),
    "rdf": ("xml", "application/rdf+xml"),
    "jsonld": ("json-ld", "application/ld+json"),
}
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")
# Our own terms, for what SKOS and Dublin Core have no word for.
TERMS = {
    "legalDefinition": (SKOS.definition, "The meaning in law."),
    "meansForYou": (SKOS.scopeNote, "What the meaning comes to for a person it concerns."),
    "lawAsOf": (DCTERMS.date, "The day whose law the meaning describes."),
    "reviewDue": (DCTERMS.date, "The day by which the meaning is to be read again."),
    "checkedOn": (DCTERMS.date, "The day a lawyer found the meaning right."),
    "isInForce": (None, "Whether the law behind the meaning applies yet."),
    "isUndefinedInStatute": (None, "Whether no Act defines the word."),
    "oppositeOf": (SKOS.semanticRelation, "The other meaning is the opposite of this one."),
    "notSameAs": (SKOS.semanticRelation, "The two are easily taken for each other and differ."),
}
NOTED = {
    LabelKind.FORMER: (SKOS.historyNote, "“{}” is what it used to be called."),
    LabelKind.AVOIDED: (SKOS.note, "“{}” is a word to avoid."),
}
OWN_RELATIONS = {
    RelationKind.OPPOSITE: "oppositeOf",
    RelationKind.NOT_SAME_AS: "notSameAs",
}


def whole(book, form):
    """The dictionary in one of FORMATS, as bytes."""
    return serialise(SkosBook(book).triples(), form)


def one_sense(book, sense_id, form):
    return serialise(SkosBook(book).triples([sense_id]), form)


def gone(sense_id, name, jurisdiction, because, form):
    """What remains to be said of a meaning that was taken out of the dictionary."""
    concept = URIRef(sense_address(sense_id))
    facts = [
        (RDF.type, SKOS.Concept),
        (SKOS.prefLabel, _words(name)),
        (SKOS.inScheme, URIRef(scheme_address(jurisdiction))),
        (OWL.deprecated, Literal(True)),
        (SKOS.changeNote, _words(because)),
    ]
    return serialise(((concept, *fact) for fact in facts), form)


# -- Writing triples --------------------------------------------------------------------------


def serialise(triples, form):
    """As bytes. Turtle and JSON-LD are ours: without blank nodes they are easy, and rdflib takes
    longer than the three seconds in which the whole dictionary must be out."""
    if form == "rdf":
        return graph_of(triples).serialize(format="xml").encode()
    write = {"ttl": _turtle, "jsonld": _json_ld}[form]
    return write(_by_subject(triples)).encode()


def graph_of(triples):
    graph = Graph(store="SimpleMemory", bind_namespaces="none")
    for prefix, address in _prefixes().items():
        graph.bind(prefix, address)
    for triple in triples:
        graph.add(triple)
    return graph


def _prefixes():
    known = {"skos": SKOS, "dcterms": DCTERMS, "foaf": FOAF, "owl": OWL, "rdf": RDF, "rdfs": RDFS}
    return {**known, "xsd": XSD, "cja": terms_address()}


def _by_subject(triples):
    """subject → predicate → its values, each once."""
    subjects = {}
    for subject, predicate, value in triples:
        subjects.setdefault(subject, {}).setdefault(predicate, {})[value] = None
    return subjects


def _turtle(subjects):
    names = graph_of([]).namespace_manager
    short = cache(lambda term: term.n3(names))
    lines = [f"@prefix {prefix}: <{address}> ." for prefix, address in _prefixes().items()]
    for subject, facts in subjects.items():
        told = (f"    {short(one)} {', '.join(map(short, facts[one]))}" for one in facts)
        lines += ["", short(subject), " ;\n".join(told) + " ."]
    return "\n".join([*lines, ""])


def _json_ld(subjects):
    short = cache(partial(_compact, _prefixes()))
    nodes = [
        {"@id": subject}
        | {short(one): [_json_value(value) for value in values] for one, values in facts.items()}
        for subject, facts in subjects.items()
    ]
    context = {prefix: str(address) for prefix, address in _prefixes().items()}
    return json.dumps({"@context": context, "@graph": nodes}, ensure_ascii=False)


def _compact(prefixes, address):
    for prefix, beginning in prefixes.items():
        if address.startswith(str(beginning)):
            return f"{prefix}:{address.removeprefix(str(beginning))}"
    return address


def _json_value(value):
    if isinstance(value, URIRef):
        return {"@id": value}
    if value.language:
        return {"@value": str(value), "@language": value.language}
    return {"@value": str(value)} | ({"@type": value.datatype} if value.datatype else {})


# -- What is said ---------------------------------------------------------------------------------


class SkosBook:
    """A book with the links that its relations make between meanings."""

    def __init__(self, book):
        self.book = book
        self.own = Namespace(terms_address())
        # The same places, days and topics are named thousands of times.
        self.uri = cache(URIRef)
        self.plain = cache(Literal)
        self.moment = cache(_moment)
        self.topic = cache(lambda topic: URIRef(absolute(topic.get_absolute_url())))
        self.note = cache(_words)

    def triples(self, sense_ids=None):
        """All meanings, or those named, with the schemes they stand in and the terms we made."""
        chosen = list(self.book.senses if sense_ids is None else sense_ids)
        places = {self.book.senses[sense_id][1].jurisdiction for sense_id in chosen}
        yield from self._frame(places if sense_ids is not None else set(Jurisdiction.values))
        for sense_id in chosen:
            yield from self._concept(*self.book.senses[sense_id])

    # -- What every document says ------------------------------------------------------------

    def _frame(self, places):
        for place in sorted(places):
            scheme = URIRef(scheme_address(place))
            yield scheme, RDF.type, SKOS.ConceptScheme
            yield scheme, DCTERMS.title, _words(f"{NAME}: {Jurisdiction(place).label}")
            yield scheme, DCTERMS.publisher, _words(MAKER)
            yield scheme, DCTERMS.rights, _words(RIGHTS)
            yield scheme, DCTERMS.modified, _moment(self.book.edition.changed_at)
        for name, (parent, meaning) in TERMS.items():
            yield self.own[name], RDF.type, RDF.Property
            yield self.own[name], RDFS.label, _words(meaning)
            if parent:
                yield self.own[name], RDFS.subPropertyOf, parent

    # -- One concept --------------------------------------------------------------------------

    def _concept(self, entry, sense):
        concept = self.uri(sense_address(sense.id))
        facts = [
            *self._identity(entry, sense),
            *self._names(entry, sense),
            *self._texts(sense),
            *self._dates(entry, sense),
            *self._sources(sense),
            *self._links(entry, sense),
        ]
        for predicate, value in facts:
            yield concept, predicate, value

    def _identity(self, entry, sense):
        scheme = self.uri(scheme_address(sense.jurisdiction))
        yield RDF.type, SKOS.Concept
        yield SKOS.inScheme, scheme
        yield SKOS.notation, Literal(str(sense.id))
        yield FOAF.page, self.uri(absolute(sense.get_absolute_url()))
        yield OWL.versionInfo, Literal(str(entry.version.number))
        if sense.id not in self.broader:
            yield SKOS.topConceptOf, scheme
        for topic in self.book.topics_of[entry.pk]:
            yield DCTERMS.subject, self.topic(topic)

    def _names(self, entry, sense):
        """No text stands under two kinds of label in one language (S13): the best kind wins."""
        yield SKOS.prefLabel, _words(sense.name)
        taken = {(sense.name, "en")}
        for label in sorted(
            names_of(entry, sense), key=lambda one: LabelKind.values.index(one.kind)
        ):
            if (label.text, label.language) not in taken:
                taken.add((label.text, label.language))
                yield _label_property(label), _words(label.text, label.language)
            if label.kind in NOTED:
                predicate, sentence = NOTED[label.kind]
                yield predicate, _words(f"{sentence.format(label.text)} {label.note}".strip())

    def _texts(self, sense):
        yield SKOS.definition, _words(sense.plain)
        yield self.own.legalDefinition, _words(sense.legal)
        if sense.means_for_you:
            yield self.own.meansForYou, _words(sense.means_for_you)
        yield self.own.isInForce, self.plain(sense.is_in_force)
        yield self.own.isUndefinedInStatute, self.plain(sense.no_statutory_definition)
        if not sense.is_in_force:
            yield SKOS.scopeNote, self.note("Not in force yet.")
        if not sense.checked_on:
            yield SKOS.editorialNote, self.note("A draft: not yet checked by a lawyer.")

    def _dates(self, entry, sense):
        yield DCTERMS.issued, self.moment(self.book.issued_at[entry.pk])
        yield DCTERMS.modified, self.moment(entry.version.published_at)
        yield self.own.lawAsOf, self.plain(sense.law_as_of)
        yield self.own.reviewDue, self.plain(sense.review_due)
        if sense.checked_on:
            yield self.own.checkedOn, self.plain(sense.checked_on)
        if sense.valid_from or sense.valid_to:
            yield DCTERMS.valid, Literal(_period(sense), datatype=DCTERMS.Period)

    def _sources(self, sense):
        for source in sense.sources:
            if _WEB_ADDRESS.fullmatch(source.url):
                yield DCTERMS.source, self.uri(source.url)
                yield DCTERMS.bibliographicCitation, _words(str(source))
            else:
                yield DCTERMS.source, _words(str(source))

    def _links(self, entry, sense):
        for other in entry.senses:
            if other.jurisdiction != sense.jurisdiction:
                yield _match(sense, other), self.uri(sense_address(other.id))
        for successor in self._successors(entry, sense):
            yield DCTERMS.isReplacedBy, self.uri(sense_address(successor.id))
        for relation in self.book.public_relations(entry):
            if relation.kind == RelationKind.SEE_INSTEAD:
                yield RDFS.seeAlso, self.uri(entry_address(relation.to))
            yield from self._related(relation, sense)
        for other in self.related.get(sense.id, ()):
            yield SKOS.related, self.uri(sense_address(other))

    def _successors(self, entry, sense):
        later = [one for one in self._in_place(entry, sense.jurisdiction) if _follows(one, sense)]
        slug = self.book.replaced_by(sense)
        if slug:
            later += self._counterparts(self.book.by_slug[slug], sense.jurisdiction)[:1]
        return {one.id: one for one in later}.values()

    def _related(self, relation, sense):
        """What one relation between entries says of one meaning."""
        to = self.book.by_slug[relation.to]
        if relation.kind == RelationKind.EQUIVALENT:
            yield from (
                (SKOS.closeMatch, self.uri(sense_address(one.id)))
                for one in to.senses
                if one.jurisdiction != sense.jurisdiction
            )
            return
        for other in self._counterparts(to, sense.jurisdiction):
            address = self.uri(sense_address(other.id))
            is_near = other.jurisdiction == sense.jurisdiction
            if relation.kind in OWN_RELATIONS:
                yield self.own[OWN_RELATIONS[relation.kind]], address
            elif relation.kind == RelationKind.BROADER:
                yield (SKOS.broader if is_near else SKOS.broadMatch), address
            elif relation.kind == RelationKind.RELATED and not is_near:
                yield SKOS.relatedMatch, address

    # -- Links within a scheme --------------------------------------------------------------

    @cached_property
    def broader(self):
        """The meanings directly above each meaning, in its own scheme."""
        return self._within_schemes(RelationKind.BROADER)

    @cached_property
    def related(self):
        """Without those of which one stands above the other: no two meanings are both (S27)."""
        links = self._within_schemes(RelationKind.RELATED)
        above = {sense_id: self._all_above(sense_id) for sense_id in {*links, *self.broader}}
        return {
            one: [
                other
                for other in others
                if other not in above.get(one, ()) and one not in above.get(other, ())
            ]
            for one, others in links.items()
        }

    def _all_above(self, sense_id):
        found, waiting = set(), list(self.broader.get(sense_id, ()))
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += self.broader.get(one, ())
        return found

    def _within_schemes(self, kind):
        links = {}
        for entry in self.book.entries:
            relations = [one for one in self.book.public_relations(entry) if one.kind == kind]
            for sense in entry.senses if relations else ():
                others = [
                    other.id
                    for relation in relations
                    for other in self._counterparts(
                        self.book.by_slug[relation.to], sense.jurisdiction
                    )
                    if other.jurisdiction == sense.jurisdiction
                ]
                if others:
                    links[sense.id] = others
        return links

    def _counterparts(self, entry, jurisdiction):
        """The newest meaning of `entry` in a place, else in the UK; for the UK, all of them."""
        own = self._in_place(entry, jurisdiction)[:1]
        if own:
            return own
        if jurisdiction == Jurisdiction.UK:
            places = dict.fromkeys(sense.jurisdiction for sense in entry.senses)
            return [self._in_place(entry, place)[0] for place in places]
        return self._in_place(entry, Jurisdiction.UK)[:1]

    def _in_place(self, entry, jurisdiction):
        return [sense for sense in entry.senses if sense.jurisdiction == jurisdiction]


def _words(text, language="en"):
    """A text of which every format can say every letter: XML has no control characters."""
    return Literal(_NO_XML.sub("\ufffd", text), lang=language)


def _moment(moment):
    return Literal(moment.isoformat(timespec="seconds"), datatype=XSD.dateTime)


def _period(sense):
    ends = {"start": sense.valid_from, "end": sense.valid_to}
    parts = [f"{name}={day.isoformat()}" for name, day in ends.items() if day]
    return "; ".join([*parts, "scheme=W3C-DTF"])


def _label_property(label):
    if label.kind == LabelKind.PREFERRED:
        return SKOS.prefLabel
    return SKOS.hiddenLabel if label.kind == LabelKind.MISSPELLING else SKOS.altLabel


def _match(one, other):
    """Exact only where two places share every word; else close, as law seldom agrees."""
    is_same = (one.plain, one.legal) == (other.plain, other.legal)
    return SKOS.exactMatch if is_same else SKOS.closeMatch


def _follows(later, sense):
    """Whether `later` holds from when `sense` has ended; two never hold at once in one place."""
    if sense.valid_to is None or later.id == sense.id:
        return False
    return later.valid_from is not None and later.valid_from > sense.valid_to
