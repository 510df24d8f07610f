"""What people may tell us about the dictionary."""

from django import forms

from cja_portal.kit.forms import EmailField, ModelForm
from cja_portal.kit.people import NO_NULS, FromPeople, count_links
from dictionary.models import Entry, Suggestion, SuggestionKind, SuggestionStatus
from dictionary.models.suggestion import LONGEST
from members.models import Organisation

MOST_LINKS = 2
SALT = "dictionary.suggestion"


class SuggestionForm(FromPeople, ModelForm):
    salt = SALT
    word = forms.CharField(
        label="Which word?",
        max_length=120,
        error_messages={
            "required": "Write the word that you mean.",
            "null_characters_not_allowed": NO_NULS,
        },
    )
    email = EmailField(
        label="Your e-mail address, if you would like the answer sent",
        required=False,
        help_text="We use it for the answer alone, and delete it then.",
    )

    class Meta:
        model = Suggestion
        fields = ["kind", "text", "organisation"]
        labels = {"kind": "What is it about?", "text": "What would you like to tell us?"}
        widgets = {
            "kind": forms.RadioSelect,
            "text": forms.Textarea(attrs={"rows": 7, "data-longest": LONGEST}),
        }
        error_messages = {
            "text": {
                "required": "Write what you would like to tell us.",
                "max_length": (
                    f"Please use at most {LONGEST:,} characters. Yours has %(show_value)s."
                ),
                "null_characters_not_allowed": NO_NULS,
            },
        }
        help_texts = {
            "text": (
                f"At most {LONGEST:,} characters. Please leave out names and private details, "
                "yours and other people's."
            ),
        }

    field_order = ["kind", "word", "text", "organisation", "email", "website", "shown"]

    def __init__(self, *args, user, entry=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.entry = entry
        self.fields["kind"].choices = SuggestionKind.choices
        if entry:
            del self.fields["word"]
        self._offer_organisations(user)

    def _offer_organisations(self, user):
        """A member's own ones; the only one is taken as said, and shown."""
        own = Organisation.objects.none()
        if user.is_authenticated:
            own = Organisation.objects.filter(pk__in=user.organisation_ids())
        self.organisations = list(own)
        if len(self.organisations) < 2:
            del self.fields["organisation"]
            return
        field = self.fields["organisation"]
        field.queryset, field.required = own, True
        field.label, field.empty_label = "For which organisation do you write?", "Choose one"

    def clean_word(self):
        word = self.cleaned_data["word"]
        if count_links(word):
            raise forms.ValidationError("Write the word alone here. A link may stand below.")
        return word

    def clean_text(self):
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        if count_links(text) > MOST_LINKS:
            raise forms.ValidationError(f"Please use no more than {MOST_LINKS} links.")
        return text

    def save(self, commit=True):
        suggestion = super().save(commit=False)
        suggestion.entry = self.entry
        suggestion.word = self.entry.headword if self.entry else self.cleaned_data["word"]
        if len(self.organisations) == 1:
            suggestion.organisation = self.organisations[0]
        return suggestion


class AnswerForm(forms.Form):
    """Staff's answer: a reason that the sender will read."""

    because = forms.CharField(
        label="What came of it, and why?",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One or two plain sentences. Whoever sent it will read them, and anyone with the "
        "reference.",
    )
    same_as = forms.ModelChoiceField(
        Suggestion.objects.all(),
        to_field_name="reference",
        required=False,
        label="The reference of the earlier suggestion, if it is a duplicate",
        widget=forms.TextInput,
    )

    def __init__(self, *args, status, **kwargs):
        super().__init__(*args, **kwargs)
        if status != SuggestionStatus.DUPLICATE:
            del self.fields["same_as"]


def public_entry(slug):
    return Entry.objects.published().filter(slug=slug).first() if slug else None
