"""Organisations and the taxonomies that all apps share."""

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html

from members.actions.profiles import note_change, profile_as_saved
from members.admin.people import ReadOnlyAdmin
from members.admin.rows import FromSpreadsheet, OrganisationRows
from members.duplicates import duplicates_of
from members.models import Area, Organisation, Stage, StarterRecord, Theme
from members.registers import NUMBERS

NAMED_BY = {"name", "short_name", "former_names", *NUMBERS}


class OwnersFilter(admin.SimpleListFilter):
    title = "owners"
    parameter_name = "owners"

    def lookups(self, request, model_admin):
        return [("lost", "Has people, but no owner who answers"), ("none", "No owner who answers")]

    def queryset(self, request, queryset):
        chosen = {"lost": queryset.lost, "none": queryset.orphaned}.get(self.value())
        return chosen() if chosen else queryset


@admin.register(Organisation)
class OrganisationAdmin(FromSpreadsheet, admin.ModelAdmin):
    resource_classes = [OrganisationRows]
    list_display = ["name", "kind", "evidence", "is_listed", "people", "website_link"]
    list_filter = [OwnersFilter, "is_listed", "kind", "evidence", "is_example", "areas", "themes"]
    search_fields = ["name", "search_text", *NUMBERS]
    search_help_text = "Names, short and former names, summaries, and numbers of registers."
    ordering = ["sort_name"]
    show_full_result_count = False
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["areas", "themes"]
    readonly_fields = ["sort_name", "updated_at", "people", "website_link"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "short_name", "former_names", "kind"]}),
        (
            "Profile",
            {"fields": ["summary", "description", "website", "website_link", "takes_messages"]},
        ),
        ("In the directory", {"fields": ["is_listed", "is_example", "areas", "themes", "stages"]}),
        ("Registers", {"fields": NUMBERS}),
        ("Tie to the CJA", {"fields": ["evidence", "evidence_period", "evidence_note"]}),
        ("Kept by the portal", {"fields": ["people", "sort_name", "updated_at"]}),
    ]

    def get_queryset(self, request):
        current = Count("affiliations", filter=Q(affiliations__ended_at=None), distinct=True)
        return super().get_queryset(request).annotate(people=current)

    def get_prepopulated_fields(self, request, obj=None):
        """The address is made from the name once; it then stays, whatever the name becomes."""
        return {} if obj else self.prepopulated_fields

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, "slug"] if obj else self.readonly_fields

    def formfield_for_dbfield(self, field, request, **kwargs):
        if field.name != "stages":
            return super().formfield_for_dbfield(field, request, **kwargs)
        return forms.MultipleChoiceField(
            choices=Stage.choices, required=False, widget=forms.CheckboxSelectMultiple
        )

    def has_delete_permission(self, request, obj=None):
        """With it go the places of its people. Taking it off the list is nearly always right."""
        return request.user.is_superuser

    def save_model(self, request, organisation, form, change):
        request.profile_before = profile_as_saved(organisation) if change else None
        super().save_model(request, organisation, form, change)
        if NAMED_BY & set(form.changed_data):
            self._warn_of_duplicates(request, organisation)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if request.profile_before:
            note_change(form.instance, request.profile_before, by=request.user)

    def _warn_of_duplicates(self, request, organisation):
        for likely in duplicates_of(organisation):
            sentence = format_html(
                'Is it the same as <a href="{}">{}</a>? {}',
                reverse("admin:members_organisation_change", args=[likely.organisation.pk]),
                likely.organisation,
                likely.reason,
            )
            self.message_user(request, sentence, messages.WARNING)

    @admin.display(description="people with a login", ordering="people")
    def people(self, organisation):
        return organisation.people

    @admin.display(description="open the website", ordering="website", empty_value="–")
    def website_link(self, organisation):
        if not organisation.website:
            return None
        return format_html(
            '<a href="{0}" rel="external noopener">{1}</a>',
            organisation.website,
            organisation.website.removeprefix("https://").removeprefix("www.").rstrip("/"),
        )


class CountedAdmin(admin.ModelAdmin):
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(used=Count("organisations"))

    def has_delete_permission(self, request, obj=None):
        """It would vanish from every room at once, with its page."""
        return request.user.is_superuser

    @admin.display(description="organisations", ordering="used")
    def used(self, row):
        return row.used


@admin.register(Theme)
class ThemeAdmin(CountedAdmin):
    list_display = ["name", "goal", "stage", "position", "used"]
    list_filter = ["goal", "stage"]


@admin.register(Area)
class AreaAdmin(CountedAdmin):
    list_display = ["name", "parent", "position", "used"]
    list_select_related = ["parent"]
    autocomplete_fields = ["parent"]


@admin.register(StarterRecord)
class StarterRecordAdmin(ReadOnlyAdmin):
    """What the starter content wrote; useful when a change to a file does not arrive."""

    list_display = ["key", "kind", "loaded_at"]
    list_filter = ["kind"]
    search_fields = ["key"]
