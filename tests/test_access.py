"""Every address of the portal, and whether people who are not logged in may open it.

A new address needs a decision: put its name into PUBLIC, with the reason, or leave it out, and
then it must send anonymous people to the login. An address with parts needs an example in EXAMPLES.
"""

import pytest
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import override_settings
from django.urls import get_resolver, include, path, reverse

from cja_portal import urls as portal_urls
from dictionary.embed import current_script
from library.models import SavedSearch, Shelf
from tests.awards.factories import make_nomination, make_running_cycle
from tests.factories import (
    make_award,
    make_collection,
    make_document,
    make_entry,
    make_item,
    make_organisation,
    make_proof,
    make_published_cycle,
    make_saved_search,
    make_shelf,
    make_suggestion,
    make_theme,
    make_user,
)

pytestmark = pytest.mark.django_db

PUBLIC = {
    # The site
    "home": "the front page",
    "about": "what the portal is",
    "accessibility": "the accessibility statement",
    "privacy": "the privacy notice",
    "complaint-create": "anyone may complain about how their data are used",
    "search": "the search across all rooms",
    "theme-list": "the themes",
    "theme-detail": "a theme",
    "healthz": "for the machine that watches this one",
    "readyz": "for the machine that watches this one",
    "robots": "for search engines",
    "sitemap": "for search engines",
    "sitemap-section": "a part of it",
    # The rooms
    "dictionary:entry-list": "the dictionary",
    "dictionary:entry-suggest": "the dictionary's search as you type",
    "dictionary:entry-detail": "an entry",
    "dictionary:text-explain": "explains a reader's letter, and keeps nothing",
    "dictionary:suggestion-create": "anyone may tell us about the dictionary",
    "dictionary:suggestion-detail": "what came of a suggestion, for whoever has its reference",
    "dictionary:change-list": "what changed in the dictionary",
    "dictionary:embed": "how to put the dictionary on one's own pages",
    "dictionary:embed-script": "the script that they load",
    "dictionary:version-list": "all versions of an entry",
    "dictionary:version-detail": "what an entry once said",
    "dictionary:version-compare": "what changed between two versions",
    "dictionary:change-feed": "the same as a feed",
    "dictionary:data": "what there is for programs and paper",
    "dictionary:export": "the whole dictionary as a file",
    "dictionary:booklet": "the dictionary to print",
    "dictionary:offline": "the dictionary for machines without a network",
    "dictionary:opensearch": "for browsers",
    "dictionary:opensearch-suggestions": "for browsers",
    "dictionary-api:index": "where everything in the API is",
    "dictionary-api:openapi": "the API's description",
    "dictionary-api:entries": "all entries",
    "dictionary-api:entry": "an entry",
    "dictionary-api:changes": "what changed in the dictionary",
    "dictionary-api:dump": "the whole dictionary",
    "library:item-list": "the library",
    "library:item-feed": "what is new in the library",
    "library:data": "what there is for programs",
    "library:item-detail": "a public item",
    "library:item-linkset": "where its parts are, for programs",
    "library:oai": "for harvesters",
    "library:search-export": "a search as a file",
    "library:unapi": "for reference managers",
    "library:item-cite": "how to cite it",
    "library:copy-request": "anyone may ask for a work in another format",
    "library:quote-check": "where a quotation comes from",
    "library:document-file": "a file of a public item that everyone may open",
    "library:document-lent": "what staff lent, for whoever has the link",
    "library:document-cover": "the picture of its first page",
    "library:page-detail": "its text, page by page",
    "library:document-changes": "what its text says that the file before did not",
    "library:collection-list": "what staff chose in the library",
    "library:collection-detail": "a collection",
    "library:search-save": "anyone may ask for letters about new items",
    "library:search-stop": "for whoever has the link from a letter; it never says who",
    "library:shelf-list": "a visitor's own shelf, or how to begin one",
    "library:shelf-keep": "a visitor's own shelf",
    "library:shelf-shared": "a shelf, for whoever was given its link",
    "library:shelf-shared-cite": "its citations",
    "awards:cycle-list": "the awards by year",
    "awards:cycle-detail": "a year",
    "awards:category-detail": "a prize of a year",
    "awards:roll-of-honour": "the roll of honour",
    "awards:statistics": "the numbers of a year",
    "awards:verify": "how anybody can check a result",
    "awards:checker": "the program that checks it",
    "awards:score-sheet": "what was sealed, under codes",
    "awards:nomination-start": "anyone may nominate",
    "awards:nomination-list": "how nominators without an account find theirs",
    "members:area-map": "the directory as a map",
    "members:coverage": "who works where, and the gaps",
    "members:mail-events": "where the mail service tells what came back, with its secret",
    "members:organisation-list": "the directory",
    "members:organisation-detail": "an organisation's public profile",
    "members:application-start": "anyone may begin to apply for an organisation",
    "members:application-detail": "offers to mail a link; every number is answered alike",
    "members:factor-lost": "anyone may say that their second step is lost; all are answered alike",
    "members:join-ask": "asks for a link by mail to an address at the organisation",
    # The ways in
    "account_login": "the login",
    "account_inactive": "says that an account is closed",
    "account_signup": "closed without an invitation",
    "account_request_login_code": "asks for a code by mail",
    "account_reset_password": "asks for a link by mail",
    "account_reset_password_done": "says that the link is on its way",
    "account_reset_password_from_key": "the link from the mail",
    "account_reset_password_from_key_done": "says that the password is set",
}

# Not closed and yet no page to read: what they answer to anonymous people.
ANSWERS = {
    "account_logout": 302,  # to the front page
    "members:application-change": 405,  # open to POST
    "members:application-check": 302,  # to the page that offers to mail a link
    "members:application-open": 410,  # the secret is not one of ours
    "members:application-page": 302,  # to the page that offers to mail a link
    "members:invitation-accept": 410,  # no invitation was opened
    "members:invitation-decline": 405,  # open to POST, and then likewise
    "members:factor-reset-ask": 410,  # the secret is not one of ours
    "members:factor-reset-finish": 410,  # likewise
    "members:factor-reset-stop": 410,  # likewise
    "members:join-confirm": 410,  # the secret is not one of ours
    "members:sender-block": 410,  # likewise
    "members:claim-object": 410,  # likewise
    "members:mail-events": 404,  # no mail service is set up here
    "letters-stop": 410,  # no letter has this link
    "members:organisation-contact": 404,  # it has nobody who would read a message
    "members:invitation-open": 302,  # to the page of the invitation
    "dictionary:sense-detail": 404,  # a number that no meaning has; others lead to their page
    "favicon": 302,  # to the icon
    "dictionary-api:words": 405,  # open to POST: it takes a text
    "dictionary:embed-labels": 302,  # to the data of today
    "dictionary:embed-data": 302,  # the same, for any stamp of the past
    "dictionary:sense-data": 404,  # likewise
    "dictionary-api:sense": 404,  # likewise
    "dictionary-api:search": 400,  # it was not said what to look for
    "dictionary-api:suggest": 400,  # likewise
    "dictionary-api:unknown": 404,  # says so in JSON
    "library:document-lent": 404,  # nothing was lent with this link
    "library:search-confirm": 410,  # nobody asked for it
    "library:search-manage": 410,  # no letter has this link
    "library:shelf-detail": 404,  # a visitor's, or a person's, who alone open it
    "library:shelf-cite": 404,  # likewise
    "library:shelf-change": 405,  # open to POST
    "awards:nomination-detail": 404,  # for whoever came by its link, or is logged in
    "awards:nomination-edit": 404,  # likewise, as are all its pages
    "awards:nomination-nominee": 404,
    "awards:nomination-files": 404,
    "awards:nomination-file": 404,
    "awards:nomination-people": 404,
    "awards:nomination-referees": 404,
    "awards:nomination-submit": 404,
    "awards:nomination-receipt": 404,
    "awards:nomination-withdraw": 404,
    "awards:equality-form": 404,  # for whoever sent a nomination
    "awards:award-certificate": 404,  # no award has that number
    "awards:award-badge": 404,  # likewise
    "awards:nomination-deadline": 405,  # open to POST, and then likewise
    "awards:nomination-save": 405,  # likewise
    "awards:nomination-open": 410,  # no letter has this link
    "awards:nominee-desk": 410,  # likewise
    "styleguide": 404,  # open in development only
}

UUID = "00000000-0000-4000-8000-000000000000"
SEARCH_TOKEN = SavedSearch(uuid=UUID).token
EXAMPLES = {
    "account_reset_password_from_key": {"uidb36": "1", "key": "wrong"},
    "awards:category-detail": {"year": 2030, "slug": "example-category"},
    "awards:cycle-detail": {"year": 2030},
    "awards:statistics": {"year": 2030},
    "awards:equality-form": {"year": 2031},
    "awards:award-certificate": {"year": 2030, "slug": "example-category", "pk": 0},
    "awards:award-badge": {"year": 2030, "slug": "example-category", "pk": 0},
    "awards:verify": {"year": 2030},
    "awards:score-sheet": {"year": 2030, "slug": "example-category"},
    "awards:nomination-start": {"year": 2031, "slug": "example-category"},
    "awards:nomination-edit": {"uuid": UUID, "section": 1},
    "awards:nomination-file": {"uuid": UUID, "file": UUID},
    "awards:nomination-open": {"secret": "wrong"},
    "awards:nominee-desk": {"secret": "wrong"},
    **{
        f"awards:judging-{what}": {"uuid": UUID}
        for what in (
            *("place", "interests", "queue", "sheet", "save", "step-back", "meeting"),
            *("warm-up", "mirror", "marks"),
        )
    },
    "awards:judging-file": {"uuid": UUID, "number": 1},
    **{
        f"awards:nomination-{what}": {"uuid": UUID}
        for what in (
            *("detail", "nominee", "files", "people", "submit", "receipt", "withdraw"),
            *("deadline", "save", "referees"),
        )
    },
    "dictionary:embed-data": {"stamp": "past", "name": "labels.json"},
    "dictionary:embed-script": {"digest": current_script().digest},
    "dictionary-api:entry": {"slug": "bail"},
    "dictionary-api:sense": {"pk": 0},
    "dictionary-api:unknown": {"rest": "nothing"},
    "dictionary:entry-detail": {"slug": "bail"},
    "dictionary:export": {"form": "ttl"},
    "dictionary:sense-data": {"pk": 0, "form": "ttl"},
    "dictionary:sense-detail": {"pk": 999999999},
    "dictionary:suggestion-detail": {"reference": "k7m2p-9xq4t"},
    "dictionary:version-compare": {"slug": "bail", "before": 1, "after": 1},
    "dictionary:version-detail": {"slug": "bail", "number": 1},
    "dictionary:version-list": {"slug": "bail"},
    "library:document-changes": {"slug": "a-report", "name": "report.pdf"},
    "library:document-cover": {"slug": "a-report", "name": "report.pdf"},
    "library:document-file": {"slug": "a-report", "name": "report.pdf"},
    "library:page-detail": {"slug": "a-report", "name": "report.pdf", "number": 1},
    "library:item-cite": {"slug": "a-report", "form": "bib"},
    "library:item-detail": {"slug": "a-report"},
    "library:copy-request": {"slug": "a-report"},
    "library:document-lent": {"slug": "a-report", "token": "wrong"},
    "letters-stop": {"token": "wrong"},
    "library:submission-check": {"uuid": UUID},
    "library:submission-detail": {"uuid": UUID},
    "library:submission-discard": {"uuid": UUID},
    "library:submission-edit": {"uuid": UUID},
    "library:submission-file": {"uuid": UUID, "name": "report.pdf"},
    "library:submission-list": {"slug": "example-charity"},
    "library:submission-preview": {"uuid": UUID},
    "library:submission-request": {"uuid": UUID},
    "library:submission-take-back": {"uuid": UUID},
    "library:item-linkset": {"slug": "a-report"},
    "library:search-export": {"form": "ris"},
    "library:collection-detail": {"slug": "a-collection"},
    "library:search-change": {"uuid": UUID},
    "library:search-confirm": {"secret": "wrong"},
    "library:search-manage": {"token": "wrong"},
    "library:search-stop": {"token": SEARCH_TOKEN},
    "library:shelf-change": {"uuid": UUID},
    "library:shelf-cite": {"uuid": UUID, "form": "ris"},
    "library:shelf-detail": {"uuid": UUID},
    "library:shelf-keep": {"slug": "a-report"},
    "library:shelf-shared": {"secret": "a-secret"},
    "library:shelf-shared-cite": {"secret": "a-secret", "form": "ris"},
    "members:application-change": {"reference": "k7m2p-9xq4t"},
    "members:application-check": {"reference": "k7m2p-9xq4t"},
    "members:application-detail": {"reference": "k7m2p-9xq4t"},
    "members:application-open": {"secret": "wrong"},
    "members:application-page": {"reference": "k7m2p-9xq4t", "page": "work"},
    "members:claim-object": {"secret": "wrong"},
    "members:sender-block": {"secret": "wrong"},
    "members:contact-edit": {"slug": "example-charity"},
    "members:factor-reset-ask": {"secret": "wrong"},
    "members:factor-reset-finish": {"secret": "wrong"},
    "members:factor-reset-stop": {"secret": "wrong"},
    "members:invitation-change": {"slug": "example-charity", "uuid": UUID},
    "members:invitation-open": {"secret": "wrong"},
    "members:invoice-file": {"slug": "example-charity", "uuid": UUID},
    "members:join-ask": {"slug": "example-charity"},
    "members:join-confirm": {"secret": "wrong"},
    "members:join-request-change": {"slug": "example-charity", "uuid": UUID},
    "members:membership-detail": {"slug": "example-charity"},
    "members:membership-renew": {"slug": "example-charity"},
    "members:organisation-contact": {"slug": "example-charity"},
    "members:organisation-detail": {"slug": "example-charity"},
    "members:organisation-leave": {"slug": "example-charity"},
    "members:people-change": {"slug": "example-charity", "uuid": UUID},
    "members:people-list": {"slug": "example-charity"},
    "members:profile-edit": {"slug": "example-charity"},
    "members:profile-history": {"slug": "example-charity"},
    "members:profile-names": {"slug": "example-charity"},
    "members:profile-publish": {"slug": "example-charity"},
    "mfa_edit_webauthn": {"pk": 1},
    "mfa_remove_webauthn": {"pk": 1},
    "sitemap-section": {"section": "items"},
    "theme-detail": {"slug": "policing"},
}


@pytest.fixture
def world():
    make_world()


def make_world():
    """One row of each kind that EXAMPLES names."""
    make_entry("Bail")
    make_suggestion(reference="k7m2p-9xq4t")
    item = make_item("A report", slug="a-report")
    first, second = (item.versions.create(number=number, note="A note.") for number in (1, 2))
    make_document(item, "old.pdf", pages=["A word."], added_in=first, removed_in=second)
    document = make_document(item, pages=["A text."], added_in=second)
    document.cover.save("cover.webp", ContentFile(b"A picture."))
    make_collection("A collection", item)
    make_saved_search(uuid=UUID)
    Shelf.objects.filter(pk=make_shelf(make_user(), item).pk).update(secret="a-secret")
    make_organisation("Example Charity")
    make_theme("Policing")
    make_proof(make_published_cycle(2030, "Example Category"))
    make_award(year=2030, category="Example Category")
    make_nomination(make_running_cycle().categories.get(), uuid=UUID)


def addresses(resolver=None, namespace=""):
    """Name and address of every page outside the admin, which test_admin_gate.py walks."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if getattr(pattern, "namespace", None) == "admin":
            continue
        if hasattr(pattern, "url_patterns"):
            below = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern, below)
        else:
            name = f"{namespace}{pattern.name}" if pattern.name else str(pattern.pattern)
            yield name, reverse(name, kwargs=EXAMPLES.get(name))


def answer(client, address, method="get"):
    """What anonymous people get: "open", "login", or the status."""
    response = getattr(client, method)(address)
    b"".join(response)  # A file is closed when it was read.
    if 200 <= response.status_code < 300:
        return "open"
    if response.status_code in {301, 302} and response["Location"].startswith("/accounts/login/"):
        return "login"
    return response.status_code


def undecided(client):
    """The addresses whose answer to anonymous people is not the one that was decided."""
    found = {}
    for name, address in addresses():
        expected = ANSWERS.get(name, "open" if name in PUBLIC else "login")
        if (got := answer(client, address)) != expected:
            found[name] = got
    return found


def test_anonymous_people_open_what_is_public_and_nothing_else(client, world):
    assert undecided(client) == {}


@pytest.mark.parametrize("method", ["head", "post", "put", "delete"])
def test_no_other_method_opens_what_is_closed(client, world, method):
    closed = [pair for pair in addresses() if pair[0] not in PUBLIC | ANSWERS]

    answers = {name: answer(client, address, method) for name, address in closed}

    assert set(answers.values()) <= {"login", 403, 404, 405}
    assert len(closed) > 10


def test_every_decision_is_about_an_address_that_exists():
    names = {name for name, _ in addresses()}

    assert (PUBLIC | ANSWERS | EXAMPLES).keys() - names == set()


def secret_page(request):
    return HttpResponse("Nobody decided that the public may read this.")


secret_page.login_required = False
planted_patterns = [path("planted/", secret_page, name="planted")]


class PlantedUrls:
    """The portal's addresses and one more, open and undecided."""

    urlpatterns = [*portal_urls.urlpatterns, path("", include(planted_patterns))]


def test_a_new_open_address_without_a_decision_is_found(client, world):
    with override_settings(ROOT_URLCONF=PlantedUrls):
        assert undecided(client) == {"planted": "open"}
