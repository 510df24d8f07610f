"""What staff type about judges, rounds and conflicts."""

from django import forms
from django.contrib import admin

from awards.forms.judging import ReasonForm
from awards.models import (
    Assignment,
    Category,
    Conflict,
    Cycle,
    Judge,
    Nomination,
    Round,
    Sheet,
    Stage,
)
from awards.models.judging import MOST_ENTRIES
from awards.progress import handed_in
from cja_portal.kit.forms import EmailField, ModelForm, UKDateTimeField


class InviteForm(forms.Form):
    """Staff ask a person by the address they use, or would use, on the portal."""

    cycle = forms.ModelChoiceField(
        label="Year", queryset=Cycle.objects.filter(stage__in=Stage.RUNNING)
    )
    email = EmailField(
        label="E-mail address",
        help_text="Somebody with an account is asked there. Anybody else gets an invitation that "
        "only the owner of this address can use.",
    )
    limit = forms.IntegerField(
        label="Entries they may be given", min_value=1, max_value=MOST_ENTRIES, initial=20
    )
    is_chair = forms.BooleanField(label="Chairs the panel", required=False)


class JudgeForm(ModelForm):
    class Meta:
        model = Judge
        fields = ["limit", "is_chair", "categories", "themes"]
        widgets = {
            "categories": forms.CheckboxSelectMultiple,
            "themes": forms.CheckboxSelectMultiple,
        }
        help_texts = {"categories": "None ticked means all."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["categories"].queryset = Category.objects.filter(
            cycle=self.instance.cycle_id
        ).select_related("cycle")


class ConflictForm(ReasonForm):
    """What staff know of a judge and an entry."""

    nomination = forms.ModelChoiceField(label="Entry", queryset=Nomination.objects.none())

    field_order = ["nomination", "reason"]

    def __init__(self, *args, judge, **kwargs):
        super().__init__(*args, **kwargs)
        entries = Nomination.objects.judged().filter(category__cycle=judge.cycle_id)
        entries = entries.exclude(conflicts__in=judge.conflicts.current())
        self.fields["nomination"].queryset = entries.order_by("nominee_name")


class LiftForm(ReasonForm):
    """Staff looked at a conflict, and there is none."""

    conflict = forms.ModelChoiceField(queryset=Conflict.objects.none(), widget=forms.HiddenInput)
    gives_back = forms.BooleanField(
        label="Give them back what was taken, with their sheet",
        required=False,
        help_text="Otherwise a proposal may give it to them anew, and a sheet stays left out.",
    )

    field_order = ["conflict", "reason", "gives_back"]

    def __init__(self, *args, judge, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["conflict"].queryset = judge.conflicts.current()
        self.fields["conflict"].error_messages["invalid_choice"] = "This is lifted already."


class RoundForm(ModelForm):
    """A new round; `reads` says nothing in a final, which everybody reads."""

    class Meta:
        model = Round
        fields = ["category", "stage", "reads", "due_at"]
        field_classes = {"due_at": UKDateTimeField}
        widgets = {"due_at": admin.widgets.AdminSplitDateTime}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        judged = Category.objects.filter(cycle__stage=Stage.JUDGING).select_related("cycle")
        self.fields["category"].queryset = judged
        self.fields["due_at"].required = False


class SheetReasonForm(ReasonForm):
    """Why a sheet of the round does not count, or counts again."""

    sheet = forms.ModelChoiceField(label="Which sheet?", queryset=Sheet.objects.none())

    field_order = ["sheet", "reason"]

    def __init__(self, *args, round_, readings=(), **kwargs):
        """`readings` are those of the round, where they are at hand: the choice asks no more."""
        super().__init__(*args, **kwargs)
        sheets = Sheet.objects.submitted().filter(assignment__round=round_)
        self.fields["sheet"].queryset = sheets.select_related(
            "assignment__judge__user", "assignment__judge__invitation", "assignment__nomination"
        )
        if readings:
            self.fields["sheet"].choices = [("", "Choose"), *map(_choice, handed_in(readings))]


class RestoreForm(ReasonForm):
    """Why a sheet that was left out counts again."""

    sheet = forms.ModelChoiceField(queryset=Sheet.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args, round_, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sheet"].queryset = Sheet.objects.filter(assignment__round=round_)


def _choice(reading):
    return reading.sheet.pk, str(reading)


class ReplacementForm(forms.Form):
    """Who reads what somebody stepped back from."""

    assignment = forms.ModelChoiceField(queryset=Assignment.objects.none())
    judge = forms.ModelChoiceField(queryset=Judge.objects.none())

    def __init__(self, *args, round_, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assignment"].queryset = round_.assignments.filter(state="recused")
        self.fields["judge"].queryset = Judge.objects.sitting().filter(
            cycle=round_.category.cycle_id
        )


class AcceptForm(forms.Form):
    """The proposal that was looked at."""

    seed = forms.IntegerField(min_value=1, max_value=2_000_000_000)
    seen = forms.CharField(max_length=64)
