"""What staff choose and write down once a round is locked."""

from django import forms

from awards.models import Nomination

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
        return {int(one) for one in value if str(one).isdigit()}
