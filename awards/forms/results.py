"""What staff say when they seal a result, send it back, or take it off the public pages."""

from django import forms

from awards.models import Wording
from cja_portal.kit.forms import ModelForm


class SealForm(forms.Form):
    is_sheet_public = forms.BooleanField(
        label="Publish the marks under codes after the release",
        required=False,
        initial=True,
        help_text="Without a tick only the fingerprint is public, and trustees have the marks. "
        "In a small panel marks can show who gave them.",
    )


class ReasonForm(forms.Form):
    because = forms.CharField(label="Why", max_length=500)


class WordsForm(ModelForm):
    class Meta:
        model = Wording
        fields = ["for_work", "citation", "judges_words"]
        widgets = {
            "citation": forms.Textarea(attrs={"rows": 5}),
            "judges_words": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "for_work": "One line, such as the name of a project.",
            "citation": "What the award is given for, in Markdown.",
            "judges_words": "A sentence or two of the judges, without quotation marks.",
        }
