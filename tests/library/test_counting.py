"""Readers are counted and not followed."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.timezone import localdate

from library.models import DailyUse
from library.views import item_detail
from tests.factories import (
    make_affiliation,
    make_document,
    make_item,
    make_organisation,
    make_user,
)
from tests.logins import sign_in
from tests.races import race

pytestmark = pytest.mark.django_db

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
RECORD, FILE = "/library/a-report/", "/library/a-report/files/report.pdf"


@pytest.fixture
def item(db):
    item = make_item(slug="a-report")
    make_document(item, pages=["One.", "Two."], content=b"0123456789")
    return item


def read(client, address, method="get", **headers):
    headers = {"user-agent": BROWSER} | headers
    response = getattr(client, method)(address, headers=headers)
    b"".join(response)
    return response


def counted():
    return list(DailyUse.objects.values_list("views", "downloads"))


@pytest.mark.parametrize("address", [RECORD, f"{FILE}/page/2/"])
def test_opening_an_item_is_a_view(client, item, address):
    read(client, address)
    read(client, address)

    assert counted() == [(2, 0)]


def test_going_from_page_to_page_is_one_visit(client, item):
    read(client, f"{FILE}/page/1/", referer="http://testserver/library/?q=bail")
    read(client, f"{FILE}/page/2/", referer=f"http://testserver{FILE}/page/1/")
    read(client, RECORD, referer=f"http://testserver{FILE}/page/2/")

    assert counted() == [(1, 0)]


def test_a_page_of_another_site_with_our_path_is_another_site(client, item):
    read(client, RECORD, referer=f"https://example.org{RECORD}")

    assert counted() == [(1, 0)]


@pytest.mark.parametrize(
    "range_", ["", "bytes=0-", "bytes=0-4", "bytes=0-4,6-7"], ids=lambda range_: range_ or "whole"
)
def test_fetching_a_file_from_its_beginning_is_a_download(client, item, range_):
    read(client, FILE, **{"range": range_} if range_ else {})

    assert counted() == [(0, 1)]


@pytest.mark.parametrize("range_", ["bytes=5-", "bytes=-3", "bytes=0-1", "bytes=0-0", "bytes=99-"])
def test_the_next_part_of_a_file_is_none(client, item, range_):
    read(client, FILE, range=range_)

    assert counted() == []


def test_what_the_reader_has_already_is_no_download(client, item):
    read(client, FILE, **{"if-none-match": "*"})

    assert counted() == []


@pytest.mark.parametrize("address", [RECORD, FILE, f"{FILE}/page/1/"])
def test_head_is_no_reading(client, item, address):
    read(client, address, method="head")

    assert counted() == []


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0)",
        "curl/8.5.0",
        "python-requests/2.32",
        "Wget/1.21",
        "Mozilla/5.0 HeadlessChrome/120.0",
        "facebookexternalhit/1.1",
    ],
)
def test_programs_are_not_counted(client, item, agent):
    read(client, RECORD, **{"user-agent": agent})

    assert counted() == []


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (Linux; Android 14; CUBOT P80) Chrome/126.0 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/130.0 Mobile",
    ],
)
def test_people_on_odd_telephones_are(client, item, agent):
    read(client, RECORD, **{"user-agent": agent})

    assert counted() == [(1, 0)]


def test_a_page_fetched_ahead_of_time_was_not_read(client, item):
    read(client, RECORD, **{"sec-purpose": "prefetch"})

    assert counted() == []


def test_staff_are_not_readers(client, item):
    sign_in(client, make_user(is_staff=True))

    read(client, RECORD)
    read(client, FILE)

    assert counted() == []


def test_a_reader_does_not_wait_for_the_count(client, item, django_assert_num_queries, rf):
    """The statement runs when the answer is closed, which is after it was sent."""
    request = rf.get(RECORD, headers={"user-agent": BROWSER})
    request.user = make_user()
    response = item_detail(request, "a-report")
    response.render()
    assert counted() == []

    with django_assert_num_queries(1):
        for close in response._resource_closers:
            close()

    assert counted() == [(1, 0)]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_both_counted():
    item = make_item()

    def count():
        DailyUse.objects.count_one(item, views=1)

    race(count, count)

    assert counted() == [(2, 0)]


def test_a_row_without_any_use_is_refused():
    use = DailyUse(item=make_item(), day=date(2026, 1, 1))

    with pytest.raises(ValidationError):
        use.full_clean()
    with pytest.raises(IntegrityError):
        use.save()


@pytest.mark.parametrize(
    ("who", "sees"), [("anonymous", False), ("other", False), ("owner", True), ("staff", True)]
)
def test_only_those_whose_item_it_is_see_how_often_it_was_read(client, who, sees):
    owner, other = make_organisation("Example Owner"), make_organisation("Another")
    item = make_item(slug="a-report", owner=owner)
    item.daily_uses.create(day=date(2026, 3, 31), views=1200, downloads=3)
    item.daily_uses.create(day=date(2026, 3, 1), views=34, downloads=0)
    if who != "anonymous":
        user = make_user(is_staff=who == "staff")
        make_affiliation(user, owner if who == "owner" else other)
        sign_in(client, user)

    page = client.get(RECORD).content.decode()

    row = '<tr><th scope="row">March 2026</th><td>1,234</td><td>3</td></tr>'
    assert (row in page) is sees
    assert ("How often it was read" in page) is sees


def test_an_organisation_sees_how_often_its_works_were_read_and_no_others(client):
    owner, other = make_organisation("Example Owner"), make_organisation("Another")
    today, long_ago = localdate(), localdate() - timedelta(days=400)
    often = make_item("Read often", owner=owner, slug="often")
    seldom = make_item("Read seldom", owner=owner, slug="seldom")
    elsewhere = make_item("Not theirs", owner=other)
    seldom.daily_uses.create(day=today, views=2, downloads=0)
    seldom.daily_uses.create(day=long_ago, views=7000, downloads=0)
    often.daily_uses.create(day=today, views=1200, downloads=3)
    elsewhere.daily_uses.create(day=today, views=55555, downloads=0)
    person = make_user()
    make_affiliation(person, owner)
    sign_in(client, person)

    response = client.get(f"/library/submit/{owner.slug}/")

    work = {"slug": "often", "title": "Read often", "views": 1200, "downloads": 3}
    rare = {"slug": "seldom", "title": "Read seldom", "views": 2, "downloads": 0}
    assert list(response.context["most_read"]) == [work, rare]
    month = {"month": today.replace(day=1), "views": 1202, "downloads": 3}
    assert response.context["use"] == [month]
    row = '<td class="number">1,202</td><td class="number">3</td>'
    assert row in response.content.decode()


def test_an_organisation_whose_works_nobody_read_is_shown_no_table(client):
    owner, person = make_organisation("Example Owner"), make_user()
    make_affiliation(person, owner)
    sign_in(client, person)

    page = client.get(f"/library/submit/{owner.slug}/").content.decode()

    assert "How often they were read" not in page
