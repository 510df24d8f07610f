from datetime import date

import pytest

from library.admin.items import ItemAdmin
from library.models import Item
from library.records import staff_version_of, write_record
from members.models import AuditEvent
from tests.factories import make_item, make_organisation, make_theme, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/library/item/"


@pytest.fixture
def staff(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    user = make_user(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def act(client, action, *items, **more):
    chosen = [item.pk for item in items]
    data = {"action": action, "_selected_action": chosen, **more}
    return client.post(LIST, data, follow=True)


def messages(response):
    return [str(message) for message in response.context["messages"]]


def test_the_list_and_its_search_show_items_of_every_state(client, staff):
    make_item("A draft", status="draft", publishers=[make_organisation("Howard League")])
    make_item("A report")

    assert client.get(LIST).content.decode().count('class="field-title"') == 2
    found = client.get(LIST, {"q": "Howard"}).content.decode()
    assert "A draft" in found
    assert "A report" not in found


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_of_the_database_for_one_and_for_three(
    number, client, staff, django_assert_num_queries
):
    for _ in range(number):
        make_item(publishers=[make_organisation(f"Charity {number}{_}")])

    with django_assert_num_queries(7):
        response = client.get(LIST)

    assert response.context["cl"].result_count == number


def test_a_new_item_says_that_its_short_code_is_still_to_come(client, staff):
    page = client.get(f"{LIST}add/").content.decode()

    assert "It gets one when you save it." in page
    assert "DatabaseDefault" not in page


def test_publishing_tells_what_was_done_and_what_could_not_be(client, staff):
    draft, withdrawn = make_item("Draft", status="draft"), make_item("Gone", status="submitted")
    published = make_item("Out")

    response = act(client, "publish", draft, withdrawn, published)

    assert set(messages(response)) == {
        "“Out” is published: it cannot become published.",
        "Published: 2.",
    }
    assert set(Item.objects.values_list("status", flat=True)) == {"published"}
    assert AuditEvent.objects.filter(verb="library.publish", by=staff).count() == 2


def test_a_submitted_item_goes_back_to_draft(client, staff):
    response = act(client, "return_to_draft", make_item(status="submitted"))

    assert messages(response) == ["Draft again: 1."]


def test_withdrawing_asks_for_a_reason_first(client, staff):
    item = make_item("Out")

    asked = act(client, "withdraw", item)
    refused = act(client, "withdraw", item, because="  ")
    done = act(client, "withdraw", item, because="Its figures were wrong.")

    assert "Readers will see them" in asked.content.decode()
    assert "This field is required." in refused.content.decode()
    assert messages(done) == ["Withdrawn: 1."]
    assert Item.objects.get().withdrawn_because == "Its figures were wrong."


def form_data(**fields):
    inlines = {}
    for prefix in ("publishings", "contributors", "documents", "documents-2", "versions"):
        inlines |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    values = {
        "title": "A new report",
        "slug": "a-new-report",
        "kind": "report",
        "published_on": "2020-01-01",
        "precision": "year",
        "language": "en",
        "licence": "not-stated",
        "licence_certainty": "medium",
        "certainty": "medium",
        "audience": "public",
        "files_audience": "public",
    }
    return values | inlines | fields


def test_a_new_item_is_a_draft_that_the_search_knows(client, staff):
    theme = make_theme("Race")
    charity = make_organisation()
    publisher = {
        "publishings-TOTAL_FORMS": 1,
        "publishings-0-organisation": charity.pk,
        "publishings-0-position": 1,
    }

    data = form_data(themes=[theme.pk], content_notes=["death", "racism"], **publisher)
    client.post(f"{LIST}add/", data)

    item = Item.objects.get()
    assert (item.status, item.content_notes) == ("draft", ["death", "racism"])
    assert item.cards.get().subjects == "Race"


def test_a_broken_law_is_a_sentence_and_not_an_error(client, staff):
    response = client.post(f"{LIST}add/", form_data(published_on="2020-02-02"))

    assert "If only the year is known, the date is its 1 January." in response.content.decode()
    assert not Item.objects.exists()


def test_the_address_of_what_is_published_and_the_state_cannot_be_typed(client, staff):
    item = make_item("Out", slug="out", published_on=date(2020, 1, 1))

    version = staff_version_of(item)
    data = form_data(title="Renamed", slug="other", status="draft", version=version)
    client.post(f"{LIST}{item.pk}/change/", data)

    item = Item.objects.get()
    assert (item.title, item.slug, item.status) == ("Renamed", "out", "published")


@pytest.mark.parametrize("query", ["status__exact=%00", "q=%00", "kind__exact=zzz"])
def test_an_odd_address_is_no_fault(client, staff, query):
    assert client.get(f"{LIST}?{query}").status_code == (404 if "%00" in query else 200)


# -- Two at once ----------------------------------------------------------------------------------


@pytest.fixture
def draft():
    return make_item("Draft", status="draft", slug="draft", series="")


def change(client, item, version, **fields):
    address = f"{LIST}{item.pk}/change/"
    return client.post(address, form_data(slug=item.slug, version=version, **fields))


def test_staff_do_not_overwrite_what_a_member_saved_meanwhile(client, staff, draft):
    read = staff_version_of(draft)
    write_record(draft, {"title": "The member's title", "people": ["A. Writer"]})

    refused = change(client, draft, read, title="The staff's title")
    page = " ".join(refused.content.decode().split())
    newer = refused.context["adminform"].form["version"].value()
    kept = Item.objects.get().title
    change(client, draft, newer, title="The staff's title")

    assert "Somebody else saved this record while you were writing." in page
    assert "Saved now as Title: The member&#x27;s title." in page
    assert 'value="The staff&#x27;s title"' in page
    assert (kept, Item.objects.get().title) == ("The member's title", "The staff's title")


@pytest.mark.parametrize(
    "theirs",
    [
        {"note": "A note for staff."},
        {"certainty": "high"},
        {"slug": "another"},
    ],
)
def test_what_staff_alone_may_change_counts_as_well(client, staff, draft, theirs):
    read = staff_version_of(draft)
    Item.objects.update(**theirs)

    assert change(client, draft, read, title="Mine").status_code == 200


def test_a_form_without_a_version_saves_nothing(client, staff, draft):
    change(client, draft, "", title="Mine")

    assert Item.objects.get().title == "Draft"


def test_the_form_saves_what_it_shows_and_leaves_the_rest(client, staff, draft, monkeypatch):
    """Between the reading of the row and the lock, a member may hand the work in."""
    before = ItemAdmin.get_object

    def hand_in_meanwhile(*args):
        item = before(*args)
        Item.objects.update(status="submitted")
        return item

    monkeypatch.setattr(ItemAdmin, "get_object", hand_in_meanwhile)

    change(client, draft, staff_version_of(draft), title="Mine")

    assert (Item.objects.get().title, Item.objects.get().status) == ("Mine", "submitted")
