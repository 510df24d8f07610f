"""What people type to change names, to be named, and to write to an organisation."""

from django import forms

from cja_portal.kit.forms import EmailField, ModelForm, OneLineField
from members.models import Contact, Organisation

LONGEST_MESSAGE = 4000


class NamesForm(ModelForm):
    keeps_former = forms.BooleanField(
        label="Keep the present name as a former name",
        help_text="People who search for it then still find you.",
        required=False,
        initial=True,
    )

    class Meta:
        model = Organisation
        fields = ["name", "short_name"]
        labels = {"name": "Name", "short_name": "Short name"}
        help_texts = {
            "name": "In full, as it stands on your website.",
            "short_name": "An acronym, or what people call you for short.",
        }


class ContactForm(forms.ModelForm):
    class Meta:
        model = Contact
        fields = ["about", "audience", "reads_messages"]
        labels = {
            "about": "What people may ask you about",
            "reads_messages": "Send me the messages that people write to my organisation",
        }
        help_texts = {
            "about": "For example: stop and search, press questions, referrals.",
            "audience": (
                "Your name and job title, never your address. If everybody may see them, we ask "
                "you again after a year; without an answer only members go on seeing them."
            ),
        }
        widgets = {"audience": forms.RadioSelect}


class MessageForm(forms.Form):
    name = OneLineField(
        label="Your name", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = EmailField(
        label="Your e-mail address",
        help_text="They answer to this address, so they see it. You see theirs when they answer.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    message = forms.CharField(
        label="Your message",
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 10, "data-longest": LONGEST_MESSAGE}),
    )
    wants_copy = forms.BooleanField(label="Send me a copy", required=False)

    def __init__(self, *args, user, **kwargs):
        """Only whoever has shown that an address is theirs gets a copy, and only there."""
        self.user = user
        super().__init__(*args, **kwargs)
        if user.is_authenticated:
            self.initial |= {"name": user.name, "email": user.email}
        else:
            del self.fields["wants_copy"]

    @property
    def sender_is_known(self):
        email = self.cleaned_data["email"]
        return self.user.is_authenticated and self.user.has_verified_address(email)

    @property
    def gets_copy(self):
        return bool(self.cleaned_data.get("wants_copy")) and self.sender_is_known
