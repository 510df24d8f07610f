"""What staff say when they look at a nomination."""

from django import forms

from awards.duplicates import CANDIDATES
from awards.models import ExclusionReason, Nomination, ScreeningOutcome

POINTS = {
    "scope": "It is about what the category honours",
    "eligible": "The nominee may take part under the rules",
    "complete": "The answers can be judged as they are",
    "private": "It names no victim, child or person in a case who must not be named",
    "once": "It is there once, or its double is merged",
}


class ScreeningForm(forms.Form):
    checklist = forms.MultipleChoiceField(
        label="What holds",
        choices=POINTS.items(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    outcome = forms.ChoiceField(
        label="So", choices=ScreeningOutcome.choices, widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(
        label="Why not", choices=[("", "—"), *ExclusionReason.choices], required=False
    )
    explanation = forms.CharField(
        label="In words, for the nominator",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        help_text="Needed for an exclusion. It is sent once a second person agrees.",
    )

    def clean(self):
        super().clean()
        is_exclusion = self.cleaned_data.get("outcome") == ScreeningOutcome.EXCLUDE
        for name in ("reason", "explanation"):
            if is_exclusion and not self.cleaned_data.get(name, "").strip():
                self.add_error(name, "An exclusion says why.")
        if not is_exclusion and set(POINTS) - set(self.cleaned_data.get("checklist", [])):
            self.add_error("checklist", "Tick every point before it goes to the judges.")

    def look(self):
        data = self.cleaned_data
        checklist = {point: point in data["checklist"] for point in POINTS}
        return data | {"checklist": checklist}


class SecondLookForm(forms.Form):
    agrees = forms.TypedChoiceField(
        label="Your look",
        choices=[("yes", "I agree: it is not eligible"), ("no", "I do not agree: look again")],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(
        label="Remark", widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, required=False
    )


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(Nomination.objects.none(), label="Read it together with")
    reason = forms.CharField(label="How you know that they are the same", max_length=500)

    def __init__(self, *args, nomination, **kwargs):
        super().__init__(*args, **kwargs)
        others = Nomination.objects.filter(
            category=nomination.category_id, state__in=CANDIDATES
        ).exclude(pk=nomination.pk)
        self.fields["into"].queryset = others.order_by("nominee_name", "pk")
        self.fields["into"].label_from_instance = lambda one: f"{one} ({one.reference})"


class UndoForm(forms.Form):
    reason = forms.CharField(label="Why they are parted again", max_length=500)
