import pytest

pytestmark = pytest.mark.browser


def test_the_home_page_opens_with_one_heading(page):
    page.goto("/")

    assert page.locator("h1").count() == 1


def test_no_page_speaks_to_anyone_but_us(page, server):
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto("/", wait_until="networkidle")

    assert asked[0] == f"{server}/"
    assert [url for url in asked if not url.startswith(f"{server}/")] == []
