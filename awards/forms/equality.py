from django import forms

from awards.equality import QUESTIONS


class EqualityForm(forms.Form):
    """Every question may be left out."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (text, choices) in QUESTIONS.items():
            self.fields[name] = forms.ChoiceField(
                label=text, choices=choices, widget=forms.RadioSelect, required=False
            )
