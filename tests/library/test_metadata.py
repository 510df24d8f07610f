import json
from datetime import date

import pytest

from library.citations import Work
from library.metadata import meta_tags, schema_org
from library.models import Item
from tests.factories import (
    make_contributor,
    make_document,
    make_item,
    make_organisation,
    make_theme,
)

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


def test_an_article_names_volume_and_issue_alike_everywhere():
    article = work(kind="journal-article", series="Journal of Law", number="61(2)")

    names = dict(meta_tags(article))
    assert (names["citation_volume"], names["citation_issue"]) == ("61", "2")
    assert names["citation_journal_title"] == "Journal of Law"
    assert json.loads(schema_org(article))["isPartOf"] == {
        "@type": "PublicationIssue",
        "issueNumber": "2",
        "isPartOf": {
            "@type": "PublicationVolume",
            "volumeNumber": "61",
            "isPartOf": {"@type": "Periodical", "name": "Journal of Law"},
        },
    }


@pytest.mark.parametrize("kind", ["report", "journal-article"])
def test_files_that_everyone_may_open_are_named(kind):
    cited = work(kind=kind)
    make_document(cited.item, "annex.pdf", kind="annex")
    main = make_document(cited.item, "main.pdf", position=1, language="cy")
    make_document(cited.item, "data.csv", kind="data", content_type="text/csv")
    make_document(cited.item, "virus.pdf", reading="infected")
    address = f"http://127.0.0.1:8000/library/{cited.item.slug}/files"

    names, said = dict(meta_tags(cited)), json.loads(schema_org(cited))

    assert names["citation_pdf_url"] == f"{address}/main.pdf"
    assert said["isAccessibleForFree"] is True
    assert [file["contentUrl"] for file in said["encoding"]] == [
        *(f"{address}/main.pdf", f"{address}/annex.pdf", f"{address}/data.csv"),
    ]
    assert said["encoding"][0] == {
        "@type": "MediaObject",
        "contentUrl": f"{address}/main.pdf",
        "encodingFormat": "application/pdf",
        "contentSize": "23 B",
        "inLanguage": "cy",
        "name": "main.pdf",
        "sha256": main.sha256,
    }


def test_of_files_for_members_nothing_is_said():
    cited = work(files_audience="members")
    make_document(cited.item)

    assert "citation_pdf_url" not in dict(meta_tags(cited))
    assert not {"encoding", "isAccessibleForFree"} & json.loads(schema_org(cited)).keys()


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
