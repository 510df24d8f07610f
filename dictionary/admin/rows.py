"""Meanings as rows of a table, one each with its entry, out to a spreadsheet and back.

What comes back is a draft that goes the usual way: readers see nothing of it yet.
"""

from django.core.exceptions import ValidationError
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import ForeignKeyWidget

from cja_portal.kit.cells import TextCell, WordDiff, guarded, unguarded
from dictionary.actions import reopen_entry
from dictionary.models import Entry, Sense, Source, SourceKind

SOURCE_PARTS = ("kind", "title", "provision", "url", "dated")


class EntryCell(ForeignKeyWidget):
    """The slug of the entry; a new one makes a draft, named by the row's headword."""

    def clean(self, value, row=None, **kwargs):
        slug = (value or "").strip()
        headword = unguarded((row or {}).get("headword", "") or "").strip()
        entry = Entry.objects.filter(slug=slug).first() or Entry(slug=slug, headword=headword)
        if headword and entry.headword != headword:
            entry.headword = headword
        if entry._state.adding or entry.headword != Entry.objects.get(pk=entry.pk).headword:
            entry.full_clean()
            entry.save()
        return entry


class OtherEntryCell(ForeignKeyWidget):
    def clean(self, value, row=None, **kwargs):
        if not value:
            return None
        entry = Entry.objects.filter(slug=value).first()
        if entry is None:
            raise ValueError(f"There is no entry “{value}”.")
        return entry


def _text(name):
    return Field(attribute=name, column_name=name, widget=TextCell())


class SenseRows(ModelResource):
    """A row with an `id` changes that meaning; one without makes a new one."""

    entry = Field(attribute="entry", column_name="entry", widget=EntryCell(Entry, "slug"))
    headword = Field(attribute="entry__headword", column_name="headword", readonly=True)
    plain, means_for_you, legal = _text("plain"), _text("means_for_you"), _text("legal")
    replaced_by = Field(
        attribute="replaced_by", column_name="replaced_by", widget=OtherEntryCell(Entry, "slug")
    )
    editor_note = _text("editor_note")
    sources = Field(column_name="sources")

    class Meta:
        model = Sense
        fields = export_order = (
            *("id", "entry", "headword", "jurisdiction", "plain", "means_for_you", "legal"),
            *("no_statutory_definition", "is_in_force", "valid_from", "valid_to", "replaced_by"),
            *("law_as_of", "review_due", "certainty", "editor_note", "sources"),
        )
        clean_model_instances = True
        use_transactions = True
        skip_unchanged = True
        report_skipped = False

    @classmethod
    def get_diff_class(cls):
        return WordDiff

    @classmethod
    def get_display_name(cls):
        return "meanings"

    def get_queryset(self):
        return Sense.objects.select_related("entry", "replaced_by").prefetch_related("sources")

    def dehydrate_headword(self, sense):
        return guarded(sense.entry.headword) if sense.entry_id else ""

    def dehydrate_sources(self, sense):
        """A line for each: kind | title | provision | address | date."""
        if sense.pk is None:
            return ""
        rows = Source.objects.filter(sense=sense) if self._is_fresh else sense.sources.all()
        lines = (" | ".join(getattr(row, part) for part in SOURCE_PARTS) for row in rows)
        return guarded("\n".join(lines))

    _is_fresh = False  # During an import the sources are read anew, before and after.

    def before_import(self, dataset, **kwargs):
        self._is_fresh = True

    def before_import_row(self, row, **kwargs):
        number = row.get("id")
        if number and not Sense.objects.filter(pk=_whole(number)).exists():
            raise ValidationError(f"No meaning has the number {number}.")
        _read_sources(row.get("sources", ""))

    def skip_row(self, instance, original, row, import_validation_errors=None):
        """Whether the row says what stands there already."""
        if import_validation_errors or original.pk is None:
            return False
        now = {
            field.column_name: self.export_field(field, original)
            for field in self.get_export_fields()
        }
        return all(_same(row[name], text) for name, text in now.items() if name in row)

    def after_save_instance(self, instance, row, **kwargs):
        if "sources" in row:
            instance.sources.all().delete()
            for position, source in enumerate(_read_sources(row["sources"])):
                Source.objects.create(sense=instance, position=position, **source)
        reopen_entry(instance.entry, by=kwargs.get("user"))


def _same(cell, text):
    return str(cell or "").replace("\r\n", "\n") == str(text or "")


def _whole(number):
    try:
        return int(number)
    except ValueError:
        return 0


def _read_sources(cell):
    """The sources written in a cell, one a line; raises ValidationError for what is none."""
    lines = unguarded(str(cell or "")).splitlines()
    return [_read_source(line) for line in lines if line.strip()]


def _read_source(line):
    parts = [part.strip() for part in line.split("|")]
    values = dict(zip(SOURCE_PARTS, parts + [""] * 5, strict=False))
    if values["kind"] not in SourceKind.values or len(parts) > len(SOURCE_PARTS):
        raise ValidationError(
            f"Write a source as “act | title | provision | address”, not “{line}”."
        )
    Source(**values).full_clean(exclude=["sense"])
    return values
