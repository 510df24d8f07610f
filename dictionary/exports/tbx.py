"""TBX-Basic, version 3 (ISO 30042:2019), with data categories as attributes (DCA).

For translators' programs: each meaning is a concept entry, each name a term with its status. Only
the categories of the Basic dialect are used, so what the law says stands as a note: the definition
is the one in plain words.
"""

import re

from lxml.builder import ElementMaker
from lxml.etree import ProcessingInstruction, tostring

from dictionary.exports.book import ADVICE, MAKER, NAME, RIGHTS, names_of, sense_address
from dictionary.models import LabelKind

MEDIA_TYPE = "application/x-tbx+xml"
NAMESPACE = "urn:iso:std:iso:30042:ed-2"
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
STATUS = {
    LabelKind.PREFERRED: "preferredTerm-admn-sts",
    LabelKind.FORMER: "supersededTerm-admn-sts",
    LabelKind.AVOIDED: "deprecatedTerm-admn-sts",
}
ADMITTED = "admittedTerm-admn-sts"
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WEB_ADDRESS = re.compile(r"https?://\S+")
make = ElementMaker(namespace=NAMESPACE, nsmap={None: NAMESPACE})


def whole(book):
    """The dictionary as bytes of XML."""
    root = make.tbx(
        _header(),
        make.text(make.body(*(_concept(book, *pair) for pair in book.senses.values()))),
        {"type": "TBX-Basic", "style": "dca", XML_LANGUAGE: "en"},
    )
    root.addprevious(_model("TBX_Core_RNG/master/TBXcoreStructV03.rng", "ns/structure/1.0"))
    return tostring(root.getroottree(), encoding="utf-8", xml_declaration=True, pretty_print=True)


def _model(path, kind):
    """Where a program finds the standard's own rules."""
    address = f"https://raw.githubusercontent.com/LTAC-Global/{path}"
    schema = f"http://relaxng.org/{kind}"
    return ProcessingInstruction(
        "xml-model", f'href="{address}" type="application/xml" schematypens="{schema}"'
    )


def _header():
    """Without a `publicationStmt`: the standard and its schema disagree on where that stands."""
    return make.tbxHeader(
        make.fileDesc(
            make.titleStmt(make.title(NAME)),
            make.sourceDesc(
                make.p(f"{MAKER}. {RIGHTS}"), make.p(f"Each meaning names its source. {ADVICE}")
            ),
        )
    )


def _concept(book, entry, sense):
    topics = book.topics_of[entry.pk]
    return make.conceptEntry(
        {"id": _identifier(sense.id)},
        *(_typed("descrip", "subjectField", topic.name) for topic in topics),
        *_changes(entry),
        *(make.note(_clean(note)) for note in _notes(sense)),
        *_references(book, entry, sense),
        _typed("xref", "externalCrossReference", sense.name, target=sense_address(sense.id)),
        *_languages(entry, sense),
    )


def _changes(entry):
    yield make.transacGrp(
        _typed("transac", "transactionType", "modification"),
        make.date(entry.version.published_at.date().isoformat()),
    )


def _notes(sense):
    yield f"In law: {sense.legal}"
    if sense.means_for_you:
        yield f"What this means for you: {sense.means_for_you}"
    yield f"Law as of {sense.law_as_of}. Next review {sense.review_due}."
    if not sense.is_in_force:
        yield "Not in force yet."
    if sense.valid_to:
        yield f"No longer used: ended on {sense.valid_to}."
    if not sense.checked_on:
        yield "A draft: not yet checked by a lawyer."


def _references(book, entry, sense):
    """To the meanings of the same place that its entry names."""
    for slug in dict.fromkeys(one.to for one in book.public_relations(entry)):
        for other in book.by_slug[slug].senses:
            if other.jurisdiction == sense.jurisdiction:
                yield _typed("ref", "crossReference", other.name, target=_identifier(other.id))


def _languages(entry, sense):
    """English first, as only English has a definition so far."""
    terms = {"en": [_preferred(sense)]}
    for label in names_of(entry, sense):
        is_told = (label.text, label.language) == (sense.name, "en")
        if label.kind != LabelKind.MISSPELLING and not is_told:
            terms.setdefault(label.language, []).append(_term(label, sense))
    for language, sections in terms.items():
        definition = [_definition(sense)] if language == "en" else []
        yield make.langSec({XML_LANGUAGE: language}, *definition, *sections)


def _definition(sense):
    return make.descripGrp(
        _typed("descrip", "definition", sense.plain),
        *(_typed("admin", "source", _citation(source)) for source in sense.sources),
    )


def _citation(source):
    return f"{source}, {source.url}" if _WEB_ADDRESS.fullmatch(source.url) else str(source)


def _preferred(sense):
    return make.termSec(
        make.term(_clean(sense.name)),
        _typed("termNote", "administrativeStatus", STATUS[LabelKind.PREFERRED]),
        _typed("termNote", "geographicalUsage", sense.place),
    )


def _term(label, sense):
    notes = [_typed("termNote", "administrativeStatus", STATUS.get(label.kind, ADMITTED))]
    if label.kind == LabelKind.ACRONYM:
        notes.append(_typed("termNote", "termType", "acronym"))
    notes.append(_typed("termNote", "geographicalUsage", sense.place))
    if label.note:
        notes.append(make.note(_clean(label.note)))
    return make.termSec(make.term(_clean(label.text)), *notes)


def _typed(tag, kind, text, **attributes):
    return make(tag, _clean(text), {"type": kind, **attributes})


def _identifier(sense_id):
    return f"s{sense_id}"


def _clean(text):
    """XML has no control characters; what stood there stays visible as a replacement mark."""
    return _NO_XML.sub("\ufffd", text)
