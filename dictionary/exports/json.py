"""The dictionary as plain objects: for the API, for the dump and for whoever reads JSON."""

from cja_portal.kit.site import absolute
from dictionary.exports.book import (
    ADVICE,
    MAKER,
    NAME,
    RIGHTS,
    entry_address,
    list_address,
    names_of,
    sense_address,
)

SENSE_FIELDS = (
    *("id", "jurisdiction", "name", "plain", "means_for_you", "legal"),
    *("no_statutory_definition", "is_in_force", "valid_from", "valid_to", "law_as_of"),
    *("review_due", "checked_on"),
)
LABEL_FIELDS = (
    *("text", "kind", "language", "case_rule", "policy", "forms", "not_before", "not_after"),
    *("said_as", "note"),
)


def whole(book):
    """The dictionary in one object."""
    return {
        "name": NAME,
        "publisher": MAKER,
        "rights": RIGHTS,
        "advice": ADVICE,
        "url": list_address(),
        "stamp": book.edition.stamp,
        "changed_at": moment(book.edition.changed_at),
        "entries": [entry_object(book, entry) for entry in book.entries],
    }


def entry_object(book, entry):
    """All that the page of an entry says."""
    return {
        "id": entry.pk,
        "slug": entry.slug,
        "headword": entry.headword,
        "url": entry_address(entry.slug),
        **stamp_object(entry),
        "first_published_at": moment(book.issued_at[entry.pk]),
        "law_as_of": min(sense.law_as_of for sense in entry.senses).isoformat(),
        "topics": [{"slug": topic.slug, "name": topic.name} for topic in book.topics_of[entry.pk]],
        "relations": [
            {"kind": one.kind, "to": one.to, "note": one.note, "url": entry_address(one.to)}
            for one in book.public_relations(entry)
        ],
        "language_notes": entry.snapshot["language_notes"],
        "senses": [sense_object(book, entry, sense) for sense in entry.senses],
    }


def sense_object(book, entry, sense):
    """One meaning, complete in itself."""
    return {
        **{name: _plain(getattr(sense, name)) for name in SENSE_FIELDS},
        "uri": sense_address(sense.id),
        "url": absolute(sense.get_absolute_url()),
        "entry": entry.slug,
        "headword": entry.headword,
        "jurisdiction_name": sense.place,
        "replaced_by": book.replaced_by(sense),
        "sources": [vars(source) for source in sense.sources],
        "labels": [_label(label) for label in names_of(entry, sense)],
        **stamp_object(entry),
    }


def stamp_object(entry):
    """Which version this is, so that whoever keeps it can cite it and see that it is old."""
    version = entry.version
    return {
        "version": version.number,
        "published_at": moment(version.published_at),
        "version_url": f"{entry_address(entry.slug)}v/{version.number}/",
    }


def moment(at):
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _label(label):
    own = {name: getattr(label, name) for name in LABEL_FIELDS}
    return own | {"applies_to": "entry" if label.sense is None else "sense"}


def _plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value
