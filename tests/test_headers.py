"""What stands at the head of every answer: who may do what with it, and who may keep it."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests import opened
from tests.pages import PAGES
from tests.site import OWNER, client_of

POLICY = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "img-src": "'self' data:",
    "manifest-src": "'self'",
    "media-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
}
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
OTHER_ANSWERS = [
    *("/healthz", "/robots.txt", "/sitemap.xml", "/dictionary", "/my/", "/admin/"),
    *("/dictionary/suggest-entries/?q=rolt", "/library/stop-and-scrutinise/cite.ris"),
    *("/static/css/base.css", "/invitations/not-a-secret/", "/accounts/login/"),
]


@pytest.fixture
def answers(site):
    """One answer per page of the list and of other kinds, by address."""
    if not _others:
        _others.update({path: _get("", path) for path in OTHER_ANSWERS})
    return {str(page): answer for page, answer in opened.answers().items()} | _others


_others = {}


def _get(who, path):
    return client_of(who, raise_request_exception=False).get(path)


def policy_of(response):
    header = response.get("Content-Security-Policy", "")
    return dict(part.strip().split(" ", 1) for part in header.split(";") if part.strip())


# -- Safety ---------------------------------------------------------------------------------------


def test_every_answer_has_the_strict_policy(answers):
    other = {path: policy_of(answer) for path, answer in answers.items()}

    assert {path: policy for path, policy in other.items() if policy != POLICY} == {}


def test_no_answer_only_reports(answers):
    assert [
        path for path, one in answers.items() if "Content-Security-Policy-Report-Only" in one
    ] == []


def test_every_answer_is_safe_from_sniffing_and_framing(answers):
    wrong = {
        path: {name: answer.get(name) for name in SAFE if answer.get(name) != SAFE[name]}
        for path, answer in answers.items()
    }

    assert {path: found for path, found in wrong.items() if found} == {}


def test_no_other_site_hears_where_people_were(answers):
    """With "no-referrer" browsers would send forms from an origin of "null", and be refused."""
    assert {answer.get("Referrer-Policy") for answer in answers.values()} == {"same-origin"}


def test_a_fault_of_ours_is_answered_as_safely(site, monkeypatch):
    def fail(*arguments):
        raise RuntimeError("a planted fault")

    monkeypatch.setattr("dictionary.views.search", fail)

    answer = _get("", "/dictionary/?q=bail")

    assert answer.status_code == 500
    assert policy_of(answer) == POLICY
    assert {name: answer.get(name) for name in SAFE} == SAFE


def test_a_forged_form_is_answered_as_safely(site):
    client = client_of(OWNER, enforce_csrf_checks=True)

    answer = client.post("/accounts/logout/")

    assert answer.status_code == 403
    assert policy_of(answer) == POLICY


# -- Caches ---------------------------------------------------------------------------------------


def test_private_pages_are_kept_by_no_cache(answers):
    private = [page for page in PAGES if page.who or page.path.startswith("/accounts/")]

    kept = {
        str(page): cache_control
        for page in private
        for cache_control in [answers[str(page)].get("Cache-Control", "")]
        if not {"no-store", "private"} & set(cache_control.replace(" ", "").split(","))
    }

    assert kept == {}


def test_pages_that_differ_by_person_say_so(answers):
    public = [page for page in PAGES if page.is_public]

    assert [
        str(page) for page in public if "Cookie" not in answers[str(page)].get("Vary", "")
    ] == []


# -- Cookies --------------------------------------------------------------------------------------


def test_nobody_is_given_a_cookie_for_reading(answers):
    public = [page for page in PAGES if page.is_public]

    given = {str(page): list(answers[str(page)].cookies) for page in public}

    # Only that of a form, which starts no session.
    assert {page.partition("?")[0]: cookies for page, cookies in given.items() if cookies} == {
        "/dictionary/explain/": ["csrftoken"],
        "/dictionary/suggest/": ["csrftoken"],
        "/library/searches/confirm/{search_secret}/": ["csrftoken"],
        "/library/searches/manage/{search_token}/": ["csrftoken"],
        "/library/searches/save/": ["csrftoken"],
        "/library/shelf/keep/no-respect/": ["csrftoken"],
        "/library/stop-and-scrutinise/request/": ["csrftoken"],
        "/members/example-charity/ask/": ["csrftoken"],
        "/members/example-charity/contact/": ["csrftoken"],
        "/members/join/": ["csrftoken"],
        "/privacy/complaint/": ["csrftoken"],
    }


def test_the_login_page_brings_the_cookie_of_its_form(site):
    assert list(_get("", "/accounts/login/").cookies) == ["csrftoken"]


# -- Production -----------------------------------------------------------------------------------

ASK_PRODUCTION = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
answer = Client().get("/healthz", secure=True, headers={"host": "portal.example.org"})
plain = Client().get("/about/", headers={"host": "portal.example.org"})
print(json.dumps({
    "hsts": answer["Strict-Transport-Security"],
    "plain": [plain.status_code, plain["Location"]],
    "cookies": {name: getattr(settings, name) for name in %r},
}))
"""
COOKIES = {
    "CSRF_COOKIE_NAME": "__Host-csrftoken",
    "CSRF_COOKIE_HTTPONLY": True,
    "CSRF_COOKIE_SAMESITE": "Lax",
    "CSRF_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_NAME": "__Host-sessionid",
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_SECURE": True,
}


@pytest.fixture(scope="module")
def production():
    """What the portal says of itself with the settings of a public server."""
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "cja_portal.settings",
        "ALLOWED_HOSTS": "portal.example.org",
        "DATABASE_URL": "postgres://portal@localhost/portal",
        "SECRET_KEY": "only-for-tests-" * 5,
    }
    asked = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK_PRODUCTION % list(COOKIES)],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert asked.returncode == 0, asked.stderr
    return json.loads(asked.stdout)


def test_production_is_reached_by_https_alone(production):
    assert production["hsts"] == "max-age=31536000; includeSubDomains; preload"
    assert production["plain"] == [301, "https://portal.example.org/about/"]


def test_cookies_in_production_are_for_the_server_alone(production):
    assert production["cookies"] == COOKIES
