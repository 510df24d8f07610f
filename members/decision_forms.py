"""What staff write when they decide on an application."""

from django import forms
from django.utils import timezone

from cja_portal.kit.forms import ModelForm
from members.applications import values_of
from members.duplicates import likely_duplicates
from members.models import Application, Criterion, Organisation
from members.models.application import DeclineReason

LONGEST = 3_000
NEW = "-"  # no address of an organisation


class DecisionForm(forms.Form):
    """`seen` is how many steps of the application the page showed."""

    words = forms.CharField(
        label="Your words in the letter",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 7, "class": "vLargeTextField"}),
        error_messages={"required": "Write what the applicant should read."},
    )
    note = forms.CharField(
        label="Note for staff",
        required=False,
        max_length=LONGEST,
        help_text="The applicant does not see it, unless they ask for all we hold about them.",
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, application, **kwargs):
        super().__init__(*args, **kwargs)
        self.application = application
        self.fields["seen"].initial = application.steps.count()

    def arguments(self):
        """What the action is told beside the words."""
        return {name: value for name, value in self.cleaned_data.items() if name != "words"}

    def shown_in_letter(self):
        return {}


class DeferForm(DecisionForm):
    until = forms.DateField(
        label="Take it up again on",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="On this day it stands in the queue again.",
    )
    field_order = ["until", "words", "note", "seen"]

    def clean_until(self):
        if self.cleaned_data["until"] <= timezone.localdate():
            raise forms.ValidationError("Choose a day that is still to come.")
        return self.cleaned_data["until"]

    def shown_in_letter(self):
        return {"until": self.cleaned_data["until"]}


class DeclineForm(DecisionForm):
    reason = forms.ChoiceField(
        choices=DeclineReason.choices,
        label="Reason, for our records",
        help_text="It stays when what was written is deleted after a year.",
    )
    field_order = ["reason", "words", "note", "seen"]


class ApproveForm(DecisionForm):
    place = forms.ChoiceField(
        label="Which organisation is it?",
        widget=forms.RadioSelect,
        initial=NEW,
        help_text="One that stands here already keeps its name and what it says of itself.",
    )
    other = forms.SlugField(
        label="Or another one here",
        required=False,
        help_text="The last part of the address of its page, such as example-charity.",
    )
    is_listed = forms.BooleanField(
        label="Show it in the directory at once", required=False, initial=True
    )
    income = forms.IntegerField(
        label="Yearly income in pounds, for the fee",
        required=False,
        min_value=0,
        max_value=10**12,
        help_text="As in the register, if you noted it there; else as the applicant gave it.",
    )
    waiver = forms.CharField(
        label="Or why no fee is to be paid",
        required=False,
        max_length=200,
        help_text="Then no invoice goes out.",
    )
    field_order = [
        *("place", "other", "is_listed", "income", "waiver", "words", "note", "seen"),
    ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        likely = duplicates_of(self.application)
        choices = [(one.organisation.slug, f"{one.organisation}. {one.reason}") for one in likely]
        self.fields["place"].choices = [(NEW, "A new organisation"), *choices]
        self.fields["words"].required = False
        declared = values_of(self.application)["income"]
        in_register = self.application.register_income
        self.fields["income"].initial = declared if in_register is None else in_register

    def clean_other(self):
        slug = self.cleaned_data["other"]
        if slug and not Organisation.objects.filter(slug=slug).exists():
            raise forms.ValidationError("No organisation here has this address.")
        return slug

    def arguments(self):
        told = super().arguments()
        slug = told.pop("other") or told["place"]
        del told["place"]
        return told | {"existing": Organisation.objects.filter(slug=slug).first()}


def duplicates_of(application):
    """The organisations here that the application may be about."""
    names = [application.name, *application.answers.get("other_names", "").splitlines()]
    return likely_duplicates([name.strip() for name in names], **application.given_numbers)


class RegisterForm(ModelForm):
    class Meta:
        model = Application
        fields = ["register_status", "register_name", "register_income", "register_note"]
        labels = {"register_status": "In the register", "register_note": "Note"}
        widgets = {"register_note": forms.Textarea(attrs={"rows": 2})}

    def clean_register_name(self):
        return " ".join(self.cleaned_data["register_name"].split())


class ChecksForm(forms.Form):
    checks = forms.ModelMultipleChoiceField(
        Criterion.objects.filter(is_current=True),
        label="What has been checked",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
