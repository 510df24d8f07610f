"""How everyday words are told from names of the law: shown, and tried on a text of one's own."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from dictionary.context import SHORT
from dictionary.forms import AnyText
from dictionary.verdicts import labels_called, learned_of, verdicts

LONGEST = 5000  # characters: a page of reasons, not a book


class TryForm(forms.Form):
    text = AnyText(
        label="Try a text",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
        help_text="A sentence or a letter. It is not kept.",
    )


class NameForm(forms.Form):
    name = AnyText(
        label="Look up a name",
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class SignsMixin:
    """For the admin of entries: the page of signs."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.signs_view)
        return [path("signs/", view, name="dictionary_entry_signs"), *super().get_urls()]

    @method_decorator(sensitive_post_parameters())
    def signs_view(self, request):
        """A text is answered at once and never kept, so it is sent in no address."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        trial = TryForm(request.POST if request.method == "POST" else None)
        search = NameForm(request.GET if "name" in request.GET else None)
        context = {"trial": trial, "search": search, "labels": ()}
        if trial.is_valid():
            context |= _tried(trial.cleaned_data["text"])
        if search.is_valid():
            context |= _looked_up(search.cleaned_data["name"])
        return self._page(request, "How words are told apart", "signs", context)


def _tried(text):
    return {"verdicts": verdicts(text), "is_tried": True, "is_short": len(text) <= SHORT}


def _looked_up(name):
    speaks_for, speaks_against = learned_of(name)
    found = {"speaks_for": speaks_for, "speaks_against": speaks_against}
    return {"name": name, "labels": labels_called(name), **found}
