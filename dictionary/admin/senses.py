from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_POST
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV
from import_export.tmp_storages import CacheStorage

from cja_portal.kit.forms import ModelForm
from dictionary.actions import reopen_entry
from dictionary.admin.desk import shown_at
from dictionary.admin.plain import report
from dictionary.admin.rows import SenseRows
from dictionary.admin.stale import StaleCheckedForm
from dictionary.models import Sense, Source
from members.audit import record
from members.second_factor import ask_who_it_is

LONGEST_TEXT = 20_000  # characters that the plainness report reads


class SourceInline(admin.TabularInline):
    model = Source
    form = ModelForm
    extra = 0
    fields = ["kind", "title", "provision", "url", "dated", "position"]


@admin.register(Sense)
class SenseAdmin(ImportExportMixin, admin.ModelAdmin):
    form = StaleCheckedForm
    list_display = ["__str__", "law_as_of", "review_due", "checked_on", "certainty"]
    list_filter = ["jurisdiction", "certainty", "is_in_force"]
    list_select_related = ["entry"]
    search_fields = ["entry__headword", "plain"]
    autocomplete_fields = ["entry", "replaced_by"]
    inlines = [SourceInline]
    date_hierarchy = "review_due"
    fieldsets = [
        (None, {"fields": ["entry", "jurisdiction", "seen_at"]}),
        ("In plain words", {"fields": ["plain", "means_for_you"]}),
        ("In law", {"fields": ["legal", "no_statutory_definition", "is_in_force"]}),
        (
            "Dates",
            {"fields": [("valid_from", "valid_to"), "replaced_by", ("law_as_of", "review_due")]},
        ),
        ("For editors", {"fields": ["certainty", "editor_note", "checked_on", "checked_by"]}),
    ]
    change_form_template = "admin/dictionary/sense/change_form.html"
    resource_classes = [SenseRows]
    formats = import_formats = export_formats = [CSV]
    tmp_storage_class = CacheStorage
    to_encoding = "utf-8-sig"  # So that spreadsheets read accents.
    skip_export_form = True

    class Media:
        css = {"all": ["css/desk.css"]}
        js = ["js/plainness.js"]

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.plainness_view))
        own = path("plainness/", view, name="dictionary_sense_plainness")
        return [own, *super().get_urls()]

    def view_on_site(self, sense):
        return shown_at(sense.entry, sense)

    def get_readonly_fields(self, request, obj=None):
        """A meaning stays with its entry: its number would lead people to another word."""
        return ["checked_on", "checked_by", *(["entry"] if obj else [])]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        sense = self.get_object(request, object_id)
        texts = {"plain": sense.plain, "means_for_you": sense.means_for_you} if sense else {}
        context = {"reports": report(texts), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def plainness_view(self, request):
        """The report on what somebody is typing; nothing of it is kept."""
        if not (self.has_change_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied
        texts = {name: value[:LONGEST_TEXT] for name, value in request.POST.items()}
        context = {"reports": report(texts)}
        return TemplateResponse(request, "admin/dictionary/_plainness.html", context)

    def export_action(self, request):
        """The file holds drafts and notes of editors too."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        ask_who_it_is(request)
        record(request.user, "dictionary.export_senses", request.user)
        return super().export_action(request)

    def has_delete_permission(self, request, obj=None):
        """One of several; the last of a public entry is withdrawn instead, with the entry.

        A meaning that no longer holds is given an end. Taking out is for what should never have
        stood there, and the address of its number then says so.
        """
        is_one_of_several = obj is not None and (
            obj.entry.current_id is None or obj.entry.senses.count() > 1
        )
        return is_one_of_several and super().has_delete_permission(request, obj)

    @transaction.atomic
    def delete_model(self, request, obj):
        entry = obj.entry
        super().delete_model(request, obj)
        reopen_entry(entry, by=request.user)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        fields = set(form.changed_data) - {"seen_at"}
        if fields or any(formset.has_changed() for formset in formsets):
            reopen_entry(form.instance.entry, by=request.user)
