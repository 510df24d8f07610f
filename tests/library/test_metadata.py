import json
from datetime import date

import pytest

from library.citations import Work
from library.metadata import meta_tags, schema_org
from library.models import Item
from tests.factories import make_contributor, make_item, make_organisation, make_theme

pytestmark = pytest.mark.django_db
ADDRESS = "https://portal.example/library/item/"


def work(**fields):
    item = make_item("Women in prison", publishers=[make_organisation()], **fields)
    make_contributor(item, "Prison Reform Trust", "organisation", position=9)
    return Work(Item.objects.for_page().get(pk=item.pk), ADDRESS)


def test_a_report_is_a_report_and_an_organisation_no_person():
    cited = work(
        authors=["Peter Keeling"],
        series="Cm 9298",
        summary="In *short*.",
        published_on=date(2017, 9, 1),
        precision="month",
        themes=[make_theme("Race"), make_theme("Women")],
    )

    assert meta_tags(cited) == [
        ("citation_title", "Women in prison"),
        ("citation_author", "Keeling, Peter"),
        ("citation_author", "Prison Reform Trust,"),
        ("citation_publication_date", "2017/09"),
        ("citation_technical_report_institution", "Example Charity"),
        ("citation_technical_report_number", "Cm 9298"),
        ("citation_publisher", "Example Charity"),
        ("citation_language", "en"),
        ("citation_abstract", "In short."),
        ("citation_keywords", "Race"),
        ("citation_keywords", "Women"),
        ("citation_public_url", ADDRESS),
        ("citation_abstract_html_url", ADDRESS),
    ]


def test_an_article_names_its_journal_and_no_institution():
    names = dict(meta_tags(work(kind="journal-article", series="Journal of Law")))

    assert names["citation_journal_title"] == "Journal of Law"
    assert "citation_technical_report_institution" not in names


def test_schema_org_is_true_and_cannot_end_its_script():
    cited = work(summary="</script><b>", licence="ogl-3", isbn="0-10-142622-4")

    text = schema_org(cited)

    assert "<" not in text
    assert json.loads(text) == {
        "@context": "https://schema.org",
        "@type": "Report",
        "@id": ADDRESS,
        "url": ADDRESS,
        "name": "Women in prison",
        "author": [{"@type": "Organization", "name": "Prison Reform Trust"}],
        "publisher": [{"@type": "Organization", "name": "Example Charity"}],
        "datePublished": "2020",
        "inLanguage": "en",
        "license": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        "identifier": [cited.item.code, "0-10-142622-4"],
        "abstract": "</script><b>",
    }
