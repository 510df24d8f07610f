"""The staff's doors to memberships and money."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from cja_portal.work import waiting_work
from members.models import (
    AuditEvent,
    BillingDetails,
    FeeBand,
    Invoice,
    MembershipBreak,
    MembershipPeriod,
    Payment,
    StatementLine,
)
from members.standing import standing_of
from tests.factories import (
    make_fee_band,
    make_invoice,
    make_organisation,
    make_owner,
    make_period,
    make_staff,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def staff(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    user = make_staff()
    client.force_login(user)
    return user


def act(client, model, action, *rows, **typed):
    data = {"action": action, "_selected_action": [row.pk for row in rows]} | typed
    return client.post(f"/admin/members/{model}/", data, follow=True).content.decode()


def test_staff_set_bands_in_pounds_and_read_what_overlaps(client, staff):
    typed = {"name": "Small", "income_from": "0", "income_below": "100000"}
    typed |= {"amount_pence": "£1,250.50", "starts_on": "2026-01-01"}

    client.post("/admin/members/feeband/add/", typed)
    again = client.post("/admin/members/feeband/add/", typed).content.decode()
    upside_down = client.post("/admin/members/feeband/add/", typed | {"income_from": "200000"})

    assert FeeBand.objects.get().amount_pence == 125_050
    assert "Another band holds for these incomes on these days." in again
    assert "The band must end above where it begins." in upside_down.content.decode()
    assert (
        'value="1,250.50"'
        in client.get(f"/admin/members/feeband/{FeeBand.objects.get().pk}/change/").content.decode()
    )


def test_staff_say_once_who_sends_the_invoices(client, staff):
    typed = {"name": "Example Alliance", "address": "1 Example Street"}

    client.post("/admin/members/billingdetails/add/", typed)

    assert BillingDetails.now().name == "Example Alliance"
    again = client.post("/admin/members/billingdetails/add/", typed | {"name": "Another"})
    assert again["Location"] == "/admin/members/billingdetails/1/change/"
    assert BillingDetails.now().name == "Example Alliance"


def test_staff_open_a_period_and_take_it_back(client, staff):
    make_fee_band()
    organisation = make_organisation()
    typed = {"organisation": organisation.pk, "income": "50,000"}

    page = client.get(f"/admin/members/membershipperiod/add/?organisation={organisation.pk}")
    client.post("/admin/members/membershipperiod/add/", typed)
    refused = client.post("/admin/members/membershipperiod/add/", typed).content.decode()

    assert f'<option value="{organisation.pk}" selected' in page.content.decode()
    assert "already has a period on these days" in refused
    period = MembershipPeriod.objects.get()
    assert (period.amount_pence, period.opened_by) == (10_000, staff)
    asked = act(client, "membershipperiod", "take_back", period)
    assert "Reason" in asked
    assert MembershipPeriod.objects.standing().exists()
    act(client, "membershipperiod", "take_back", period, step="do", reason="A slip.")
    assert not MembershipPeriod.objects.standing().exists()
    assert Invoice.objects.outstanding().count() == 0


@pytest.mark.parametrize(
    ("action", "verb", "words"),
    [
        ("suspend", "members.suspended", "CJA staff suspended the membership of Example Charity"),
        ("resign", "members.resigned", "CJA staff have noted the resignation."),
    ],
)
def test_staff_see_the_letter_before_it_goes(client, staff, action, verb, words):
    organisation = make_organisation()
    typed = {"reason": "It does not answer."}

    looked = act(client, "organisation", action, organisation, step="look", **typed)
    assert words in looked
    assert "It does not answer." in looked
    assert MembershipBreak.objects.count() == 0

    act(client, "organisation", action, organisation, step="do", **typed)
    assert MembershipBreak.objects.get().reason == "It does not answer."
    assert AuditEvent.objects.filter(verb=verb, by=staff).count() == 1

    act(client, "organisation", "reinstate", organisation, step="do", reason="It answers.")
    assert standing_of(organisation).status == ""


def test_a_letter_that_staff_look_at_is_text_whatever_it_holds(client, staff):
    organisation = make_organisation(name="Example <script>alert(1)</script>")
    make_period(organisation, date(2026, 1, 1), date(2099, 12, 31))

    shown = act(client, "organisation", "resign", organisation, step="look", reason="<b>Why</b>")

    letter = shown.partition("<pre>")[2].partition("</pre>")[0]
    assert "&lt;script&gt;alert(1)" in letter
    assert "<script>alert(1)" not in shown


def test_staff_see_where_each_stands(client, staff):
    today = timezone.localdate()
    lapsed = make_organisation("Example Lapsed")
    make_period(lapsed, today - 400 * DAY, today - 100 * DAY)
    ending = make_organisation("Example Ending")
    make_period(ending, today - 300 * DAY, today + 20 * DAY)
    make_organisation("Example Starter")

    pages = {
        status: client.get(f"/admin/members/organisation/?status={status}").content.decode()
        for status in ("lapsed", "due", "none", "active")
    }

    found = {
        status: [name for name in ("Lapsed", "Ending", "Starter") if f"Example {name}<" in page]
        for status, page in pages.items()
    }
    assert found == {
        "lapsed": ["Lapsed"],
        "due": ["Ending"],
        "none": ["Starter"],
        "active": ["Ending"],
    }
    one = client.get(f"/admin/members/organisation/{ending.pk}/change/").content.decode()
    assert "You are a member until" in one
    for model in ("membershipperiod", "invoice", "membershipbreak"):
        address = f"/admin/members/{model}/?organisation={ending.pk}"
        assert f'href="{address}"' in one
        assert client.get(address).status_code == 200


def test_the_queues_of_work(staff):
    today = timezone.localdate()
    make_period(make_organisation(), today - 300 * DAY, today + 20 * DAY)
    StatementLine.objects.create(digest="a", booked_on=today, amount_pence=1)

    found = {work.label: work.count for work in waiting_work(staff)}

    assert found["Memberships to renew or to pay"] == 1
    assert found["Lines of bank statements to match"] == 1


def test_one_who_has_renewed_and_paid_is_not_due(staff):
    today, organisation = timezone.localdate(), make_organisation()
    make_period(organisation, today - 300 * DAY, today + 20 * DAY)
    make_period(organisation, today + 21 * DAY, today + 380 * DAY)

    found = {work.label: work.count for work in waiting_work(staff)}

    assert found["Memberships to renew or to pay"] == 0


# -- Money ----------------------------------------------------------------------------------------


def test_an_invoice_is_read_only_and_on_paper(client, staff):
    invoice = make_invoice()

    page = client.get(f"/admin/members/invoice/{invoice.pk}/change/").content.decode()
    paper = client.get(f"/admin/members/invoice/{invoice.pk}/pdf/")

    assert 'name="_save"' not in page
    assert paper.content.startswith(b"%PDF")
    act(client, "invoice", "take_back", invoice, step="do", reason="Wrong.")
    assert Invoice.objects.filter(kind="credit-note").count() == 1
    assert client.get("/admin/members/invoice/").status_code == 200


def test_staff_record_and_reverse_a_payment(client, staff):
    invoice = make_invoice()
    typed = {"invoice": invoice.pk, "pence": "100", "method": "cheque"}
    typed |= {"received_on": timezone.localdate().isoformat()}

    client.post("/admin/members/payment/add/", typed | {"pence": "0"})
    assert Payment.objects.count() == 0
    client.post("/admin/members/payment/add/", typed)
    assert Payment.objects.get().amount_pence == 10_000
    act(client, "payment", "reverse", Payment.objects.get(), step="do", reason="A slip.")
    assert Payment.objects.count() == 2


def test_a_statement_is_matched_by_a_person(client, staff):
    first = make_invoice(make_organisation("Example One"))
    second = make_invoice(make_organisation("Example Two"))
    screen = "/admin/members/statementline/"
    pasted = "Date,Reference,Amount\n05/01/2026,CJA-00001,100\n06/01/2026,x,100\n07/01/2026,y,3"

    added = client.post(screen, {"do": "add", "pasted": pasted}, follow=True).content.decode()
    again = client.post(screen, {"do": "add", "pasted": pasted}, follow=True).content.decode()
    one, two, gift = StatementLine.objects.all()
    assert "Lines added: 3." in added
    assert "the same number, the same amount" in added
    assert "Lines added: 0. 3 were known already." in again
    assert Payment.objects.count() == 0

    client.post(screen, {"line": one.pk, "invoice": first.pk})
    twice = client.post(screen, {"line": one.pk, "invoice": second.pk}, follow=True)
    client.post(screen, {"line": two.pk, "do": "number", "number": "cja-2"})
    client.post(screen, {"line": gift.pk, "do": "aside"})
    unknown = client.post(screen, {"line": gift.pk, "do": "number", "number": "99"}, follow=True)

    assert "This line has been dealt with already." in twice.content.decode()
    assert "We have no invoice of this number." in unknown.content.decode()
    assert {payment.invoice for payment in Payment.objects.all()} == {first, second}
    assert Payment.objects.get(line=one).received_on == date(2026, 1, 5)
    assert StatementLine.objects.waiting().count() == 0


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({}, "Choose a file, or paste the lines."),
        ({"pasted": "Date,Amount\n1,2"}, "Line 2: “1” is not a date"),
    ],
)
def test_a_statement_that_cannot_be_read_says_why(client, staff, typed, fault):
    page = client.post("/admin/members/statementline/", {"do": "add"} | typed).content.decode()

    assert fault in page


def test_owners_do_not_get_in(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    invoice = make_invoice()
    client.force_login(make_owner(invoice.organisation))

    for path in ("statementline/", "payment/add/", f"invoice/{invoice.pk}/pdf/", "organisation/"):
        assert client.get(f"/admin/members/{path}", follow=True).status_code == 403
