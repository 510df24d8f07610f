"""A record as plain values: for forms, for comparing, and for keeping as it once was.

What the organisation of a work may fill in stands in FIELDS; a snapshot adds what only staff
change, and the files.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.utils import timezone

from cja_portal.kit.dates import UK, in_words
from cja_portal.kit.differences import pieces_between
from cja_portal.kit.text import fold
from library.citations import as_printed
from library.models import (
    Audience,
    ContentNote,
    Contributor,
    ContributorKind,
    Item,
    Kind,
    Language,
    Licence,
    LinkKind,
    Precision,
)
from members.models import Area, Organisation, Theme

FIELDS = {
    "title": "Title",
    "subtitle": "Subtitle",
    "kind": "Kind",
    "summary": "Summary in plain words",
    "published": "Date of publication",
    "people": "People who wrote it",
    "organisations": "Organisations named as author",
    "series": "Series or journal",
    "number": "Number in the series",
    "isbn": "ISBN",
    "doi": "DOI",
    "language": "Language",
    "link": "Web address",
    "themes": "Themes",
    "nations": "Nations it covers",
    "content_notes": "Content notes",
    "licence": "Licence",
    "audience": "Who may see the record",
    "files_audience": "Who may open its files",
    "visible_from": "Not visible before (UK time)",
}
KEPT_BESIDE = {
    "address": "Address",
    "publishers": "Publishers",
    "readers": "Organisations named as readers",
    "files": "Files",
}
TEXTS = [
    *("title", "subtitle", "kind", "summary", "series", "number", "isbn", "doi", "language"),
    *("link", "licence", "audience", "files_audience"),
]
STAFF_ALONE = [
    *("slug", "link_kind", "link_note", "licence_certainty", "certainty", "note", "project"),
    *("owner_id", "superseded_by_id"),
]
CHOICES = {
    "kind": Kind,
    "language": Language,
    "licence": Licence,
    "audience": Audience,
    "files_audience": Audience,
}
NAMED = {"themes": Theme, "nations": Area}
WRITTEN_BY = {
    "people": ContributorKind.PERSON,
    "organisations": ContributorKind.ORGANISATION,
}


@dataclass(frozen=True)
class Change:
    title: str
    pieces: list


# -- Reading --------------------------------------------------------------------------------------


def record_of(item):
    """The values of FIELDS, all of them fit for JSON."""
    moment = item.visible_from
    return {name: getattr(item, name) for name in TEXTS} | {
        "published": item.partial_date,
        "visible_from": moment.astimezone(UK).isoformat(timespec="minutes") if moment else "",
        "content_notes": sorted(item.content_notes),
        "themes": sorted(theme.slug for theme in item.themes.all()),
        "nations": sorted(area.slug for area in item.nations.all()),
        **{name: _names(item, kind) for name, kind in WRITTEN_BY.items()},
    }


def _names(item, kind):
    return [row.name for row in item.contributors.all() if row.kind == kind]


def snapshot_of(item):
    """The whole record and what its files are, as it stands in the database."""
    item = Item.objects.for_page().prefetch_related("readers", "documents").get(pk=item.pk)
    return record_of(item) | {
        "address": item.slug if item.published_at else "",
        "publishers": [organisation.name for organisation in item.publisher_list],
        "readers": sorted(organisation.name for organisation in item.readers.all()),
        "files": [f"{file.name} ({file.sha256[:8]})" for file in item.documents.all()],
    }


def version_of(item):
    """Changes with what stands in the record, so that a second editor is told of the first."""
    return _digest(record_of(item))


def staff_version_of(item):
    """The same with what staff alone may change; files come and go by themselves."""
    item = Item.objects.get(pk=item.pk)
    known = snapshot_of(item) | {name: str(getattr(item, name)) for name in STAFF_ALONE}
    rows = item.contributors.values_list("name", "filed_as", "kind", "role", "organisation")
    return _digest(known | {"files": [], "contributors": [list(row) for row in rows]})


def _digest(values):
    return sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


# -- Comparing ------------------------------------------------------------------------------------


def changes_between(before, after):
    """What differs between two snapshots, each word by word."""
    labels = FIELDS | KEPT_BESIDE
    differing = [name for name in labels if before.get(name) != after.get(name)]
    pairs = {name: (shown(name, before), shown(name, after)) for name in differing}
    return [
        Change(labels[name], pieces_between(old, new))
        for name, (old, new) in pairs.items()
        if old != new
    ]


def shown(name, record):
    """A value of a record as people read it."""
    value = record.get(name, "")
    if name == "published":
        return in_words(value)
    if name == "visible_from":
        return f"{datetime.fromisoformat(value):%-d %B %Y, %H:%M}" if value else ""
    if name == "content_notes":
        return "\n".join(ContentNote(note).label for note in value)
    if name in CHOICES:
        return CHOICES[name](value).label if value else ""
    if name in NAMED:
        value = _called(NAMED[name], value)
    return "\n".join(value) if isinstance(value, list) else value


def _called(model, slugs):
    """The names of themes or areas; the slug of one that is no more."""
    names = dict(model.objects.filter(slug__in=slugs).values_list("slug", "name")) if slugs else {}
    return sorted(names.get(slug, slug) for slug in slugs)


# -- Writing --------------------------------------------------------------------------------------


def write_record(item, changes):
    """Save the values of `changes` to an item that the caller has locked."""
    for name in TEXTS:
        setattr(item, name, changes.get(name, getattr(item, name)))
    if "published" in changes:
        item.published_on, item.precision = first_day(changes["published"])
    if "visible_from" in changes:
        value = changes["visible_from"]
        item.visible_from = datetime.fromisoformat(value) if value else None
    item.content_notes = changes.get("content_notes", item.content_notes)
    item.link_kind = (item.link_kind or LinkKind.PUBLISHER) if item.link else ""
    item.updated_at = timezone.now()
    item.save(update_fields=[*TEXTS, *WRITTEN_BESIDE])
    for name, model in NAMED.items():
        if name in changes:
            getattr(item, name).set(model.objects.filter(slug__in=changes[name]))
    if changes.keys() & WRITTEN_BY.keys():
        _write_contributors(item, record_of(item) | changes)


WRITTEN_BESIDE = [
    *("published_on", "precision", "visible_from", "content_notes", "link_kind", "updated_at"),
]


def first_day(partial):
    """The date and precision under which a partial date is filed."""
    if not partial:
        return None, ""
    precision = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}[len(partial)]
    return date.fromisoformat(f"{partial}-01-01"[:10]), precision


def _write_contributors(item, record):
    """Whoever stays keeps what staff added: the role, the filing name, the page."""
    people = dict(map(as_printed, record["people"]))
    wanted = [(ContributorKind.PERSON, name) for name in people]
    wanted += [(ContributorKind.ORGANISATION, name) for name in record["organisations"]]
    known = {(row.kind, row.name): row for row in item.contributors.all()}
    for row in known.values():
        if (row.kind, row.name) not in wanted:
            row.delete()
    for position, (kind, name) in enumerate(dict.fromkeys(wanted), start=1):
        row = known.get((kind, name)) or _contributor(item, kind, name, people)
        row.position = position
        row.save()


def _contributor(item, kind, name, people):
    is_person = kind == ContributorKind.PERSON
    beside = {"filed_as": people[name]} if is_person else {"organisation": _listed(name)}
    return Contributor(item=item, kind=kind, name=name, **beside)


def _listed(name):
    """The organisation of the directory that bears exactly this name."""
    rows = Organisation.objects.filter(is_listed=True, name__iexact=name)
    return next((row for row in rows if fold(row.name) == fold(name)), None)
