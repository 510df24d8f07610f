import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.urls import reverse
from django.utils.timezone import now

from library import links
from library.links import Outcome, ask, check_links, gather_links, is_public_host, note_outcome
from library.models import Answer, LinkCheck
from tests.factories import make_item

ANSWERS = {
    "/good": (200, {}),
    "/moved": (301, {"Location": "/good"}),
    "/round": (302, {"Location": "/round"}),
    "/gone": (404, {}),
    "/broken": (500, {}),
    "/guarded": (403, {}),
    "/home": (302, {"Location": "/"}),
    "/inside": (302, {"Location": "http://169.254.169.254/latest/meta-data/"}),
    "/elsewhere": (302, {"Location": "file:///etc/passwd"}),
    "/": (200, {}),
}


class Site(BaseHTTPRequestHandler):
    asked = None

    def do_HEAD(self):
        type(self).asked.append((self.command, self.path))
        status, headers = ANSWERS.get(self.path, (404, {}))
        if self.path == "/no-head":
            status = 200 if self.command == "GET" else 405
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    do_GET = do_HEAD

    def log_message(self, *args):
        pass


@pytest.fixture
def site():
    Site.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def only_ourselves(place):
    return place[0] == "127.0.0.1"


@pytest.mark.parametrize(
    ("path", "answer", "status"),
    [
        ("/good", Answer.FOUND, 200),
        ("/moved", Answer.FOUND, 200),
        ("/no-head", Answer.FOUND, 200),
        ("/gone", Answer.MISSING, 404),
        ("/broken", Answer.FAILING, 500),
        ("/guarded", Answer.GUARDED, 403),
        ("/home", Answer.FRONT_PAGE, 200),
        ("/round", Answer.FAILING, None),
        ("/inside", Answer.REFUSED, None),
        ("/elsewhere", Answer.REFUSED, None),
    ],
)
def test_each_answer_is_told_from_the_others(site, path, answer, status):
    outcome = ask(site + path, is_open_to_us=only_ourselves)

    assert (outcome.answer, outcome.status_code) == (answer, status)


def test_a_host_that_never_ends_its_answer_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(links, "PATIENCE", 0.05)
    monkeypatch.setattr(links, "_ask", lambda *_: threading.Event().wait(5))

    assert ask("https://www.example.org/") == Outcome(Answer.FAILING)


def test_a_page_is_fetched_only_where_the_short_question_is_refused(site):
    ask(f"{site}/good", is_open_to_us=only_ourselves)
    ask(f"{site}/no-head", is_open_to_us=only_ourselves)

    assert Site.asked == [("HEAD", "/good"), ("HEAD", "/no-head"), ("GET", "/no-head")]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://localhost:8000/admin/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::169.254.169.254]/",
        "http://[2002:a9fe:a9fe::1]/",
        "http://[::127.0.0.1]/",
        "http://[fd00::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "ftp://example.org/",
        "http://user:word@93.184.215.14/",
        "javascript:alert(1)",
        "http://",
    ],
)
def test_no_question_reaches_our_own_network(monkeypatch, address):
    asked = []
    monkeypatch.setattr(links, "_pool", lambda *where: asked.append(where))

    assert ask(address).answer in {Answer.REFUSED, Answer.FAILING}
    assert asked == []


@pytest.mark.parametrize("number", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_hosts_may_be_asked(number):
    assert is_public_host((number, 443))


@pytest.mark.django_db
def test_links_of_published_items_are_gathered_and_others_forgotten():
    for status in ("published", "draft"):
        link = f"https://www.example.org/{status}"
        make_item(status=status, link=link, link_kind="publisher")
    LinkCheck.objects.create(address="https://www.example.org/former")

    gather_links()

    assert [check.address for check in LinkCheck.objects.all()] == [
        "https://www.example.org/published"
    ]


@pytest.mark.django_db
def test_a_link_is_broken_after_three_strikes_over_two_weeks_and_not_before():
    check = LinkCheck.objects.create(address="https://www.example.org/")
    seen = []
    for day in (0, 5, 10, 15):
        note_outcome(check, Outcome(Answer.MISSING, 404))
        LinkCheck.objects.update(failing_since=now() - timedelta(days=day))
        check.refresh_from_db()
        seen.append((check.is_broken, LinkCheck.objects.broken().exists()))

    assert seen == [(False, False), (False, False), (False, False), (True, True)]


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [Answer.FOUND, Answer.GUARDED])
def test_an_answer_or_a_guard_ends_the_strikes(answer):
    check = LinkCheck.objects.create(
        address="https://www.example.org/", failures=2, failing_since=now()
    )

    note_outcome(check, Outcome(answer, 200))

    assert (check.failures, check.failing_since) == (0, None)
    assert check.next_on > now() + timedelta(days=6)


@pytest.mark.django_db
def test_each_due_link_is_asked_once_and_no_host_twice_without_a_rest():
    for place in range(3):
        LinkCheck.objects.create(address=f"https://www.example.org/{place}")
    LinkCheck.objects.create(address="https://www.example.com/")
    LinkCheck.objects.create(address="https://later.example.org/", next_on=now() + timedelta(1))
    asked, pauses = [], []

    def answer(address):
        asked.append(address)
        return Outcome(Answer.FOUND, 200)

    assert check_links(10, ask=answer, wait=pauses.append) == 4
    assert check_links(10, ask=answer, wait=pauses.append) == 0
    assert len(set(asked)) == len(asked) == 4
    assert len(pauses) == 2
    assert all(0 < pause <= links.BETWEEN_QUESTIONS for pause in pauses)


@pytest.mark.django_db
def test_a_check_that_was_killed_is_made_again_after_an_hour():
    LinkCheck.objects.create(address="https://www.example.org/")

    def dies(address):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_links(1, ask=dies)

    check = LinkCheck.objects.get()
    assert check.answer == Answer.NOT_ASKED
    assert timedelta(minutes=50) < check.next_on - now() < timedelta(minutes=61)


@pytest.mark.django_db
def test_staff_see_broken_links_with_their_items(admin_client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    item = make_item("Lost report", link="https://www.example.org/", link_kind="publisher")
    LinkCheck.objects.create(
        address=item.link,
        answer=Answer.MISSING,
        failures=3,
        failing_since=now() - timedelta(days=15),
        checked_at=now(),
    )

    page = admin_client.get(reverse("admin:library_linkcheck_changelist") + "?state=broken")

    assert "Lost report" in page.content.decode()
