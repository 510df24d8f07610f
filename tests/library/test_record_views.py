import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils.timezone import now

from tests.factories import (
    make_affiliation,
    make_document,
    make_item,
    make_organisation,
    make_theme,
    make_user,
)
from tests.library.full_items import make_full_item, said

pytestmark = pytest.mark.django_db


# -- One item -------------------------------------------------------------------------------------


def test_the_record_says_what_we_know(client):
    item = make_full_item(
        1,
        slug="bail",
        subtitle="a study",
        link="https://www.gov.uk/bail",
        link_kind="publisher",
        series="Cm 1",
        isbn="0-10-142622-4",
        licence="ogl-3",
        content_notes=["suicide"],
        certainty="high",
    )

    page = client.get("/library/bail/").content.decode()

    for expected in [
        "<h1>Bail number 1</h1>",
        '<p class="plain">a study</p>',
        "<p>About <em>bail</em> and more.</p>",
        '<a class="button" href="https://www.gov.uk/bail" rel="noopener">Read it at the publisher',
        "on gov.uk",
        "It deals with: suicide and self-harm.",
        '<a href="/members/charity-1/">Charity 1</a>',
        '<a href="/themes/theme-1/">Theme 1</a>',
        "<dd>0-10-142622-4</dd>",
        "Open Government Licence v3.0",
        "Sure, but not checked against the work itself.",
        f"<code>{item.code.upper()}</code>",
        '<meta name="citation_author" content="Charity 1,">',
        '<script type="application/ld+json">{"@context"',
        '<link rel="canonical" href="http://127.0.0.1:8000/library/bail/">',
    ]:
        assert expected in page


@pytest.mark.parametrize(
    ("note", "is_offered"), [("domestic-abuse", True), ("child-abuse", True), ("racism", False)]
)
def test_the_record_of_a_work_on_abuse_offers_a_way_out(client, note, is_offered):
    item = make_item(content_notes=[note])

    page = client.get(item.get_absolute_url()).content.decode()

    assert ('class="quick-exit"' in page) is is_offered


@pytest.mark.parametrize("number", [1, 3])
def test_the_record_asks_the_same_of_the_database_however_many_are_related(
    number, client, django_assert_num_queries
):
    theme = make_theme()
    for one in range(number + 1):
        make_full_item(one, slug=f"item-number-{one}").themes.add(theme)

    client.get("/library/item-number-0/")  # The dictionary's index of names is made once.

    with django_assert_num_queries(19):
        response = client.get("/library/item-number-0/")

    assert len(response.context["related"]) == number


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("publisher", "Read it at the publisher"),
        ("notice", "Read the notice about it"),
        ("copy", "Read a copy"),
        ("official-copy", "Read the official copy"),
        ("", "We have not found a public page."),
    ],
)
def test_the_reader_knows_what_the_link_leads_to(kind, words, client):
    make_item(slug="bail", link="https://example.org/" if kind else "", link_kind=kind)

    assert words in client.get("/library/bail/").content.decode()


def test_a_newer_version_is_announced_only_if_the_reader_may_see_it(client):
    newer = make_item("Newer", slug="newer")
    make_item("Older", slug="older", superseded_by=newer)

    assert "A newer version has taken its place:" in client.get("/library/older/").content.decode()
    assert "It takes the place of" in client.get("/library/newer/").content.decode()

    newer.audience = "staff"
    newer.save()

    assert "newer version" not in client.get("/library/older/").content.decode()


def test_a_short_code_leads_to_its_item(client):
    item = make_item(slug="bail")

    response = client.get(f"/library/{item.code.upper()}/")

    assert response["Location"] == "/library/bail/"
    assert client.get("/library/rnpx7w/").status_code == 404


def test_hidden_and_absent_cannot_be_told_apart(client):
    draft = make_item(slug="hidden", status="draft")
    make_item(slug="later", visible_from=now() + timedelta(days=1))
    make_item(slug="theirs", audience="members")
    make_item(slug="gone-theirs", audience="members", status="withdrawn")
    pages = {client.get(f"/library/{slug}/").content for slug in ("hidden", "later", "theirs")}
    pages |= {client.get(f"/library/{slug}/").content for slug in (draft.code, "gone-theirs")}

    assert len({re.sub(rb"/library/[\w-]+/", b"", page) for page in pages}) == 1
    assert client.get("/library/hidden/").status_code == 404
    assert client.get("/library/hidden/cite.ris").status_code == 404


def test_a_members_item_is_read_by_members_and_not_offered_to_machines(client):
    member = make_user()
    make_affiliation(member, make_organisation())
    make_item("For members", slug="theirs", audience="members")
    client.force_login(member)

    page = client.get("/library/theirs/").content.decode()

    assert "<h1>For members</h1>" in page
    assert '<meta name="robots" content="noindex">' in page
    assert "citation_title" not in page


def test_a_withdrawn_item_leaves_a_tombstone_with_its_citation(client):
    make_item("Gone", slug="gone", status="withdrawn", summary="Secret.", link_kind="")

    response = client.get("/library/gone/")

    page = response.content.decode()
    assert response.status_code == 410
    assert "Withdrawn from the library on 1 January 2020." in page
    assert "It was wrong." in page
    assert "<i>Gone</i>" in page
    assert "Secret." not in page
    assert "Gone" not in client.get("/library/").content.decode()
    assert "Secret" not in client.get("/library/?q=gone").content.decode()
    assert client.get("/library/gone/cite.bib").status_code == 200
    assert "Secret" not in client.get("/library/gone/cite.ris").content.decode()


@pytest.mark.parametrize(
    ("form", "content_type", "beginning"),
    [
        ("bib", "application/x-bibtex; charset=utf-8", "@techreport{bail,"),
        ("ris", "application/x-research-info-systems; charset=utf-8", "TY  - RPRT"),
        ("csl.json", "application/vnd.citationstyles.csl+json; charset=utf-8", "["),
    ],
)
def test_citations_come_as_files(form, content_type, beginning, client):
    make_item(slug="bail")

    response = client.get(f"/library/bail/cite.{form}")

    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == f'attachment; filename="bail.{form}"'
    assert response.content.decode().startswith(beginning)


def test_an_unknown_form_of_citation_is_not_found(client):
    make_item(slug="bail")

    assert client.get("/library/bail/cite.doc").status_code == 404


@pytest.mark.parametrize("address", ["", "bail/", "bail/cite.ris", "feed.atom"])
def test_pages_are_only_read(address, client):
    make_item(slug="bail")

    assert client.post(f"/library/{address}").status_code == 405
    assert client.head(f"/library/{address}").status_code == 200


# -- Files and versions ---------------------------------------------------------------------------


def test_the_record_offers_each_file_with_what_a_reader_wants_to_know(client):
    item = make_item(slug="a-report")
    make_document(item, pages=["One."] * 80, size=2_100_000, is_tagged=True)
    make_document(item, "adroddiad.pdf", kind="translation", language="cy", reading="no-text")

    page = said(client.get("/library/a-report/"))

    assert (
        "Main document PDF · 80 pages · 2.0 MB · English · made for screen readers "
        "Read it here: A report Open the PDF: A report" in page
    )
    assert "Translation PDF · 1 page · 23 bytes · Welsh Open the PDF: A report: translation" in page
    assert "This file holds pictures of pages, without text" in page


def test_the_record_leads_to_the_text_and_into_it(client):
    make_document(make_item(slug="a-report"), pages=["One."])

    page = client.get("/library/a-report/").content.decode()

    assert 'href="/library/a-report/files/report.pdf/page/1/"' in page
    assert 'action="/library/a-report/files/report.pdf/page/1/" method="get"' in page


def test_the_cover_of_the_first_file_keeps_its_place_before_it_is_there(client):
    document = make_document(make_item(slug="a-report"))
    document.cover.save("cover.webp", ContentFile(b"A picture."))

    page = client.get("/library/a-report/").content.decode()

    cover = "/library/a-report/files/report.pdf/cover.webp"
    assert f'<img src="{cover}" alt="" width="180" height="254">' in page


def test_the_record_says_what_changed_and_keeps_the_old_files(client):
    item = make_item(slug="a-report")
    first = item.versions.create(number=1, note="First published.")
    second = item.versions.create(number=2, note="Table 4 was <wrong>.", is_major=False)
    make_document(item, "new.pdf", added_in=second)
    make_document(item, "old.pdf", title="The first one", added_in=first, removed_in=second)

    response = client.get("/library/a-report/")

    page = said(response)
    assert [file.name for file in response.context["files"]] == ["new.pdf"]
    assert "small change Table 4 was <wrong>. Before: The first one (PDF, 23 bytes)" in page
    assert page.index("Version 2") < page.index("Version 1")
    assert 'href="/library/a-report/files/old.pdf"' in response.content.decode()


def test_an_old_file_is_as_private_as_a_new_one(client):
    item = make_item(slug="a-report", files_audience="members")
    second = item.versions.create(number=2, note="New figures.")
    make_document(item, "old.pdf", title="The first one", removed_in=second)

    page = said(client.get("/library/a-report/"))

    assert "New figures." in page
    assert "The first one" not in page


def test_the_record_asks_the_same_of_the_database_for_one_file_and_for_three(
    client, django_assert_max_num_queries
):
    counts = []
    for number in (1, 3):
        item = make_item(slug=f"with-{number}")
        for one in range(number):
            version = item.versions.create(number=one + 1, note="Changed.")
            make_document(item, f"report-{one}.pdf", added_in=version)
        client.get(item.get_absolute_url())
        with django_assert_max_num_queries(20) as asked:
            client.get(item.get_absolute_url())
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_a_series_leads_to_its_works(client):
    item = make_item("The first", series="Briefing papers, new series")
    make_item("Another", summary="A briefing on papers of a new kind in a series.")

    page = client.get(item.get_absolute_url()).content.decode()
    address = "/library/?q=%22Briefing%20papers%2C%20new%20series%22"

    assert f'href="{address}"' in page
    assert [row.item.pk for row in client.get(address).context["rows"]] == [item.pk]
