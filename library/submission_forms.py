"""What members and staff may type on a work's way into the library."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from cja_portal.kit.dates import UK, read_partial
from cja_portal.kit.fields import WebAddressField, refuse_password
from cja_portal.kit.forms import ModelForm, UKDateTimeField
from cja_portal.kit.text import without_turns
from library.citations import as_printed
from library.intake.fields import DocumentField
from library.intake.receiving import receive
from library.models import (
    Audience,
    ChangeRequest,
    ContentNote,
    DocumentKind,
    Item,
    Kind,
    LinkKind,
    RequestKind,
)
from library.records import FIELDS, first_day
from members.forms import GroupedModelChoiceField
from members.models import Area, Theme

MOST_THEMES = 6
LONGEST_NAME, MOST_NAMES = 200, 100


class LinkField(forms.URLField):
    """An address of the web proper: it is shown as a link, and never opened from here."""

    def __init__(self, **kwargs):
        messages = WebAddressField.default_error_messages
        super().__init__(assume_scheme="https", max_length=500, error_messages=messages, **kwargs)
        self.validators += [URLValidator(["https", "http"]), refuse_password]


class StartForm(forms.Form):
    """The first step: a file or a link, or both."""

    file = DocumentField(
        label="The file",
        required=False,
        help_text="A PDF is best: its text becomes searchable, page by page. At most 30 MB.",
    )
    link = LinkField(
        label="Or its address on the web",
        required=False,
        help_text="For example the page of the report on your own website.",
    )

    def clean(self):
        if not self.errors and not (self.cleaned_data.get("file") or self.cleaned_data.get("link")):
            raise ValidationError("Choose a file or paste a link.")


class FilesForm(forms.Form):
    """A file to add to those of a work, and those to take out; sent with the record itself."""

    file = DocumentField(
        label="Add a file", required=False, help_text="A PDF is best. At most 30 MB."
    )
    file_kind = forms.ChoiceField(
        choices=DocumentKind,
        required=False,
        label="What it is",
        help_text="For example a summary, an Easy Read copy, or the work in Welsh.",
    )
    take_out = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="Take out"
    )

    def __init__(self, *args, item, **kwargs):
        super().__init__(*args, **kwargs)
        self.documents = {document.name: document for document in item.documents.all()}
        self.fields["take_out"].choices = [(name, name) for name in self.documents]
        if not self.documents:
            del self.fields["take_out"]


class NamesField(forms.CharField):
    """Names, one a line, as a list."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        lines = [" ".join(line.split()) for line in super().to_python(value).splitlines()]
        names = list(dict.fromkeys(without_turns(line) for line in lines if line))
        if len(names) > MOST_NAMES:
            raise ValidationError(f"Give at most {MOST_NAMES} names.")
        if any(len(name) > LONGEST_NAME for name in names):
            raise ValidationError(f"A name has at most {LONGEST_NAME} characters.")
        return names


class SubmissionForm(ModelForm):
    """The record. A draft may lack anything; `library.checklist` says what is missing."""

    published = forms.CharField(
        label=FIELDS["published"],
        required=False,
        max_length=40,
        help_text="As exactly as you know it: 14 July 2024, July 2024 or 2024.",
    )
    people = NamesField(
        label=FIELDS["people"],
        required=False,
        help_text="As printed, one name a line, in their order.",
    )
    organisations = NamesField(
        label=FIELDS["organisations"],
        required=False,
        help_text="If the work names no person, or organisations beside them. One a line.",
    )
    content_notes = forms.TypedMultipleChoiceField(
        choices=ContentNote,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=FIELDS["content_notes"],
        help_text="What a reader may want to know before opening it. Tick none if none applies.",
    )
    themes = GroupedModelChoiceField(
        Theme.objects.all(),
        heading_of=Theme.get_goal_display,
        label=FIELDS["themes"],
        required=False,
        help_text=f"What it is truly about: at least one, at most {MOST_THEMES}.",
    )
    nations = forms.ModelMultipleChoiceField(
        Area.objects.filter(parent__parent__isnull=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=FIELDS["nations"],
    )
    visible_from = UKDateTimeField(
        label="Hold it back until (UK time)",
        required=False,
        help_text="If nobody may see it before a day and hour, such as the end of an embargo. "
        "Leave it empty to publish as soon as the staff have looked at it.",
        widget=forms.SplitDateTimeWidget(
            date_format="%Y-%m-%d",
            time_format="%H:%M",
            date_attrs={"type": "date", "aria-label": "Day"},
            time_attrs={"type": "time", "aria-label": "Time in the UK"},
        ),
    )

    class Meta:
        model = Item
        fields = [
            *("title", "subtitle", "kind", "summary", "series", "number", "isbn", "doi"),
            *("language", "link", "themes", "nations", "content_notes", "licence"),
            *("audience", "files_audience", "visible_from"),
        ]
        labels = {name: FIELDS[name] for name in fields if name in FIELDS}
        labels |= {"link": "Its address on the web"}
        help_texts = {
            "subtitle": "",
            "summary": "Three or four sentences for somebody who has never heard of it: what was "
            "asked, what was found, what should change. Readers see it first.",
            "link": "Where readers find it on your website.",
            "licence": "On what terms others may use the work. It is printed in the work, or your "
            "organisation decides it.",
        }
        widgets = {"summary": forms.Textarea(attrs={"rows": 7})}

    field_order = list(FIELDS)
    groups = (
        ("What it is", ["title", "subtitle", "kind", "summary", "published", "language", "link"]),
        ("Who made it", ["people", "organisations"]),
        ("Series and numbers", ["series", "number", "isbn", "doi"]),
        ("What it is about", ["themes", "nations", "content_notes"]),
        ("Terms and readers", ["licence", "audience", "files_audience", "visible_from"]),
    )
    seldom = ("Series and numbers",)
    needed = ("title", "kind", "summary", "published", "themes", "licence")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("title", "kind"):
            self.fields[name].required = False
        self.fields["kind"].choices = [("", "Choose one"), *Kind.choices]
        for name in ("audience", "files_audience"):
            self.fields[name].choices = _audiences(getattr(self.instance, name))

    def parts(self):
        """The fields under their headings; those seldom needed are folded away while empty."""
        for title, names in self.groups:
            fields = [self[name] for name in names]
            is_used = any(field.errors or field.value() for field in fields)
            yield {
                "title": title,
                "fields": fields,
                "is_folded": title in self.seldom,
                "is_open": is_used,
            }

    def clean_published(self):
        try:
            return read_partial(self.cleaned_data["published"])
        except ValueError as error:
            raise ValidationError("Write it as 14 July 2024, July 2024 or 2024.") from error

    def clean_summary(self):
        return self.cleaned_data["summary"].replace("\r\n", "\n").strip()

    def clean_themes(self):
        themes = self.cleaned_data["themes"]
        if len(themes) > MOST_THEMES:
            raise ValidationError(f"Choose at most {MOST_THEMES}: those it is truly about.")
        return themes

    def clean(self):
        """What the laws of the record ask for beside the fields that people see."""
        super().clean()
        link, published = (self.cleaned_data.get(name, "") for name in ("link", "published"))
        self.instance.link_kind = (self.instance.link_kind or LinkKind.PUBLISHER) if link else ""
        self.instance.published_on, self.instance.precision = first_day(published)

    def clean_organisations(self):
        """Under one name stands one author."""
        people = {name for name, _ in map(as_printed, self.cleaned_data.get("people", ()))}
        if twice := people.intersection(self.cleaned_data["organisations"]):
            name = min(twice)
            raise ValidationError(f"“{name}” stands among the people as well: leave it in one.")
        return self.cleaned_data["organisations"]

    def record(self):
        """What was typed as values of `library.records`."""
        values = {name: self.cleaned_data[name] for name in FIELDS}
        moment = values["visible_from"]
        return values | {
            "visible_from": moment.astimezone(UK).isoformat(timespec="minutes") if moment else "",
            "themes": sorted(theme.slug for theme in values["themes"]),
            "nations": sorted(area.slug for area in values["nations"]),
            "content_notes": sorted(values["content_notes"]),
        }


def _audiences(chosen):
    """The two that a member chooses between, and what staff have set."""
    offered = {Audience.PUBLIC, Audience.MEMBERS, chosen}
    return [(value, label) for value, label in Audience.choices if value in offered]


class HandInForm(forms.Form):
    """The last step: what only people can confirm."""

    rights = forms.BooleanField(
        label="We may share this work: it is ours, or its licence or owner allows it",
        error_messages={"required": "Confirm that your organisation may share the work."},
    )
    notes = forms.BooleanField(
        label="The content notes are right: each that applies is ticked, or none applies",
        error_messages={"required": "Confirm the content notes."},
    )
    people = forms.BooleanField(
        label="Nobody is named in it who must not be, such as a child or a person in a case",
        error_messages={"required": "Confirm that nobody is named who must not be."},
    )
    note = forms.CharField(
        label="Anything the staff should know",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example who else published it, or why it cannot wait.",
    )


class RequestForm(ModelForm):
    """What an organisation asks about a published work of its own."""

    file = forms.FileField(
        label="The new file",
        required=False,
        help_text="Only for a new version. At most 30 MB.",
    )

    class Meta:
        model = ChangeRequest
        fields = ["kind", "text", "file", "replaces"]
        labels = {
            "kind": "What should the staff do?",
            "text": "Why, or what changed",
            "replaces": "It takes the place of",
        }
        widgets = {"kind": forms.RadioSelect, "text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"text": "In plain words. The staff decide what readers are told."}

    def __init__(self, *args, item, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = RequestKind.choices
        replaces = self.fields["replaces"]
        replaces.queryset, replaces.empty_label = item.documents.current(), "No other file"
        if not replaces.queryset:
            del self.fields["replaces"]

    def clean_file(self):
        """Looked at now, so that whoever sent it hears of a fault, and kept as it came."""
        upload = self.cleaned_data["file"]
        if upload:
            receive(upload)
            upload.seek(0)
        return upload

    def clean(self):
        super().clean()
        if self.cleaned_data.get("kind") == RequestKind.WITHDRAWAL:
            self.cleaned_data |= {"file": None, "replaces": None}
        if file := self.cleaned_data.get("file"):
            self.instance.file_name = file.name[-200:]


# -- For staff ------------------------------------------------------------------------------------


class ReasonForm(forms.Form):
    because = forms.CharField(
        label="Why?",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="In plain, kind words. The organisation reads them by e-mail and on its page.",
    )


class ScheduleForm(forms.Form):
    visible_from = UKDateTimeField(
        label="Readers see it from (UK time)",
        widget=forms.SplitDateTimeWidget(
            date_format="%Y-%m-%d",
            time_format="%H:%M",
            date_attrs={"type": "date", "aria-label": "Day"},
            time_attrs={"type": "time", "aria-label": "Time in the UK"},
        ),
    )


class AnswerForm(forms.Form):
    text = forms.CharField(
        label="What readers are told",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="If you decline, this goes to the organisation instead.",
    )
    is_major = forms.BooleanField(
        label="A major change: people who follow the library are told",
        required=False,
        initial=True,
    )
