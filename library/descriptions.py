"""An item described in XML: Dublin Core and MODS for harvesters, Zotero's own RDF for Zotero.

Each says only what everyone may read: of files, those that are open to all.
"""

import re

from lxml import etree

from library.citations import address_of
from library.models import Kind, Licence
from library.snippets import plain_text

DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
MODS = "http://www.loc.gov/mods/v3"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
BIB = "http://purl.org/net/biblio#"
FOAF = "http://xmlns.com/foaf/0.1/"
LINK = "http://purl.org/rss/1.0/modules/link/"
PRISM = "http://prismstandard.org/namespaces/1.2/basic/"
ZOTERO = "http://www.zotero.org/namespaces/export#"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
OAI_DC_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
MODS_SCHEMA = "http://www.loc.gov/standards/mods/v3/mods-3-6.xsd"

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# What the vocabulary of the Confederation of Open Access Repositories calls our kinds.
TYPES = {
    Kind.JOURNAL_ARTICLE: "journal article",
    Kind.POLICY_PAPER: "policy report",
    Kind.RESEARCH: "research report",
    Kind.EVALUATION: "research report",
    Kind.PODCAST: "sound",
}


def xml_text(text):
    """`text` on one line, without what XML 1.0 cannot hold."""
    return " ".join(_NOT_IN_XML.sub(" ", text).split())


def add(parent, namespace, name, text="", **attributes):
    """A new element below `parent`."""
    element = etree.SubElement(parent, f"{{{namespace}}}{name}", attributes)
    element.text = xml_text(text) or None
    return element


def _add_all(parent, namespace, pairs):
    for name, text in pairs:
        if text:
            add(parent, namespace, name, text)


def _root(namespace, name, schema, namespaces):
    place = {f"{{{XSI}}}schemaLocation": f"{namespace} {schema}"}
    return etree.Element(f"{{{namespace}}}{name}", place, nsmap={**namespaces, "xsi": XSI})


def _rights(item):
    is_known = item.licence != Licence.NOT_STATED
    return [item.get_licence_display(), item.licence_address] if is_known else []


# -- Dublin Core ----------------------------------------------------------------------------------


def dublin_core(work):
    item = work.item
    root = _root(OAI_DC, "dc", OAI_DC_SCHEMA, {"oai_dc": OAI_DC, "dc": DC})
    identifiers = [work.address, *map(address_of, work.files)]
    media_types = dict.fromkeys(file.content_type for file in work.files)
    role = "contributor" if work.are_editors else "creator"
    pairs = [
        ("title", item.full_title),
        *((role, name.inverted) for name in work.authors),
        *(("subject", theme.name) for theme in item.themes.all()),
        ("description", plain_text(item.summary)),
        *(("publisher", name) for name in work.publishers),
        ("date", item.partial_date),
        *(("type", name) for name in [TYPES.get(item.kind, "report"), item.get_kind_display()]),
        *(("format", media_type) for media_type in media_types),
        *(("identifier", address) for address in identifiers),
        ("identifier", f"https://doi.org/{item.doi}" if item.doi else ""),
        ("identifier", f"urn:isbn:{item.isbn}" if item.isbn else ""),
        ("source", work.report_number),
        ("language", item.language),
        ("relation", item.link),
        *(("coverage", area.name) for area in item.nations.all()),
        *(("rights", text) for text in _rights(item)),
    ]
    _add_all(root, DC, pairs)
    return root


# -- MODS -----------------------------------------------------------------------------------------


def mods(work):
    item = work.item
    root = _root(MODS, "mods", MODS_SCHEMA, {None: MODS})
    root.set("version", "3.6")
    title = add(root, MODS, "titleInfo")
    _add_all(title, MODS, [("title", item.title), ("subTitle", item.subtitle)])
    for name in work.authors:
        _mods_name(root, name, "editor" if work.are_editors else "author")
    is_heard = item.kind == Kind.PODCAST
    add(root, MODS, "typeOfResource", "sound recording-nonmusical" if is_heard else "text")
    add(root, MODS, "genre", "article" if work.is_article else "report", authority="marcgt")
    add(root, MODS, "genre", item.get_kind_display(), authority="local")
    _mods_origin(root, work)
    language = add(root, MODS, "language")
    add(language, MODS, "languageTerm", item.language, type="code", authority="rfc5646")
    _add_all(root, MODS, [("abstract", plain_text(item.summary))])
    _mods_subjects(root, item)
    _mods_part_of(root, work)
    _mods_identifiers(root, work)
    _mods_locations(root, work)
    for text in filter(None, _rights(item)):
        add(root, MODS, "accessCondition", text, type="use and reproduction")
    return root


def _mods_name(root, name, role):
    element = add(root, MODS, "name", type="personal" if name.is_person else "corporate")
    if name.given:
        add(element, MODS, "namePart", name.family, type="family")
        add(element, MODS, "namePart", name.given, type="given")
    else:
        add(element, MODS, "namePart", name.family)
    term = add(element, MODS, "role")
    add(term, MODS, "roleTerm", role, type="text", authority="marcrelator")


def _mods_origin(root, work):
    if not (work.publishers or work.item.published_on):
        return
    origin = add(root, MODS, "originInfo")
    _add_all(origin, MODS, [("publisher", name) for name in work.publishers])
    if work.item.published_on:
        add(origin, MODS, "dateIssued", work.item.partial_date, encoding="w3cdtf", keyDate="yes")


def _mods_subjects(root, item):
    for theme in item.themes.all():
        add(add(root, MODS, "subject"), MODS, "topic", theme.name)
    for area in item.nations.all():
        add(add(root, MODS, "subject"), MODS, "geographic", area.name)


def _mods_part_of(root, work):
    item = work.item
    if not item.series:
        return
    whole = add(root, MODS, "relatedItem", type="host" if work.is_article else "series")
    _add_all(add(whole, MODS, "titleInfo"), MODS, [("title", item.series)])
    numbers = [*zip(["volume", "issue"], work.volume_and_issue, strict=True)]
    numbers = numbers if work.is_article else [("number", item.number)]
    for kind, number in numbers:
        if number:
            detail = add(add(whole, MODS, "part"), MODS, "detail", type=kind)
            add(detail, MODS, "number", number)


def _mods_identifiers(root, work):
    item = work.item
    kinds = {"uri": work.address, "doi": item.doi, "isbn": item.isbn}
    if not work.is_article:
        kinds["report number"] = work.report_number
    for kind, text in kinds.items():
        if text:
            add(root, MODS, "identifier", text, type=kind)


def _mods_locations(root, work):
    location = add(root, MODS, "location")
    add(location, MODS, "url", work.address, usage="primary display", access="object in context")
    for file in work.files:
        add(location, MODS, "url", address_of(file), access="raw object", displayLabel=str(file))


# -- Zotero's RDF ---------------------------------------------------------------------------------


def zotero_rdf(work):
    """As Zotero itself writes it: the one form that keeps organisations whole in every case."""
    names = {"rdf": RDF, "z": ZOTERO, "bib": BIB, "foaf": FOAF, "link": LINK}
    root = etree.Element(
        f"{{{RDF}}}RDF", nsmap={**names, "dc": DC, "dcterms": DCTERMS, "prism": PRISM}
    )
    about = {f"{{{RDF}}}about": work.address}
    item = add(root, BIB, "Article" if work.is_article else "Report", **about)
    add(item, ZOTERO, "itemType", "journalArticle" if work.is_article else "report")
    _zotero_part_of(item, work)
    if work.publishers:
        publisher = add(add(item, DC, "publisher"), FOAF, "Organization")
        add(publisher, FOAF, "name", " and ".join(work.publishers))
    _zotero_names(item, work)
    _zotero_fields(item, work)
    for file in work.files:
        _zotero_file(root, item, file)
    return root


def _zotero_part_of(item, work):
    if not work.is_article:
        _add_all(item, PRISM, [("number", work.report_number)])
        return
    journal = add(add(item, DCTERMS, "isPartOf"), BIB, "Journal")
    volume, issue = work.volume_and_issue
    _add_all(journal, PRISM, [("volume", volume), ("number", issue)])
    _add_all(journal, DC, [("title", work.item.series)])


def _zotero_names(item, work):
    if not work.authors:
        return
    people = add(add(item, BIB, "editors" if work.are_editors else "authors"), RDF, "Seq")
    for name in work.authors:
        person = add(add(people, RDF, "li"), FOAF, "Person")
        _add_all(person, FOAF, [("surname", name.family), ("givenName", name.given)])


def _zotero_fields(element, work):
    item = work.item
    _add_all(element, DC, [("subject", theme.name) for theme in item.themes.all()])
    texts = [
        ("title", item.full_title),
        ("date", item.partial_date),
        ("identifier", f"ISBN {item.isbn}" if item.isbn else ""),
        ("identifier", f"DOI {item.doi}" if item.doi else ""),
        ("rights", " ".join(filter(None, _rights(item)))),
    ]
    _add_all(element, DC, texts)
    address = add(add(element, DC, "identifier"), DCTERMS, "URI")
    add(address, RDF, "value", work.address)
    _add_all(element, DCTERMS, [("abstract", plain_text(item.summary))])
    _add_all(element, ZOTERO, [("language", item.language)])


def _zotero_file(root, item, file):
    address = address_of(file)
    add(item, LINK, "link", **{f"{{{RDF}}}resource": f"#{file.name}"})
    attachment = add(root, ZOTERO, "Attachment", **{f"{{{RDF}}}about": f"#{file.name}"})
    add(attachment, ZOTERO, "itemType", "attachment")
    add(add(add(attachment, DC, "identifier"), DCTERMS, "URI"), RDF, "value", address)
    _add_all(attachment, DC, [("title", str(file))])
    _add_all(attachment, LINK, [("type", file.content_type)])
