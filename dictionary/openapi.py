"""The API's own description, an OpenAPI 3.1 document. A test holds every answer against it."""

from cja_portal.kit.site import absolute
from dictionary.embed import LONGEST_TEXT
from dictionary.exports.book import ADVICE, NAME, RIGHTS
from dictionary.models import (
    CaseRule,
    Jurisdiction,
    LabelKind,
    LinkPolicy,
    RelationKind,
    SourceKind,
)

TEXT, FLAG = {"type": "string"}, {"type": "boolean"}
ADDRESS = {"type": "string", "format": "uri"}
DAY, MOMENT = {"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}
NUMBER = {"type": "integer", "minimum": 1}
COUNT = {"type": "integer", "minimum": 0}
DAY_IF_ANY = {"type": ["string", "null"], "format": "date"}


def _list_of(schema):
    return {"type": "array", "items": schema}


def _one_of(choices):
    return {"type": "string", "enum": list(choices.values)}


def _ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def _object(description, **fields):
    """An object whose fields are all there, always, and no others."""
    return {
        "type": "object",
        "description": description,
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


STAMP = {"version": NUMBER, "published_at": MOMENT, "version_url": ADDRESS}
SCHEMAS = {
    "Problem": _object(
        "What is wrong, as problem details (RFC 9457).",
        type=TEXT,
        title=TEXT,
        status={"type": "integer"},
        detail=TEXT,
    ),
    "Label": _object(
        "A name, and how it is recognised in a text.",
        text=TEXT,
        kind=_one_of(LabelKind),
        language=TEXT,
        case_rule=_one_of(CaseRule),
        policy=_one_of(LinkPolicy),
        forms=_list_of(TEXT),
        not_before=_list_of(TEXT),
        not_after=_list_of(TEXT),
        said_as=TEXT,
        note=TEXT,
        applies_to={"type": "string", "enum": ["entry", "sense"]},
    ),
    "Source": _object(
        "What a meaning rests on.",
        kind=_one_of(SourceKind),
        title=TEXT,
        provision=TEXT,
        url=TEXT,
        dated=TEXT,
    ),
    "Relation": _object(
        "How an entry stands to another.",
        kind=_one_of(RelationKind),
        to=TEXT,
        note=TEXT,
        url=ADDRESS,
    ),
    "LanguageNote": _object(
        "What somebody holds about a contested word.",
        position=TEXT,
        held_by=TEXT,
        since=TEXT,
        link=TEXT,
    ),
    "Sense": _object(
        "One meaning in one jurisdiction, with a permanent number.",
        id=NUMBER,
        uri=ADDRESS,
        url=ADDRESS,
        entry=TEXT,
        headword=TEXT,
        name=TEXT,
        jurisdiction=_one_of(Jurisdiction),
        jurisdiction_name=TEXT,
        plain=TEXT,
        means_for_you=TEXT,
        legal=TEXT,
        no_statutory_definition=FLAG,
        is_in_force=FLAG,
        valid_from=DAY_IF_ANY,
        valid_to=DAY_IF_ANY,
        law_as_of=DAY,
        review_due=DAY,
        checked_on=DAY_IF_ANY,
        replaced_by=TEXT,
        sources=_list_of(_ref("Source")),
        labels=_list_of(_ref("Label")),
        **STAMP,
    ),
    "Entry": _object(
        "A headword with its meanings; law_as_of is the oldest of theirs.",
        id=NUMBER,
        slug=TEXT,
        headword=TEXT,
        url=ADDRESS,
        **STAMP,
        first_published_at=MOMENT,
        law_as_of=DAY,
        topics=_list_of(_object("", slug=TEXT, name=TEXT)),
        relations=_list_of(_ref("Relation")),
        language_notes=_list_of(_ref("LanguageNote")),
        senses=_list_of(_ref("Sense")),
    ),
    "Result": _object(
        "An entry that was found, and why.",
        headword=TEXT,
        slug=TEXT,
        url=ADDRESS,
        reason=TEXT,
        sense=NUMBER,
        name=TEXT,
        jurisdiction=_one_of(Jurisdiction),
        gist=TEXT,
        law_as_of=DAY,
        **STAMP,
    ),
    "Change": _object(
        "A new version, or a withdrawal, which has no version.",
        slug=TEXT,
        url=ADDRESS,
        at=MOMENT,
        kind={"type": "string", "enum": ["published", "withdrawn"]},
        headword=TEXT,
        note=TEXT,
        version={"type": ["integer", "null"]},
        version_url={"type": ["string", "null"], "format": "uri"},
        law_as_of=DAY_IF_ANY,
    ),
    "Found": _object(
        "`instead` is the word that was searched for in place of the query, if any.",
        query=TEXT,
        instead=TEXT,
        count={"type": "integer"},
        results=_list_of(_ref("Result")),
        next={"type": ["string", "null"], "format": "uri"},
    ),
    "Suggestions": _object("", query=TEXT, results=_list_of(_ref("Result"))),
    "Entries": _object(
        "",
        results=_list_of(_ref("Entry")),
        next={"type": ["string", "null"], "format": "uri"},
    ),
    "Changes": _object(
        "",
        results=_list_of(_ref("Change")),
        next={"type": ["string", "null"], "format": "uri"},
    ),
    "Dump": _object(
        "The whole dictionary.",
        name=TEXT,
        publisher=TEXT,
        rights=TEXT,
        advice=TEXT,
        url=ADDRESS,
        stamp=TEXT,
        changed_at=MOMENT,
        entries=_list_of(_ref("Entry")),
    ),
    "MeaningInText": _object(
        "What a word means where it stands.",
        id=NUMBER,
        headword=TEXT,
        path={"type": "string", "format": "uri-reference"},
        jurisdiction=_one_of(Jurisdiction),
        place=TEXT,
        plain=TEXT,
        warning=TEXT,
        is_checked=FLAG,
        status=TEXT,
        law_as_of=TEXT,
    ),
    "WordInText": _object(
        "Where a word stands, counted in characters of the text as it was sent.",
        start=COUNT,
        end=COUNT,
        text=TEXT,
        senses=_list_of(_ref("MeaningInText")),
    ),
    "WordsInText": _object("In the order of the text.", words=_list_of(_ref("WordInText"))),
    "Text": {
        "type": "object",
        "properties": {
            "text": {"type": "string", "maxLength": LONGEST_TEXT},
            "jurisdiction": {"type": "string", "enum": ["", *Jurisdiction.values]},
        },
        "required": ["text"],
    },
    "Index": _object(
        "Where everything is.",
        name=TEXT,
        publisher=TEXT,
        rights=TEXT,
        advice=TEXT,
        documentation=ADDRESS,
        links={"type": "object", "additionalProperties": ADDRESS},
    ),
}


def _asked(name, description, schema, *, place="query", is_required=False):
    return {
        "name": name,
        "in": place,
        "description": description,
        "required": is_required or place == "path",
        "schema": schema,
    }


Q = _asked("q", "A word, or how it sounds.", TEXT, is_required=True)
JURISDICTION = _asked("jurisdiction", "Where the meaning must hold.", _one_of(Jurisdiction))
CURSOR = _asked("cursor", "From the `next` of the answer before.", TEXT)
LIMIT = _asked(
    "limit", "How many at once.", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}
)
TOPIC = _asked("topic", "The slug of a theme of the portal.", TEXT)
SINCE = _asked("since", "A day or a moment; what is later is told.", TEXT)
SLUG = _asked("slug", "The last part of the entry's address.", TEXT, place="path")
PK = _asked("id", "The permanent number of the meaning.", NUMBER, place="path")

# Path, the name of its answer, what it does, what may be asked, the refusals beside 400.
PATHS = [
    ("/", "Index", "Say where everything is.", [], []),
    ("/search", "Found", "Find entries, best first.", [Q, JURISDICTION, LIMIT, CURSOR], []),
    ("/suggest", "Suggestions", "Suggest entries while somebody types.", [Q, JURISDICTION], []),
    ("/entries", "Entries", "List all entries.", [JURISDICTION, TOPIC, LIMIT, CURSOR], []),
    ("/entries/{slug}", "Entry", "Read an entry.", [SLUG], [404, 410]),
    ("/senses/{id}", "Sense", "Read one meaning.", [PK], [404, 410]),
    ("/changes", "Changes", "List what changed, the oldest first.", [SINCE, LIMIT, CURSOR], []),
    ("/dump", "Dump", "Read everything at once.", [], []),
]
PROBLEM = "application/problem+json"
REFUSALS = {
    400: "The question cannot be understood; `detail` says why.",
    404: "There is no such thing.",
    405: "Only POST asks something here; `detail` says so.",
    410: "It was withdrawn; `detail` says why.",
    413: "The text is too long.",
}


def document():
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{NAME}: API",
            "version": "1.0.0",
            "summary": "Words of the justice system in plain English, nation by nation.",
            "description": f"{ADVICE} {RIGHTS} Every answer has an ETag: send it back in "
            "If-None-Match and an unchanged answer is 304 without a body.",
        },
        "servers": [{"url": absolute("/api/dictionary/v1")}],
        "paths": {
            **{path: {"get": _operation(path, *rest)} for path, *rest in PATHS},
            "/words": {"post": _words_operation()},
        },
        "components": {"schemas": SCHEMAS},
    }


def _operation(path, answer, summary, parameters, refusals):
    name = path.strip("/").replace("/{slug}", "-one").replace("/{id}", "-one") or "index"
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": _response("The answer.", answer),
            "304": {"description": "Unchanged since the ETag or the moment you named."},
            **{
                str(code): _response(REFUSALS[code], "Problem", PROBLEM)
                for code in [400, *refusals]
            },
        },
    }


def _words_operation():
    return {
        "operationId": "words",
        "summary": "Find the words of the dictionary in a text. The text is not kept.",
        "description": "For build steps and servers: no page of another origin may ask.",
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _ref("Text")}},
        },
        "responses": {
            "200": _response("The answer.", "WordsInText"),
            **{
                str(code): _response(REFUSALS[code], "Problem", PROBLEM) for code in [400, 405, 413]
            },
        },
    }


def _response(description, schema, media_type="application/json"):
    return {"description": description, "content": {media_type: {"schema": _ref(schema)}}}
