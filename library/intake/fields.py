"""A form's field for a document."""

from django import forms

from library.intake.receiving import receive


class DocumentField(forms.FileField):
    """Its cleaned value is `Received`; its errors say what is wrong with the file."""

    widget = forms.FileInput

    def to_python(self, data):
        """An empty file gets our sentence rather than Django's."""
        return data if data and not data.size else super().to_python(data)

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        return receive(upload) if upload else upload
