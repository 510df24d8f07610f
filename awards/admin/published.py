"""The staff's door to the public record of the awards."""

from django import forms
from django.contrib import admin
from django.http import HttpResponseRedirect

from awards.actions.published import (
    correct_award,
    publish_award,
    restore_cycle,
    withdraw_award,
    withdraw_cycle,
)
from awards.models import (
    Correction,
    PublishedAward,
    PublishedCategory,
    PublishedCycle,
    PublishedJudge,
    PublishedRule,
    PublishedSource,
)
from awards.templatetags.awards_tags import pounds
from cja_portal.kit.admin import ReadOnly, do_with_each
from cja_portal.kit.forms import ModelForm


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("public", "Public"), ("draft", "Draft"), ("withdrawn", "Withdrawn")]

    def queryset(self, request, queryset):
        states = {
            "public": {"published_at__isnull": False, "withdrawn_at__isnull": True},
            "draft": {"published_at__isnull": True},
            "withdrawn": {"withdrawn_at__isnull": False},
        }
        return queryset.filter(**states.get(self.value(), {}))


class WithdrawButton(admin.ModelAdmin):
    """A page with a button that takes the thing off the public pages with one click."""

    change_form_template = "awards/admin_change_form.html"
    withdraw_action = None

    def has_delete_permission(self, request, thing=None):
        """What was public is withdrawn; only what nobody saw can go."""
        is_unseen = thing is not None and thing.published_at is None
        return is_unseen and super().has_delete_permission(request, thing)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        thing = self.get_object(request, object_id)
        if request.method == "POST" and "_withdraw" in request.POST and thing:
            if self.has_change_permission(request, thing):
                things = self.get_queryset(request).filter(pk=thing.pk)
                do_with_each(self, request, things, type(self).withdraw_action, "Withdrawn")
            return HttpResponseRedirect(request.path)
        context = {**(extra_context or {}), "can_withdraw": bool(thing and thing.is_public)}
        return super().change_view(request, object_id, form_url, context)


class JudgeInline(admin.TabularInline):
    model = PublishedJudge
    extra = 0


class SourceInline(admin.TabularInline):
    model = PublishedSource
    extra = 0


class RuleInline(admin.TabularInline):
    model = PublishedRule
    extra = 0


class PublishedCategoryInline(ReadOnly, admin.TabularInline):
    model = PublishedCategory
    fields = readonly_fields = ["name", "slug", "prize_pence", "prize_note", "outcome_note"]
    extra = 0

    def has_view_permission(self, request, obj=None):
        return True


@admin.register(PublishedCycle)
class PublishedCycleAdmin(WithdrawButton):
    """The public page of a year. Its facts are changed in the cycle and published again."""

    list_display = ["name", "year", "state", "published_at", "withdrawn_at"]
    list_filter = [StateFilter, "is_demonstration"]
    search_fields = ["name", "year"]
    readonly_fields = [*PublishedCycle.FACTS, "state", "published_at", "withdrawn_at"]
    inlines = [JudgeInline, SourceInline, RuleInline, PublishedCategoryInline]
    actions = ["withdraw", "restore"]
    withdraw_action = withdraw_cycle

    def has_add_permission(self, request):
        return False

    @admin.action(description="Withdraw now", permissions=["change"])
    def withdraw(self, request, queryset):
        do_with_each(self, request, queryset, withdraw_cycle, "Withdrawn")

    @admin.action(description="Show again", permissions=["change"])
    def restore(self, request, queryset):
        do_with_each(self, request, queryset, restore_cycle, "shown again")


# What may change on a public award without a word to readers: they do not read it.
SILENT_FIELDS = {"position", "organisation", "correction_note"}


class PublishedAwardForm(ModelForm):
    correction_note = forms.CharField(
        label="What is corrected",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="A sentence for readers. Needed when the text of a public award changes.",
    )

    class Meta:
        model = PublishedAward
        fields = [
            *("year", "cycle_name", "category_name", "category_slug", "recipient", "organisation"),
            *("for_work", "result", "prize_pence", "citation", "judges_words", "position"),
            "is_demonstration",
        ]

    @property
    def is_correction(self):
        return self.instance.is_public and bool(set(self.changed_data) - SILENT_FIELDS)

    def clean_correction_note(self):
        note = self.cleaned_data["correction_note"].strip()
        if self.is_correction and not note:
            raise forms.ValidationError("Say in a sentence for readers what is corrected.")
        return note


class CorrectionInline(ReadOnly, admin.TabularInline):
    model = Correction
    fields = readonly_fields = ["note", "made_at"]
    extra = 0

    def has_view_permission(self, request, obj=None):
        return True


@admin.register(PublishedAward)
class PublishedAwardAdmin(WithdrawButton):
    form = PublishedAwardForm
    list_display = ["recipient", "category_name", "year", "result", "prize", "state"]
    list_filter = [StateFilter, "result", "year", "is_demonstration"]
    search_fields = ["recipient", "for_work", "category_name"]
    autocomplete_fields = ["organisation"]
    readonly_fields = ["state", "published_at", "withdrawn_at"]
    inlines = [CorrectionInline]
    actions = ["publish", "withdraw"]
    withdraw_action = withdraw_award

    @admin.display(description="prize", ordering="prize_pence")
    def prize(self, award):
        return pounds(award.prize_pence)

    @admin.action(description="Publish", permissions=["change"])
    def publish(self, request, queryset):
        do_with_each(self, request, queryset, publish_award, "Published")

    @admin.action(description="Withdraw now", permissions=["change"])
    def withdraw(self, request, queryset):
        do_with_each(self, request, queryset, withdraw_award, "Withdrawn")

    def save_model(self, request, obj, form, change):
        if not (change and form.is_correction):
            return super().save_model(request, obj, form, change)
        names = set(form.changed_data) - {"correction_note"}
        changes = {name: form.cleaned_data[name] for name in names}
        correct_award(obj, changes, note=form.cleaned_data["correction_note"], by=request.user)


class LineAdmin(admin.ModelAdmin):
    """A line on the page of a year; mostly edited there."""

    list_display = ["__str__", "cycle", "position"]
    list_select_related = ["cycle"]
    autocomplete_fields = ["cycle"]


@admin.register(PublishedJudge)
class PublishedJudgeAdmin(LineAdmin):
    search_fields = ["name", "role"]


@admin.register(PublishedSource)
class PublishedSourceAdmin(LineAdmin):
    search_fields = ["title", "url"]


@admin.register(PublishedRule)
class PublishedRuleAdmin(LineAdmin):
    search_fields = ["text"]


@admin.register(PublishedCategory)
class PublishedCategoryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "cycle", "slug"]
    list_select_related = ["cycle"]
    search_fields = ["name"]


@admin.register(Correction)
class CorrectionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["note", "award", "made_at"]
    list_select_related = ["award"]
    search_fields = ["note", "award__recipient"]
