"""What the living style page shows."""

from django import forms
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator

from cja_portal.kit.facets import Choice, FilterGroup

COLOURS = {
    "paper": "the ground of every page",
    "sheet": "inputs and tags",
    "wash": "notices, and rows under the pointer",
    "ink": "text and strong rules",
    "soft": "second voice: dates, counts, makers",
    "line": "thin rules",
    "edge": "borders of controls",
    "teal": "links and buttons",
    "teal-deep": "links and buttons under the pointer",
    "brick": "errors and warnings, always with words",
    "brick-wash": "ground of a warning",
    "mark": "found words",
    "marigold": "focus",
}
ICONS = sorted(
    path.stem for path in (settings.BASE_DIR / "templates/components/icons").glob("*.svg")
)


class SampleForm(forms.Form):
    name = forms.CharField(label="Name of the organisation", help_text="As on its own website.")
    website = forms.URLField(required=False, assume_scheme="https")
    kind = forms.ChoiceField(choices=[("", "Choose one"), ("charity", "Charity")])
    areas = forms.MultipleChoiceField(
        label="Where it works",
        choices=[("wales", "Wales"), ("london", "London")],
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose all that fit.",
    )
    summary = forms.CharField(widget=forms.Textarea, required=False)
    password = forms.CharField(widget=forms.PasswordInput, required=False)
    is_public = forms.BooleanField(label="Show this on the public page", required=False)


def samples(request):
    return {
        "sample_messages": [
            Message(constants.SUCCESS, "The profile was saved."),
            Message(constants.ERROR, "The file is too large. The most is 20 MB."),
        ],
        "schemes": ["light", "dark"],
        "colours": COLOURS,
        "icons": ICONS,
        "filter_groups": _filter_groups(),
        "hidden_inputs": {"q": "scrutiny"},
        "page": Paginator(range(200), 10).get_page(request.GET.get("page", 4)),
        "form": SampleForm(),
        "form_with_errors": SampleForm({"name": "", "website": "not an address"}, prefix="wrong"),
        "letters": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "letters_without_words": "JKQXYZ",
        "markdown": "Plain words, **set well**.\n\n- one\n- two, with [a link](/about/)",
    }


def _filter_groups():
    kinds = [Choice("report", "Report", 9), Choice("briefing", "Briefing", 4, is_selected=True)]
    themes = [Choice("policing", "Better policing", 11), Choice("victims", "Victims", 0)]
    return [FilterGroup("kind", "Kind", kinds), FilterGroup("theme", "Theme", themes)]
