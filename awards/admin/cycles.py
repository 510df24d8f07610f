"""The staff's door to the years of awards: timeline, categories and rules."""

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField, SplitArrayField

from awards.actions.cycles import (
    announce_cycle,
    copy_cycle,
    extend_deadline,
    give_more_time,
    prepare_cycle_again,
    rehearse_cycle,
    revise_question,
    start_judging,
)
from awards.actions.feedback import draft_feedback
from awards.actions.figures import publish_figures
from awards.actions.published import publish_cycle
from awards.actions.releases import archive_cycle
from awards.admin.ceremony import ResultDesks
from awards.admin.exports import ExportPages
from awards.admin.questions import AnswerAgainPage
from awards.admin.waiting import CycleWaits
from awards.forms.rules import RulesForm, is_fixed
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


# Once the rules are fixed these stay; the deadline may still move later, with a reason.
FIXED = ("year", "opens_at", "is_demonstration")


class CycleForm(ModelForm):
    reason = forms.CharField(
        label="Why the deadline moves",
        max_length=300,
        required=False,
        help_text="Needed when an announced year closes later. A deadline never moves earlier.",
    )

    class Meta:
        model = Cycle
        fields = [
            *("year", "name", "opens_at", "closes_at", "shortlist_at", "ceremony_at"),
            *("results_at", "held_on", "place", "funder", "contact", "witness", "known"),
            "certainty",
            *("is_demonstration", "note"),
        ]
        field_classes = dict.fromkeys(TIMELINE, UKDateTimeField)
        widgets = dict.fromkeys(TIMELINE, admin.widgets.AdminSplitDateTime)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in FIXED if self.instance.is_frozen else ():
            self.fields[name].disabled = True
        for name in ("shortlist_at", "ceremony_at", "results_at", "opens_at", "closes_at"):
            self.fields[name].required = False

    @property
    def extends(self):
        return self.instance.is_frozen and "closes_at" in self.changed_data

    def clean(self):
        super().clean()
        self._keep_fractions_of_seconds()
        if not self.extends:
            return
        before = Cycle.objects.get(pk=self.instance.pk).closes_at
        if not self.cleaned_data.get("reason", "").strip():
            self.add_error("reason", "Say why the deadline moves.")
        if not self.cleaned_data.get("closes_at") or self.cleaned_data["closes_at"] < before:
            self.add_error("closes_at", "A deadline can be moved later, never earlier.")

    def _keep_fractions_of_seconds(self):
        """The page shows none: a time that nobody changed must not move by one."""
        if self.instance.pk:
            kept = set(TIMELINE) & self.cleaned_data.keys() - set(self.changed_data)
            self.cleaned_data |= {name: getattr(self.instance, name) for name in kept}


class FrozenInline:
    """Lines of the rules: to be changed while the year is prepared, and only looked at after."""

    def _is_free(self, thing):
        cycle = getattr(thing, "cycle", thing)
        return cycle is None or not cycle.is_frozen

    def has_add_permission(self, request, obj=None):
        return self._is_free(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._is_free(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._is_free(obj) and super().has_delete_permission(request, obj)


class CategoryInline(FrozenInline, admin.StackedInline):
    model = Category
    extra = 0
    filter_horizontal = ["themes"]
    fields = ["name", "slug", "kind", "position"]
    show_change_link = True


@admin.register(Cycle)
class CycleAdmin(ResultDesks, ExportPages, admin.ModelAdmin):
    """Where a year is prepared. Readers see it as it stood when it was last published."""

    form = CycleForm
    change_form_template = "admin/awards/cycle/change_form.html"
    list_display = ["name", "year", "stage", "closes_at", "held_on", "is_demonstration"]
    list_filter = [CycleWaits, "stage", "is_demonstration"]
    search_fields = ["name", "year"]
    readonly_fields = ["stage", "frozen_at"]
    inlines = [CategoryInline]
    actions = [
        *("publish", "announce", "prepare_again", "judge", "feedback", "figures", "archive"),
        *("copy", "rehearse"),
    ]

    def save_model(self, request, obj, form, change):
        """An announced deadline moves by an action, which writes down who moved it and why."""
        closes_at = obj.closes_at
        if form.extends:
            obj.closes_at = Cycle.objects.get(pk=obj.pk).closes_at
        super().save_model(request, obj, form, change)
        if form.extends:
            extend_deadline(obj, closes_at, reason=form.cleaned_data["reason"], by=request.user)

    @admin.action(description="Publish as it now stands", permissions=["change"])
    def publish(self, request, queryset):
        do_with_each(self, request, queryset.real(), publish_cycle, "Published")

    @admin.action(description="Announce: fix the rules", permissions=["change"])
    def announce(self, request, queryset):
        do_with_each(self, request, queryset, announce_cycle, "Announced")

    @admin.action(description="Prepare again, while nobody can nominate", permissions=["change"])
    def prepare_again(self, request, queryset):
        do_with_each(self, request, queryset, prepare_cycle_again, "In preparation again")

    @admin.action(description="Start judging", permissions=["change"])
    def judge(self, request, queryset):
        do_with_each(self, request, queryset, start_judging, "Judging")

    @admin.action(description="Draft feedback", permissions=["change"])
    def feedback(self, request, queryset):
        do_with_each(self, request, queryset, draft_feedback, "Feedback drafted")

    @admin.action(description="Publish the numbers", permissions=["change"])
    def figures(self, request, queryset):
        do_with_each(self, request, queryset, publish_figures, "Numbers published")

    @admin.action(description="Archive", permissions=["change"])
    def archive(self, request, queryset):
        do_with_each(self, request, queryset, archive_cycle, "Archived")

    @admin.action(description="Copy to the next year", permissions=["add"])
    def copy(self, request, queryset):
        for cycle in queryset:
            one = queryset.filter(pk=cycle.pk)
            do_with_each(self, request, one, copy_cycle, "Copied", year=cycle.year + 1)

    @admin.action(description="Make a rehearsal of it", permissions=["add"])
    def rehearse(self, request, queryset):
        do_with_each(self, request, queryset.real(), rehearse_cycle, "Rehearsals made")


class PrizeInline(FrozenInline, admin.TabularInline):
    model = PrizeLine
    extra = 0


class EligibilityInline(FrozenInline, admin.TabularInline):
    model = EligibilityQuestion
    extra = 0


class CriterionForm(RulesForm):
    anchors = SplitArrayField(
        forms.CharField(max_length=300),
        size=len(MARKS),
        label="What each mark means, from 1 to 5",
    )

    class Meta:
        model = Criterion
        fields = ["category", "name", "weight", "guidance", "anchors", "position"]


class CriterionInline(FrozenInline, admin.StackedInline):
    model = Criterion
    form = CriterionForm
    extra = 0


class QuestionInline(FrozenInline, admin.StackedInline):
    model = Question
    extra = 0
    fields = [
        *("section", "text", "key", "help_text", "kind", "most_words", "is_required"),
        *("is_for_judges", "position"),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).current()


class CategoryForm(RulesForm):
    FREE = ("name", "about", "position", "prize_note", "outcome_note", "themes")
    parent = "cycle"

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
    """A line of the rules of a category; mostly edited there, and only to be read once fixed."""

    form = RulesForm
    list_display = ["__str__", "category", "position"]
    list_select_related = ["category__cycle"]
    autocomplete_fields = ["category"]

    def has_change_permission(self, request, obj=None):
        may_change = super().has_change_permission(request, obj)
        return may_change and (bool(self.form.FREE) or obj is None or not is_fixed(obj.category))

    def has_delete_permission(self, request, obj=None):
        """One by one: among many, some may be fixed."""
        is_free = obj is not None and not is_fixed(obj.category)
        return is_free and super().has_delete_permission(request, obj)


@admin.register(Criterion)
class CriterionAdmin(LineAdmin):
    form = CriterionForm
    list_display = ["name", "category", "weight", "position"]
    search_fields = ["name", "category__name"]


@admin.register(EligibilityQuestion)
class EligibilityQuestionAdmin(LineAdmin):
    search_fields = ["text", "category__name"]


class PrizeForm(RulesForm):
    FREE = ("paid_on", "paid_to", "evidence")

    class Meta:
        model = PrizeLine
        fields = "__all__"


@admin.register(PrizeLine)
class PrizeLineAdmin(LineAdmin):
    form = PrizeForm
    list_display = ["wording", "category", "rank", "amount", "funder", "paid_on"]
    search_fields = ["wording", "funder", "category__name"]

    @admin.display(description="amount", ordering="pence")
    def amount(self, prize):
        return pounds(prize.pence)


class QuestionForm(RulesForm):
    """What people were asked changes by a new version, with the reason."""

    FREE = (
        *("section", "text", "help_text", "kind", "most_words", "is_required", "is_for_judges"),
        *("position", "because"),
    )
    because = forms.CharField(
        label="Why it is changed",
        max_length=300,
        required=False,
        help_text="Needed once the year is announced: people must then answer it anew.",
    )

    class Meta:
        model = Question
        fields = [
            *("category", "section", "text", "key", "help_text", "kind", "most_words"),
            *("is_required", "is_for_judges", "position"),
        ]

    @property
    def revises(self):
        return bool(self.is_fixed and set(self.changed_data) - {"because", "position"})

    def clean_because(self):
        because = self.cleaned_data["because"].strip()
        if self.revises and not because:
            raise forms.ValidationError("Say why the question is changed.")
        return because


@admin.register(Question)
class QuestionAdmin(AnswerAgainPage, LineAdmin):
    form = QuestionForm
    change_form_template = "admin/awards/question/change_form.html"
    list_display = ["text", "category", "section", "version", "retired_at"]
    search_fields = ["text", "key", "category__name"]

    def save_model(self, request, obj, form, change):
        if not form.revises:
            return super().save_model(request, obj, form, change)
        names = set(form.changed_data) - {"because"}
        changes = {name: form.cleaned_data[name] for name in names}
        revise_question(obj, changes, why=form.cleaned_data["because"], by=request.user)


class ExtensionForm(ModelForm):
    class Meta:
        model = Extension
        fields = ["cycle", "email", "until", "reason"]
        field_classes = {"until": UKDateTimeField}
        widgets = {"until": admin.widgets.AdminSplitDateTime}

    def clean(self):
        super().clean()
        cycle, until = self.cleaned_data.get("cycle"), self.cleaned_data.get("until")
        if cycle and until and (cycle.stage != "announced" or until <= cycle.closes_at):
            raise forms.ValidationError(
                "More time means later than the deadline, and before judging begins."
            )


@admin.register(Extension)
class ExtensionAdmin(admin.ModelAdmin):
    """More time for one person. What was given stays in the list."""

    form = ExtensionForm
    list_display = ["email", "cycle", "until", "reason", "granted_by"]
    list_select_related = ["cycle", "granted_by"]
    search_fields = ["email", "reason"]
    autocomplete_fields = ["cycle"]

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        kept = give_more_time(obj.cycle, obj.email, obj.until, reason=obj.reason, by=request.user)
        obj.pk = kept.pk


@admin.register(Event)
class EventAdmin(ReadOnly, admin.ModelAdmin):
    """The log of a year: nobody can write to it here."""

    list_display = ["at", "verb", "role", "nomination", "before", "after"]
    list_select_related = ["nomination"]
    search_fields = ["verb", "reason"]
