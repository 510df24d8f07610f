"""The record of a work as members type it: what is kept, what is refused, and in which words."""

import pytest
from django.utils.timezone import now

from library.models import Document, Item, Reading
from library.records import version_of
from tests.factories import make_document, make_submission, make_theme
from tests.library.submitted import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client, editor):
    client.force_login(editor)
    return editor


def typed(submission, **fields):
    """What the form sends when nothing was touched, and then `fields`."""
    item = Item.objects.get(pk=submission.item_id)
    texts = [
        *("title", "subtitle", "kind", "summary", "series", "number", "isbn", "doi", "language"),
        *("link", "licence", "audience", "files_audience"),
    ]
    values = {name: getattr(item, name) for name in texts}
    values |= {"published": item.partial_date, "version": version_of(item)}
    return values | {"themes": [theme.pk for theme in item.themes.all()]} | fields


def test_a_draft_is_saved_however_little_there_is(client, editor, charity):
    submission = make_submission(charity, by=editor)
    empty = dict.fromkeys(typed(submission), "") | {
        "version": version_of(submission.item),
        "language": "en",
        "licence": "not-stated",
        "audience": "public",
        "files_audience": "public",
    }
    del empty["themes"]

    answer = client.post(f"/library/submissions/{submission.uuid}/edit/", empty, follow=True)

    item = Item.objects.get()
    assert "The draft is saved." in answer.content.decode()
    assert (item.title, item.kind, item.published_on, item.link_kind) == ("", "", None, "")
    assert "Without a title yet" in answer.content.decode()


def test_a_draft_without_a_title_is_known_by_its_file(client, editor, charity):
    submission = make_submission(charity, by=editor, title="")
    make_document(submission.item, name="what-we-saw.pdf")

    page = client.get(f"/library/submit/{charity.slug}/").content.decode()

    assert "what-we-saw.pdf" in page


def test_names_are_kept_as_people_say_them(client, editor, charity):
    submission = make_submission(charity, by=editor)
    names = "Van den Example, Policy Lead\nTeam Officer, KC"

    client.post(f"/library/submissions/{submission.uuid}/edit/", typed(submission, people=names))

    assert list(submission.item.contributors.values_list("name", "filed_as")) == [
        ("Policy Lead Van den Example", "Van den Example, Policy Lead"),
        ("Team Officer, KC", ""),
    ]


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("organisations", "Policy Lead", "stands among the people as well"),
        ("people", "\n".join(map(str, range(101))), "at most 100 names"),
        ("link", "https://reader:secret@example.org/", "Leave out the name and password"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(client, editor, charity, field, text, sentence):
    submission = make_submission(charity, by=editor)
    fields = {"people": "Lead, Policy"} | {field: text}

    answer = client.post(
        f"/library/submissions/{submission.uuid}/edit/", typed(submission, **fields)
    )

    assert sentence in answer.content.decode()
    assert not submission.item.contributors.exists()


def test_no_sign_turns_the_writing_of_what_follows(client, editor, charity):
    submission = make_submission(charity, by=editor)
    odd = {"title": "A \u202eturned title", "people": "Policy \u2067Lead"}

    client.post(f"/library/submissions/{submission.uuid}/edit/", typed(submission, **odd))

    submission.item.refresh_from_db()
    assert submission.item.title == "A turned title"
    assert submission.item.contributors.get().name == "Policy Lead"


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client, editor, charity):
    submission = make_submission(charity, by=editor)
    themes = [make_theme(f"Theme {number}").pk for number in range(7)]
    wrong = {
        "title": "Typed title",
        "published": "soon",
        "isbn": "123",
        "link": "no address",
        "themes": themes,
        "visible_from_0": "2027-10-31",
        "visible_from_1": "01:30",
        "file": pdf("typed.pdf"),
    }

    answer = client.post(
        f"/library/submissions/{submission.uuid}/edit/", typed(submission, **wrong)
    )

    form = answer.context["form"]
    assert set(form.errors) == {"published", "isbn", "link", "themes", "visible_from"}
    assert "Choose at most 6" in answer.content.decode()
    assert "comes twice" in answer.content.decode()
    assert form["title"].value() == "Typed title"
    assert form["published"].value() == "soon"
    assert Item.objects.get().title == "A report"
    assert Document.objects.get().name == "typed.pdf"


def test_the_fields_are_filled_from_the_file_and_only_where_empty(client, editor, charity):
    submission = make_submission(
        charity, "", by=editor, published_on=None, precision="", summary="Ours."
    )
    found = {"title": "Found title", "author": "Policy lead", "created_on": "2024-07"}
    found |= {"language": "cy"}
    make_document(submission.item, found=found)

    answer = client.get(f"/library/submissions/{submission.uuid}/edit/")

    values = {name: answer.context["form"][name].value() for name in ("title", "summary")}
    assert values == {"title": "Found title", "summary": "Ours."}
    assert answer.context["form"]["published"].value() == "July 2024"
    assert "Taken from the file: title, people who wrote it" in answer.content.decode()
    assert Item.objects.get().title == ""


@pytest.mark.parametrize("found", [{}, {"created_on": "nonsense", "language": "xx", "title": None}])
def test_a_file_that_says_nothing_useful_fills_nothing(client, editor, charity, found):
    submission = make_submission(charity, "", by=editor, published_on=None, precision="")
    make_document(submission.item, found=found, reading=Reading.WAITING)

    answer = client.get(f"/library/submissions/{submission.uuid}/edit/")

    assert answer.context["filled"] == []
    assert "The file is being read." in answer.content.decode()


def test_two_editors_are_shown_each_other_s_words(client, editor, charity):
    submission = make_submission(charity, by=editor)
    mine = typed(submission, title="Mine", summary="Kept")
    client.post(f"/library/submissions/{submission.uuid}/edit/", typed(submission, title="Theirs"))

    conflict = client.post(f"/library/submissions/{submission.uuid}/edit/", mine)
    saved = client.post(
        f"/library/submissions/{submission.uuid}/edit/",
        mine | {"version": conflict.context["version"]},
    )

    assert "Somebody else saved this record" in conflict.content.decode()
    shown = [(one["field"].label, one["saved"]) for one in conflict.context["theirs"]]
    assert shown == [("Title", "Theirs"), ("Summary in plain words", "It is about this.")]
    assert conflict.context["form"]["title"].value() == "Mine"
    assert saved.status_code == 302
    assert Item.objects.get().title == "Mine"


def test_a_save_of_the_same_keeps_the_embargo_to_the_minute(client, editor, charity):
    moment = now().replace(year=2030, month=7, day=1, hour=8, minute=5, second=0, microsecond=0)
    submission = make_submission(charity, by=editor, visible_from=moment)
    same = typed(submission, visible_from_0="2030-07-01", visible_from_1="09:05")

    client.post(f"/library/submissions/{submission.uuid}/edit/", same)

    assert Item.objects.get().visible_from == moment


def test_files_are_added_and_taken_out_with_the_save(client, editor, charity):
    submission = make_submission(charity, by=editor)
    make_document(submission.item, "old.pdf")
    change = {"file": pdf("new.pdf"), "file_kind": "annex", "take_out": ["old.pdf"]}

    client.post(f"/library/submissions/{submission.uuid}/edit/", typed(submission, **change))

    assert list(Document.objects.values_list("name", "kind")) == [("new.pdf", "annex")]
