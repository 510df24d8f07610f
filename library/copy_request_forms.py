"""What readers type to ask for a copy, and staff to answer."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cja_portal.kit.forms import EmailField
from cja_portal.kit.people import NO_NULS, FromPeople, count_links
from library.models import CopyKind
from library.models.copy_request import LENT_FOR, LONGEST

MOST_LINKS = 2


class CopyRequestForm(FromPeople):
    salt = "library.copy-request"
    kind = forms.ChoiceField(label="What do you need?", choices=CopyKind, widget=forms.RadioSelect)
    text = forms.CharField(
        label="What else helps us?",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="For example which part you need, or the size of print. Please leave out "
        "private details, yours and other people's.",
        error_messages={"null_characters_not_allowed": NO_NULS},
    )
    needed_by = forms.DateField(
        label="When do you need it?",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Leave it empty if there is no hurry.",
    )
    email = EmailField(
        label="Your e-mail address",
        help_text="We use it for the answer alone, and delete it then.",
    )

    field_order = ["kind", "text", "needed_by", "email", "website", "shown"]

    def clean_text(self):
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        if count_links(text) > MOST_LINKS:
            raise ValidationError(f"Please use no more than {MOST_LINKS} links.")
        return text

    def clean_needed_by(self):
        day = self.cleaned_data["needed_by"]
        if day and day < timezone.localdate():
            raise ValidationError("This day is over. Choose today or a later one.")
        return day

    def clean(self):
        super().clean()
        is_vague = self.cleaned_data.get("kind") == CopyKind.OTHER
        if is_vague and "text" not in self.errors and not self.cleaned_data.get("text"):
            self.add_error("text", "Say what you need.")

    def request(self):
        """What was asked, without what tells people from machines."""
        names = ("kind", "text", "needed_by", "email")
        return {name: self.cleaned_data[name] for name in names}


class CopyAnswerForm(forms.Form):
    text = forms.CharField(
        label="Your answer",
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="In plain, kind words: what you send and when, or why you cannot. It goes out as "
        "a letter, and the address is deleted.",
    )
    lent = forms.ModelChoiceField(
        queryset=None,
        required=False,
        label="Lend a file with it",
        empty_label="None",
        help_text=f"The letter then has a link that opens this very file for {LENT_FOR.days} days, "
        "whoever may see it otherwise. Lend only what its owner allows.",
    )

    def __init__(self, *args, item, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lent"].queryset = item.documents.all()
        self.fields["lent"].label_from_instance = lambda file: f"{file} ({file.name})"
