"""The public directory and the page of each organisation."""

import string

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from cja_portal.kit.text import clean_query
from members.directory import Directory
from members.models import Organisation
from members.permissions import may_edit_profile
from members.search import find

PER_PAGE = 30


@login_not_required
def organisation_list(request):
    """A–Z or, for a search, best first; each narrowed by what the address asks for."""
    query = clean_query(request.GET.get("q", ""))
    listed = Organisation.objects.visible_to(request.user).listed()
    matches = find(query, listed) if query else None
    found = listed if matches is None else listed.filter(pk__in=[match.pk for match in matches])
    directory = Directory(found, request.GET)
    chosen = _in_order(directory.chosen(), matches)
    page = Paginator(chosen, PER_PAGE).get_page(request.GET.get("page"))
    example_count = sum(fact.is_example for fact in chosen)
    context = {
        "query": query,
        "count": len(chosen) - example_count,
        "example_count": example_count,
        "page": page,
        "results": list(_results(listed, page, matches)),
        "letters": [] if query else _letters(chosen),
        "filter_groups": directory.filter_groups(),
        "hidden": {"q": query} if query else {},
    }
    return TemplateResponse(request, "members/organisation_list.html", context)


@login_not_required
def organisation_detail(request, slug):
    organisation = get_object_or_404(
        Organisation.objects.visible_to(request.user).prefetch_related("themes", "areas"), slug=slug
    )
    context = {
        "organisation": organisation,
        "may_edit": may_edit_profile(request.user, organisation),
    }
    return TemplateResponse(request, "members/organisation_detail.html", context)


def _in_order(chosen, matches):
    if matches is None:
        return chosen
    by_id = {fact.pk: fact for fact in chosen}
    return [by_id[match.pk] for match in matches if match.pk in by_id]


def _results(listed, page, matches):
    """The rows of the page, each with the reason it was found and the letter it opens."""
    reasons = {match.pk: match.reason for match in matches or []}
    rows = listed.prefetch_related("themes", "areas").in_bulk([fact.pk for fact in page])
    seen = set()
    for fact in page:
        letter = "" if matches is not None or _letter(fact) in seen else _letter(fact)
        seen.add(letter)
        yield {"organisation": rows[fact.pk], "reason": reasons.get(fact.pk), "letter": letter}


def _letters(chosen):
    """Every letter, with the page on which its first name stands, or none."""
    pages = {}
    for position, fact in enumerate(chosen):
        pages.setdefault(_letter(fact), position // PER_PAGE + 1)
    others = {"0": "0–9"} if "0" in pages else {}
    letters = others | {letter: letter.upper() for letter in string.ascii_lowercase}
    return [(letter, label, pages.get(letter)) for letter, label in letters.items()]


def _letter(fact):
    first = fact.sort_name[:1]
    return first if first in string.ascii_lowercase else "0"
