"""What staff do with applications to join."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from cja_portal.work import waiting_work
from members.actions import applications
from members.actions.applications import (
    approve_application,
    ask_applicant,
    decline_application,
    defer_application,
    free_slug,
)
from members.actions.applying import withdraw_application
from members.models import (
    Application,
    BillingDetails,
    Criterion,
    DoNotInvite,
    Invitation,
    Organisation,
)
from members.models.application import ApplicationError
from tests.factories import (
    make_application,
    make_fee_band,
    make_organisation,
    make_outsider,
    make_owner,
    make_participant,
    make_period,
    make_staff,
    make_theme,
)
from tests.races import race

pytestmark = pytest.mark.django_db
LIST = "/admin/members/application/"
WAIVED = {"waiver": "First year without a fee."}
SEEN = {"seen": 0}
SENDER = {"name": "Example Alliance", "address": "1 Example Street"}


@pytest.fixture
def letters(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def staff(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    user = make_staff()
    client.force_login(user)
    return user


def page_of(application, place=""):
    return f"{LIST}{application.pk}/{place or 'change/'}"


def approve(application, by, **fields):
    return approve_application(application, "", **{"by": by} | SEEN | WAIVED | fields)


# -- Decisions ------------------------------------------------------------------------------------


def test_approval_makes_an_organisation_with_its_membership_and_invites_its_owners(letters):
    make_theme("Policing")
    answers = {
        "other_names": "Example Old Name",
        "themes": ["policing"],
        "second_email": "second@example.org",
    }
    application, staff = make_application(answers=answers), make_staff()

    with letters():
        organisation = approve(application, staff, is_listed=False)

    application.refresh_from_db()
    organisation.refresh_from_db()
    today = timezone.localdate()
    assert (application.state, application.organisation) == ("approved", organisation)
    assert (organisation.slug, organisation.charity_number) == ("example-orchard", "1234567")
    assert organisation.former_names == ["Example Old Name"]
    assert [theme.slug for theme in organisation.themes.all()] == ["policing"]
    assert organisation.is_listed is False
    assert organisation.membership_periods.get().starts_on == today
    assert organisation.evidence_in_words == (
        f"Its application to join was approved in {today:%B %Y}."
    )
    invited = Invitation.objects.order_by("email").values_list("email", "roles")
    assert list(invited) == [
        ("applicant@example.org", ["owner"]),
        ("second@example.org", ["owner"]),
    ]
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "applicant@example.org",
        "applicant@example.org",
        "second@example.org",
    ]


def test_approval_sets_the_fee_by_income():
    make_fee_band(amount_pence=15_000)
    BillingDetails.objects.update_or_create(pk=1, defaults=SENDER)

    organisation = approve(make_application(), make_staff(), waiver="", income=250_000)

    assert organisation.membership_periods.get().amount_pence == 15_000
    assert organisation.invoices.count() == 1


def test_without_a_fee_for_the_income_nothing_is_approved():
    application = make_application()

    with pytest.raises(Exception, match="no fee for this income"):
        approve(application, make_staff(), waiver="", income=5)

    application.refresh_from_db()
    assert (application.state, Organisation.objects.count()) == ("submitted", 0)
    assert Invitation.objects.count() == 0


def test_approval_may_lead_to_an_organisation_that_stands_here_without_an_owner():
    former = make_organisation(
        "Example Orchard Trust", summary="What it said.", charity_number="1234567", is_listed=False
    )
    make_participant(former)
    DoNotInvite.objects.create(email="applicant@example.org", organisation=former)
    make_period(former, timezone.localdate(), timezone.localdate() + timedelta(days=9))

    approve(make_application(), make_staff(), existing=former)

    former.refresh_from_db()
    assert (former.name, former.summary) == ("Example Orchard Trust", "What it said.")
    assert former.former_names == ["Example Orchard"]
    assert former.website == "https://orchard.example.org"
    assert former.is_listed is True
    assert former.membership_periods.count() == 1
    assert Invitation.objects.get().organisation == former


def test_approval_takes_no_organisation_from_its_owner():
    owned = make_organisation()
    make_owner(owned)
    application = make_application()

    with pytest.raises(ApplicationError, match="has an owner"):
        approve(application, make_staff(), existing=owned)

    assert Application.objects.get().state == "submitted"


def test_approval_stops_at_a_number_that_another_organisation_has():
    make_organisation("Example Other", charity_number="1234567")

    with pytest.raises(ApplicationError, match="Another organisation here has this charity"):
        approve(make_application(), make_staff())


def test_approval_waits_for_every_check_on_the_list():
    staff, application = make_staff(), make_application()
    due = Criterion.objects.create(text="The register shows it.")
    Criterion.objects.create(text="No longer asked.", is_current=False)

    with pytest.raises(ApplicationError, match="Tick every check"):
        approve(application, staff)
    applications.tick_checks(application, [due], by=staff)
    approve(application, staff)

    assert application.steps.get().checks == ["The register shows it."]


def test_a_second_person_who_wants_no_invitation_gets_none_and_the_first_does():
    application = make_application(answers={"second_email": "second@example.org"})
    existing = make_organisation()
    DoNotInvite.objects.create(email="second@example.org", organisation=existing)

    approve(application, make_staff(), existing=existing)

    assert [row.email for row in Invitation.objects.all()] == ["applicant@example.org"]


def test_what_happened_since_staff_read_it_stops_a_decision():
    application = make_application()
    application.steps.create(state="review", words="An answer.")

    with pytest.raises(ApplicationError, match="Read it again"):
        approve(application, make_staff())


def test_only_staff_decide():
    application, outsider = make_application(), make_outsider()

    with pytest.raises(ApplicationError, match="Only CJA staff"):
        approve(application, outsider)
    with pytest.raises(ApplicationError, match="Only CJA staff"):
        ask_applicant(application, "x", by=outsider, seen=0)


def test_a_deferred_application_stands_in_the_queue_again_on_its_day(monkeypatch):
    application, staff = make_application(), make_staff()
    until = timezone.localdate() + timedelta(days=3)

    with pytest.raises(ApplicationError, match="still to come"):
        defer_application(application, "x", by=staff, seen=0, until=timezone.localdate())
    defer_application(application, "x", by=staff, seen=0, until=until)

    assert not Application.objects.for_staff().exists()
    monkeypatch.setattr(timezone, "localdate", lambda: until)
    assert Application.objects.for_staff().get() == application


def test_an_address_of_an_organisation_is_free_and_none_of_our_pages():
    make_organisation("Example Orchard")

    assert [free_slug(name) for name in ["Example Orchard", "Join", "日本"]] == [
        "example-orchard-2",
        "join-2",
        "organisation",
    ]


# -- Races ----------------------------------------------------------------------------------------


def deciding(act, *told, **details):
    def decide():
        return act(Application.objects.get(), *told, **details)

    return decide


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [True, False])
def test_of_two_approvals_at_once_one_lets_the_organisation_in(monkeypatch, is_locked):
    make_application(answers={"charity_number": ""}, charity_number="")
    staff = make_staff()
    unguard(monkeypatch, is_locked)

    first, second = race(deciding(approve, staff), deciding(approve, staff))

    assert isinstance(first, Organisation)
    assert isinstance(second, ApplicationError if is_locked else Exception)
    assert (Organisation.objects.count(), Invitation.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_law", [True, False])
def test_the_law_of_the_database_holds_where_the_lock_does_not(monkeypatch, has_law):
    make_application()
    ask = deciding(ask_applicant, "Where?", by=make_staff(), seen=0)
    unguard(monkeypatch, is_locked=False)
    if not has_law:
        trigger("DISABLE")

    try:
        race(deciding(withdraw_application), ask)
    finally:
        trigger("ENABLE")

    assert Application.objects.get().state == ("withdrawn" if has_law else "asked")


def trigger(verb):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE members_application {verb} TRIGGER application_takes_a_step")


def unguard(monkeypatch, is_locked):
    """Without the lock each acts on what it read before the other."""
    if not is_locked:
        for module in ("applications", "applying"):
            place = f"members.actions.{module}.lock_application"
            monkeypatch.setattr(place, lambda application: None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first_is_staff", [True, False])
def test_approval_and_withdrawal_at_once_end_one_way(first_is_staff):
    make_application(answers={"charity_number": ""}, charity_number="")
    two = [deciding(approve, make_staff()), deciding(withdraw_application)]

    _, second = race(*(two if first_is_staff else reversed(two)))

    assert isinstance(second, ApplicationError)
    assert Application.objects.get().state == ("approved" if first_is_staff else "withdrawn")
    assert Organisation.objects.count() == first_is_staff


# -- The page -------------------------------------------------------------------------------------


def test_the_queue_shows_what_waits_and_no_drafts(client, staff):
    old = timezone.now() - timedelta(days=12)
    make_application("a@example.org", submitted_at=old)
    make_application("b@example.org", state="draft", answers={"name": "CANARY"}, name="CANARY")
    make_application("c@example.org", state="asked", name="Example Asked")

    queue = client.get(f"{LIST}?waits=staff").content.decode()
    everything = client.get(LIST).content.decode()

    assert ("Example Orchard" in queue, "12 days" in queue) == (True, True)
    assert ("Example Asked" in queue, "Example Asked" in everything) == (False, True)
    assert "CANARY" not in everything
    labels = {work.label: work.count for work in waiting_work(staff)}
    assert labels["Applications to join"] == 1


def test_a_draft_has_no_page_for_staff(client, staff):
    draft = make_application(state="draft")

    assert client.get(page_of(draft)).status_code == 302
    assert client.post(page_of(draft, "take-up/")).status_code == 404


def test_the_page_shows_answers_likely_duplicates_and_other_applications(client, staff):
    application = make_application()
    make_organisation("Example Number", charity_number="1234567")
    make_organisation("Example Orchards")
    make_application("b@example.org", name="Example Orchard Trust", charity_number="")

    page = client.get(page_of(application)).content.decode()

    told = ["We plant trees", "£250,000", "same charity number", "Its name is similar"]
    told += ["Another application", "charity-details/1234567", "Decide"]
    assert [text for text in told if text not in page] == []


def test_staff_take_it_up_note_the_register_and_tick_checks(client, staff):
    application = make_application()
    check = Criterion.objects.create(text="The register shows it.")
    facts = {"register_status": "registered", "register_name": "EXAMPLE  ORCHARD"}

    client.post(page_of(application, "take-up/"))
    client.post(page_of(application, "register/"), facts | {"register_income": "260000"})
    client.post(page_of(application, "checks/"), {"checks": [check.pk]})

    application.refresh_from_db()
    assert (application.state, application.reviewer) == ("review", staff)
    assert application.register_name == "EXAMPLE ORCHARD"
    assert application.register_income == 260_000
    assert application.register_seen_on == timezone.localdate()
    assert application.ticks.get().by == staff
    form = client.get(page_of(application, "decide/approve/")).context["form"]
    assert form["income"].value() == 260_000


LETTERS = {
    "ask": ({"words": "Where do you work?"}, "asked", "A question about your application"),
    "defer": ({"words": "Later."}, "deferred", "is deferred"),
    "decline": ({"words": "Sorry.", "reason": "not-eligible"}, "declined", "Your application"),
    "approve": (
        {"place": "-", "words": "Hello.", "waiver": "None this year."},
        "approved",
        "Welcome",
    ),
}


@pytest.mark.parametrize("decision", LETTERS)
def test_the_letter_that_is_previewed_is_the_one_that_goes_out(client, staff, letters, decision):
    fields, state, subject = LETTERS[decision]
    application = make_application()
    if decision == "defer":
        fields = fields | {"until": timezone.localdate() + timedelta(days=30)}
    place = page_of(application, f"decide/{decision}/")
    shown = client.get(place).context["form"]["seen"].value()

    with letters():
        preview = client.post(place, fields | {"seen": shown, "do": "preview"})
        again = client.post(place, fields | {"seen": shown, "do": "change"})
    letter = preview.context["letter"]
    assert (mail.outbox, Application.objects.get().state) == ([], "submitted")
    assert fields["words"] in again.content.decode()
    with letters():
        client.post(place, fields | {"seen": shown, "do": "send"})

    sent = next(one for one in mail.outbox if application.reference in one.subject)
    assert Application.objects.get().state == state
    assert subject in sent.subject
    assert fields["words"] in sent.body
    assert (sent.to, sent.subject, sent.body) == ([letter.to], letter.subject, letter.body)
    assert application.steps.last().words == fields["words"]


def test_the_letter_that_is_previewed_is_text_whatever_applicants_write(client, staff):
    application = make_application(name="Example <script>alert(1)</script>")
    fields = {"words": "Why <b>now</b>?", "do": "preview"}
    place = page_of(application, "decide/ask/")
    shown = client.get(place).context["form"]["seen"].value()

    page = client.post(place, fields | {"seen": shown}).content.decode()
    assert "Example &lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Why &lt;b&gt;now&lt;/b&gt;?" in page.partition("<pre")[2].partition("</pre>")[0]
    assert "<script>alert(1)" not in page


def test_a_decision_that_cannot_be_is_told_in_a_sentence(client, staff):
    application = make_application(state="withdrawn")

    place = page_of(application, "decide/decline/")
    page = client.post(
        place, {"words": "x", "reason": "other", "seen": 0, "do": "send"}, follow=True
    )

    assert "it cannot become “declined”" in page.content.decode()


def test_declining_keeps_the_reason_for_our_records(letters):
    application = make_application()

    decline_application(application, "Sorry.", by=make_staff(), seen=0, reason="duplicate")

    assert Application.objects.get().decline_reason == "duplicate"
