import lxml.html
import pytest

# The privacy notice reads from the database how long things are kept.
PAGES = [
    "/about/",
    "/accessibility/",
    pytest.param("/privacy/", marks=pytest.mark.django_db),
]


@pytest.mark.parametrize("address", PAGES)
def test_page_has_a_title_a_description_and_one_heading(client, address):
    page = lxml.html.fromstring(client.get(address).content)

    (heading,) = page.iter("h1")
    assert page.findtext(".//title").endswith(" · Criminal Justice Alliance")
    assert page.find(".//meta[@name='description']").get("content")
    assert heading.text
    assert page.get("lang") == "en-GB"


@pytest.mark.parametrize("address", PAGES)
def test_page_holds_no_inline_style_or_script_and_asks_no_third_party(client, address):
    page = lxml.html.fromstring(client.get(address).content)

    assert page.xpath("//*[@style] | //style | //script[not(@src)]") == []
    loaded = page.xpath("//script/@src | //img/@src | //link[not(@rel='canonical')]/@href")
    assert [one for one in loaded if not one.startswith("/static/")] == []


@pytest.mark.parametrize("address", PAGES)
def test_page_sets_no_cookie_and_needs_no_query_but_for_keeping_times(client, address):
    """Without the django_db mark any query fails."""
    response = client.get(address)

    assert response.status_code == 200
    assert not response.cookies


def test_ids_are_not_given_twice(client, settings):
    settings.DEBUG = True
    page = lxml.html.fromstring(client.get("/styleguide/").content)

    ids = page.xpath("//@id")
    assert sorted(ids) == sorted(set(ids))


def test_style_page_is_for_development_only(client, settings):
    settings.DEBUG = False

    assert client.get("/styleguide/").status_code == 404


def test_a_demonstration_says_so_and_keeps_search_engines_out(client, settings):
    settings.IS_DEMONSTRATION = True

    assert b"Nothing here is real business." in client.get("/about/").content
    assert client.get("/robots.txt").text.startswith("User-agent: *\nDisallow: /\n")


def test_search_engines_may_read_all_public_rooms(client, settings):
    settings.IS_DEMONSTRATION = False

    text = client.get("/robots.txt").text
    assert "Disallow: /my/\n" in text
    assert "Disallow: /\n" not in text
    assert "Sitemap: http" in text
    assert b"Nothing here is real business." not in client.get("/about/").content


def test_whoever_asks_for_the_old_address_of_the_icon_gets_it(client):
    response = client.get("/favicon.ico")

    assert (response.status_code, response["Location"]) == (302, "/static/img/favicon-32.png")
