"""Who learns of what, on every surface that could tell: one table, all its cells.

A surface says whether it shows the record, or the file, of one item to one reader. For an item
that is public it must show it: a surface that never shows anything would prove nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.core.files.base import ContentFile
from django.utils.timezone import now

from dictionary.mentions import find_mentions
from library.alerts import send_alerts
from library.models import Item, Shelf
from members.models import User
from tests.factories import (
    make_affiliation,
    make_collection,
    make_document,
    make_entry,
    make_item,
    make_organisation,
    make_saved_search,
    make_shelf,
    make_submission,
    make_theme,
    make_user,
)
from tests.logins import sign_in

pytestmark = pytest.mark.django_db

IN_RECORD = "quagswindle"  # A word that only the record of the item holds,
IN_FILE = "brimfathom"  # and one that only the text of its file holds.

STATES = {
    "public": {},
    "draft": {"status": "draft"},
    "submitted": {"status": "submitted"},
    "changes asked": {"status": "changes-asked"},
    "declined": {"status": "declined"},
    "scheduled": {"visible_from": timedelta(minutes=1)},
    "members' record": {"audience": "members"},
    "members' file": {"files_audience": "members"},
    "named organisations' record": {"audience": "organisations"},
    "named organisations' file": {"files_audience": "organisations"},
    "staff's file": {"files_audience": "staff"},
    "withdrawn": {"status": "withdrawn"},
}
UNSEEN = {"draft", "submitted", "changes asked", "declined", "scheduled", "withdrawn"}
RECORDS = {
    "anonymous": set(STATES) - UNSEEN - {"members' record", "named organisations' record"},
    "outsider": set(STATES) - UNSEEN - {"members' record", "named organisations' record"},
    "other member": set(STATES) - UNSEEN - {"named organisations' record"},
    "named reader": set(STATES) - UNSEEN,
    "owning member": set(STATES) - UNSEEN,
    "staff": set(STATES) - {"withdrawn"},
}
FILES = {
    "anonymous": {"public"},
    "outsider": {"public"},
    "other member": {"public", "members' record", "members' file"},
    "named reader": RECORDS["named reader"] - {"staff's file"},
    "owning member": RECORDS["owning member"] - {"staff's file"},
    "staff": RECORDS["staff"],
}
# What is the same for all, whoever asks: what harvesters and search engines are told.
FOR_ALL = dict.fromkeys(RECORDS, RECORDS["anonymous"])
FILES_FOR_ALL = dict.fromkeys(RECORDS, FILES["anonymous"])


# Staff see what is being prepared, but news is what is out.
ALERTS = RECORDS | {"staff": set(STATES) - UNSEEN}
SAID = f"A {IN_RECORD} report"


@dataclass(frozen=True)
class Surface:
    """`shows(client, item)` is true if it gives away what `tells` names: the record or the file."""

    tells: dict
    shows: Callable


def holds(address, word):
    """Whether the page, feed or file at an address holds a word; {slug} stands for the item's."""

    def shows(client, item):
        names = {"slug": item.slug, "code": item.code}
        answer = client.get(address.format(**names))
        return word.format(**names) in b"".join(answer).decode(errors="replace")

    return shows


def opens(address):
    """Whether there is anything at an address, by GET and by HEAD alike."""

    def shows(client, item):
        address_of_item = address.format(slug=item.slug, code=item.code)
        answers = {
            status_of(client.get(address_of_item)),
            status_of(client.head(address_of_item)),
        }
        assert len(answers) == 1
        return answers & {404, 410, 403} == set()

    return shows


def status_of(answer):
    """Read to its end, so that a file is closed."""
    b"".join(answer)
    return answer.status_code


def answers(status, address, **headers):
    """Whether a request with these headers has this answer and not a 404."""

    def shows(client, item):
        address_of_item = address.format(slug=item.slug)
        answer = client.get(address_of_item, headers=headers)
        assert status_of(answer) in {status, 404}
        return answer.status_code == status

    return shows


def names_it(address):
    """Whether the answer at an address leads to the item."""

    def shows(client, item):
        return f"/library/{item.slug}/" in client.get(address).content.decode()

    return shows


FILE = "/library/{slug}/files/report.pdf"


def warned_of(word, **mine):
    """Whether whoever prepares a work is told of another like it, by `word` or by its address.

    Staff prepare none; an outsider has no organisation to prepare one for.
    """

    def shows(client, item):
        user = User.objects.filter(pk=client.session.get(SESSION_KEY)).first()
        place = user.affiliations.first() if user else None
        if place is None:
            return False
        submission = make_submission(place.organisation, by=user, **mine)
        make_document(submission.item, content=mine_content(mine))
        pages = [
            client.get(f"/library/submissions/{submission.uuid}/{page}/").content.decode()
            for page in ("edit", "check")
        ]
        submission.delete()
        shown = {(word or f"/library/{item.slug}/") in page for page in pages}
        assert len(shown) == 1
        return shown == {True}

    return shows


def misses_it_without(word):
    """Whether leaving out a word takes the item away: so that one learns of the word."""

    def shows(client, item):
        with_it = names_it(f"/library/?q={IN_RECORD}")(client, item)
        return with_it and not names_it(f"/library/?q={IN_RECORD}+-{word}")(client, item)

    return shows


def mine_content(mine):
    """The bytes of the item's own file, unless it is the title that is alike."""
    return b"%PDF-1.4 another" if mine.get("title") else b"%PDF-1.4 not a real one"


def only(tells, *readers):
    """The same for these readers, and nothing for the rest."""
    return {who: states if who in readers else set() for who, states in tells.items()}


PREPARING = ("other member", "named reader", "owning member")


def has_links(client, item):
    return client.get(f"/library/{item.slug}/").has_header("Link")


OAI = "/library/oai?metadataPrefix=mods&verb="
UNAPI = "/library/unapi?id={code}"
RECORD_ADDRESS, FILE_ADDRESS = "/library/{slug}/", "/library/{slug}/files/report.pdf"


def is_told_of_it(client, item):
    """Whether a letter about a saved search that the item answers names it to this reader."""
    session = client.session.get("_auth_user_id")
    owner = User.objects.filter(pk=session).first() if session else None
    make_saved_search(f"q={IN_RECORD}", owner=owner, last_arrival=0)
    send_alerts()
    return any(item.slug in letter.body for letter in mail.outbox)


def quotes_it(sentence):
    """Whether the entry of a word quotes the sentence that uses it."""

    def shows(client, item):
        find_mentions()
        pages = [client.get(f"/dictionary/{word}/") for word in (IN_RECORD, IN_FILE)]
        return any(sentence in page.content.decode() for page in pages)

    return shows


MISSPELT = IN_RECORD.replace("swi", "si")
# Words for suggestions come from public records alone, whoever asks.
SUGGESTIONS = {
    who: states & {"public", "scheduled", *(state for state in STATES if "file" in state)}
    for who, states in RECORDS.items()
}
SURFACES = {
    "record": Surface(RECORDS, opens("/library/{slug}/")),
    "short code": Surface(RECORDS, opens("/library/{code}/")),
    "citation": Surface(RECORDS, opens("/library/{slug}/cite.ris")),
    "list": Surface(RECORDS, names_it("/library/")),
    "hit": Surface(RECORDS, names_it(f"/library/?q={IN_RECORD}")),
    "count": Surface(RECORDS, holds("/library/", "<strong>2 items</strong>")),
    "suggestion": Surface(SUGGESTIONS, holds(f"/library/?q={MISSPELT}", f"?q={IN_RECORD}")),
    "hit in a file": Surface(FILES, names_it(f"/library/?q={IN_FILE}")),
    "phrase in a file": Surface(FILES, names_it(f"/library/?q=%22{IN_FILE}+is+on%22")),
    "page of a hit": Surface(FILES, holds(f"/library/?q={IN_RECORD}+or+{IN_FILE}", "/page/2/?q=")),
    "snippet of a page": Surface(
        FILES, holds(f"/library/?q={IN_FILE}", f"The <mark>{IN_FILE}</mark> is on this page.")
    ),
    "a word left out": Surface(FILES, misses_it_without(IN_FILE)),
    "count of files": Surface(FILES, holds("/library/", 'name="format" value="main"')),
    "feed of words in files": Surface(FILES, names_it(f"/library/feed.atom?q={IN_FILE}")),
    "search of the portal in files": Surface(FILES, names_it(f"/search/?q={IN_FILE}")),
    "facet": Surface(RECORDS, holds("/library/", "Example Publisher")),
    "feed": Surface(RECORDS, names_it("/library/feed.atom")),
    "feed of a search": Surface(RECORDS, names_it(f"/library/feed.atom?q={IN_RECORD}")),
    "feed's files": Surface(FILES_FOR_ALL, holds("/library/feed.atom", FILE_ADDRESS)),
    "sitemap": Surface(FOR_ALL, holds("/sitemap.xml", RECORD_ADDRESS)),
    "sitemap's files": Surface(FILES_FOR_ALL, holds("/sitemap.xml", FILE_ADDRESS)),
    "OAI identifiers": Surface(FOR_ALL, holds(f"{OAI}ListIdentifiers", ":{code}<")),
    "OAI records": Surface(FOR_ALL, holds(f"{OAI}ListRecords", RECORD_ADDRESS)),
    "OAI record": Surface(
        FOR_ALL,
        holds(f"{OAI}GetRecord&identifier=oai:library.localhost:{{code}}", "<datestamp>"),
    ),
    "OAI files": Surface(FILES_FOR_ALL, holds(f"{OAI}ListRecords", FILE_ADDRESS)),
    "OAI set": Surface(FOR_ALL, holds("/library/oai?verb=ListSets", "org:example-publisher")),
    "unAPI": Surface(RECORDS, holds(f"{UNAPI}&format=mods", RECORD_ADDRESS)),
    "unAPI formats": Surface(RECORDS, holds(UNAPI, "rdf_zotero")),
    "unAPI files": Surface(FILES_FOR_ALL, holds(f"{UNAPI}&format=rdf_zotero", FILE_ADDRESS)),
    "export": Surface(RECORDS, holds("/library/export.csl.json", RECORD_ADDRESS)),
    "export of a search": Surface(
        RECORDS, holds(f"/library/export.ris?q={IN_RECORD}", RECORD_ADDRESS)
    ),
    "export's files": Surface(FILES_FOR_ALL, holds("/library/export.csv", FILE_ADDRESS)),
    "COinS": Surface(RECORDS, holds("/library/", "library%2F{slug}%2F")),
    "metadata": Surface(FOR_ALL, holds("/library/{slug}/", "citation_title")),
    "metadata of files": Surface(FILES_FOR_ALL, holds("/library/{slug}/", "citation_pdf_url")),
    "schema.org of files": Surface(FILES_FOR_ALL, holds("/library/{slug}/", "MediaObject")),
    "links in headers": Surface(FOR_ALL, has_links),
    "link set": Surface(FOR_ALL, opens("/library/{slug}/linkset.json")),
    "link set's files": Surface(FILES_FOR_ALL, holds("/library/{slug}/linkset.json", FILE_ADDRESS)),
    "search of the portal": Surface(RECORDS, names_it(f"/search/?q={IN_RECORD}")),
    "theme": Surface(RECORDS, names_it("/themes/example-theme/")),
    "file": Surface(FILES, opens(FILE)),
    "part of the file": Surface(FILES, answers(206, FILE, range="bytes=0-3")),
    "no such part of the file": Surface(FILES, answers(416, FILE, range="bytes=999999-")),
    "file as it was": Surface(FILES, answers(304, FILE, if_none_match="*")),
    "file as it was not": Surface(FILES, answers(412, FILE, if_match='"other"')),
    "cover": Surface(FILES, opens(f"{FILE}/cover.webp")),
    "cover as it was": Surface(FILES, answers(304, f"{FILE}/cover.webp", if_none_match="*")),
    "page of text": Surface(FILES, holds(f"{FILE}/page/2/", IN_FILE)),
    "page beside it": Surface(FILES, opens(f"{FILE}/page/1/")),
    "search inside": Surface(FILES, answers(302, f"{FILE}/page/1/?q={IN_FILE}&find=1")),
    "jump inside": Surface(FILES, answers(302, f"{FILE}/page/1/?place=2")),
    "files on the record": Surface(FILES, holds("/library/{slug}/", "report.pdf")),
    "related": Surface(RECORDS, names_it("/library/the-other-one/")),
    "quote check": Surface(FILES, names_it(f"/library/quote/?quote=The+{IN_FILE}+is+on+this+page")),
    "duplicates by title": Surface(
        only(RECORDS, *PREPARING), warned_of("", title=f"A {IN_RECORD} report")
    ),
    "duplicates by file": Surface(only(FILES, *PREPARING), warned_of("It has the same file.")),
    "keeping on a shelf": Surface(RECORDS, opens("/library/shelf/keep/{slug}/")),
    "shared shelf": Surface(RECORDS, names_it("/library/shelves/a-secret/")),
    "shared shelf's citations": Surface(RECORDS, holds("/library/shelves/a-secret/cite.ris", SAID)),
    "shared shelf's notes": Surface(RECORDS, holds("/library/shelves/a-secret/", "Beside it")),
    "asking for a copy": Surface(RECORDS, opens("/library/{slug}/request/")),
    "collection": Surface(RECORDS, names_it("/library/collections/a-collection/")),
    "count of a collection": Surface(RECORDS, holds("/library/collections/", "2 works")),
    "alert": Surface(ALERTS, is_told_of_it),
    "use of a word": Surface(RECORDS, quotes_it(f"A <mark>{IN_RECORD}</mark> report")),
    "use of a word in a file": Surface(
        FILES_FOR_ALL, quotes_it(f"The <mark>{IN_FILE}</mark> is on this page.")
    ),
}
# What stays of a withdrawn item, for those who could have seen it: its citation.
TOMBSTONES = {
    *("citation", "shared shelf", "shared shelf's citations", "shared shelf's notes"),
}


@pytest.fixture
def cast():
    named, owning = make_organisation("Named Readers"), make_organisation("Example Owner")
    people = {who: make_user() for who in ("outsider", "other member", "named reader")}
    people |= {"owning member": make_user(), "staff": make_user(is_staff=True)}
    make_affiliation(people["other member"], make_organisation("Some Other Member"))
    make_affiliation(people["named reader"], named)
    make_affiliation(people["owning member"], owning)
    return people | {"named": named, "owning": owning}


def make_world(state, cast):
    """One item in a state, and a public one beside it that shares its theme."""
    theme = make_theme("Example theme")
    make_item("The other one", slug="the-other-one", themes=[theme])
    fields = dict(STATES[state])
    if "visible_from" in fields:
        fields["visible_from"] += now()
    publisher = make_organisation("Example Publisher")
    item = make_item(
        f"A {IN_RECORD} report",
        themes=[theme],
        publishers=[publisher],
        owner=cast["owning"],
        **fields,
    )
    item.readers.add(cast["named"])
    document = make_document(item, pages=["Nothing here.", f"The {IN_FILE} is on this page."])
    document.cover.save("cover.webp", ContentFile(b"A picture."))
    other = Item.objects.get(slug="the-other-one")
    shelf = make_shelf(make_user(), other, item)
    shelf.entries.filter(item=item).update(note="Beside it.")
    Shelf.objects.filter(pk=shelf.pk).update(secret="a-secret")
    make_collection("A collection", other, item)
    for word in (IN_RECORD, IN_FILE):
        make_entry(word, slug=word)
    return Item.objects.get(pk=item.pk)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", RECORDS)
def test_each_surface_shows_exactly_what_its_reader_may_know(client, cast, who, state):
    item = make_world(state, cast)
    if who in cast:
        sign_in(client, cast[who])

    shown = {name: surface.shows(client, item) for name, surface in SURFACES.items()}

    meant = {name: state in surface.tells[who] for name, surface in SURFACES.items()}
    if state == "withdrawn":
        meant |= dict.fromkeys(TOMBSTONES, True)
    assert shown == meant
