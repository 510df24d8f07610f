"""Items with everything, and what a page says of them."""

from html import unescape

from django.utils.html import strip_tags

from tests.factories import (
    make_area,
    make_contributor,
    make_item,
    make_organisation,
    make_theme,
)


def make_full_item(number, **fields):
    """With everything that a row or page could ask the database for."""
    charity = make_organisation(f"Charity {number}", former_names=[f"Old {number}"])
    item = make_item(
        f"Bail number {number}",
        publishers=[charity],
        authors=["Policy lead"],
        themes=[make_theme(f"Theme {number}")],
        nations=[make_area(f"Area {number}")],
        summary="About *bail* and more.",
        **fields,
    )
    make_contributor(item, f"Charity {number}", "organisation", organisation=charity)
    return item


def said(response):
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(strip_tags(main)).split())
