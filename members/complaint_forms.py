"""Complaining about how data are used, and answering that."""

from django import forms

from cja_portal.kit.forms import EmailField, ModelForm
from cja_portal.kit.people import NO_NULS, FromPeople
from members.models import Complaint


class ComplaintForm(FromPeople, ModelForm):
    salt = "portal.complaint"
    email = EmailField(label="Your e-mail address", help_text="For our answer.")
    field_order = ["text", "name", "email"]

    class Meta:
        model = Complaint
        fields = ["text", "name", "email"]
        labels = {"text": "What is wrong?", "name": "Your name, if you like"}
        help_texts = {
            "text": "What happened, when, and what you would like us to do. Leave out what is "
            "private and not needed for it."
        }
        error_messages = {"text": {"null_characters_not_allowed": NO_NULS}}


class ComplaintAnswerForm(forms.Form):
    steps = forms.CharField(
        label="What was done",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="For staff alone.",
    )
    outcome = forms.CharField(
        label="What the person is told",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="It goes into a letter, with the way to the Information Commissioner’s Office.",
    )
