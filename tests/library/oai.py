"""Asking by OAI-PMH, and reading what it answers."""

import re
from datetime import UTC, datetime

from lxml import etree

from library import oai
from tests.factories import (
    make_item,
    set_changed_at,
)

NAMES = {
    "oai": oai.OAI,
    "dc": "http://purl.org/dc/elements/1.1/",
    "mods": "http://www.loc.gov/mods/v3",
}
FAR_OFF = datetime(2999, 1, 1, tzinfo=UTC)
LIST = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"}


def checked(content):
    root = etree.fromstring(content)
    parts = [etree.QName(part).localname for part in root]
    assert parts[:2] == ["responseDate", "request"]
    assert len(parts) == 3
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", root[0].text)
    return root


def texts(root, path):
    return [element.text for element in root.iterfind(path, NAMES)]


def error_of(root):
    [error] = root.iterfind("oai:error", NAMES)
    return error.get("code")


def codes(root):
    return [name.rpartition(":")[2] for name in texts(root, ".//oai:header/oai:identifier")]


def name_of(item):
    return oai.identifier_of(item.code)


def make_at(moment, title="A report", **fields):
    item = make_item(title, **fields)
    set_changed_at(item, moment)
    return item
