"""What staff take out of a nomination, and what they say of its content."""

from django import forms

from awards.models import Sensitive


class RedactionForm(forms.Form):
    """A field for each answer, filled with what judges would read now."""

    def __init__(self, *args, answers, **kwargs):
        super().__init__(*args, **kwargs)
        self.answers = answers
        for answer in answers:
            self.fields[f"answer-{answer.pk}"] = forms.CharField(
                label="What judges read",
                initial=answer.text_for_judges,
                widget=forms.Textarea(attrs={"rows": 8}),
                required=False,
                strip=False,
            )

    def pairs(self):
        """(answer, its field)"""
        return [(answer, self[f"answer-{answer.pk}"]) for answer in self.answers]

    def texts(self):
        """As typed, but with the line ends that were sent."""
        data = self.cleaned_data
        return {
            answer.pk: _like(answer.sent_text, data[f"answer-{answer.pk}"])
            for answer in self.answers
        }


def _like(sent, typed):
    """Browsers send other line ends than they were given: that alone removes nothing."""
    plain = typed.replace("\r\n", "\n")
    return sent if plain == sent.replace("\r\n", "\n") else plain


class FlagForm(forms.Form):
    sensitive = forms.MultipleChoiceField(
        label="It tells of",
        choices=Sensitive.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Only staff who may read sensitive nominations then see what was written.",
    )
