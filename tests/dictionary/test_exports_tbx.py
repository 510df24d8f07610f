"""TBX-Basic for translators' programs.

The standard's own schema states no licence, so it is not kept here: these checks were written by
hand after ISO 30042:2019 and the Basic dialect. They know only what we write, and refuse all else.
Whoever has `TBXcoreStructV03.rng` of github.com/LTAC-Global/TBX_Core_RNG names it in the variable
TBX_SCHEMA, and it is asked as well. The rules of the dialect are in XSLT 2, which lxml cannot run.
"""

import os
import re

import pytest
from lxml import etree

from dictionary.exports import tbx
from dictionary.exports.book import current_book
from dictionary.models import LabelKind
from tests.factories import make_entry, make_label, make_relation, make_sense, make_theme

pytestmark = pytest.mark.django_db

INSIDE = {
    "tbx": ["tbxHeader", "text"],
    "tbxHeader": ["fileDesc"],
    "fileDesc": ["titleStmt", "sourceDesc"],
    "titleStmt": ["title"],
    "sourceDesc": ["p", "p"],
    "text": ["body"],
    "body": ["conceptEntry*"],
    "conceptEntry": ["(descrip|transacGrp|note|ref|xref)*", "langSec", "langSec*"],
    "langSec": ["descripGrp?", "termSec", "termSec*"],
    "descripGrp": ["descrip", "admin*"],
    "transacGrp": ["transac", "date"],
    "termSec": ["term", "termNote*", "note*"],
}
# Where each category of the Basic dialect may stand, and its values where they are few.
CATEGORIES = {
    ("descrip", "subjectField"): ({"conceptEntry"}, None),
    ("descrip", "definition"): ({"descripGrp"}, None),
    ("admin", "source"): ({"descripGrp"}, None),
    ("transac", "transactionType"): ({"transacGrp"}, {"origination", "modification"}),
    ("ref", "crossReference"): ({"conceptEntry"}, None),
    ("xref", "externalCrossReference"): ({"conceptEntry"}, None),
    ("termNote", "geographicalUsage"): ({"termSec"}, None),
    ("termNote", "termType"): (
        {"termSec"},
        {"fullForm", "acronym", "abbreviation", "shortForm", "variant", "phrase"},
    ),
    ("termNote", "administrativeStatus"): (
        {"termSec"},
        {
            f"{status}Term-admn-sts"
            for status in ("preferred", "admitted", "deprecated", "superseded")
        },
    ),
}
ATTRIBUTES = {
    "tbx": {"type", "style", tbx.XML_LANGUAGE},
    "conceptEntry": {"id"},
    "langSec": {tbx.XML_LANGUAGE},
    "ref": {"type", "target"},
    "xref": {"type", "target"},
}
TYPED = {tag for tag, _ in CATEGORIES}


def faults(text):
    """What is wrong with a file, in words; a text that is no XML raises."""
    root = etree.fromstring(text)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    found = [] if len(ids) == len(set(ids)) else ["an id stands twice"]
    if (root.get("type"), root.get("style")) != ("TBX-Basic", "dca"):
        found.append("this is not TBX-Basic in DCA style")
    for element in root.iter(etree.Element):
        found += _faults_of(element, set(ids))
    return found


def _faults_of(element, ids):
    name = etree.QName(element)
    tag, place = name.localname, f"line {element.sourceline}: <{name.localname}>"
    if name.namespace != tbx.NAMESPACE:
        yield f"{place} is of another namespace"
    allowed = ATTRIBUTES.get(tag, {"type"} if tag in TYPED else set())
    if set(element.attrib) != allowed:
        yield f"{place} has the attributes {sorted(element.attrib)}"
    if not _fits(tag, [etree.QName(child).localname for child in element]):
        yield f"{place} holds what may not stand there"
    if tag not in INSIDE and not (element.text or "").strip():
        yield f"{place} is empty"
    if tag in TYPED:
        yield from (f"{place} {fault}" for fault in _faults_of_category(element, tag))
    if tag == "ref" and element.get("target") not in ids:
        yield f"{place} leads nowhere"
    if tag == "xref" and not re.match(r"https?://.", element.get("target", "")):
        yield f"{place} is no web address"
    if tag == "date" and not re.fullmatch(r"\d{4}-\d\d-\d\d", element.text or ""):
        yield f"{place} is no date"


def _fits(tag, children):
    """Whether the children are those of INSIDE, in its order."""
    wanted = "".join(
        re.sub(r"\w+", lambda name: f"(?:{name.group()},)", one) for one in INSIDE.get(tag, [])
    )
    return re.fullmatch(wanted, "".join(f"{child}," for child in children)) is not None


def _faults_of_category(element, tag):
    key = (tag, element.get("type"))
    if key not in CATEGORIES:
        yield f"has the unknown category “{element.get('type')}”"
        return
    parents, values = CATEGORIES[key]
    if etree.QName(element.getparent()).localname not in parents:
        yield "stands in the wrong place"
    if values and element.text not in values:
        yield f"has the unknown value “{element.text}”"


@pytest.fixture
def words():
    bail = make_entry("Bail", topics=[make_theme()], plain="Free & waiting <now>.")
    make_sense(bail, "scotland", name="Interim liberation")
    for kind in LabelKind.values[1:]:
        make_label(bail, f"a name that is {kind}", kind, note="A note.")
    make_label(bail, "mechnïaeth", language="cy")
    make_label(bail, "control \x0b char")
    make_relation(bail, make_entry("Remand", means_for_you="You wait."))


def parsed():
    return etree.fromstring(tbx.whole(current_book()))


def find(path):
    return parsed().xpath(path, namespaces={"t": tbx.NAMESPACE})


def test_the_file_is_sound(words):
    assert faults(tbx.whole(current_book())) == []


def test_the_schema_of_the_standard_agrees(words):
    if not (named := os.environ.get("TBX_SCHEMA")):
        pytest.skip("The schema states no licence, so it is not kept here: name it in TBX_SCHEMA.")
    schema = etree.RelaxNG(etree.parse(named))

    schema.assertValid(parsed().getroottree())


def test_each_meaning_is_a_concept_entry_with_its_definition_and_source(words):
    assert len(find("//t:conceptEntry")) == 3
    assert find("//t:descrip[@type='definition']/text()")[0] == "Free & waiting <now>."
    assert find("//t:admin[@type='source']/text()")[0] == "Example Act 2000"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("Bail", "preferredTerm-admn-sts"),
        ("a name that is alternative", "admittedTerm-admn-sts"),
        ("a name that is former", "supersededTerm-admn-sts"),
        ("a name that is avoided", "deprecatedTerm-admn-sts"),
    ],
)
def test_each_name_has_its_status(words, name, status):
    path = f"//t:termSec[t:term='{name}']/t:termNote[@type='administrativeStatus']/text()"

    assert set(find(path)) == {status}


def test_another_language_has_its_own_section_and_misspellings_have_none(words):
    languages = find("//t:langSec[t:termSec/t:term='mechnïaeth']")

    assert {section.get(tbx.XML_LANGUAGE) for section in languages} == {"cy"}
    assert find("//t:term[.='a name that is misspelling']") == []


def test_an_empty_dictionary_is_sound():
    assert faults(tbx.whole(current_book())) == []


@pytest.mark.parametrize(
    ("sound", "spoiled", "fault"),
    [
        ("TBX-Basic", "TBX-Min", "not TBX-Basic"),
        ('type="termType"', 'type="madeUp"', "unknown category"),
        (">acronym<", ">initials<", "unknown value"),
        ("<term>Bail</term>", "", "may not stand there"),
        ("<term>Bail</term>", "<term> </term>", "is empty"),
        ('<ref type="crossReference" target="s', '<ref type="crossReference" target="x', "leads"),
        (
            'type="externalCrossReference" target="http',
            'type="externalCrossReference" target="',
            "web address",
        ),
        ("<date>20", "<date>in 20", "is no date"),
        (
            "</conceptEntry>",
            '<termNote type="termType">acronym</termNote></conceptEntry>',
            "wrong place",
        ),
        ("<note>", '<note lang="en">', "has the attributes"),
    ],
)
def test_a_planted_error_is_caught(words, sound, spoiled, fault):
    text = tbx.whole(current_book()).decode()
    assert sound in text

    found = faults(text.replace(sound, spoiled).encode())

    assert [one for one in found if fault in one]
