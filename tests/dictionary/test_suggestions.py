import re
import time

import pytest
from django.core import mail, signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cja_portal.kit import people
from dictionary import suggestion_forms, suggestion_views
from dictionary.models import Suggestion, SuggestionContact, SuggestionStatus
from dictionary.suggestions import (
    ImpossibleAnswer,
    answer_suggestion,
    consider_suggestion,
    receive_suggestion,
)
from members.models import AuditEvent
from tests.factories import (
    make_affiliation,
    make_entry,
    make_organisation,
    make_staff,
    make_suggestion,
    make_user,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/dictionary/suggest/"


@pytest.fixture
def letters(django_capture_on_commit_callbacks):
    """Everything in the test's transaction counts as committed when the block ends."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def stamp(seconds=60):
    return signing.dumps(time.time() - seconds, salt=suggestion_forms.SALT)


def sent(**fields):
    known = {"kind": "new-word", "word": "subpoena", "text": "Please explain it."}
    return known | {"shown": stamp()} | fields


def words_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def kept():
    return Suggestion.objects.get()


# -- Telling us -----------------------------------------------------------------------------------


def test_anyone_can_tell_us_and_follow_it(client):
    answer = client.post(ADDRESS, sent(), follow=True)

    suggestion = kept()
    assert answer.redirect_chain == [(f"/dictionary/suggest/{suggestion.reference}/", 302)]
    assert (suggestion.kind, suggestion.word, suggestion.status) == (
        "new-word",
        "subpoena",
        "received",
    )
    assert "We have it, and will look at it." in words_of(answer)


def test_an_entry_fills_in_what_is_known(client):
    entry = make_entry("Bail")

    page = client.get(f"{ADDRESS}?kind=out-of-date&entry=bail")
    client.post(f"{ADDRESS}?entry=bail", sent(kind="out-of-date"))

    assert page.context["form"].initial["kind"] == "out-of-date"
    assert "word" not in page.context["form"].fields
    assert (kept().entry, kept().word) == (entry, "Bail")


def test_a_draft_cannot_be_named(client):
    make_entry("Secret", is_published=False)

    assert "Secret" not in words_of(client.get(f"{ADDRESS}?entry=secret"))


@pytest.mark.parametrize("query", ["kind=zzz", "entry=zzz", "word=%00", "kind=&entry=&word="])
def test_odd_addresses_show_the_empty_form(client, query):
    assert client.get(f"{ADDRESS}?{query}").context["form"].initial["kind"] == "new-word"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "Write what you would like to tell us."),
        ({"text": "x" * 2001}, "Please use at most 2,000 characters."),
        ({"kind": "zzz"}, "Select a valid choice."),
        ({"email": "no address"}, "Enter a valid email address."),
        ({"text": "http://a.example www.b.example https://c.example"}, "no more than 2 links"),
        ({"website": "http://a.example"}, "Something filled in a field that must stay empty."),
        ({"shown": stamp(-6000)}, "That was very quick."),
        ({"shown": ""}, "That was very quick."),
        ({"shown": "forged"}, "That was very quick."),
    ],
)
def test_what_cannot_be_sent_is_said_and_nothing_is_lost(client, fields, sentence):
    page = client.post(ADDRESS, sent(**fields))

    assert sentence in words_of(page)
    assert "subpoena" in page.content.decode()
    assert Suggestion.objects.count() == 0


def test_whoever_was_too_quick_sends_the_same_form_once_more(client, monkeypatch):
    page = client.post(ADDRESS, sent(shown=""))
    fresh = page.context["form"]["shown"].value()
    monkeypatch.setattr(people, "QUICKEST", 0)

    client.post(ADDRESS, sent(shown=fresh))

    assert Suggestion.objects.count() == 1


def test_a_form_left_open_for_days_is_taken(client):
    client.post(ADDRESS, sent(shown=stamp(7 * 24 * 3600)))

    assert Suggestion.objects.count() == 1


def test_too_many_from_one_address_must_wait_and_others_need_not(client, monkeypatch):
    monkeypatch.setattr(suggestion_views, "MOST_AN_HOUR", 2)
    statuses = [
        client.post(ADDRESS, sent(text=text), REMOTE_ADDR="192.0.2.9").status_code
        for text in ("One.", "Two.", "Three.")
    ]
    other = client.post(ADDRESS, sent(), REMOTE_ADDR="192.0.2.10")

    assert statuses == [302, 302, 429]
    assert other.status_code == 302
    assert Suggestion.objects.count() == 3


def test_the_two_halves_of_a_home_network_share_one_count(client, monkeypatch):
    monkeypatch.setattr(suggestion_views, "MOST_AN_HOUR", 1)
    addresses = ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"]

    statuses = [client.post(ADDRESS, sent(), REMOTE_ADDR=one).status_code for one in addresses]

    assert statuses == [302, 429, 302]


# -- Members --------------------------------------------------------------------------------------


def make_member(*organisations):
    user = make_user()
    for organisation in organisations:
        make_affiliation(user, organisation)
    return user


def test_a_members_only_organisation_is_carried_and_shown(client):
    organisation = make_organisation("Example Charity")
    client.force_login(make_member(organisation))

    assert "You write for Example Charity" in words_of(client.get(ADDRESS))
    client.post(ADDRESS, sent())
    assert kept().organisation == organisation


def test_a_member_of_several_chooses_among_their_own(client):
    first, second = make_organisation("First"), make_organisation("Second")
    stranger = make_organisation("Stranger")
    client.force_login(make_member(first, second))

    assert "Select a valid choice" in words_of(client.post(ADDRESS, sent(organisation=stranger.pk)))
    assert "required" in words_of(client.post(ADDRESS, sent()))
    client.post(ADDRESS, sent(organisation=second.pk))
    assert kept().organisation == second


def test_nobody_else_can_name_an_organisation(client):
    organisation = make_organisation("Example Charity")
    client.post(ADDRESS, sent(organisation=organisation.pk))

    assert kept().organisation is None


# -- Answering ------------------------------------------------------------------------------------


def test_an_answer_is_shown_written_and_the_address_forgotten(client, letters):
    suggestion = make_suggestion("A secret of mine.", word="bail")
    receive_suggestion(suggestion, email="reader@example.org")
    staff = make_staff()
    consider_suggestion(suggestion, by=staff)
    assert "We are looking into it." in words_of(client.get(suggestion.get_absolute_url()))

    with letters():
        answer_suggestion(
            suggestion, SuggestionStatus.ACCEPTED, by=staff, because="We wrote more about it."
        )

    page = words_of(client.get(suggestion.get_absolute_url()))
    assert "Accepted We wrote more about it." in page
    (letter,) = mail.outbox
    assert letter.to == ["reader@example.org"]
    assert "We wrote more about it." in letter.body
    assert suggestion.get_absolute_url() in letter.body
    for text in (page, letter.body):
        assert "secret of mine" not in text
    assert "reader@example.org" not in page
    assert SuggestionContact.objects.count() == 0
    assert "reader@example.org" not in str(list(AuditEvent.objects.values()))
    assert list(AuditEvent.objects.values_list("verb", flat=True).order_by("pk")) == [
        "dictionary.consider-suggestion",
        "dictionary.accepted-suggestion",
    ]


def test_without_an_address_no_letter_is_written(letters):
    with letters():
        answer_suggestion(
            make_suggestion(), SuggestionStatus.DECLINED, by=make_staff(), because="It is right."
        )

    assert mail.outbox == []


def test_a_duplicate_leads_to_the_earlier_one(client):
    earlier, later = make_suggestion(), make_suggestion()
    answer_suggestion(
        later, SuggestionStatus.DUPLICATE, by=make_staff(), because="Told us.", same_as=earlier
    )

    page = client.get(later.get_absolute_url()).content.decode()

    assert f'href="{earlier.get_absolute_url()}"' in page


def test_an_answer_needs_a_reason_and_is_given_once():
    suggestion, staff = make_suggestion(), make_staff()
    with pytest.raises(ImpossibleAnswer, match="Give a reason"):
        answer_suggestion(suggestion, SuggestionStatus.DECLINED, by=staff, because=" ")
    answer_suggestion(suggestion, SuggestionStatus.DECLINED, by=staff, because="No.")

    with pytest.raises(ImpossibleAnswer, match="is declined: it cannot become “accepted”"):
        answer_suggestion(suggestion, SuggestionStatus.ACCEPTED, by=staff, because="Yes.")


@pytest.mark.parametrize(
    ("fields", "law"),
    [
        ({"text": ""}, "suggestion_says_something"),
        ({"status": "accepted"}, "suggestion_outcome_has_a_reason"),
        ({"outcome": "No."}, "suggestion_outcome_has_a_reason"),
    ],
)
def test_the_laws_of_a_suggestion(fields, law):
    with pytest.raises(ValidationError):
        Suggestion(**{"kind": "other", "text": "Something."} | fields).full_clean()
    with pytest.raises(IntegrityError, match=law), transaction.atomic():
        make_suggestion(**{"text": "Something."} | fields)


def test_only_a_duplicate_repeats_another():
    earlier = make_suggestion()

    with pytest.raises(ValidationError, match="Only a duplicate"):
        Suggestion(kind="other", text="x", same_as=earlier).validate_constraints()
    with pytest.raises(IntegrityError, match="suggestion_repeats_another"), transaction.atomic():
        make_suggestion(same_as=earlier)


def test_a_reference_that_is_none_is_not_found(client):
    assert client.get("/dictionary/suggest/aaaaa-aaaaa/").status_code == 404
    assert client.get(make_suggestion().get_absolute_url().upper().lower()).status_code == 200


def test_the_same_words_are_kept_once(client):
    first = client.post(ADDRESS, sent())
    again = client.post(ADDRESS, sent())

    assert again.url == first.url
    assert Suggestion.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"word": "see www.example.org"}, "Write the word alone here."),
        ({"text": "a\0b"}, "Something in it is no letter or sign."),
    ],
)
def test_a_mistake_is_said_plainly(client, wrong, said):
    page = client.post(ADDRESS, sent(**wrong)).content.decode()

    assert said in page
    assert not Suggestion.objects.exists()
