"""What people may type about their organisation."""

from itertools import groupby

from django import forms

from cja_portal.kit.forms import ModelForm
from members.models import Area, Organisation, Theme
from members.models.organisation import SUMMARY_LENGTH


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


class ProfileForm(ModelForm):
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

    class Meta:
        model = Organisation
        fields = [
            *("summary", "description", "website", "charity_number", "company_number"),
            *("areas", "themes"),
        ]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3, "data-longest": SUMMARY_LENGTH}),
            "description": forms.Textarea(attrs={"rows": 12}),
        }
        labels = {
            "summary": "What you do, in one or two sentences",
            "description": "About your organisation",
            "website": "Website",
            "charity_number": "Charity number",
            "company_number": "Company number",
        }
        help_texts = {
            "summary": f"Shown in lists and searches; at most {SUMMARY_LENGTH} characters.",
            "description": (
                "Longer, for your own page. You may use Markdown: an empty line begins a "
                "paragraph, “## Our services” makes a heading, “- ” begins a line of a list."
            ),
            "website": "For example https://www.example.org",
            "charity_number": (
                "As the register has it: 1234567 for England and Wales, SC012345 for Scotland, "
                "NIC101234 for Northern Ireland."
            ),
            "company_number": "Eight characters with any zeros in front, such as 01234567.",
        }

    def clean_summary(self):
        return _with_plain_lines(self.cleaned_data["summary"])

    def clean_description(self):
        return _with_plain_lines(self.cleaned_data["description"])


def _with_plain_lines(text):
    """Browsers end lines as typewriters did; without this every save would seem a change."""
    return text.replace("\r\n", "\n")
