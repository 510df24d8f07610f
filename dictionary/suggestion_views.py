"""Telling us about the dictionary, and seeing what came of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from cja_portal.kit.text import clean_query
from cja_portal.kit.visitors import may_go_on
from dictionary.models import Suggestion, SuggestionKind
from dictionary.suggestion_forms import SuggestionForm, public_entry
from dictionary.suggestions import receive_suggestion

MOST_AN_HOUR = 10  # from one address: a prison or an office shares one
HOUR = 60 * 60


@login_not_required
def suggestion_create(request):
    """The form; `entry`, `kind` and `word` in the address fill in what is already known."""
    entry = public_entry(clean_query(request.GET.get("entry", "")))
    given = {
        "kind": _kind(request.GET.get("kind", ""), entry),
        "word": clean_query(request.GET.get("word", ""), longest=120),
    }
    form = SuggestionForm(request.POST or None, initial=given, user=request.user, entry=entry)
    status = 200
    if request.method == "POST" and form.is_valid():
        if may_go_on(request, "suggestion", most=MOST_AN_HOUR, seconds=HOUR):
            return _received(request, form)
        form.add_error(None, "Many suggestions came from where you are. Please try in an hour.")
        status = 429
    context = {"form": form, "entry": entry}
    return TemplateResponse(request, "dictionary/suggestion_create.html", context, status=status)


@login_not_required
def suggestion_detail(request, reference):
    """What came of a suggestion, for whoever has its reference: never its text or its sender."""
    suggestions = Suggestion.objects.select_related("entry", "same_as")
    suggestion = get_object_or_404(suggestions, reference=reference.lower())
    context = {"suggestion": suggestion}
    return TemplateResponse(request, "dictionary/suggestion_detail.html", context)


def _received(request, form):
    suggestion = receive_suggestion(form.save(), email=form.cleaned_data["email"])
    messages.success(request, "Thank you. We have your suggestion.")
    return redirect(suggestion)


def _kind(value, entry):
    if value in SuggestionKind.values:
        return value
    return SuggestionKind.CORRECTION if entry else SuggestionKind.NEW_WORD
