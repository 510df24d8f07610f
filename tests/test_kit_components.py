import lxml.html
import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import RequestContext, Template, TemplateDoesNotExist
from django.test import RequestFactory

from cja_portal.kit.facets import Choice, FilterGroup


def shown(source, *, address="/library/", **values):
    request = RequestFactory().get(address)
    return Template(source).render(RequestContext(request, values))


def page_of(html):
    return lxml.html.fragment_fromstring(html, create_parent="div")


class OrganisationForm(forms.Form):
    name = forms.CharField(help_text="As on its website.")
    areas = forms.MultipleChoiceField(
        choices=[("wales", "Wales")], widget=forms.CheckboxSelectMultiple
    )
    is_public = forms.BooleanField(required=False, help_text="Everyone can see it.")

    def clean(self):
        raise forms.ValidationError("Nothing was changed.")


# -- Search box -----------------------------------------------------------------------------------


def test_search_box_is_a_plain_form_with_a_label():
    box = page_of(shown('{% search_box "/dictionary/" "Search the dictionary" query="bail" %}'))

    form, (label,), (input_,) = box.find("form"), box.iter("label"), box.iter("input")
    assert (form.get("action"), form.get("method")) == ("/dictionary/", "get")
    assert (label.text, label.get("for")) == ("Search the dictionary", input_.get("id"))
    assert (input_.get("name"), input_.get("value")) == ("q", "bail")
    assert input_.get("data-suggest") is None


def test_search_box_escapes_the_query_and_carries_what_it_must():
    html = shown(
        '{% search_box "/x/" "Search" query=q suggest="/s/" hidden=kept %}',
        q='"><script>',
        kept={"jurisdiction": "scotland"},
    )

    assert "<script>" not in html
    hidden, box = page_of(html).iter("input")
    assert (hidden.get("name"), hidden.get("value")) == ("jurisdiction", "scotland")
    assert (box.get("value"), box.get("data-suggest")) == ('"><script>', "/s/")


def test_words_and_choices_of_a_list_are_one_form_even_if_there_is_no_choice():
    html = shown(
        '{% words_box "Search" q %}{% facets groups hidden=hidden with_words=True %}',
        q='"><script>',
        groups=[],
        hidden={"q": '"><script>', "sort": "title"},
    )

    assert "<script>" not in html
    page = page_of(html)
    form, (box, hidden) = page.find(".//form"), page.iter("input")
    assert box.get("form") == page.find(".//button").get("form") == form.get("id")
    assert (box.get("name"), box.get("value")) == ("q", '"><script>')
    assert [one.get("name") for one in form.iter("input")] == ["sort"] == [hidden.get("name")]


# -- Facets ---------------------------------------------------------------------------------------


def groups():
    return [
        FilterGroup("kind", "Kind", [Choice("report", "Report", 9, True), Choice("x", "Other", 0)]),
        FilterGroup("empty", "Empty"),
    ]


def test_facets_show_groups_with_choices_and_keep_the_query():
    html = shown("{% facets groups hidden=hidden %}", groups=groups(), hidden={"q": "a & b"})
    form = page_of(html).find("form")

    assert [legend.text for legend in form.iter("legend")] == ["Kind"]
    assert [(box.get("value"), box.get("checked")) for box in form.findall(".//label/input")] == [
        ("report", "checked"),
        ("x", None),
    ]
    assert form.find("input").get("value") == "a & b"
    assert form.get("action") == "/library/"
    assert form.find(".//a").get("href") == "/library/?q=a+%26+b"


def test_facets_offer_to_clear_only_what_was_chosen():
    html = shown("{% facets groups %}", groups=[FilterGroup("kind", "Kind", [Choice("a", "A")])])

    assert "Clear all" not in html


def test_facets_without_choices_show_nothing():
    assert shown("{% facets groups %}", groups=[FilterGroup("kind", "Kind")]).strip() == ""


def test_a_long_group_folds_its_tail_but_never_a_chosen_one():
    choices = [Choice(str(number), f"Year {number}", 1, number == 11) for number in range(12)]
    group = FilterGroup("year", "Year", choices)

    assert [choice.value for choice in group.shown] == ["0", "1", "2", "3", "4", "5", "6", "11"]
    assert [choice.value for choice in group.folded] == ["7", "8", "9", "10"]


def test_the_folded_choices_wait_in_a_disclosure_and_none_is_lost():
    choices = [Choice(f"a b{number}", "Name", 1) for number in range(11)]
    html = page_of(shown("{% facets groups %}", groups=[FilterGroup("x", "X", choices)]))

    assert html.findtext(".//details[@class='more']/summary") == "4 more"
    assert len(html.findall(".//input[@type='checkbox']")) == 11
    assert html.find(".//input[@type='checkbox']").get("id") == "facet-x-a%20b0"


def test_a_short_group_shows_all_its_choices():
    choices = [Choice(str(number), "Name", 1) for number in range(10)]

    assert FilterGroup("x", "X", choices).folded == []


def test_group_knows_its_selected_choices():
    assert [choice.value for choice in groups()[0].selected] == ["report"]


# -- Breadcrumbs, pages, icons ------------------------------------------------------------------


def test_breadcrumbs_pair_labels_with_addresses():
    trail = page_of(shown('{% breadcrumbs "Dictionary" "/dictionary/" "Policing" "/p/" "Bail" %}'))

    assert [(a.text, a.get("href")) for a in trail.iter("a")] == [
        ("Dictionary", "/dictionary/"),
        ("Policing", "/p/"),
    ]
    assert trail.find(".//li[@aria-current]").text == "Bail"


def test_pagination_keeps_the_query_string():
    page = Paginator(range(50), 10).page(2)
    html = shown("{% pagination page %}", address="/library/?q=bail&page=2", page=page)

    links = {a.get("rel"): a.get("href") for a in page_of(html).iter("a") if a.get("rel")}
    assert links == {"prev": "?q=bail&page=1", "next": "?q=bail&page=3"}
    assert page_of(html).find(".//a[@aria-current]").get("href") == "?q=bail&page=2"


def test_a_single_page_needs_no_pagination():
    assert shown("{% pagination page %}", page=Paginator([1], 10).page(1)).strip() == ""


def test_icons_are_hidden_from_screen_readers_and_carry_no_inline_style():
    folder = settings.BASE_DIR / "templates/components/icons"
    for path in folder.glob("*.svg"):
        svg = shown(f'{{% icon "{path.stem}" %}}')

        assert 'aria-hidden="true"' in svg
        assert "style" not in svg


def test_an_icon_that_does_not_exist_is_an_error():
    with pytest.raises(TemplateDoesNotExist):
        shown('{% icon "unicorn" %}')


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/library/", 'aria-current="page"'),
        ("/library/item/", 'aria-current="true"'),
        ("/members/", ""),
    ],
)
def test_the_room_of_the_page_is_marked(address, expected):
    assert shown('{% current_mark "/library/" %}', address=address) == expected


def test_a_kept_part_is_written_once_for_each_room(settings):
    part = Template(
        '{% kept %}{% current_mark "/library/" %}{{ site_origin }}{{ said }}{% endkept %}'
    )

    def written(address, said):
        return part.render(RequestContext(RequestFactory().get(address), {"said": said}))

    assert written("/library/", "a") == f'aria-current="page"{settings.SITE_ORIGIN}a'
    assert written("/library/one/", "b") == f'aria-current="true"{settings.SITE_ORIGIN}b'
    assert written("/library/two/", "c") == f'aria-current="true"{settings.SITE_ORIGIN}b'
    assert written("/members/", "d") == f"{settings.SITE_ORIGIN}d"
    settings.SITE_ORIGIN = "https://example.org"
    assert written("/members/", "e") == "https://example.orge"


# -- Forms --------------------------------------------------------------------------------------


def test_help_and_errors_stand_under_the_ids_that_inputs_name():
    html = page_of(shown("{{ form }}", form=OrganisationForm({})))

    named = [
        name
        for element in html.xpath("//*[@aria-describedby]")
        for name in element.get("aria-describedby").split()
    ]
    assert "id_name_helptext" in named
    assert "id_name_error" in named
    assert [name for name in named if not html.xpath(f'//*[@id="{name}"]')] == []


def test_every_input_has_one_label_and_groups_have_a_legend():
    html = page_of(shown("{{ form }}", form=OrganisationForm()))

    for input_ in html.iter("input"):
        assert len(html.xpath(f'//label[@for="{input_.get("id")}"]')) == 1
    assert [legend.text.strip() for legend in html.iter("legend")] == ["Areas"]


def test_error_summary_links_to_the_inputs():
    form = OrganisationForm({})
    summary = page_of(shown("{% error_summary form %}", form=form))
    fields = page_of(shown("{{ form }}", form=form))

    addresses = [a.get("href") for a in summary.iter("a")]
    assert addresses == ["#id_name", "#id_areas_0"]
    assert all(fields.xpath(f'//input[@id="{address[1:]}"]') for address in addresses)
    assert summary.find(".//li").text == "Nothing was changed."
    assert summary.find(".//a").text == "Name: This field is required."


def test_a_form_without_errors_has_no_summary():
    assert shown("{% error_summary form %}", form=OrganisationForm()).strip() == ""


def test_quick_exit_is_a_link_that_works_without_scripts():
    link = page_of(shown("{% quick_exit %}")).find("a")

    assert link.get("href") == "https://www.bbc.co.uk/weather"
    assert link.get("rel") == "noreferrer nofollow"
