import lxml.html
import pytest
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import path

from cja_portal import urls as portal_urls
from cja_portal import views

pytestmark = pytest.mark.urls(__name__)


def raising(exception):
    def view(request):
        raise exception

    view.login_required = False
    return view


urlpatterns = [
    path("bad/", raising(BadRequest("secret detail"))),
    path("suspicious/", raising(SuspiciousOperation("secret detail"))),
    path("denied/", raising(PermissionDenied("secret detail"))),
    path("missing/", raising(Http404("secret detail"))),
    path("api/bad", raising(BadRequest("secret detail"))),
    path("api/denied", raising(PermissionDenied("secret detail"))),
    path("api/broken", raising(ZeroDivisionError("secret detail"))),
    path("broken/", raising(ZeroDivisionError("secret detail"))),
    *portal_urls.urlpatterns,
]
handler400 = portal_urls.handler400
handler403 = portal_urls.handler403
handler404 = portal_urls.handler404
handler429 = portal_urls.handler429
handler500 = portal_urls.handler500

PAGES = [
    ("/bad/", 400, "We did not understand that"),
    ("/suspicious/", 400, "We did not understand that"),
    ("/denied/", 403, "This page is not open to you"),
    ("/missing/", 404, "We cannot find that page"),
    ("/no/such/page/", 404, "We cannot find that page"),
]


def heading(response):
    (found,) = lxml.html.fromstring(response.content).iter("h1")
    return found.text


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(("address", "status", "title"), PAGES)
def test_each_error_has_a_page_of_ours(client, settings, debug, address, status, title):
    settings.DEBUG = debug

    response = client.get(address)

    assert (response.status_code, heading(response)) == (status, title)
    assert b"secret detail" not in response.content


def test_a_broken_page_says_so_without_telling_why(client):
    client.raise_request_exception = False

    response = client.get("/broken/")

    assert (response.status_code, heading(response)) == (500, "Something went wrong on our side")
    assert b"secret detail" not in response.content


@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        ("/api/bad", 400, "Bad Request"),
        ("/api/denied", 403, "Forbidden"),
        ("/api/", 404, "Not Found"),
        ("/api/dictionary/v2/entries", 404, "Not Found"),
        ("/api/broken", 500, "Internal Server Error"),
    ],
)
def test_programs_are_told_in_problem_details(client, address, status, title):
    client.raise_request_exception = False

    response = client.get(address)
    told = response.json()

    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert (told["type"], told["status"], told["title"]) == ("about:blank", status, title)
    assert told["detail"].endswith(".")
    assert "secret" not in told["detail"]


def test_developers_keep_the_technical_page_of_a_broken_one(client, settings):
    settings.DEBUG = True
    client.raise_request_exception = False

    assert b"ZeroDivisionError" in client.get("/broken/").content


def test_the_page_of_a_broken_site_asks_neither_database_nor_request():
    """Without the django_db mark any query fails."""
    html = render_to_string("500.html")

    assert "Something went wrong on our side" in html
    assert "Log in" not in html


def test_a_form_from_elsewhere_is_told_to_send_again(rf):
    response = views.csrf_failure(rf.post("/"))

    assert (response.status_code, heading(response)) == (403, "Please send that again")


@pytest.mark.parametrize(
    ("seconds", "words", "header"),
    [
        (None, "Try again in a few minutes.", None),
        (30, "Try again in 1 minute.", "30"),
        (61, "Try again in 2 minutes.", "61"),
    ],
)
def test_too_many_tries_are_told_when_to_come_back(rf, seconds, words, header):
    response = views.too_many_requests(rf.get("/"), retry_after=seconds)

    assert response.status_code == 429
    assert words in response.content.decode()
    assert response.headers.get("Retry-After") == header


@pytest.mark.parametrize("address", [address for address, _, _ in PAGES])
def test_an_error_page_offers_search_and_the_four_rooms(client, address):
    main = lxml.html.fromstring(client.get(address).content).get_element_by_id("main")

    assert main.find(".//form[@role='search']") is not None
    assert [link.text for link in main.iterfind(".//h2/a")] == [
        "Dictionary",
        "Library",
        "Members",
        "Awards",
    ]


def test_a_body_too_large_is_refused_before_it_is_read(client, settings):
    size = str(settings.LARGEST_BODY + 1)

    response = client.post("/accounts/login/", CONTENT_LENGTH=size)

    assert (response.status_code, heading(response)) == (400, "We did not understand that")
