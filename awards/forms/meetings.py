"""What staff choose and write down once a round is locked."""

from django import forms

from awards.models import Judge, Nomination, Outcome
from cja_portal.kit.text import row_number

REASON = forms.Textarea(attrs={"rows": 2})


class CutForm(forms.Form):
    cut = forms.IntegerField(label="Places", min_value=1, max_value=500)


class ShortlistForm(forms.Form):
    chosen = forms.ModelMultipleChoiceField(
        Nomination.objects.none(), error_messages={"required": "Choose at least one entry."}
    )
    reason = forms.CharField(
        label="Why, if it differs from the order of the marks",
        widget=REASON,
        max_length=500,
        required=False,
    )

    def __init__(self, *args, category, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chosen"].queryset = category.nominations.judged()

    @property
    def ticked(self):
        """The numbers of the entries that go on as the form now stands."""
        value = self["chosen"].value() or []
        return {row_number(str(one)) for one in value} - {0}


class PresentForm(forms.Form):
    present = forms.ModelMultipleChoiceField(
        Judge.objects.none(),
        label="Who is there",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args, judges, **kwargs):
        super().__init__(*args, **kwargs)
        _offer(self.fields["present"], judges)


class ItemForm(forms.Form):
    """What the panel decides of one entry. `seen` is the version that the page showed."""

    outcome = forms.ChoiceField(label="Outcome", required=False)
    reason = forms.CharField(
        label="Why, for the record",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        required=False,
        help_text="Needed where the panel decides against the order of the marks, or among equals.",
    )
    stepped_out = forms.ModelMultipleChoiceField(
        Judge.objects.none(),
        label="Others who stepped out",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, category, judges, **kwargs):
        super().__init__(*args, **kwargs)
        allowed = [
            choice
            for choice in Outcome.choices
            if category.may_be_shared or choice[0] != Outcome.JOINT_WINNER
        ]
        self.fields["outcome"].choices = [("", "Not decided yet"), *allowed]
        _offer(self.fields["stepped_out"], judges)


class WithholdForm(forms.Form):
    because = forms.CharField(
        label="Why nobody receives the award",
        widget=REASON,
        max_length=500,
        required=False,
        help_text="Sealed and published with the result, as the judges’ words.",
    )


class CastingForm(forms.Form):
    """The chair's order of entries that no other rule parts."""

    reason = forms.CharField(label="Why the chair decides so", widget=REASON, max_length=500)

    def __init__(self, *args, equals, **kwargs):
        super().__init__(*args, **kwargs)
        self.equals = equals
        for nominee in equals:
            self.fields[f"place-{nominee.pk}"] = forms.IntegerField(
                label=str(nominee), min_value=1, max_value=len(equals)
            )
        self.order_fields([*(f"place-{nominee.pk}" for nominee in equals), "reason"])

    def clean(self):
        super().clean()
        places = [self.cleaned_data.get(f"place-{nominee.pk}") for nominee in self.equals]
        if None not in places and len(set(places)) < len(places):
            raise forms.ValidationError("Give each of them a place of its own.")

    def ordered(self):
        return sorted(self.equals, key=lambda one: self.cleaned_data[f"place-{one.pk}"])


def _offer(field, judges):
    """These judges and nobody else, without asking for them again."""
    field.queryset = Judge.objects.filter(pk__in=[judge.pk for judge in judges])
    field.choices = [(judge.pk, str(judge)) for judge in judges]
