"""The page on which the panel decides, with a scribe at the keyboard."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from awards.actions.meetings import (
    Overtaken,
    hold_meeting,
    save_item,
    take_item,
    version_of,
    withhold_award,
)
from awards.actions.rounds import cast_vote
from awards.forms.meetings import CastingForm, ItemForm, PresentForm, WithholdForm
from awards.meeting_room import room_of
from awards.models import RoundStage
from awards.permissions import may_decide
from awards.standing import standing_of
from cja_portal.kit.moves import ImpossibleMove
from cja_portal.kit.text import row_number


class MeetingRoom:
    """To mix into the admin of meetings, which knows `locked_round` and `_page`."""

    def get_urls(self):
        own = {
            "<uuid:uuid>/meeting/": (self.room_view, "round_meeting"),
            "<uuid:uuid>/meeting/do/<str:name>/": (self.do_view, "meeting_do"),
            "<uuid:uuid>/meeting/<uuid:entry>/": (self.item_view, "meeting_item"),
        }
        return [
            path(route, self.admin_site.admin_view(view), name=f"awards_{name}")
            for route, (view, name) in own.items()
        ] + super().get_urls()

    @method_decorator(require_safe)
    def room_view(self, request, uuid):
        return self._room(request, self._deciding(request, uuid))

    def _deciding(self, request, uuid):
        """The round whose meeting decides: a sift does only where there is no final."""
        round_ = self.locked_round(request, uuid)
        if round_.stage == RoundStage.SIFT and round_.has_final:
            raise Http404
        return round_

    def _room(self, request, round_, *, status=200, overtaken=None, shown=None, **bound):
        room = room_of(standing_of(round_), shown and shown.pk)
        context = {
            "title": f"Meeting: {round_}",
            "standing": room.standing,
            "room": room,
            "forms": _forms(room) | bound,
            "overtaken": overtaken,
            "may_write": may_decide(request.user) and round_.state == "locked",
        }
        return self._page(request, "meeting", round_, status=status, **context)

    # -- One entry --------------------------------------------------------------------------------

    @method_decorator(require_POST)
    def item_view(self, request, uuid, entry):
        """Save what is decided of the entry; a form that was overtaken comes back with both."""
        round_ = self._to_write(request, uuid)
        nomination = get_object_or_404(round_.category.nominations.judged(), uuid=entry)
        room = room_of(standing_of(round_), nomination.pk)
        form = ItemForm(request.POST, category=round_.category, judges=room.present)
        if not form.is_valid():
            return self._room(request, round_, shown=nomination, item=form)
        try:
            save_item(round_, nomination, by=request.user, **form.cleaned_data)
        except Overtaken as overtaken:
            return self._both(request, round_, nomination, form, overtaken.decision)
        except ImpossibleMove as impossible:
            form.add_error(None, str(impossible))
            return self._room(request, round_, shown=nomination, item=form)
        if "next" in request.POST and room.after_now:
            take_item(round_, room.after_now.nominee, by=request.user)
        self.message_user(request, f"Saved: {nomination}.", messages.SUCCESS)
        return self._back(round_)

    def _both(self, request, round_, nomination, form, decision):
        """The page with what somebody else saved beside what was typed here; nothing is lost."""
        form.data = form.data.copy()
        form.data["seen"] = version_of(decision)
        overtaken = {"theirs": decision}
        round_ = self.locked_round(request, round_.uuid)
        bound = {"shown": nomination, "item": form, "overtaken": overtaken}
        return self._room(request, round_, status=409, **bound)

    # -- The meeting ------------------------------------------------------------------------------

    @method_decorator(require_POST)
    def do_view(self, request, uuid, name):
        """One of DUTIES; a form with faults comes back with the page."""
        if name not in DUTIES:
            raise Http404
        round_ = self._to_write(request, uuid)
        room = room_of(standing_of(round_))
        form = _forms(room, request.POST).get(name)
        if form is not None and not form.is_valid():
            return self._room(request, round_, **{name: form})
        try:
            DUTIES[name](round_, form, request)
        except ImpossibleMove as impossible:
            self.message_user(request, str(impossible), messages.WARNING)
        return self._back(round_)

    def _to_write(self, request, uuid):
        round_ = self._deciding(request, uuid)
        if not may_decide(request.user):
            raise PermissionDenied
        return round_

    def _back(self, round_):
        return HttpResponseRedirect(reverse("admin:awards_round_meeting", args=[round_.uuid]))


def _forms(room, data=None):
    meeting = room.meeting
    present = meeting.present if meeting else [judge.pk for judge in room.judges]
    forms = {"present": PresentForm(data, judges=room.judges, initial={"present": present})}
    if meeting:
        because = {"because": meeting.withheld_because}
        forms["withhold"] = WithholdForm(data, initial=because)
        forms["item"] = _item_form(room)
    if room.equals:
        forms["cast"] = CastingForm(data, equals=room.equals)
    return forms


def _item_form(room):
    if room.now is None:
        return None
    decision = room.now.decision
    kept = {"outcome": decision.outcome, "reason": decision.reason} if decision else {}
    out = decision.stepped_out if decision else []
    initial = kept | {"stepped_out": out, "seen": version_of(decision)}
    return ItemForm(category=room.category, judges=room.may_stay, initial=initial)


def _present(round_, form, request):
    hold_meeting(round_, form.cleaned_data["present"], by=request.user)


def _take(round_, form, request):
    entries = round_.category.nominations.judged()
    pk = row_number(request.POST.get("entry"))
    take_item(round_, get_object_or_404(entries, pk=pk), by=request.user)


def _withhold(round_, form, request):
    withhold_award(round_, because=form.cleaned_data["because"].strip(), by=request.user)


def _cast(round_, form, request):
    """What the chair said of other equals before stays."""
    if form is None:
        raise ImpossibleMove("No rule leaves anything to the chair.")
    order = form.ordered()
    kept = [one for one in round_.casting if one not in {nominee.pk for nominee in order}]
    others = {one.pk: one for one in round_.category.nominations.filter(pk__in=kept)}
    whole = [others[pk] for pk in kept if pk in others] + order
    cast_vote(round_, whole, reason=form.cleaned_data["reason"], by=request.user)


DUTIES = {"present": _present, "take": _take, "withhold": _withhold, "cast": _cast}
