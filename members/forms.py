"""What people may type about their organisation."""

from itertools import groupby

from django import forms
from django.core.validators import RegexValidator, URLValidator, validate_email

from cja_portal.kit.forms import ModelForm
from members.models import Area, Audience, DetailKind, Organisation, Stage, Theme
from members.models.organisation import SUMMARY_LENGTH
from members.models.profile import DETAIL_LENGTH
from members.profile_values import read_values
from members.registers import NUMBERS


class GroupedChoices(forms.models.ModelChoiceIterator):
    """The choices under headings; under each in the order of the queryset."""

    def __iter__(self):
        things = sorted(self.queryset.all(), key=self.field.heading_of)
        for heading, group in groupby(things, self.field.heading_of):
            yield heading, [self.choice(thing) for thing in group]


class GroupedCheckboxes(forms.CheckboxSelectMultiple):
    template_name = "members/_grouped_checkboxes.html"


class GroupedModelChoiceField(forms.ModelMultipleChoiceField):
    iterator = GroupedChoices
    widget = GroupedCheckboxes

    def __init__(self, queryset, *, heading_of, **kwargs):
        self.heading_of = heading_of
        super().__init__(queryset, **kwargs)


def size_of(area):
    is_region = area.parent and area.parent.parent_id
    return f"Regions of {area.parent.name}" if is_region else "Nations and beyond"


TELEPHONE_ADVICE = "Type a telephone number, such as 020 7946 0000."
SHORT_HELP = {
    DetailKind.EMAIL: "One that several people read, such as info@example.org.",
    DetailKind.HOURS: "For example: Monday to Friday, 9am to 5pm.",
    DetailKind.PRESS: "Whom journalists call or write to, and when.",
    DetailKind.LINKS: "Your pages elsewhere, one web address a line.",
}
LINES = {DetailKind.ADDRESS: 4, DetailKind.PRESS: 3, DetailKind.LINKS: 3}


def check_web_addresses(text):
    check = URLValidator(["https"], message="“%(value)s” is not an address like https://…")
    for line in text.split():
        check(line)


CHECKS = {
    DetailKind.EMAIL: validate_email,
    DetailKind.TELEPHONE: RegexValidator(r"^[0-9+() .x-]{6,40}$", TELEPHONE_ADVICE),
    DetailKind.LINKS: check_web_addresses,
}


class ProfileForm(ModelForm):
    """The fields that go live at once. `changes` are what an action takes."""

    areas = GroupedModelChoiceField(
        Area.objects.select_related("parent"),
        heading_of=size_of,
        label="Where you work",
        help_text="Tick a nation if you work all over it, and regions if you work only there.",
        required=False,
    )
    themes = GroupedModelChoiceField(
        Theme.objects.all(),
        heading_of=Theme.get_goal_display,
        label="What you work on",
        help_text="People find you by these. Choose those that your work is truly about.",
        required=False,
    )

    stages = forms.MultipleChoiceField(
        choices=Stage.choices,
        widget=forms.CheckboxSelectMultiple,
        label="At which stage of the justice system you work",
        help_text="Some themes belong to a stage; you are found there without ticking it here.",
        required=False,
    )

    class Meta:
        model = Organisation
        fields = [
            *("summary", "description", "website", *NUMBERS),
            *("areas", "themes", "stages", "takes_messages"),
        ]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3, "data-longest": SUMMARY_LENGTH}),
            "description": forms.Textarea(attrs={"rows": 12}),
        }
        labels = {
            "summary": "What you do, in one or two sentences",
            "description": "About your organisation",
            "website": "Website",
            "takes_messages": "Let people write to us through a form on this page",
        }
        help_texts = {
            "summary": f"Shown in lists and searches; at most {SUMMARY_LENGTH} characters.",
            "description": (
                "Longer, for your own page. You may use Markdown: an empty line begins a "
                "paragraph, “## Our services” makes a heading, “- ” begins a line of a list."
            ),
            "website": "For example https://www.example.org",
            "takes_messages": (
                "The portal passes messages on to your named contacts, or else to your owners. "
                "Nobody sees an address of yours before you answer."
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        saved = read_values(self.instance, DetailKind.values)
        for kind in DetailKind:
            value, audience = saved[kind]
            self.fields[kind] = _detail_field(kind, value)
            self.fields[f"{kind}_audience"] = _audience_field(kind, audience)

    @property
    def own_fields(self):
        return [self[name] for name in self._meta.fields if name != "takes_messages"]

    @property
    def details(self):
        return [(self[kind], self[f"{kind}_audience"]) for kind in DetailKind.values]

    @property
    def changes(self):
        values = {name: self.cleaned_data[name] for name in self._meta.fields}
        return values | {
            kind: [self.cleaned_data[kind], self.cleaned_data[f"{kind}_audience"]]
            for kind in DetailKind.values
        }

    def clean(self):
        """Whoever does not say who may see a detail gets the smallest audience."""
        for kind in DetailKind.values:
            name = f"{kind}_audience"
            self.cleaned_data[name] = self.cleaned_data.get(name) or Audience.OWN.value
            if kind in self.cleaned_data:
                self.cleaned_data[kind] = _with_plain_lines(self.cleaned_data[kind])
        return super().clean()

    def clean_summary(self):
        return _with_plain_lines(self.cleaned_data["summary"])

    def clean_description(self):
        return _with_plain_lines(self.cleaned_data["description"])


def _detail_field(kind, value):
    lines = LINES.get(kind)
    return forms.CharField(
        label=kind.label,
        initial=value,
        required=False,
        max_length=DETAIL_LENGTH,
        help_text=SHORT_HELP.get(kind, ""),
        validators=[CHECKS[kind]] if kind in CHECKS else [],
        widget=forms.Textarea(attrs={"rows": lines}) if lines else forms.TextInput,
    )


def _audience_field(kind, audience):
    return forms.ChoiceField(
        label="Seen by",
        choices=Audience.choices,
        initial=audience or Audience.PUBLIC,
        required=False,
        widget=forms.Select(attrs={"aria-label": f"{kind.label}: seen by"}),
    )


def _with_plain_lines(text):
    """Browsers end lines as typewriters did; without this every save would seem a change."""
    return text.replace("\r\n", "\n")
