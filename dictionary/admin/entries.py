from django.contrib import admin, messages
from django.db import IntegrityError
from django.shortcuts import redirect

from cja_portal.kit.admin import do_with_each
from cja_portal.kit.forms import ModelForm
from dictionary.actions import (
    move_entry,
    publish_check,
    record_legal_check,
    reopen_entry,
    restore_entry,
    withdraw_entry,
)
from dictionary.admin.desk import DeskMixin, WaitsFilter, shown_at
from dictionary.admin.signs import SignsMixin
from dictionary.admin.stale import StaleCheckedForm
from dictionary.models import Entry, Label, LanguageNote, Relation, Sense, Stage
from dictionary.published import published


class SenseInline(admin.TabularInline):
    """The meanings at a glance; each is edited on its own page, where its sources stand."""

    model = Sense
    extra = 0
    fk_name = "entry"
    fields = readonly_fields = ["jurisdiction", "plain", "law_as_of", "review_due", "checked_on"]
    show_change_link = True
    can_delete = False
    verbose_name_plural = "meanings"

    def view_on_site(self, sense):
        return shown_at(sense.entry, sense)

    def has_add_permission(self, request, obj):
        return False


class LabelInline(admin.TabularInline):
    model = Label
    form = ModelForm
    extra = 0
    fields = [
        *("text", "kind", "sense", "language", "case_rule", "policy", "forms"),
        *("not_before", "not_after", "said_as"),
    ]
    verbose_name_plural = "names"

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Only the meanings of this entry can carry its names."""
        if db_field.name == "sense":
            entry_id = request.resolver_match.kwargs.get("object_id")
            kwargs["queryset"] = Sense.objects.filter(entry_id=entry_id).select_related("entry")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class RelationInline(admin.TabularInline):
    model = Relation
    form = ModelForm
    extra = 0
    fk_name = "entry"
    autocomplete_fields = ["to"]


class LanguageNoteInline(admin.StackedInline):
    model = LanguageNote
    form = ModelForm
    extra = 0
    verbose_name_plural = "who says this word, and who does not"


@admin.register(Entry)
class EntryAdmin(SignsMixin, DeskMixin, admin.ModelAdmin):
    form = StaleCheckedForm
    list_display = ["headword", "state", "version", "updated_at"]
    list_filter = [WaitsFilter, "stage", "topics"]
    list_select_related = ["current"]
    search_fields = ["headword", "labels__text"]
    autocomplete_fields = ["topics"]
    fields = ["headword", "slug", "topics", "seen_at"]
    prepopulated_fields = {"slug": ["headword"]}
    inlines = [SenseInline, LabelInline, RelationInline, LanguageNoteInline]
    actions = [
        *("pass_to_plain_edit", "pass_to_legal_check", "record_check", "publish_checks"),
        *("back_to_draft", "withdraw", "restore"),
    ]

    class Media:
        css = {"all": ["css/desk.css"]}

    def view_on_site(self, entry):
        return shown_at(entry, entry)

    @admin.display(description="public version", ordering="current__number")
    def version(self, entry):
        return entry.current.number if entry.current else "none"

    @admin.display(description="stands at", ordering="stage")
    def state(self, entry):
        """The desk of the working copy, and what readers see if that is another thing."""
        return ", ".join([entry.get_stage_display(), *_public_states(entry)])

    def get_readonly_fields(self, request, obj=None):
        """The address of an entry is for ever once it is made."""
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def has_delete_permission(self, request, obj=None):
        """What was public stays; only a draft that nobody saw can go."""
        is_unseen = obj is not None and obj.current_id is None
        return is_unseen and super().has_delete_permission(request, obj)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """What only the database can see, such as two editors closing a circle between them."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            sentence = str(error).splitlines()[0]
            self.message_user(request, f"Nothing was saved. {sentence}", messages.ERROR)
            return redirect(request.path)

    def save_related(self, request, form, formsets, change):
        """A change makes the working copy a draft again; readers see the last version."""
        super().save_related(request, form, formsets, change)
        fields = set(form.changed_data) - {"seen_at", "topics"}
        if change and (fields or any(formset.has_changed() for formset in formsets)):
            reopen_entry(form.instance, by=request.user)

    @admin.action(description="Pass to plain-language edit", permissions=["change"])
    def pass_to_plain_edit(self, request, queryset):
        do_with_each(self, request, queryset, move_entry, "Passed on", stage=Stage.PLAIN_EDIT)

    @admin.action(description="Pass to legal check", permissions=["change"])
    def pass_to_legal_check(self, request, queryset):
        do_with_each(self, request, queryset, move_entry, "Passed on", stage=Stage.LEGAL_CHECK)

    @admin.action(description="Record my legal check", permissions=["change"])
    def record_check(self, request, queryset):
        do_with_each(self, request, queryset, record_legal_check, "Checked")

    @admin.action(description="Publish legal checks that changed no word", permissions=["change"])
    def publish_checks(self, request, queryset):
        do_with_each(self, request, queryset.select_related("current"), publish_check, "Published")

    @admin.action(description="Back to draft", permissions=["change"])
    def back_to_draft(self, request, queryset):
        do_with_each(self, request, queryset, move_entry, "Draft again", stage=Stage.DRAFT)

    @admin.action(description="Withdraw now", permissions=["change"])
    def withdraw(self, request, queryset):
        do_with_each(self, request, queryset, withdraw_entry, "Withdrawn")

    @admin.action(description="Show again", permissions=["change"])
    def restore(self, request, queryset):
        do_with_each(self, request, queryset, restore_entry, "Shown again")


def _public_states(entry):
    """What time and editors made of the public text: computed, never stored."""
    if entry.withdrawn_at:
        return [] if entry.stage == Stage.WITHDRAWN else ["withdrawn"]
    if entry.current is None:
        return []
    public = published(entry)
    states = {
        "an older text is public": entry.stage != Stage.PUBLISHED,
        "review due": public.is_overdue,
        "superseded": public.is_superseded,
    }
    return [state for state, is_so in states.items() if is_so]
