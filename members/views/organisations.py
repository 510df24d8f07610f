"""The public directory and the page of each organisation."""

import string

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from cja_portal.kit.moves import ImpossibleMove
from cja_portal.kit.text import clean_query
from cja_portal.kit.visitors import may_go_on
from members import schema_org
from members.actions.contacts import (
    block_sender,
    pass_on_message,
    read_block_link,
    takes_messages,
)
from members.directory import Directory
from members.joining_forms import BlockForm
from members.models import Organisation
from members.profile_forms import MessageForm
from members.search import find
from members.showing import SEEN_AS, Reader, show
from members.views.invitations import leaves_no_trace

PER_PAGE = 30
MOST_AN_HOUR = 5
TOO_OFTEN = "That was too often. Wait an hour and try again."


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
        "is_local": directory.is_local,
        "may_export": Reader.of(request.user).may_export,
        "hidden": {"q": query, "reach": "place" if directory.is_local else ""},
    }
    return TemplateResponse(request, "members/organisation_list.html", context)


@login_not_required
def organisation_detail(request, slug):
    """Whoever may see all of it may look at it with the eyes of others too."""
    organisation = get_object_or_404(
        Organisation.objects.visible_to(request.user).for_page(), slug=slug
    )
    reader = Reader.of(request.user)
    sees_all = reader.is_staff or organisation.pk in reader.keeps
    seen_as = request.GET.get("as") if sees_all else None
    if seen_as not in SEEN_AS:
        seen_as = ""
    context = {
        "organisation": organisation,
        "profile": show([organisation], SEEN_AS.get(seen_as, reader))[organisation.pk],
        "schema_org": "" if organisation.is_example else schema_org.organisation(organisation),
        "takes_messages": organisation.takes_messages and organisation.has_readers,
        "sees_all": sees_all,
        "is_owner": organisation.pk in reader.owns,
        "own_place": organisation.pk in reader.belongs_to,
        "seen_as": seen_as,
        "may_edit": organisation.pk in reader.keeps and not seen_as,
    }
    return TemplateResponse(request, "members/organisation_detail.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_contact(request, slug):
    """A message that the portal passes on; neither side's page ever shows an address."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), slug=slug)
    if not takes_messages(organisation):
        raise Http404
    form = MessageForm(request.POST or None, user=request.user)
    is_sent = form.is_valid() and _pass_on(request, organisation, form)
    context = {"organisation": organisation, "form": form, "is_sent": is_sent}
    return TemplateResponse(request, "members/organisation_contact.html", context)


def _pass_on(request, organisation, form):
    try:
        if not may_go_on(request, "message", most=MOST_AN_HOUR, seconds=3600):
            raise ImpossibleMove(TOO_OFTEN)
        pass_on_message(
            organisation,
            by=request.user if request.user.is_authenticated else None,
            name=form.cleaned_data["name"],
            email=form.cleaned_data["email"],
            message=form.cleaned_data["message"],
            is_known=form.sender_is_known,
            wants_copy=form.gets_copy,
        )
    except ImpossibleMove as error:
        form.add_error(None, str(error))
        return False
    return True


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@leaves_no_trace
def sender_block(request, secret):
    """For whoever got a message: reading the page changes nothing, the button does."""
    try:
        organisation, email = read_block_link(secret)
    except ImpossibleMove as error:
        context = {"reason": str(error)}
        return TemplateResponse(request, "members/join_closed.html", context, status=410)
    form = BlockForm(request.POST if request.method == "POST" else None)
    is_done = form.is_valid()
    if is_done:
        block_sender(organisation, email, **form.cleaned_data)
    context = {"organisation": organisation, "email": email, "form": form, "is_done": is_done}
    return TemplateResponse(request, "members/sender_block.html", context)


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
