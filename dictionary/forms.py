"""What readers may type."""

from django import forms

from dictionary.models import Jurisdiction


class AnyText(forms.CharField):
    """Text with a visible sign in the place of what no database and no page can hold."""

    def to_python(self, value):
        return super().to_python(value).replace("\0", "\ufffd")


class ExplainForm(forms.Form):
    """A letter to explain. The browser is asked to keep nothing of it and to send it to no one."""

    text = AnyText(
        label="Your text",
        strip=False,
        help_text="Up to 100,000 characters. That is about 40 pages.",
        error_messages={"required": "Paste the text of your letter first."},
        widget=forms.Textarea(attrs={"rows": 12, "autocomplete": "off", "spellcheck": "false"}),
    )
    jurisdiction = forms.ChoiceField(
        label="Where does it come from?",
        choices=[("", "I am not sure: show all"), *Jurisdiction.choices],
        required=False,
    )

    def clean_text(self):
        text = self.cleaned_data["text"]
        if not text.strip():
            raise forms.ValidationError("Paste the text of your letter first.", code="required")
        return text
