"""The staff's door to the years of awards: timeline, categories and rules."""

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField, SplitArrayField

from awards.actions.published import publish_cycle
from awards.models import (
    Category,
    Criterion,
    Cycle,
    EligibilityQuestion,
    Event,
    Extension,
    PrizeLine,
    Question,
)
from awards.models.category import MARKS
from awards.templatetags.awards_tags import pounds
from cja_portal.kit.admin import ReadOnly, do_with_each
from cja_portal.kit.forms import ModelForm, UKDateTimeField

TIMELINE = ("opens_at", "closes_at", "shortlist_at", "ceremony_at", "results_at")


class CycleForm(ModelForm):
    class Meta:
        model = Cycle
        fields = [
            *("year", "name", "opens_at", "closes_at", "shortlist_at", "ceremony_at"),
            *("results_at", "held_on", "place", "funder", "contact", "known", "certainty"),
            *("is_demonstration", "note"),
        ]
        field_classes = dict.fromkeys(TIMELINE, UKDateTimeField)
        widgets = dict.fromkeys(TIMELINE, admin.widgets.AdminSplitDateTime)


class CategoryInline(admin.StackedInline):
    model = Category
    extra = 0
    filter_horizontal = ["themes"]
    fields = ["name", "slug", "kind", "position"]
    show_change_link = True


@admin.register(Cycle)
class CycleAdmin(admin.ModelAdmin):
    """Where a year is prepared. Readers see it as it stood when it was last published."""

    form = CycleForm
    list_display = ["name", "year", "stage", "closes_at", "held_on", "is_demonstration"]
    list_filter = ["stage", "is_demonstration"]
    search_fields = ["name", "year"]
    readonly_fields = ["stage", "frozen_at"]
    inlines = [CategoryInline]
    actions = ["publish"]

    @admin.action(description="Publish as it now stands", permissions=["change"])
    def publish(self, request, queryset):
        do_with_each(self, request, queryset, publish_cycle, "Published")


class PrizeInline(admin.TabularInline):
    model = PrizeLine
    extra = 0


class EligibilityInline(admin.TabularInline):
    model = EligibilityQuestion
    extra = 0


class CriterionForm(ModelForm):
    anchors = SplitArrayField(
        forms.CharField(max_length=300),
        size=len(MARKS),
        label="What each mark means, from 1 to 5",
    )

    class Meta:
        model = Criterion
        fields = ["category", "name", "weight", "guidance", "anchors", "position"]


class CriterionInline(admin.StackedInline):
    model = Criterion
    form = CriterionForm
    extra = 0


class QuestionInline(admin.StackedInline):
    model = Question
    extra = 0
    fields = [
        *("section", "text", "key", "help_text", "kind", "most_words", "is_required"),
        *("is_for_judges", "position"),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).current()


class CategoryForm(ModelForm):
    tie_rules = SimpleArrayField(
        forms.CharField(),
        label="How a tie is broken, in order",
        help_text="Of these, with commas: heaviest, first-places, chair, shared.",
    )

    class Meta:
        model = Category
        fields = "__all__"


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    form = CategoryForm
    list_display = ["name", "cycle", "kind", "is_blind", "prize", "position"]
    list_select_related = ["cycle"]
    search_fields = ["name", "cycle__name"]
    autocomplete_fields = ["cycle"]
    filter_horizontal = ["themes"]
    inlines = [EligibilityInline, QuestionInline, CriterionInline, PrizeInline]

    @admin.display(description="prize", ordering="prize_pence")
    def prize(self, category):
        return pounds(category.prize_pence)


class LineAdmin(admin.ModelAdmin):
    """A line of the rules of a category; mostly edited there."""

    list_display = ["__str__", "category", "position"]
    list_select_related = ["category__cycle"]
    autocomplete_fields = ["category"]


@admin.register(Criterion)
class CriterionAdmin(LineAdmin):
    form = CriterionForm
    list_display = ["name", "category", "weight", "position"]
    search_fields = ["name", "category__name"]


@admin.register(EligibilityQuestion)
class EligibilityQuestionAdmin(LineAdmin):
    search_fields = ["text", "category__name"]


@admin.register(PrizeLine)
class PrizeLineAdmin(LineAdmin):
    list_display = ["wording", "category", "rank", "amount", "funder", "paid_on"]
    search_fields = ["wording", "funder", "category__name"]

    @admin.display(description="amount", ordering="pence")
    def amount(self, prize):
        return pounds(prize.pence)


@admin.register(Question)
class QuestionAdmin(LineAdmin):
    list_display = ["text", "category", "section", "version", "retired_at"]
    search_fields = ["text", "key", "category__name"]


@admin.register(Extension)
class ExtensionAdmin(admin.ModelAdmin):
    list_display = ["email", "cycle", "until", "reason", "granted_by"]
    list_select_related = ["cycle", "granted_by"]
    search_fields = ["email", "reason"]
    autocomplete_fields = ["cycle"]


@admin.register(Event)
class EventAdmin(ReadOnly, admin.ModelAdmin):
    """The log of a year: nobody can write to it here."""

    list_display = ["at", "verb", "role", "nomination", "before", "after"]
    list_select_related = ["nomination"]
    search_fields = ["verb", "reason"]
