import json
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.http import QueryDict

from library.citations import Work
from library.citations.bibtex import bibtex
from library.citations.csl import csl_json
from library.citations.ris import ris
from library.imports import bibtex as bibtex_reader
from library.imports import csl as csl_reader
from library.imports import csv_files
from library.imports import ris as ris_reader
from library.imports.records import Fault, Record
from library.models import Item
from library.search import find
from members.models import AuditEvent
from tests.factories import make_area, make_contributor, make_item, make_organisation, make_theme

pytestmark = pytest.mark.django_db

TABLE = """title,published,people,organisations,publishers,themes,nations,summary,kind
"Bail, and after",2019-05,"Lead, Policy; Officer, Team",,Example Charity,Policing,England,"One.

Two.",briefing
On remand,2020,,Example Research,example-charity,,,,report
"""


def import_file(tmp_path, text, *options, name="items.csv"):
    """What the command said, and Item.objects.all() in the order of the file."""
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    out = StringIO()
    call_command("import_items", str(path), *options, stdout=out, stderr=out)
    return out.getvalue()


def refused(tmp_path, text, *options, name="items.csv"):
    """The faults that the command told, without its last sentence."""
    path, err = tmp_path / name, StringIO()
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CommandError):
        call_command("import_items", str(path), *options, stdout=StringIO(), stderr=err)
    assert not Item.objects.exists()
    return err.getvalue().splitlines()


def make_names():
    make_organisation("Example Charity")
    make_theme("Policing")
    make_area("England")


# -- A table ----------------------------------------------------------------------------------


def test_a_table_becomes_drafts_with_their_people_publishers_and_subjects(tmp_path):
    make_names()

    said = import_file(tmp_path, TABLE)

    bail, remand = Item.objects.order_by("pk")
    assert "New: 2 taken in" in said
    assert (bail.title, bail.kind, bail.status, bail.slug) == (
        *("Bail, and after", "briefing", "draft", "bail-and-after"),
    )
    assert (bail.partial_date, remand.partial_date) == ("2019-05", "2020")
    assert bail.summary == "One.\n\nTwo."
    assert list(bail.contributors.values_list("name", "filed_as", "kind")) == [
        ("Policy Lead", "Lead, Policy", "person"),
        ("Team Officer", "Officer, Team", "person"),
    ]
    assert list(remand.contributors.values_list("name", "kind")) == [
        ("Example Research", "organisation")
    ]
    assert [item.publisher_list[0].slug for item in (bail, remand)] == ["example-charity"] * 2
    assert [bail.themes.get().name, bail.nations.get().name] == ["Policing", "England"]
    bail.full_clean()
    assert AuditEvent.objects.get(verb="library.import").details == {"new": 2, "known": 0}


def test_the_same_file_again_changes_nothing(tmp_path):
    make_names()
    import_file(tmp_path, TABLE)
    before = list(Item.objects.values())

    said = import_file(tmp_path, TABLE)

    assert "New: 0 taken in. Already in the library: 2." in said
    assert list(Item.objects.values()) == before


def test_a_rehearsal_says_what_would_happen_and_does_nothing(tmp_path):
    make_names()

    said = import_file(tmp_path, TABLE, "--dry-run")

    assert "New: 2 would be taken in" in said
    assert not Item.objects.exists()


def test_items_are_published_only_if_asked(tmp_path):
    make_names()

    import_file(tmp_path, TABLE, "--publish")

    assert {item.is_public for item in Item.objects.all()} == {True}
    found = find(QueryDict("q=example+charity+bail"), AnonymousUser()).items
    assert [item.title for item in found] == ["Bail, and after"]


def test_what_the_library_has_by_title_and_date_or_doi_is_known(tmp_path):
    make_item("On Remand", slug="other")
    make_item("Another", slug="another", doi="10.1000/ABC")

    said = import_file(
        tmp_path, "title,published,doi\nOn remand,2020,\nSome title,2001,10.1000/abc\n"
    )

    assert "New: 0 taken in. Already in the library: 2." in said


def test_an_address_that_is_taken_gets_the_short_code_behind_it(tmp_path):
    make_item("Something else", slug="on-remand")

    import_file(tmp_path, "title,published\nOn remand,1999\nOn remand,1998\n")

    new = Item.objects.exclude(slug="on-remand")
    assert {item.slug for item in new} == {f"on-remand-{item.code}" for item in new}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (",2020,,,,,", "It has no title."),
        ("T,20.5.2020,,,,,", "“20.5.2020” is no date such as 2017 or 2017-09-15."),
        ("T,2021-02-30,,,,,", "“2021-02-30” is no date such as 2017 or 2017-09-15."),
        ("T,,novel,,,,", "“novel” is none of the library’s kinds."),
        ("T,,,1234567890,,,", "“1234567890”: This is not an ISBN: its check digit is wrong."),
        ("T,,,,javascript:alert(1),,", "“javascript:alert(1)” is no web address such as"),
        ("T,,,,,,Fishing", "“Fishing” is none of the themes."),
        (f"{'x' * 301},,,,,,", "Its title is longer than 300 characters."),
        ("T,2020", "It has 2 cells, but there are 7 columns."),
    ],
)
def test_each_fault_is_told_with_its_line_and_nothing_is_taken_in(tmp_path, row, sentence):
    heading = "title,published,kind,isbn,link,publishers,themes"

    (told,) = refused(tmp_path, f"{heading}\nGood,2020,,,,,\n{row}\n")

    assert told.startswith(f"Line 3: {sentence}")


def test_drafts_do_not_wait_for_publishers_that_the_portal_does_not_know(tmp_path):
    make_names()
    text = (
        "TY  - RPRT\nTI  - One\nPB  - Nobody at all\nPB  - Example Charity\nER  - \n"
        "TY  - RPRT\nTI  - Two\nPB  - Example Charity\nER  - \n"
    )
    sentence = "Line 1: “Nobody at all” is no publisher that the portal knows:"

    assert refused(tmp_path, text, "--publish", name="items.ris") == [
        f"{sentence} add it under Organisations first."
    ]
    said = import_file(tmp_path, text, name="items.ris")

    one, two = Item.objects.order_by("pk")
    assert f"{sentence} the note of the draft keeps the name." in said
    assert "New: 2 taken in" in said
    assert (one.note, two.note) == ("Published by “Nobody at all”.", "")
    assert [item.publisher_list[0].slug for item in (one, two)] == ["example-charity"] * 2


def test_the_same_work_twice_in_a_file_is_told(tmp_path):
    assert refused(tmp_path, "title,published\nA,2020\nB,2020\na,2020\n") == [
        "Line 4: It is the same work as line 2."
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The first line must name the columns"),
        ("name,year\nA,2020\n", "The columns “name, year” are not known."),
        ("title,title\nA,B\n", "A column stands twice."),
        ('title\nA\n\n"open\nB\n', "Line 4: From here on this is no table that can be read"),
        ('"title\n', "Line 1: From here on this is no table that can be read"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_in_words(tmp_path, text, sentence):
    assert sentence in refused(tmp_path, text)[0]


def test_a_file_in_another_encoding_or_of_another_kind_is_refused_in_words(tmp_path):
    for name, text, sentence in [
        ("a.csv", "title\nCaf\xe9".encode("latin-1"), "not text in UTF-8"),
        ("a.docx", b"", "must end in .csv, .ris, .bib, .json"),
        ("missing.csv", None, "cannot be read"),
    ]:
        path = tmp_path / name
        if text is not None:
            path.write_bytes(text)
        with pytest.raises(CommandError, match=sentence):
            call_command("import_items", str(path))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[{"title": "A", "issued": {"date-parts": [[1e999]]}}]', "This is no work in CSL-JSON."),
        (f'[{{"number": {"9" * 5000}}}]', "This is no JSON that can be read."),
        ("[" * 100_000, "This is no JSON that can be read."),
        ('[null, 1, "A", []]', "This is no work in CSL-JSON."),
    ],
)
def test_hostile_json_is_refused_in_words(text, sentence):
    faults = list(csl_reader.read(StringIO(text)))

    assert {fault.sentence for fault in faults} == {sentence}


def test_formulas_controls_and_markup_are_only_words(tmp_path):
    title = "=HYPERLINK(1) <script>alert(1)</script> \\N \\. tab"

    import_file(tmp_path, f'title\n"{title}\x0b\t end"\n')

    assert Item.objects.get().title == f"{title} end"


# -- Reference managers ---------------------------------------------------------------------------


def make_work():
    charity = make_organisation("Example Charity, Trust & Co")
    item = make_item(
        "Ménage & 50% of {all} things",
        slug="work",
        publishers=[charity],
        series="Example papers",
        number="7",
        doi="10.1000/xyz_1",
        themes=[make_theme("Policing")],
        summary="It says <b>something</b>.",
    )
    make_contributor(item, "Policy Lead", filed_as="Lead, Policy", position=1)
    make_contributor(item, "Example Research", kind="organisation", position=2)
    return Work(item, "https://portal.example.org/library/work/")


def test_our_own_ris_is_read_back():
    (record,) = ris_reader.read(StringIO(ris(make_work()), newline=""))

    assert record.faults() == []
    assert (record.title, record.published, record.kind) == (
        *("Ménage & 50% of {all} things", "2020", "report"),
    )
    assert (record.people, record.organisations) == (("Lead, Policy",), ("Example Research",))
    assert (record.doi, record.keywords) == ("10.1000/xyz_1", ("Policing",))
    assert record.publishers == ("Example Charity, Trust & Co",)


def test_our_own_bibtex_is_read_back():
    (record,) = bibtex_reader.read(StringIO(bibtex(make_work())))

    assert record.faults() == []
    assert (record.title, record.published) == ("Ménage & 50% of {all} things", "2020")
    assert (record.people, record.organisations) == (("Lead, Policy",), ("Example Research",))
    assert (record.doi, record.publishers) == ("10.1000/xyz_1", ("Example Charity, Trust & Co",))


def test_our_own_csl_is_read_back():
    (record,) = csl_reader.read(StringIO(csl_json(make_work())))

    assert record.faults() == []
    assert (record.title, record.published) == ("Ménage & 50% of {all} things", "2020")
    assert (record.people, record.organisations) == (("Lead, Policy",), ("Example Research",))
    assert record.publishers == ("Example Charity, Trust & Co",)


def test_ris_as_others_write_it():
    text = (
        "\ufeffTY  - JOUR\nTI  - A long\n title\nAU  - Lead, Policy\nPY  - 2017///\n"
        "DA  - 2017/09/15/\nT2  - Example Journal\nSN  - 1234-5678\nER  - \n\n"
        "TY  - RPRT\nTI  - Next\nER  -\n"
    )

    first, second = ris_reader.read(StringIO(text, newline=""))

    assert (first.title, first.kind, first.published) == (
        *("A long title", "journal-article", "2017-09-15"),
    )
    assert (first.line, second.line, second.title) == (1, 11, "Next")


@pytest.mark.parametrize(
    ("reader", "text", "line"),
    [
        (ris_reader, "TY  - RPRT\nTI  - Open\n", 1),
        (ris_reader, "TY  - RPRT\nER  - \nstray\n", 3),
        (bibtex_reader, "@misc{a, title={x}}\n@book{b, title={open\n\n@misc{c, title={y}}", 2),
        (csl_reader, '[{"title": "a"},\n nonsense]', 2),
        (csl_reader, '[{"title": "a"}, {"title": "b", "author": "x"}]', 2),
        (csl_reader, "[" * 100_000, 1),
        (csl_reader, "7", 1),
    ],
)
def test_what_cannot_be_read_is_told_by_its_line(reader, text, line):
    read = list(reader.read(StringIO(text, newline="")))

    assert [one.line for one in read if isinstance(one, Fault)] == [line]


def test_an_organisation_that_the_portal_knows_is_no_person_for_its_comma(tmp_path):
    name = "Department for Levelling Up, Housing and Communities"
    known = make_organisation(name)

    import_file(tmp_path, f"TY  - RPRT\nTI  - T\nAU  - {name.upper()}\nER  - \n", name="items.ris")

    author = Item.objects.get().contributors.get()
    assert (author.name, author.filed_as, author.organisation) == (name, "", known)
    assert author.kind == "organisation"


def test_a_reference_file_is_taken_in_with_the_keywords_that_are_themes(tmp_path):
    make_theme("Policing")
    works = [{"type": "report", "title": "One", "issued": {"date-parts": [[2017, 9]]}}]

    import_file(tmp_path, json.dumps(works), name="items.json")
    import_file(
        tmp_path, "TY  - RPRT\nTI  - Two\nKW  - policing\nKW  - fish\nER  -\n", name="a.ris"
    )

    assert list(Item.objects.order_by("pk").values_list("title", "themes__name")) == [
        ("One", None),
        ("Two", "Policing"),
    ]


def test_the_lines_of_a_table_are_those_of_its_file():
    read = list(csv_files.read(StringIO('title,summary\nA,"one\ntwo"\nB,\n', newline="")))

    assert [(one.line, one.title) for one in read] == [(2, "A"), (4, "B")]
    assert isinstance(read[0], Record)
