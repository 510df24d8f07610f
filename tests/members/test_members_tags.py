"""What members add to the pages of others: organisations about a theme, and beside one."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template

from tests.factories import make_area, make_organisation, make_theme

pytestmark = pytest.mark.django_db

ANONYMOUS = AnonymousUser()


def render(source, **context):
    return Template("{% load members_tags %}" + source).render(
        Context({"user": ANONYMOUS} | context)
    )


def test_organisations_about_a_theme():
    theme = make_theme("Prison")
    make_organisation("One", themes=[theme])
    make_organisation("Hidden", themes=[theme], is_listed=False)
    make_organisation("Other")

    page = render("{% organisations_about theme %}", theme=theme)

    assert "One" in page
    assert "Hidden" not in page
    assert "Other" not in page


def test_organisations_about_a_theme_leads_to_all_of_them():
    theme = make_theme("Prison")
    for number in range(14):
        make_organisation(f"Number {number:02}", themes=[theme])

    page = render("{% organisations_about theme %}", theme=theme)

    assert page.count("Number ") == 12
    assert 'href="/members/?theme=prison">All 14 organisations' in page


def test_organisations_beside_share_the_most_themes_and_say_which():
    prison, race = make_theme("Prison", position=1), make_theme("Race", position=2)
    shown = make_organisation("Shown", themes=[prison, race])
    make_organisation("Near", themes=[prison, race])
    make_organisation("Far", themes=[race])
    make_organisation("Example Charity", themes=[prison, race], is_example=True)

    page = render("{% organisations_beside organisation %}", organisation=shown)

    assert page.index("Near") < page.index("Far")
    assert "Charity · Prison, Race" in page
    assert "Example" not in page
    assert "Shown" not in page


def test_organisations_beside_begin_with_the_next_name():
    prison = make_theme("Prison")
    shown, *_ = (make_organisation(name, themes=[prison]) for name in ("Mill", "Abbey", "Oak"))
    shown.refresh_from_db()

    page = render("{% organisations_beside organisation %}", organisation=shown)

    assert page.index("Oak") < page.index("Abbey")


def test_working_places_leave_out_what_a_larger_one_says():
    england = make_area("England")
    london = make_area("London", parent=england, position=1)
    wales = make_area("Wales", position=2)
    organisation = make_organisation(areas=[england, london, wales])

    page = render("{{ organisation|working_places }}", organisation=organisation)

    assert page == "England and Wales"
