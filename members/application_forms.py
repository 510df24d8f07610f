"""The questions for organisations that want to join: one group a page."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from cja_portal.kit.forms import EmailField, OneLineField
from cja_portal.kit.people import FromPeople
from members.forms import GroupedModelChoiceField, size_of
from members.models import Area, Theme
from members.models.organisation import SUMMARY_LENGTH, Kind
from members.registers import (
    COMPANIES,
    ENGLAND_AND_WALES,
    NORTHERN_IRELAND,
    SCOTLAND,
    RegisterNumberField,
)

SALT = "members.application"
LONGEST = 2_000
LONGEST_STORED = 10_000  # characters of any one answer, right or wrong
MOST_STORED = 100  # boxes that are ticked under one question


class StartForm(FromPeople):
    salt = SALT
    email = EmailField(
        label="Your work e-mail address",
        help_text="We send a link to it, with which you begin, or go on where you stopped.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    field_order = ["email", "website", "shown"]


class QuestionsForm(forms.Form):
    """A page of questions. `applicant` is the address to which the link went."""

    def __init__(self, *args, applicant="", **kwargs):
        super().__init__(*args, **kwargs)
        self.applicant = applicant

    def typed(self):
        """What was typed, right or wrong, in a form that can be kept."""
        return {name: _kept(self[name].data) for name in self.fields}


def _kept(value):
    if isinstance(value, list):
        return [_kept(one) for one in value[:MOST_STORED]]
    return (value or "").replace("\x00", "")[:LONGEST_STORED]


class WhoForm(QuestionsForm):
    name = OneLineField(
        label="Name of the organisation",
        max_length=200,
        help_text="As in your governing document or in the register.",
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": "Write the name of the organisation."},
    )
    other_names = forms.CharField(
        label="Former names and other names",
        required=False,
        max_length=1_000,
        help_text="One on each line. People will find you by them too.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    kind = forms.ChoiceField(
        label="What kind of organisation is it?",
        choices=Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the kind that fits best."},
    )

    def clean_other_names(self):
        names = [line.strip() for line in self.cleaned_data["other_names"].splitlines()]
        if any(len(name) > 200 for name in names):
            raise ValidationError("Each name may have at most 200 characters.")
        return [name for name in names if name]


def number_question(register):
    return RegisterNumberField(
        label=register.title,
        required=False,
        max_length=20,
        validators=[register.validator],
        help_text=register.help_text,
    )


class NumbersForm(QuestionsForm):
    """Whoever works across a border may stand in several registers."""

    charity_number = number_question(ENGLAND_AND_WALES)
    scottish_charity_number = number_question(SCOTLAND)
    northern_irish_charity_number = number_question(NORTHERN_IRELAND)
    company_number = number_question(COMPANIES)
    website = forms.URLField(
        label="Website",
        required=False,
        max_length=200,
        assume_scheme="https",
        validators=[URLValidator(["https", "http"])],
        help_text="For example https://www.example.org",
        error_messages={"invalid": "Type a web address, such as https://www.example.org."},
    )


class WorkForm(QuestionsForm):
    summary = forms.CharField(
        label="What does the organisation do, in one or two sentences?",
        max_length=SUMMARY_LENGTH,
        help_text=f"At most {SUMMARY_LENGTH} characters.",
        widget=forms.Textarea(attrs={"rows": 3, "data-longest": SUMMARY_LENGTH}),
        error_messages={"required": "Write what the organisation does."},
    )
    areas = GroupedModelChoiceField(
        Area.objects.select_related("parent"),
        heading_of=size_of,
        to_field_name="slug",
        label="Where do you work?",
        help_text="Tick a nation if you work all over it, and regions if you work only there.",
        required=False,
    )
    themes = GroupedModelChoiceField(
        Theme.objects.all(),
        heading_of=Theme.get_goal_display,
        to_field_name="slug",
        label="What do you work on?",
        help_text="Choose those that your work is truly about.",
        required=False,
    )

    def clean_summary(self):
        return self.cleaned_data["summary"].replace("\r\n", "\n")


class ReasonsForm(QuestionsForm):
    reasons = forms.CharField(
        label="Why does the organisation want to join?",
        max_length=LONGEST,
        help_text=(
            "What you hope for from membership, and what you would bring. At most "
            f"{LONGEST:,} characters. Please leave out names and private details of people."
        ),
        widget=forms.Textarea(attrs={"rows": 8, "data-longest": LONGEST}),
        error_messages={"required": "Write why the organisation wants to join."},
    )
    income = forms.CharField(
        label="Income in the last financial year, in pounds",
        required=False,
        max_length=20,
        help_text=(
            "A whole number, such as 250,000. The fee may depend on it. Leave it empty if there "
            "are no accounts yet."
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def clean_income(self):
        typed = self.cleaned_data["income"].replace(",", "").replace("£", "").replace(" ", "")
        if not typed:
            return None
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 12):
            raise ValidationError("Write the income in whole pounds, such as 250,000.")
        return int(typed)


class PeopleForm(QuestionsForm):
    contact_name = forms.CharField(
        label="Your name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Write your name."},
    )
    job_title = forms.CharField(
        label="Your role there",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    second_name = forms.CharField(
        label="Name of a second person",
        required=False,
        max_length=150,
        help_text=(
            "If the organisation joins, you become its first owner on the portal. With a second "
            "owner nobody is locked out when one of you leaves. Ask them first, please."
        ),
    )
    second_email = EmailField(
        label="E-mail address of the second person",
        required=False,
        help_text="We write to it only if the organisation joins.",
    )

    def clean_second_email(self):
        email = self.cleaned_data["second_email"].lower()
        if email and email == self.applicant:
            raise ValidationError("This is your own address. Give that of another person.")
        return email

    def clean(self):
        data = super().clean()
        has_address = data.get("second_email") or "second_email" in self.errors
        if data.get("second_name") and not has_address:
            self.add_error("second_email", "Give the address of this person too.")
        return data


@dataclass(frozen=True)
class Page:
    slug: str
    title: str
    form: type[QuestionsForm]


PAGES = [
    Page("organisation", "The organisation", WhoForm),
    Page("numbers", "Registers and website", NumbersForm),
    Page("work", "The work", WorkForm),
    Page("reasons", "Reasons and income", ReasonsForm),
    Page("people", "People", PeopleForm),
]
BY_SLUG = {page.slug: page for page in PAGES}


class SendForm(forms.Form):
    """What is said when the application is sent; an answer where we had asked."""

    answer = forms.CharField(
        label="Your answer to our question",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "data-longest": LONGEST}),
        error_messages={"required": "Write an answer, if only to say what you changed above."},
    )
    may_apply = forms.BooleanField(
        label="I may apply for this organisation, and what I have written is true.",
        error_messages={"required": "Tick this box, or ask somebody there who may apply."},
    )

    def __init__(self, *args, is_answer, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_answer:
            del self.fields["answer"]
