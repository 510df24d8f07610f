"""The starter entries, one reviewable file each in dictionary/content/entries/."""

from pathlib import Path

from django.conf import settings

from cja_portal.kit.content import read_content
from cja_portal.kit.dates import validate_partial_date
from cja_portal.kit.text import sentences
from dictionary.models import (
    Certainty,
    Entry,
    Jurisdiction,
    Label,
    LabelKind,
    Relation,
    RelationKind,
    Sense,
    Source,
    SourceKind,
    Status,
)
from members.models import Theme
from members.starter_records import StarterKind, load_pieces

FOLDER = Path(__file__).parent / "content" / "entries"
LONGEST_PLAIN_SENTENCE = 25  # words


def load(report):
    entries = {path.stem: read_entry(path) for path in sorted(FOLDER.glob("*.yaml"))}
    _check_links(entries)
    count = load_pieces(StarterEntry(), entries)
    load_pieces(StarterRelations(), {slug: _relations(data) for slug, data in entries.items()})
    report(f"Dictionary: {len(entries)} entries, {count} of them new or changed.")


# -- Reading and checking files ---------------------------------------------------------------


def read_entry(path):
    """The checked content of one file; raises ContentError with file and line."""
    data = read_content(path, root=settings.BASE_DIR)
    data.only(
        "headword", "topics", "labels", "senses", "related", "broader", "opposite", "not_same_as"
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
    return data


def _check_label(label):
    label.only("text", "kind", "said_as", "note")
    label.text("text")
    label.choice("kind", LabelKind.values)


def _check_sense(sense):
    sense.only(
        *("jurisdiction", "term", "labels", "plain", "means_for_you", "legal", "sources"),
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
    if not (source.text("url", default="") or "https://").startswith("https://"):
        source.fail("“url” must begin with https://.", "url")
    if not validate_partial_date.regex.match(source.text("dated", default="") or "2000"):
        source.fail('“dated” must look like "2021", "2021-07" or "2021-07-14".', "dated")


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
    for key in ("related", "broader", "opposite"):
        yield from ((slug, key) for slug in data.list(key))
    yield from ((item.text("entry"), "not_same_as") for item in data.mappings("not_same_as"))
    for sense in data.mappings("senses"):
        yield from ((sense[key], None) for key in ("replaced_by", "equivalent") if sense.get(key))


def _relations(data):
    plain = {
        kind: data.list(key)
        for key, kind in [
            ("related", RelationKind.RELATED),
            ("broader", RelationKind.BROADER),
            ("opposite", RelationKind.OPPOSITE),
        ]
    }
    rows = [[kind, slug, ""] for kind, slugs in plain.items() for slug in slugs]
    rows += [
        [RelationKind.NOT_SAME_AS, item.text("entry"), item.text("why")]
        for item in data.mappings("not_same_as")
    ]
    replaced = {
        sense["jurisdiction"]: [sense.get("replaced_by"), sense.get("equivalent")]
        for sense in data.mappings("senses")
        if sense.get("replaced_by") or sense.get("equivalent")
    }
    return {"relations": sorted(rows), "replaced": replaced}


# -- Writing ----------------------------------------------------------------------------------


class StarterEntry(StarterKind):
    name = "dictionary-entry"

    def find(self, key):
        return Entry.objects.filter(slug=key).first()

    def write(self, data, row, key):
        entry = row or Entry(slug=key)
        entry.headword = data.text("headword")
        entry.status = Status.PUBLISHED
        entry.save()
        entry.topics.set(Theme.objects.filter(slug__in=data.list("topics")))
        self._write_labels(entry, data)
        entry.senses.all().delete()
        for sense in data.mappings("senses"):
            self._write_sense(entry, sense)
        return entry

    def _write_labels(self, entry, data):
        entry.labels.all().delete()
        senses = data.mappings("senses")
        places = [("", data), *((sense["jurisdiction"], sense) for sense in senses)]
        Label.objects.bulk_create(
            [
                Label(entry=entry, jurisdiction=jurisdiction, **label)
                for jurisdiction, holder in places
                for label in holder.mappings("labels")
            ],
            ignore_conflicts=True,
        )

    def _write_sense(self, entry, data):
        links = ("labels", "sources", "not_in_force", "replaced_by", "equivalent")
        fields = {key: value for key, value in data.items() if key not in links}
        for key in ("plain", "means_for_you", "legal", "editor_note", "term"):
            fields[key] = data.text(key, default="")
        sense = Sense.objects.create(
            entry=entry, is_in_force=not data.get("not_in_force", False), **fields
        )
        Source.objects.bulk_create(
            Source(sense=sense, position=position, **source)
            for position, source in enumerate(data.mappings("sources"))
        )

    def read(self, row):
        return {
            "headword": row.headword,
            "status": row.status,
            "topics": sorted(row.topics.values_list("slug", flat=True)),
            "labels": list(row.labels.values("jurisdiction", "text", "kind", "said_as", "note")),
            "senses": [self._read_sense(sense) for sense in row.senses.order_by("jurisdiction")],
        }

    def _read_sense(self, sense):
        own = (
            *("jurisdiction", "term", "plain", "means_for_you", "legal", "is_in_force"),
            *("no_statutory_definition", "valid_from", "valid_to", "law_as_of", "review_due"),
            *("checked_on", "certainty", "editor_note"),
        )
        sources = sense.sources.values("kind", "title", "provision", "url", "dated")
        return {name: getattr(sense, name) for name in own} | {"sources": list(sources)}


class StarterRelations(StarterKind):
    """Written after all entries are there, because each may name any other."""

    name = "dictionary-relations"
    completes_rows = True

    def find(self, key):
        return Entry.objects.filter(slug=key).first()

    def write(self, data, row, key):
        row.relations.all().delete()
        for kind, slug, note in data["relations"]:
            Relation.objects.create(
                entry=row, to=Entry.objects.get(slug=slug), kind=kind, note=note
            )
        for jurisdiction, (replaced_by, equivalent) in data["replaced"].items():
            row.senses.filter(jurisdiction=jurisdiction).update(
                replaced_by=Entry.objects.filter(slug=replaced_by).first(),
                equivalent=Entry.objects.filter(slug=equivalent).first(),
            )
        return row

    def read(self, row):
        return list(row.relations.order_by("kind", "to__slug").values("kind", "to__slug", "note"))
