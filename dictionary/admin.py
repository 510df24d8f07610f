"""The staff's door to the dictionary."""

from functools import partial

from django.contrib import admin, messages

from dictionary.actions import (
    ImpossibleMove,
    move_entry,
    publish_entry,
    record_legal_check,
    reopen_entry,
    restore_entry,
    withdraw_entry,
)
from dictionary.models import (
    Entry,
    EntryVersion,
    Label,
    LanguageNote,
    Relation,
    Sense,
    Source,
    Stage,
)


class SenseInline(admin.TabularInline):
    """The meanings at a glance; each is edited on its own page, where its sources stand."""

    model = Sense
    extra = 0
    fk_name = "entry"
    fields = readonly_fields = ["jurisdiction", "plain", "law_as_of", "review_due", "checked_on"]
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request, obj):
        return False


class LabelInline(admin.TabularInline):
    model = Label
    extra = 0
    fields = ["text", "kind", "sense", "case_rule", "policy", "forms", "said_as"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Only the meanings of this entry can carry its names."""
        if db_field.name == "sense":
            entry_id = request.resolver_match.kwargs.get("object_id")
            kwargs["queryset"] = Sense.objects.filter(entry_id=entry_id).select_related("entry")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class RelationInline(admin.TabularInline):
    model = Relation
    extra = 0
    fk_name = "entry"
    autocomplete_fields = ["to"]


class LanguageNoteInline(admin.StackedInline):
    model = LanguageNote
    extra = 0


class SourceInline(admin.TabularInline):
    model = Source
    extra = 0


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    list_display = ["headword", "stage", "version", "updated_at"]
    list_filter = ["stage", "topics"]
    list_select_related = ["current"]
    search_fields = ["headword", "labels__text"]
    autocomplete_fields = ["topics"]
    readonly_fields = ["stage", "current", "withdrawn_at", "withdrawn_because", "updated_at"]
    prepopulated_fields = {"slug": ["headword"]}
    inlines = [SenseInline, LabelInline, RelationInline, LanguageNoteInline]
    actions = [
        *("pass_to_plain_edit", "pass_to_legal_check", "record_check", "publish"),
        *("back_to_draft", "withdraw", "restore"),
    ]

    @admin.display(description="public version", ordering="current__number")
    def version(self, entry):
        return entry.current.number if entry.current else "none"

    def get_readonly_fields(self, request, obj=None):
        """The address of an entry is for ever once it is made."""
        return [*self.readonly_fields, "slug"] if obj else self.readonly_fields

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def has_delete_permission(self, request, obj=None):
        """What was public stays; only a draft that nobody saw can go."""
        is_unseen = obj is not None and obj.current_id is None
        return is_unseen and super().has_delete_permission(request, obj)

    def save_related(self, request, form, formsets, change):
        """A change makes the working copy a draft again; readers see the last version."""
        super().save_related(request, form, formsets, change)
        changed = form.changed_data or any(formset.has_changed() for formset in formsets)
        if change and changed and set(form.changed_data) != {"topics"}:
            reopen_entry(form.instance, by=request.user)

    @admin.action(description="Pass to plain-language edit", permissions=["change"])
    def pass_to_plain_edit(self, request, queryset):
        _do_with_each(self, request, queryset, partial(move_entry, stage=Stage.PLAIN_EDIT))

    @admin.action(description="Pass to legal check", permissions=["change"])
    def pass_to_legal_check(self, request, queryset):
        _do_with_each(self, request, queryset, partial(move_entry, stage=Stage.LEGAL_CHECK))

    @admin.action(description="Record my legal check", permissions=["change"])
    def record_check(self, request, queryset):
        _do_with_each(self, request, queryset, record_legal_check)

    @admin.action(description="Publish", permissions=["change"])
    def publish(self, request, queryset):
        _do_with_each(
            self, request, queryset, partial(publish_entry, change_note="Checked and updated.")
        )

    @admin.action(description="Back to draft", permissions=["change"])
    def back_to_draft(self, request, queryset):
        _do_with_each(self, request, queryset, partial(move_entry, stage=Stage.DRAFT))

    @admin.action(description="Withdraw now", permissions=["change"])
    def withdraw(self, request, queryset):
        because = "We are checking what it says."
        _do_with_each(self, request, queryset, partial(withdraw_entry, because=because))

    @admin.action(description="Show again", permissions=["change"])
    def restore(self, request, queryset):
        _do_with_each(self, request, queryset, restore_entry)


class ReviewFilter(admin.SimpleListFilter):
    title = "waits for"
    parameter_name = "waits"

    def lookups(self, request, model_admin):
        return [("check", "a lawyer's check"), ("review", "an overdue review")]

    def queryset(self, request, queryset):
        public = queryset.filter(entry__in=Entry.objects.published())
        if self.value() == "check":
            return public.unchecked()
        if self.value() == "review":
            return public.overdue()
        return queryset


@admin.register(Sense)
class SenseAdmin(admin.ModelAdmin):
    list_display = ["__str__", "law_as_of", "review_due", "checked_on", "certainty"]
    list_filter = [ReviewFilter, "jurisdiction", "certainty", "is_in_force"]
    list_select_related = ["entry"]
    search_fields = ["entry__headword", "plain"]
    autocomplete_fields = ["entry", "replaced_by"]
    readonly_fields = ["checked_on", "checked_by"]
    inlines = [SourceInline]
    date_hierarchy = "review_due"

    def has_delete_permission(self, request, obj=None):
        """Its id is for ever: a meaning that no longer holds is given an end instead."""
        is_unseen = obj is not None and obj.entry.current_id is None
        return is_unseen and super().has_delete_permission(request, obj)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.changed_data or any(formset.has_changed() for formset in formsets):
            reopen_entry(form.instance.entry, by=request.user)


@admin.register(EntryVersion)
class EntryVersionAdmin(admin.ModelAdmin):
    list_display = ["__str__", "change_note", "published_at", "published_by"]
    list_select_related = ["entry", "published_by"]
    search_fields = ["entry__headword", "change_note"]
    date_hierarchy = "published_at"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def _do_with_each(model_admin, request, queryset, action):
    """Do the action to each, and say in a sentence which could not be done and why."""
    done = 0
    for row in queryset:
        try:
            action(row, by=request.user)
        except ImpossibleMove as impossible:
            model_admin.message_user(request, str(impossible), messages.WARNING)
        else:
            done += 1
    if done:
        model_admin.message_user(request, f"Done: {done}.", messages.SUCCESS)
