"""The starter entries, one reviewable file each in dictionary/content/entries/."""

from pathlib import Path

from django.conf import settings
from django.utils import timezone

from cja_portal.kit.content import Mapping, read_content
from cja_portal.kit.dates import validate_partial_date
from cja_portal.kit.text import sentences
from dictionary.actions import withdraw_entry, write_version
from dictionary.aliases import push_aliases
from dictionary.exports import booklet
from dictionary.exports.book import current_book, current_edition
from dictionary.models import (
    CaseRule,
    Certainty,
    Entry,
    Jurisdiction,
    Label,
    LabelKind,
    LanguageNote,
    LinkPolicy,
    Relation,
    RelationKind,
    Sense,
    Source,
    SourceKind,
)
from dictionary.plurals import plural_forms
from dictionary.tasks import look_for_mentions
from library.starter_documents import load_document
from members.models import Theme
from members.starter_records import StarterKind, load_pieces

FOLDER = Path(__file__).parent / "content" / "entries"
LONGEST_PLAIN_SENTENCE = 25  # words


RELATION_KEYS = {
    "related": RelationKind.RELATED,
    "broader": RelationKind.BROADER,
    "opposite": RelationKind.OPPOSITE,
    "not_same_as": RelationKind.NOT_SAME_AS,
    "see_instead": RelationKind.SEE_INSTEAD,
}
# How a name is recognised in a text.
USE_KEYS = ("policy", "case_rule", "forms", "not_before", "not_after")


def load(report):
    entries = {path.stem: read_entry(path) for path in sorted(FOLDER.glob("*.yaml"))}
    _check_links(entries)
    count = load_pieces(StarterEntry(), entries)
    load_pieces(StarterRelations(), {slug: _relations(data) for slug, data in entries.items()})
    load_pieces(StarterVersion(), entries)
    look_for_mentions()
    load_booklet()
    push_aliases()
    public = sum(not data.get("withdrawn") for data in entries.values())
    report(f"Dictionary: {public} entries, {count} of them new or changed.")


def load_booklet():
    """Put the dictionary on the library's shelf, as it is now."""
    load_document(
        "criminal-justice-dictionary",
        stamp=current_edition().stamp,
        make=lambda: booklet.pdf(current_book(), timezone.localtime()),
    )


# -- Reading and checking files ---------------------------------------------------------------


def read_entry(path):
    """The checked content of one file; raises ContentError with file and line."""
    data = read_content(path, root=settings.BASE_DIR)
    data.only(
        *("headword", "headword_use", "topics", "labels", "senses", "language_notes", "withdrawn"),
        *RELATION_KEYS,
    )
    data.text("headword")
    if not data.list("topics"):
        data.fail("“topics” must name at least one theme.", "topics")
    if not data.list("senses"):
        data.fail("“senses” must hold at least one meaning.", "senses")
    for label in data.mappings("labels"):
        _check_label(label)
    for sense in data.mappings("senses"):
        _check_sense(sense)
    for note in data.mappings("language_notes"):
        _check_note(note)
    return data


def _check_label(label):
    label.only("text", "kind", "said_as", "note", *USE_KEYS)
    label.text("text")
    label.choice("kind", LabelKind.values)


def _check_sense(sense):
    sense.only(
        *(
            "jurisdiction",
            "term",
            "term_use",
            "labels",
            "plain",
            "means_for_you",
            "legal",
            "sources",
        ),
        *("no_statutory_definition", "not_in_force", "valid_from", "valid_to", "replaced_by"),
        *("equivalent", "law_as_of", "review_due", "certainty", "editor_note"),
    )
    sense.choice("jurisdiction", Jurisdiction.values)
    sense.choice("certainty", Certainty.values)
    sense.text("legal")
    sense.day("law_as_of")
    sense.day("review_due")
    _check_plain(sense, "plain", sense.text("plain"))
    _check_plain(sense, "means_for_you", sense.text("means_for_you", default=""))
    if not sense.list("sources"):
        sense.fail("“sources” must name at least one source.", "sources")
    for label in sense.mappings("labels"):
        _check_label(label)
    for source in sense.mappings("sources"):
        _check_source(source)


def _check_plain(sense, key, text):
    for sentence in sentences(text):
        if len(sentence.split()) > LONGEST_PLAIN_SENTENCE:
            sense.fail(
                f"a sentence of “{key}” has more than {LONGEST_PLAIN_SENTENCE} words: {sentence}",
                key,
            )


def _check_source(source):
    source.only("title", "provision", "kind", "url", "dated")
    source.text("title")
    source.choice("kind", SourceKind.values)
    _check_address(source, "url")
    _check_partial_date(source, "dated")


def _check_note(note):
    note.only("position", "held_by", "since", "link")
    note.text("position")
    note.text("held_by")
    _check_address(note, "link")
    _check_partial_date(note, "since")


def _check_address(data, key):
    if not (data.text(key, default="") or "https://").startswith("https://"):
        data.fail(f"“{key}” must begin with https://.", key)


def _check_partial_date(data, key):
    if not validate_partial_date.regex.match(data.text(key, default="") or "2000"):
        data.fail(f'“{key}” must look like "2021", "2021-07" or "2021-07-14".', key)


def _check_links(entries):
    themes = set(Theme.objects.values_list("slug", flat=True))
    for data in entries.values():
        for topic in data.list("topics"):
            if topic not in themes:
                data.fail(f"“{topic}” is not a theme.", "topics")
        for slug, key in _linked(data):
            if slug not in entries:
                data.fail(f"“{slug}” is not an entry.", key)


def _linked(data):
    """(slug, key) of every entry that an entry names."""
    for key in RELATION_KEYS:
        for item in data.list(key):
            yield (item.text("entry") if isinstance(item, Mapping) else item), key
    for sense in data.mappings("senses"):
        for key in ("replaced_by", "equivalent"):
            if sense.get(key):
                yield sense[key], None


def _relations(data):
    rows = [
        [RELATION_KEYS[key], item["entry"], "", item.text("why")]
        if isinstance(item, Mapping)
        else [RELATION_KEYS[key], item, "", ""]
        for key in RELATION_KEYS
        for item in data.list(key)
    ]
    senses = data.mappings("senses")
    rows += [
        [RelationKind.EQUIVALENT, sense["equivalent"], sense["jurisdiction"], ""]
        for sense in senses
        if sense.get("equivalent")
    ]
    replaced = [
        [sense["jurisdiction"], sense["replaced_by"]]
        for sense in senses
        if sense.get("replaced_by")
    ]
    return {"relations": sorted(rows), "replaced": replaced}


# -- Writing ----------------------------------------------------------------------------------


class StarterEntry(StarterKind):
    """The working copy of an entry: its meanings, names and notes."""

    name = "dictionary-entry"

    def find(self, key):
        return Entry.objects.filter(slug=key).first()

    def write(self, data, row, key):
        entry = row or Entry(slug=key)
        entry.headword = data.text("headword")
        entry.save()
        entry.topics.set(Theme.objects.filter(slug__in=data.list("topics")))
        entry.labels.all().delete()
        entry.language_notes.all().delete()
        for sense in data.mappings("senses"):
            self._write_sense(entry, sense, data)
        self._write_labels(entry, None, data)
        for note in data.mappings("language_notes"):
            LanguageNote.objects.create(entry=entry, **note)
        return entry

    def _write_sense(self, entry, data, whole):
        apart = (
            "labels",
            "sources",
            "term",
            "term_use",
            "not_in_force",
            "replaced_by",
            "equivalent",
        )
        fields = {key: value for key, value in data.items() if key not in apart}
        for key in ("plain", "means_for_you", "legal", "editor_note"):
            fields[key] = data.text(key, default="")
        fields["is_in_force"] = not data.get("not_in_force", False)
        sense, _ = Sense.objects.update_or_create(
            entry=entry,
            jurisdiction=fields.pop("jurisdiction"),
            valid_from=fields.pop("valid_from", None),
            defaults=fields,
        )
        sense.sources.all().delete()
        Source.objects.bulk_create(
            Source(sense=sense, position=position, **source)
            for position, source in enumerate(data.mappings("sources"))
        )
        self._write_preferred(entry, sense, data, whole)
        self._write_labels(entry, sense, data)

    def _write_preferred(self, entry, sense, data, whole):
        name = data.text("term", default=entry.headword)
        use = whole.get("headword_use") if name == entry.headword else data.get("term_use")
        Label.objects.create(
            entry=entry,
            sense=sense,
            text=name,
            kind=LabelKind.PREFERRED,
            **{"forms": plural_forms(name), **(use or {})},
        )

    def _write_labels(self, entry, sense, data):
        labels = (
            Label(entry=entry, sense=sense, **_use(label)) for label in data.mappings("labels")
        )
        Label.objects.bulk_create(labels, ignore_conflicts=True)

    def read(self, row):
        names = ("sense__jurisdiction", "language", "text", "kind", "said_as", "note", *USE_KEYS)
        return {
            "headword": row.headword,
            "topics": sorted(row.topics.values_list("slug", flat=True)),
            "labels": list(row.labels.order_by("kind", "text", "sense").values(*names)),
            "notes": list(row.language_notes.values("position", "held_by", "since", "link")),
            "senses": [self._read_sense(sense) for sense in row.senses.order_by("pk")],
        }

    def _read_sense(self, sense):
        own = (
            *("jurisdiction", "plain", "means_for_you", "legal", "is_in_force", "valid_from"),
            *("no_statutory_definition", "valid_to", "law_as_of", "review_due", "checked_on"),
            *("certainty", "editor_note"),
        )
        sources = sense.sources.values("kind", "title", "provision", "url", "dated")
        return {name: getattr(sense, name) for name in own} | {"sources": list(sources)}


def _use(label):
    """The fields of a label, with what its kind says about the texts in which it is meant."""
    is_acronym = label["kind"] == LabelKind.ACRONYM
    policy = LinkPolicy.EVERYWHERE
    if label["kind"] == LabelKind.MISSPELLING:
        policy = LinkPolicy.NEVER
    elif label["kind"] == LabelKind.SPOKEN:
        policy = LinkPolicy.EXPLAIN_ONLY
    return {
        "policy": policy,
        "case_rule": CaseRule.EXACT if is_acronym else CaseRule.ANY,
        "forms": plural_forms(label["text"], is_acronym=is_acronym),
        **label,
    }


class StarterRelations(StarterKind):
    """Written after all entries are there, because each may name any other."""

    name = "dictionary-relations"
    completes_rows = True

    def find(self, key):
        return Entry.objects.filter(slug=key).first()

    def write(self, data, row, key):
        row.relations.all().delete()
        for kind, slug, place, note in data["relations"]:
            to = Entry.objects.get(slug=slug)
            Relation.objects.create(entry=row, to=to, kind=kind, jurisdiction=place, note=note)
        for jurisdiction, slug in data["replaced"]:
            replaced_by = Entry.objects.get(slug=slug)
            row.senses.filter(jurisdiction=jurisdiction, valid_to__isnull=False).update(
                replaced_by=replaced_by
            )
        return row

    def read(self, row):
        relations = row.relations.order_by("kind", "to__slug", "jurisdiction")
        return list(relations.values("kind", "to__slug", "jurisdiction", "note"))


class StarterVersion(StarterKind):
    """The publication, which waits for no lawyer: the page says that none has checked it."""

    name = "dictionary-version"
    completes_rows = True

    def find(self, key):
        return Entry.objects.filter(slug=key).first()

    def write(self, data, row, key):
        is_first = row.current_id is None
        note = "First published." if is_first else "The starter content was brought up to date."
        write_version(row, by=None, change_note=note)
        if data.get("withdrawn"):
            withdraw_entry(row, by=None, because=data.text("withdrawn"))
        row.refresh_from_db()
        return row

    def read(self, row):
        """Staff who edit, publish or withdraw change one of these: then we leave it to them."""
        return {"stage": row.stage, "version": row.current_id}
