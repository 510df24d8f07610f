"""OAI-PMH 2.0: the library for harvesters, by what library.harvest tells.

Tokens hold all that the next page needs, signed, so that nothing is kept between two requests and
the same token always leads on from the same place.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from lxml import etree

from cja_portal.kit.site import absolute, host_name
from library import descriptions, harvest
from library.citations import work_of
from library.codes import read_code
from library.descriptions import XSI, add
from library.harvest import Place, Range

OAI = "http://www.openarchives.org/OAI/2.0/"
SCHEMA = "http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"
IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"
IDENTIFIER_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai-identifier.xsd"
CONTENT_TYPE = "text/xml; charset=utf-8"
RECORDS_AT_ONCE, HEADERS_AT_ONCE = 100, 500
FORMATS = {
    "oai_dc": (descriptions.dublin_core, descriptions.OAI_DC, descriptions.OAI_DC_SCHEMA),
    "mods": (descriptions.mods, descriptions.MODS, descriptions.MODS_SCHEMA),
}
SIGNER = Signer(salt="library.oai")

_NAME = r"[\w.!~*'()-]+"
_ARGUMENT = {
    "identifier": re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x1f\x7f]+"),
    "metadataPrefix": re.compile(_NAME, re.ASCII),
    "set": re.compile(rf"{_NAME}(:{_NAME})*", re.ASCII),
    "resumptionToken": re.compile(r"[\w:.=-]+", re.ASCII),
    "from": re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", re.ASCII),
    "until": re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", re.ASCII),
}


class ProtocolError(Exception):
    """An error that the protocol knows; `hides` if the answer must not repeat the arguments."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code
        self.hides = code in {"badVerb", "badArgument"}


@dataclass(frozen=True)
class Verb:
    answer: object
    required: set = field(default_factory=set)
    optional: set = field(default_factory=set)
    is_list: bool = False


def repository():
    """The name of this site in identifiers, which must look like that of a host."""
    host = host_name()
    is_name = re.fullmatch(r"[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+", host)
    return host if is_name else "library.localhost"


def identifier_of(code):
    return f"oai:{repository()}:{code}"


def in_seconds(moment):
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


# -- A request and its answer ---------------------------------------------------------------------


def answer(data):
    """The XML that answers the arguments in a QueryDict; errors are answers too."""
    until = harvest.settled_until()
    root = etree.Element(f"{{{OAI}}}OAI-PMH", nsmap={None: OAI, "xsi": XSI})
    root.set(f"{{{XSI}}}schemaLocation", f"{OAI} {SCHEMA}")
    add(root, OAI, "responseDate", in_seconds(until))
    request = add(root, OAI, "request", absolute(reverse("library:oai")))
    arguments = {}
    try:
        name, verb = _verb(data)
        arguments = {"verb": name} | _arguments(data, verb)
        part = etree.Element(f"{{{OAI}}}{name}")
        verb.answer(part, arguments, until)
        root.append(part)
    except ProtocolError as error:
        add(root, OAI, "error", str(error), code=error.code)
        arguments = {} if error.hides else arguments
    request.attrib.update(arguments)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _verb(data):
    names = data.getlist("verb")
    if len(names) != 1 or names[0] not in VERBS:
        raise ProtocolError("badVerb", "Say one verb that OAI-PMH 2.0 knows.")
    return names[0], VERBS[names[0]]


def _arguments(data, verb):
    """The arguments, each once and well formed; a resumption token stands alone."""
    names = set(data) - {"verb"}
    if any(len(data.getlist(name)) > 1 for name in names):
        raise ProtocolError("badArgument", "An argument is given more than once.")
    required, optional = verb.required, verb.optional
    if verb.is_list and "resumptionToken" in names:
        required, optional = {"resumptionToken"}, set()
    if names - required - optional:
        raise ProtocolError("badArgument", "This verb does not take one of the arguments.")
    if required - names:
        raise ProtocolError("badArgument", f"Missing: {', '.join(sorted(required - names))}.")
    for name in names:
        if not _ARGUMENT[name].fullmatch(data[name]):
            code = "badResumptionToken" if name == "resumptionToken" else "badArgument"
            raise ProtocolError(code, f"The value of {name} is not of its form.")
    return {name: data[name] for name in sorted(names)}


# -- About the library ----------------------------------------------------------------------------


def _identify(part, arguments, until):
    add(part, OAI, "repositoryName", "Criminal Justice Alliance library")
    add(part, OAI, "baseURL", absolute(reverse("library:oai")))
    add(part, OAI, "protocolVersion", "2.0")
    add(part, OAI, "adminEmail", settings.CONTACT_EMAIL)
    add(part, OAI, "earliestDatestamp", in_seconds(min(harvest.earliest(), until)))
    add(part, OAI, "deletedRecord", "persistent")
    add(part, OAI, "granularity", "YYYY-MM-DDThh:mm:ssZ")
    scheme = etree.SubElement(
        add(part, OAI, "description"), f"{{{IDENTIFIER}}}oai-identifier", nsmap={None: IDENTIFIER}
    )
    scheme.set(f"{{{XSI}}}schemaLocation", f"{IDENTIFIER} {IDENTIFIER_SCHEMA}")
    add(scheme, IDENTIFIER, "scheme", "oai")
    add(scheme, IDENTIFIER, "repositoryIdentifier", repository())
    add(scheme, IDENTIFIER, "delimiter", ":")
    add(scheme, IDENTIFIER, "sampleIdentifier", identifier_of("000000"))


def _list_formats(part, arguments, until):
    if "identifier" in arguments and not _heading(arguments).item:
        raise ProtocolError("noMetadataFormats", "The item is no longer public.")
    for prefix, (_, namespace, schema) in FORMATS.items():
        element = add(part, OAI, "metadataFormat")
        add(element, OAI, "metadataPrefix", prefix)
        add(element, OAI, "schema", schema)
        add(element, OAI, "metadataNamespace", namespace)


def _list_sets(part, arguments, until):
    after = _read_token(arguments, "ListSets")["after"] if arguments.get("resumptionToken") else ""
    sets = harvest.all_sets(after)
    for name, words in sets:
        element = add(part, OAI, "set")
        add(element, OAI, "setSpec", name)
        add(element, OAI, "setName", words)
    organisations = [name.partition(":")[2] for name, _ in sets if name.startswith("org:")]
    if len(organisations) == harvest.ORGANISATIONS_AT_ONCE:
        add(part, OAI, "resumptionToken", _token({"verb": "ListSets", "after": organisations[-1]}))
    elif after:
        add(part, OAI, "resumptionToken")


# -- Records --------------------------------------------------------------------------------------


def _get_record(part, arguments, until):
    write = _format(arguments["metadataPrefix"])
    _write_record(part, _heading(arguments), write)


def _heading(arguments):
    """Of the item with an identifier; what the public never saw is as if it were not there."""
    start = identifier_of("")
    name = arguments["identifier"]
    code = read_code(name.removeprefix(start)) if name.startswith(start) else ""
    heading = harvest.heading_of(code) if code else None
    if heading is None or identifier_of(heading.code) != name:
        raise ProtocolError("idDoesNotExist", "The library has no item with this identifier.")
    return heading


def _format(prefix):
    if prefix not in FORMATS:
        raise ProtocolError("cannotDisseminateFormat", f"It offers {' and '.join(FORMATS)}.")
    return FORMATS[prefix][0]


def _list_records(part, arguments, until):
    listing = _listing(arguments, until)
    write = _format(listing.prefix)
    for heading in _page(part, listing, until, RECORDS_AT_ONCE, for_records=True):
        _write_record(part, heading, write)
    _write_token(part, listing)


def _list_identifiers(part, arguments, until):
    listing = _listing(arguments, until)
    _format(listing.prefix)
    for heading in _page(part, listing, until, HEADERS_AT_ONCE, for_records=False):
        _write_header(part, heading)
    _write_token(part, listing)


def _write_record(part, heading, write):
    record = add(part, OAI, "record")
    _write_header(record, heading)
    if heading.item:
        add(record, OAI, "metadata").append(write(work_of(heading.item)))


def _write_header(part, heading):
    header = add(part, OAI, "header", **({} if heading.item else {"status": "deleted"}))
    add(header, OAI, "identifier", identifier_of(heading.code))
    add(header, OAI, "datestamp", in_seconds(heading.place.stamp))
    for name in heading.sets:
        add(header, OAI, "setSpec", name)


# -- Long lists -----------------------------------------------------------------------------------


@dataclass
class Listing:
    """What a list request asks for, and how far it has come."""

    verb: str
    prefix: str
    wanted_set: str = ""
    since: str = ""
    until: str = ""
    after: Place | None = None
    cursor: int = 0
    size: int | None = None
    count_here: int = 0
    next_place: Place | None = None

    @property
    def range(self):
        since = _moment(self.since) if self.since else None
        return Range(self.wanted_set, since, _end_of(self.until) if self.until else None)


def _listing(arguments, until):
    if "resumptionToken" not in arguments:
        return _new_listing(arguments)
    known = _read_token(arguments, arguments["verb"])
    stamp, item_id = known.pop("after")
    return Listing(**known, after=Place(datetime.fromisoformat(stamp), item_id))


def _new_listing(arguments):
    since, until = arguments.get("from", ""), arguments.get("until", "")
    if since and until and len(since) != len(until):
        raise ProtocolError("badArgument", "Give from and until with the same granularity.")
    if since and until and _moment(since) > _moment(until):
        raise ProtocolError("badArgument", "The time in from is later than that in until.")
    _ = [_moment(one) for one in (since, until) if one]
    prefix, wanted = arguments["metadataPrefix"], arguments.get("set", "")
    return Listing(arguments["verb"], prefix, wanted, since, until)


def _moment(text):
    form = "%Y-%m-%d" if len(text) == 10 else "%Y-%m-%dT%H:%M:%SZ"
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        raise ProtocolError("badArgument", "There is no such day or time.") from None


def _end_of(text):
    """The first moment after the day or the second that `until` names."""
    step = timedelta(days=1) if len(text) == 10 else timedelta(seconds=1)
    try:
        return _moment(text) + step
    except OverflowError:
        return None


def _page(part, listing, until, most, *, for_records):
    """The headings of one page; notes in the listing how to go on."""
    found = harvest.headings(
        listing.range, after=listing.after, until=until, most=most + 1, for_records=for_records
    )
    if not found and listing.after is None:
        raise ProtocolError("noRecordsMatch", "Nothing in the library answers this request.")
    page = found[:most]
    if len(found) > most:
        listing.next_place = page[-1].place
        if listing.size is None:
            listing.size = harvest.count(listing.range, until=until)
    listing.count_here = len(page)
    return page


def _write_token(part, listing):
    """The last page of a list in pieces has an empty token, a list in one piece has none."""
    if listing.next_place is None and listing.after is None:
        return
    token = add(part, OAI, "resumptionToken", _next_token(listing), cursor=str(listing.cursor))
    if listing.size is not None:
        # What changes meanwhile is listed once more, at the end.
        size = max(listing.size, listing.cursor + listing.count_here)
        token.set("completeListSize", str(size))


def _next_token(listing):
    place = listing.next_place
    if place is None:
        return ""
    names = ("verb", "prefix", "wanted_set", "since", "until", "size")
    return _token(
        {name: getattr(listing, name) for name in names}
        | {
            "cursor": listing.cursor + listing.count_here,
            "after": [place.stamp.isoformat(), place.item_id],
        }
    )


def _token(known):
    return SIGNER.sign_object(known)


def _read_token(arguments, verb):
    try:
        known = SIGNER.unsign_object(arguments["resumptionToken"])
    except BadSignature:
        known = {}
    if known.get("verb") != verb:
        raise ProtocolError("badResumptionToken", "This token was not made for this request.")
    return {name: value for name, value in known.items() if verb != "ListSets" or name == "after"}


LIST = {"required": {"metadataPrefix"}, "optional": {"from", "until", "set"}, "is_list": True}
VERBS = {
    "Identify": Verb(_identify),
    "ListMetadataFormats": Verb(_list_formats, optional={"identifier"}),
    "ListSets": Verb(_list_sets, is_list=True),
    "GetRecord": Verb(_get_record, required={"identifier", "metadataPrefix"}),
    "ListIdentifiers": Verb(_list_identifiers, **LIST),
    "ListRecords": Verb(_list_records, **LIST),
}
