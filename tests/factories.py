"""Boring makers of rows for tests: every field has a value, and a test names those that matter."""

from datetime import date
from itertools import count

from dictionary.models import Entry, Label, LabelKind, Sense, Source, SourceKind, Status
from members.models import Theme, User

number = count(1)


# -- members --------------------------------------------------------------------------------------


def make_theme(name="Policing", **fields):
    slug = fields.pop("slug", name.lower().replace(" ", "-"))
    return Theme.objects.create(slug=slug, name=name, goal="policing", **fields)


def make_user(email="", **fields):
    return User.objects.create_user(email or f"person{next(number)}@example.org", **fields)


# -- dictionary -----------------------------------------------------------------------------------


def make_entry(headword="Bail", *, status=Status.PUBLISHED, slug="", topics=(), **sense):
    """A published entry with one meaning and one source; `sense` names fields of the meaning."""
    slug = slug or headword.lower().replace(" ", "-").replace("'", "")
    entry = Entry.objects.create(slug=slug, headword=headword, status=status)
    entry.topics.set(topics)
    make_sense(entry, **sense)
    return entry


def make_sense(entry, jurisdiction="england-and-wales", **fields):
    values = {
        "plain": f"{entry.headword} has a meaning.",
        "legal": f"{entry.headword} as the law says it.",
        "law_as_of": date(2025, 1, 1),
        "review_due": date(2099, 1, 1),
    }
    sense = Sense.objects.create(entry=entry, jurisdiction=jurisdiction, **values | fields)
    Source.objects.create(sense=sense, kind=SourceKind.ACT, title="Example Act 2000")
    return sense


def make_label(entry, text, kind=LabelKind.ALTERNATIVE, **fields):
    return Label.objects.create(entry=entry, text=text, kind=kind, **fields)
