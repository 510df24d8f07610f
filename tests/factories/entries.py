"""Words of the dictionary."""

from datetime import date

from dictionary.actions import write_version
from dictionary.models import (
    CaseRule,
    Entry,
    Label,
    LabelKind,
    LinkPolicy,
    Relation,
    RelationKind,
    Sense,
    Source,
    SourceKind,
    Suggestion,
    SuggestionKind,
)
from dictionary.plurals import plural_forms


def make_entry(headword="Bail", *, is_published=True, slug="", topics=(), **sense):
    """An entry with one meaning and one source; `sense` names fields of the meaning."""
    slug = slug or headword.lower().replace(" ", "-").replace("'", "")
    entry = Entry.objects.create(slug=slug, headword=headword)
    entry.topics.set(topics)
    make_sense(entry, **sense)
    return publish(entry) if is_published else entry


def publish(entry, change_note="Published."):
    """Make what stands in the working copy the next public version, past all desks."""
    write_version(entry, by=None, change_note=change_note)
    return entry


def make_sense(entry, jurisdiction="england-and-wales", *, name="", **fields):
    """One more meaning; public at once if the entry is."""
    values = {
        "plain": f"{entry.headword} has a meaning.",
        "legal": f"{entry.headword} as the law says it.",
        "law_as_of": date(2025, 1, 1),
        "review_due": date(2099, 1, 1),
    }
    sense = Sense.objects.create(entry=entry, jurisdiction=jurisdiction, **values | fields)
    Source.objects.create(sense=sense, kind=SourceKind.ACT, title="Example Act 2000")
    if name:
        Label.objects.create(entry=entry, sense=sense, text=name, kind=LabelKind.PREFERRED)
    if entry.current:
        publish(entry)
    return sense


def make_label(entry, text, kind=LabelKind.ALTERNATIVE, **fields):
    """One more name; public at once if the entry is."""
    if kind == LabelKind.ACRONYM:
        fields.setdefault("case_rule", CaseRule.EXACT)
    if kind == LabelKind.SPOKEN:
        fields.setdefault("policy", LinkPolicy.EXPLAIN_ONLY)
    fields.setdefault("forms", plural_forms(text, is_acronym=kind == LabelKind.ACRONYM))
    label = Label.objects.create(entry=entry, text=text, kind=kind, **fields)
    if entry.current:
        publish(entry)
    return label


def make_relation(entry, to, kind=RelationKind.RELATED, note="", **fields):
    relation = Relation.objects.create(entry=entry, to=to, kind=kind, note=note, **fields)
    if entry.current:
        publish(entry)
    return relation


def make_suggestion(text="It says too little.", **fields):
    values = {"kind": SuggestionKind.OTHER, "word": "bail"} | fields
    return Suggestion.objects.create(text=text, **values)
