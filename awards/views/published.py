"""The public pages of the awards. They read what is published and nothing else."""

from collections import defaultdict

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from awards.forms.published import RollForm
from awards.models import (
    PublishedAward,
    PublishedCategory,
    PublishedCycle,
    PublishedProof,
    Result,
)


@login_not_required
def cycle_list(request):
    """The years, newest first, each with what is known of it."""
    cycles = list(_cycles(request).prefetch_related("rules", "categories"))
    winners = _by_year(_awards(request).winners())
    years = [{"cycle": cycle, "winners": winners[cycle.year]} for cycle in cycles]
    context = {"years": years, "missing": _missing(cycles)}
    return TemplateResponse(request, "awards/cycle_list.html", context)


@login_not_required
def cycle_detail(request, year):
    """One year: its categories with everyone named in them, judges, rules and sources."""
    cycle = get_object_or_404(_cycles(request), year=year)
    named = _by_category(_awards(request).filter(year=year))
    proofs = {one.category_slug: one for one in _proofs(request).filter(cycle=cycle)}
    context = {
        "cycle": cycle,
        "groups": [
            (one, proofs.get(one.slug), *_parted(named[one.slug])) for one in cycle.categories.all()
        ],
        "judges": cycle.judges.all(),
        "rules": cycle.rules.all(),
        "sources": cycle.sources.all(),
        "can_be_checked": bool(proofs),
        "figures": cycle.figures.exists(),
        "earlier": _cycles(request).filter(year__lt=year).first(),
        "later": _cycles(request).filter(year__gt=year).last(),
    }
    return TemplateResponse(request, "awards/cycle_detail.html", context)


@login_not_required
def category_detail(request, year, slug):
    """One category of one year in full, and the other years in which it was awarded."""
    categories = PublishedCategory.objects.filter(cycle__in=_cycles(request))
    categories = categories.select_related("cycle")
    category = get_object_or_404(categories, cycle__year=year, slug=slug)
    awards = _awards(request).filter(category_slug=slug)
    honours, shortlist = _parted(awards.filter(year=year).prefetch_related("corrections"))
    proofs = {one.cycle_id: one for one in _proofs(request).filter(category_slug=slug)}
    context = {
        "category": category,
        "cycle": category.cycle,
        "honours": honours,
        "shortlist": shortlist,
        "proof": proofs.get(category.cycle_id),
        "history": _history(categories, awards, proofs, category),
        "sources": category.cycle.sources.all(),
    }
    return TemplateResponse(request, "awards/category_detail.html", context)


@login_not_required
def statistics(request, year):
    """The numbers of a year, in groups that tell of nobody."""
    cycle = get_object_or_404(_cycles(request), year=year)
    figures = list(cycle.figures.all())
    if not figures:
        raise Http404
    context = {"cycle": cycle, "figures": figures}
    return TemplateResponse(request, "awards/statistics.html", context)


@login_not_required
def roll_of_honour(request):
    """Everyone who won or was honoured, by year, and honestly the years we know nothing of."""
    honours = _awards(request).honours()
    form = RollForm(request.GET, honours=honours)
    awards = list(form.narrow(honours).prefetch_related("corrections"))
    cycles = _cycles(request).values_list("year", flat=True)
    known = set(honours.winners().values_list("year", flat=True))
    context = {
        "form": form,
        "awards": awards,
        "unknown_years": sorted(set(cycles) - known),
    }
    return TemplateResponse(request, "awards/roll_of_honour.html", context)


def _cycles(request):
    return PublishedCycle.objects.visible_to(request.user)


def _awards(request):
    awards = PublishedAward.objects.visible_to(request.user)
    return awards.select_related("organisation").defer("search_text", "organisation__search_text")


def _proofs(request):
    return PublishedProof.objects.visible_to(request.user).defer("file")


def _by_year(awards):
    groups = defaultdict(list)
    for award in awards:
        groups[award.year].append(award)
    return groups


def _by_category(awards):
    groups = defaultdict(list)
    for award in awards:
        groups[award.category_slug].append(award)
    return groups


def _parted(awards):
    """Those honoured, and those who were on the shortlist."""
    awards = list(awards)
    honours = [award for award in awards if award.result in Result.HONOURS]
    return honours, [award for award in awards if award not in honours]


def _missing(cycles):
    """The years between the first and the last of which nothing at all is recorded."""
    years = {cycle.year for cycle in cycles if not cycle.is_demonstration}
    return sorted(set(range(min(years), max(years))) - years) if years else []


def _history(categories, awards, proofs, category):
    """(category, its proof, who won) for its other years, newest first."""
    others = categories.filter(slug=category.slug).exclude(pk=category.pk).order_by("-cycle__year")
    winners = _by_year(awards.winners())
    return [(one, proofs.get(one.cycle_id), winners[one.cycle.year]) for one in others]
