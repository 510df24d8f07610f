"""Staff's queues of what readers tell us, on the filled portal."""

from datetime import date

from django.core import mail

from dictionary.models import Entry, MissingWord, SuggestionContact
from tests.factories import make_suggestion
from tests.site import STAFF, client_of


def test_staff_make_a_draft_of_a_missing_word_with_one_action(site):
    word = MissingWord.objects.create(text="zookeeper", searches=3, last_seen_on=date(2026, 3, 2))

    answer = client_of(STAFF).post(
        "/admin/dictionary/missingword/",
        {"action": "make_draft", "_selected_action": [word.pk]},
    )

    entry = Entry.objects.get(slug="zookeeper")
    assert answer["Location"] == f"/admin/dictionary/entry/{entry.pk}/change/"


def test_staff_answer_a_suggestion_with_a_reason(site, django_capture_on_commit_callbacks):
    suggestion = make_suggestion("<script>alert(1)</script>")
    SuggestionContact.objects.create(suggestion=suggestion, email="reader@example.org")
    chosen = {"action": "decline", "_selected_action": [suggestion.pk]}
    staff = client_of(STAFF)

    asked = staff.post("/admin/dictionary/suggestion/", chosen).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        staff.post("/admin/dictionary/suggestion/", chosen | {"because": "It is right."})

    suggestion.refresh_from_db()
    assert "What came of it, and why?" in asked
    assert "<script>alert(1)" not in asked
    assert (suggestion.status, suggestion.outcome) == ("declined", "It is right.")
    assert [letter.to for letter in mail.outbox] == [["reader@example.org"]]


def test_the_queues_are_shown_and_nobody_edits_what_readers_sent(site):
    suggestion = make_suggestion("It says too little.")
    staff = client_of(STAFF)

    for address in (
        "/admin/",
        "/admin/dictionary/suggestion/?state=waiting",
        f"/admin/dictionary/suggestion/{suggestion.pk}/change/",
        "/admin/dictionary/missingword/?state=waiting",
        "/admin/dictionary/mention/",
    ):
        assert staff.get(address).status_code == 200, address
    page = staff.get(f"/admin/dictionary/suggestion/{suggestion.pk}/change/").content.decode()
    assert "It says too little." in page
    assert "<textarea" not in page
    assert "reader@example.org" not in page
