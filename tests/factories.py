"""Boring makers of rows for tests: every field has a value, and a test names those that matter."""

from datetime import date
from itertools import count

from dictionary.models import Entry, Label, LabelKind, Sense, Source, SourceKind, Status
from members.models import Affiliation, Area, Organisation, Role, Theme, User

number = count(1)


# -- members --------------------------------------------------------------------------------------


def make_theme(name="Policing", **fields):
    slug = fields.pop("slug", name.lower().replace(" ", "-"))
    return Theme.objects.create(slug=slug, name=name, goal="policing", **fields)


def make_user(email="", **fields):
    return User.objects.create_user(email or f"person{next(number)}@example.org", **fields)


def make_area(name="England", **fields):
    return Area.objects.create(slug=name.lower().replace(" ", "-"), name=name, **fields)


def make_organisation(name="Example Charity", *, themes=(), areas=(), slug="", **fields):
    """An organisation of the public directory, unless told otherwise."""
    slug = slug or name.lower().replace(" ", "-")
    values = {"kind": "charity", "is_listed": True} | fields
    organisation = Organisation.objects.create(slug=slug, name=name, **values)
    organisation.themes.set(themes)
    organisation.areas.set(areas)
    return organisation


def make_affiliation(user, organisation, *roles, **fields):
    roles = list(roles) or [Role.PARTICIPANT]
    return Affiliation.objects.create(user=user, organisation=organisation, roles=roles, **fields)


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
