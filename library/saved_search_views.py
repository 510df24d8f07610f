"""Saved searches: of people with an account, and of those who gave an e-mail address."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cja_portal.kit.moves import ImpossibleMove
from cja_portal.kit.visitors import may_go_on
from library import saved_searches
from library.models import Frequency, Letter, SavedSearch
from library.saved_search_forms import MAILED, AddressForm, FrequencyForm
from library.search import find
from library.search_words import canonical_query, in_words, query_in_words
from members.views.invitations import leaves_no_trace

MOST_AN_HOUR, HOUR = 20, 60 * 60  # from one network: an office or a library shares one
page = require_http_methods(["GET", "HEAD", "POST"])


# -- Saving ---------------------------------------------------------------------------------------


@login_not_required
@page
@leaves_no_trace
def search_save(request):
    """Keep the search in the address, or be told of what is new in it."""
    search = find(request.GET, request.user)
    form_class = FrequencyForm if request.user.is_authenticated else AddressForm
    form = form_class(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            return _saved(request, canonical_query(search), form.cleaned_data)
        except ImpossibleMove as impossible:
            form.add_error(None, str(impossible))
            status = 429 if not request.user.is_authenticated else 200
    context = {"form": form, "words": in_words(search), "count": search.items.count()}
    return TemplateResponse(request, "library/search_save.html", context, status=status)


def _saved(request, query, data):
    if request.user.is_authenticated:
        saved_searches.save_search(query, data["frequency"], by=request.user)
        messages.success(request, "The search is saved.")
        return redirect("library:search-list")
    if not may_go_on(request, "alert", most=MOST_AN_HOUR, seconds=HOUR):
        raise ImpossibleMove("Many such requests came from where you are. Please try in an hour.")
    saved_searches.ask_for_alerts(query, data["frequency"], email=data["email"])
    return TemplateResponse(request, "library/search_asked.html", {"email": data["email"]})


# -- For people with an account -------------------------------------------------------------------


@require_safe
def search_list(request):
    searches = SavedSearch.objects.kept_by(request.user).select_related("owner")
    context = {"rows": _rows(searches), "choices": Frequency.choices}
    return TemplateResponse(request, "library/search_list.html", context | _doubts(searches))


@require_POST
def search_change(request, uuid):
    """Another frequency, or away with it."""
    saved = get_object_or_404(SavedSearch.objects.kept_by(request.user), uuid=uuid)
    _change(request, saved, request.POST.get("frequency", ""), Frequency.values)
    return redirect("library:search-list")


def _rows(searches):
    return [(saved, query_in_words(saved)) for saved in searches]


def _doubts(searches):
    letters = Letter.objects.in_doubt_for(searches)
    return {"doubts": [(letter, _still_seen(letter)) for letter in letters]}


def _still_seen(letter):
    return saved_searches.visible_items(letter.search).filter(alerts__letter=letter)


def _change(request, saved, frequency, allowed):
    if request.POST.get("do") == "delete":
        saved.delete()
        messages.success(request, "The saved search is deleted.")
    elif frequency in allowed:
        saved_searches.change_frequency(saved, frequency)
        messages.success(request, "The change is made.")
    else:
        raise Http404


# -- For whoever has the link from a letter -------------------------------------------------------


@login_not_required
@page
@leaves_no_trace
def search_confirm(request, secret):
    """Looking at the page does nothing: programs that check links in letters do that too."""
    saved = saved_searches.search_to_confirm(secret)
    if saved is None:
        return TemplateResponse(request, "library/search_gone.html", status=410)
    if request.method == "POST":
        saved_searches.confirm_search(saved)
        messages.success(request, "Thank you. You will hear of what is new.")
        return redirect("library:search-manage", saved.token)
    context = {"saved": saved, "words": query_in_words(saved)}
    return TemplateResponse(request, "library/search_confirm.html", context)


@login_not_required
@page
@leaves_no_trace
def search_manage(request, token):
    """All searches of the address that the letter went to."""
    known = SavedSearch.objects.of_token(token).confirmed().first()
    if known is None or known.owner_id:
        return redirect("library:search-list") if known else _gone(request)
    same = SavedSearch.objects.confirmed().filter(email=known.email)
    if request.method == "POST":
        chosen = {str(saved.uuid): saved for saved in same}.get(request.POST.get("search"))
        if chosen is None:
            raise Http404
        _change(request, chosen, request.POST.get("frequency", ""), Frequency.mailed)
        left = same.first()
        return redirect("library:search-manage", left.token) if left else _gone(request, 200)
    context = {"token": token, "rows": _rows(same), "choices": MAILED, "email": known.email}
    return TemplateResponse(request, "library/search_manage.html", context | _doubts(same))


def _gone(request, status=410):
    return TemplateResponse(request, "library/search_gone.html", status=status)


@csrf_exempt
@login_not_required
@page
@leaves_no_trace
def search_stop(request, token):
    """One press, here or in the mail program (RFC 8058), which sends no cookie and no CSRF token.

    The token of the address is the proof. What has stopped before is stopped.
    """
    saved = SavedSearch.objects.of_token(token).select_related("owner").first()
    if request.method == "POST":
        if saved:
            saved_searches.stop_search(saved)
        return TemplateResponse(request, "library/search_stopped.html", {"saved": saved})
    if saved is None:
        return _gone(request)
    context = {"saved": saved, "words": query_in_words(saved)}
    return TemplateResponse(request, "library/search_stop.html", context)
