"""The librarian's working room: the records themselves."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.template.response import TemplateResponse

from cja_portal.kit.admin import ReadOnly, do_with_each
from cja_portal.kit.forms import ModelForm, UKDateTimeField
from library import actions
from library.admin.documents import DocumentInline, NewDocumentInline
from library.models import (
    ContentNote,
    Contributor,
    Item,
    Publisher,
    Status,
    Version,
)
from library.records import staff_version_of
from library.submissions import open_door

CONFLICT = (
    "Somebody else saved this record while you were writing. Nothing of yours is lost: it stands "
    "below. Take over what you want to keep of theirs, and save again. If people or publishers "
    "are not named here, look at them on the page of the item."
)


class ItemForm(ModelForm):
    content_notes = forms.TypedMultipleChoiceField(
        choices=ContentNote, required=False, widget=forms.CheckboxSelectMultiple
    )
    visible_from = UKDateTimeField(
        required=False,
        widget=AdminSplitDateTime,
        help_text="UK time. Blank: as soon as it is published.",
    )
    version_note = forms.CharField(
        label="What changed",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Write here only if this is a new version of the work: readers will see it.",
    )
    version_is_major = forms.BooleanField(
        label="A major change: people who follow the library are told", required=False, initial=True
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["version"].initial = staff_version_of(self.instance)

    def clean(self):
        """The lock makes a second editor wait, and then find that the version is an older one."""
        super().clean()
        if not self.instance.pk:
            return
        Item.objects.select_for_update().get(pk=self.instance.pk)
        newest = staff_version_of(self.instance)
        if self.cleaned_data.get("version") != newest:
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = newest
            raise ValidationError([CONFLICT, *self._theirs()])

    def _theirs(self):
        """What now stands in the database where it differs from what this person wants to save."""
        names = [name for name in self.changed_data if name in self.initial]
        return [f"Saved now as {self[name].label}: {self._saved(name)}." for name in names]

    def _saved(self, name):
        value = self.initial[name]
        values = value if isinstance(value, list) else [value]
        return ", ".join(str(one) for one in values if one not in (None, "")) or "nothing"


class PublisherInline(admin.TabularInline):
    model = Publisher
    extra = 1
    autocomplete_fields = ["organisation"]


class ContributorInline(admin.TabularInline):
    model = Contributor
    extra = 1
    autocomplete_fields = ["organisation"]


class VersionInline(ReadOnly, admin.TabularInline):
    model = Version
    extra = 0
    fields = ["number", "note", "is_major", "made_at", "made_by"]


NEW_VERSION = ("New version", {"fields": ["version_note", "version_is_major"]})

NAMES = ["publishers__name", "contributors__name"]


@admin.register(Item)
class ItemAdmin(admin.ModelAdmin):
    form = ItemForm
    inlines = [
        PublisherInline,
        ContributorInline,
        DocumentInline,
        NewDocumentInline,
        VersionInline,
    ]
    list_display = ["title", "kind", "published", "status", "audience", "certainty"]
    list_filter = ["status", "kind", "audience", "certainty", "themes", "link_kind"]
    list_select_related = ["superseded_by"]
    search_fields = ["title", "subtitle", "slug", "code", "isbn", "doi", *NAMES]
    autocomplete_fields = ["superseded_by", "themes", "nations", "owner", "readers"]
    prepopulated_fields = {"slug": ["title"]}
    readonly_fields = ["short_code", "status", "published_at", "withdrawn_at", "withdrawn_because"]
    actions = ["publish", "return_to_draft", "withdraw"]
    show_full_result_count = False
    fieldsets = [
        (None, {"fields": ["version", "title", "subtitle", "slug", "kind", "summary"]}),
        (
            "Publication",
            {"fields": [("published_on", "precision"), ("series", "number"), "project"]},
        ),
        ("Identifiers", {"fields": [("isbn", "doi"), "language"]}),
        ("Where to read it", {"fields": ["link", "link_kind", "link_note"]}),
        ("Subject", {"fields": ["themes", "nations", "content_notes", "superseded_by"]}),
        ("Terms and certainty", {"fields": ["licence", "licence_certainty", "certainty", "note"]}),
        (
            "On the shelf",
            {"fields": ["short_code", "status", "published_at", "visible_from"]},
        ),
        (
            "Whose it is and who may see it",
            {"fields": ["owner", "audience", "files_audience", "readers"]},
        ),
        ("Withdrawal", {"fields": ["withdrawn_at", "withdrawn_because"], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("text_words")

    @admin.display(description="short code")
    def short_code(self, item):
        """Postgres gives it when the item is first saved."""
        return item.code if item.pk else "It gets one when you save it."

    def get_readonly_fields(self, request, item=None):
        """The address of what is published stays: it stands in citations."""
        fields = super().get_readonly_fields(request, item)
        return [*fields, "slug"] if item and item.published_at else fields

    def get_fieldsets(self, request, item=None):
        """What is published can have a new version."""
        is_published = item is not None and item.status == Status.PUBLISHED
        return [*self.fieldsets, NEW_VERSION] if is_published else self.fieldsets

    def get_prepopulated_fields(self, request, item=None):
        return {} if item else self.prepopulated_fields

    def has_delete_permission(self, request, item=None):
        """What was public is withdrawn with a reason; only what nobody saw can go."""
        is_unseen = item is not None and item.published_at is None
        return is_unseen and super().has_delete_permission(request, item)

    def save_model(self, request, item, form, change):
        """What the form does not show stays as others have meanwhile made it."""
        if not change:
            return super().save_model(request, item, form, change)
        own = {field.name for field in Item._meta.concrete_fields if field.editable}
        item.save(update_fields=[*own.intersection(form.cleaned_data), "updated_at"])

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        item = form.instance
        open_door(item)
        if note := form.cleaned_data.get("version_note"):
            is_major = form.cleaned_data["version_is_major"]
            actions.make_version(item, by=request.user, note=note, is_major=is_major)

    @admin.display(ordering="published_on")
    def published(self, item):
        """As exactly as it is known: a bare year is filed under its first day."""
        return item.date_in_words

    @admin.action(description="Publish", permissions=["change"])
    def publish(self, request, items):
        do_with_each(self, request, items, actions.publish_item, "Published")

    @admin.action(description="Return to draft", permissions=["change"])
    def return_to_draft(self, request, items):
        do_with_each(self, request, items, actions.return_item, "Draft again")

    @admin.action(description="Withdraw, with a reason for readers", permissions=["change"])
    def withdraw(self, request, items):
        form = WithdrawForm(request.POST if "because" in request.POST else None)
        if form.is_valid():
            because = form.cleaned_data["because"]
            act = actions.withdraw_item
            return do_with_each(self, request, items, act, "Withdrawn", because=because)
        context = {
            **self.admin_site.each_context(request),
            "title": "Withdraw items",
            "opts": self.model._meta,
            "items": items,
            "form": form,
        }
        return TemplateResponse(request, "admin/library/item/withdraw.html", context)


class WithdrawForm(forms.Form):
    because = forms.CharField(
        label="Why?",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One or two plain sentences. Readers will see them in place of the record.",
    )
