"""The two desks of a result: where two people seal it, and the one used at the ceremony.

Nothing on either says who won unless it is asked for, one category at a time: a screen may be seen
by others.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from awards.actions.decisions import write_words
from awards.actions.releases import release_category, withdraw_release
from awards.actions.seals import confirm_seal, lacks_of_result, refuse_seal, seal_round
from awards.forms.results import ReasonForm, SealForm, WordsForm
from awards.models import Decision, Outcome, Seal, Wording
from awards.sealing import deciding_round
from awards.standing import namesakes
from cja_portal.kit.moves import ImpossibleMove
from cja_portal.kit.text import row_number

page = require_http_methods(["GET", "HEAD", "POST"])
SAID = {
    "unread": "Not judged yet",
    "open": "Judges are marking",
    "locked": "Locked: to be sealed",
    "waiting": "Sealed by one person: somebody else confirms",
    "sealed": "Sealed by two people",
    "public": "Public",
    "withdrawn": "Withdrawn",
}


@dataclass(frozen=True)
class Desk:
    """Where the result of one category stands; `decisions` only if somebody peeks."""

    category: object
    round: object
    seal: object
    release: object
    decisions: list

    @property
    def state(self):
        if self.release:
            return "withdrawn" if self.release.withdrawn_at else "public"
        if self.seal:
            return "sealed" if self.seal.is_confirmed else "waiting"
        if self.round is None:
            return "unread"
        return "locked" if self.round.is_over else "open"

    @property
    def said(self):
        return SAID[self.state]

    def namesakes(self):
        return namesakes(decision.nomination for decision in self.decisions)

    def lacks(self):
        return lacks_of_result(self.category) if self.state == "locked" else []


class ResultDesks:
    """To mix into the admin of years."""

    def get_urls(self):
        own = {
            "<int:pk>/seal/": (self.seal_desk, "seal"),
            "<int:pk>/ceremony/": (self.ceremony, "ceremony"),
            "<int:pk>/words/<int:decision>/": (self.words, "words"),
        }
        return [
            path(route, self.admin_site.admin_view(page(view)), name=f"awards_cycle_{name}")
            for route, (view, name) in own.items()
        ] + super().get_urls()

    def seal_desk(self, request, pk):
        """One seals, another confirms or sends it back; the words to print are written here."""
        cycle = self._cycle(request, pk)
        if request.method == "POST":
            return self._do(request, cycle, SEALING, "seal")
        context = {"forms": {"seal": SealForm(), "reason": ReasonForm()}}
        return self._desk(request, cycle, "seal", "Seal the results", context)

    def ceremony(self, request, pk):
        """Category by category, at the moment when it is said on the stage."""
        cycle = self._cycle(request, pk)
        if request.method == "POST":
            return self._do(request, cycle, RELEASING, "ceremony")
        context = {"forms": {"reason": ReasonForm()}}
        return self._desk(request, cycle, "ceremony", "Ceremony", context)

    def words(self, request, pk, decision):
        """What will stand beside one name."""
        cycle = self._cycle(request, pk)
        decisions = Decision.objects.filter(category__cycle=cycle, outcome__in=Outcome.HONOURED)
        decision = get_object_or_404(decisions.select_related("nomination"), pk=decision)
        words = Wording.objects.filter(decision=decision).first() or Wording(decision=decision)
        form = WordsForm(request.POST or None, instance=words)
        if request.method == "POST" and form.is_valid():
            values = {name: form.cleaned_data[name] for name in WordsForm.Meta.fields}
            self._try(request, write_words, decision, by=request.user, **values)
            address = reverse("admin:awards_cycle_seal", args=[pk])
            return HttpResponseRedirect(f"{address}?peek={decision.category_id}")
        context = {"form": form, "decision": decision}
        return self._desk(request, cycle, "words", f"Words about {decision.nomination}", context)

    # -- Parts -----------------------------------------------------------------------------------

    def _cycle(self, request, pk):
        cycle = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, cycle):
            raise PermissionDenied
        return cycle

    def _desk(self, request, cycle, name, title, context):
        peek = request.GET.get("peek", "")
        context |= self.admin_site.each_context(request) | {
            "title": title,
            "cycle": cycle,
            "desks": [_desk_of(category, peek) for category in _categories(cycle)],
            "peek": peek,
        }
        return TemplateResponse(request, f"admin/awards/cycle/{name}.html", context)

    def _do(self, request, cycle, duties, name):
        """One of the duties on one category; what is impossible is told on the next page."""
        act = duties.get(request.POST.get("do"))
        category = cycle.categories.filter(pk=row_number(request.POST.get("category"))).first()
        if act is None or category is None:
            raise Http404
        self._try(request, act, category, request)
        return HttpResponseRedirect(reverse(f"admin:awards_cycle_{name}", args=[cycle.pk]))

    def _try(self, request, act, *args, **values):
        try:
            act(*args, **values)
        except ImpossibleMove as impossible:
            self.message_user(request, str(impossible), messages.WARNING)
        else:
            self.message_user(request, "Done.", messages.SUCCESS)


def _categories(cycle):
    related = ("rounds__seals", "releases__by")
    return cycle.categories.prefetch_related(*related).select_related("cycle")


def _desk_of(category, peek):
    round_ = deciding_round(category)
    seals = [one for one in round_.seals.all() if _is_live(one, round_)] if round_ else []
    decisions = category.decisions.filter(category__pk=row_number(peek)).order_by("pk")
    return Desk(
        category=category,
        round=round_,
        seal=seals[0] if seals else None,
        release=next(iter(category.releases.all()), None),
        decisions=list(decisions.select_related("nomination", "wording")) if peek else [],
    )


def _is_live(seal, round_):
    return seal.refused_at is None and seal.version == round_.version


def _seal(category, request):
    round_ = deciding_round(category)
    if round_ is None:
        raise ImpossibleMove("Nobody has judged this category.")
    seal_round(round_, by=request.user, is_sheet_public="is_sheet_public" in request.POST)


def _live_seal(category):
    seal = Seal.objects.live().filter(category=category).first()
    if seal is None:
        raise ImpossibleMove("This result is not sealed.")
    return seal


def _confirm(category, request):
    confirm_seal(_live_seal(category), by=request.user)


def _refuse(category, request):
    refuse_seal(_live_seal(category), because=request.POST.get("because", ""), by=request.user)


def _release(category, request):
    release_category(category, by=request.user)


def _withdraw(category, request):
    withdraw_release(category, because=request.POST.get("because", ""), by=request.user)


SEALING = {"seal": _seal, "confirm": _confirm, "refuse": _refuse}
RELEASING = {"release": _release, "withdraw": _withdraw}
