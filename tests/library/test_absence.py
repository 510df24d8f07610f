"""What somebody may not see and what is not there cannot be told apart: all of the answer is alike.

Each address is asked twice: while the item is there but hidden from the reader, and after it was
deleted. Status, headers and body have to be equal, but for the tokens of forms.
"""

import re

import pytest

from library.models import Item
from tests.factories import make_saved_search, make_shelf, make_submission, make_user
from tests.library.test_leaks import (
    FILE,
    FILES,
    IN_FILE,
    IN_RECORD,
    RECORDS,
    cast,  # noqa: F401 - a fixture
    make_world,
)
from tests.logins import sign_in

pytestmark = pytest.mark.django_db

STATES = ["draft", "scheduled", "members' record", "named organisations' record", "staff's file"]
STATES += ["members' file", "named organisations' file"]
READERS = ["anonymous", "outsider", "other member", "named reader"]

FILES_OWN = [
    FILE,
    f"{FILE}/cover.webp",
    f"{FILE}/page/1/",
    f"{FILE}/page/2/?q={IN_FILE}",
    f"{FILE}/page/1/?q={IN_FILE}&find=1",
    f"{FILE}/page/1/?place=2",
]
RECORDS_OWN = [
    "/library/{slug}/",
    "/library/{code}/",
    *(f"/library/{{slug}}/cite.{form}" for form in ("bib", "ris", "csl.json")),
    "/library/{slug}/request/",
    "/library/{slug}/linkset.json",
    "/library/shelf/keep/{slug}/",
    "/library/unapi?id={code}",
    "/library/unapi?id={code}&format=rdf_zotero",
    "/library/oai?verb=GetRecord&metadataPrefix=mods&identifier=oai:library.localhost:{code}",
    "/library/oai?verb=ListMetadataFormats&identifier=oai:library.localhost:{code}",
]
# Where it might be met besides.
FILES_ELSEWHERE = [
    f"/library/?q={IN_FILE}",
    f"/library/?q=%22{IN_FILE}+is+on%22",
    f"/library/feed.atom?q={IN_FILE}",
    f"/library/export.csv?q={IN_FILE}",
    f"/search/?q={IN_FILE}",
    f"/library/quote/?quote=The+{IN_FILE}+is+on+this+page",
]
RECORDS_ELSEWHERE = [
    "/library/",
    f"/library/?q={IN_RECORD}",
    f"/library/?q={IN_RECORD.replace('swi', 'si')}",
    "/library/?organisation=example-publisher",
    "/library/feed.atom",
    "/library/export.ris",
    f"/library/export.bib?q={IN_RECORD}",
    "/library/collections/a-collection/",
    "/library/shelves/a-secret/",
    "/library/shelves/a-secret/cite.ris",
    "/library/oai?verb=ListIdentifiers&metadataPrefix=mods",
    "/sitemap.xml",
    "/themes/example-theme/",
    f"/search/?q={IN_RECORD}",
    "/library/the-other-one/",
]
# Of somebody else's own.
PRIVATE = [
    "/library/submissions/{submission}/",
    "/library/submissions/{submission}/edit/",
    "/library/submissions/{submission}/check/",
    "/library/submissions/{submission}/preview/",
    "/library/submissions/{submission}/discard/",
    "/library/submissions/{submission}/take-back/",
    "/library/submissions/{submission}/request/",
    "/library/shelf/{shelf}/",
    "/library/shelf/{shelf}/change/",
    "/library/shelf/{shelf}/cite.ris",
    "/library/searches/change/{search}/",
]
WAYS = {
    "GET": lambda client, address: client.get(address),
    "HEAD": lambda client, address: client.head(address),
    "POST": lambda client, address: client.post(address),
    "htmx": lambda client, address: client.get(address, headers={"hx-request": "true"}),
    "If-None-Match": lambda client, address: client.get(address, headers={"if-none-match": "*"}),
    "If-Match": lambda client, address: client.get(address, headers={"if-match": '"other"'}),
    "Range": lambda client, address: client.get(address, headers={"range": "bytes=0-3"}),
    "JSON": lambda client, address: client.get(address, headers={"accept": "application/json"}),
}
TOKEN = re.compile(rb'(csrfmiddlewaretoken" value=")[^"]+')
MOMENT = re.compile(rb"(<responseDate>|<updated>)[^<]+")


def whole(answer):
    """All of an answer, without what changes from one to the next."""
    body = MOMENT.sub(rb"\1", TOKEN.sub(rb"\1", b"".join(answer)))
    return answer.status_code, sorted(answer.items()), body


def answers(client, own, elsewhere=(), **names):
    """{(address, way): answer}. Where things are only met, one way is enough."""
    asked = [(address, way) for address in own for way in WAYS]
    asked += [(address, "GET") for address in elsewhere]
    return {
        (address, way): whole(WAYS[way](client, address.format(**names))) for address, way in asked
    }


def differing(some, others):
    return [asked for asked in some if some[asked] != others[asked]]


def before_and_after(client, item, *, with_record):
    """What all addresses answer while the item, or its file, is there and once it is gone."""
    own = FILES_OWN + (RECORDS_OWN if with_record else [])
    elsewhere = FILES_ELSEWHERE + (RECORDS_ELSEWHERE if with_record else [])
    names = {"slug": item.slug, "code": item.code}
    before = answers(client, own, elsewhere, **names)
    gone = Item.objects.filter(pk=item.pk) if with_record else item.documents.all()
    gone.delete()
    return before, answers(client, own, elsewhere, **names)


@pytest.mark.parametrize(
    ("who", "state"),
    [(who, state) for who in READERS for state in STATES if state not in FILES[who]],
)
def test_what_is_hidden_answers_as_what_is_not_there(client, cast, who, state):  # noqa: F811
    item = make_world(state, cast)
    if who in cast:
        sign_in(client, cast[who])

    before, after = before_and_after(client, item, with_record=state not in RECORDS[who])

    assert differing(before, after) == []


def test_of_what_is_public_every_address_tells(client, cast):  # noqa: F811
    before, after = before_and_after(client, make_world("public", cast), with_record=True)

    told = {address for address, _ in differing(before, after)}
    assert {address for address, _ in before} - told == set()


@pytest.mark.parametrize("who", ["anonymous", "outsider", "other member"])
def test_what_is_somebody_elses_answers_as_what_is_not_there(client, cast, who):  # noqa: F811
    submission = make_submission(cast["owning"], by=cast["owning member"])
    shelf, search = make_shelf(make_user()), make_saved_search("q=bail", owner=make_user())
    names = {"submission": submission.uuid, "shelf": shelf.uuid, "search": search.uuid}
    if who in cast:
        sign_in(client, cast[who])

    hidden = answers(client, PRIVATE, **names)
    for one in (submission, shelf, search):
        one.delete()

    assert differing(hidden, answers(client, PRIVATE, **names)) == []
