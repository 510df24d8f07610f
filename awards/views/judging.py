"""The judges' room: their place on the panel, their interests, their queue and their sheets.

Nothing here says what others have marked, how many have, or in which order entries stand.
"""

from functools import wraps

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from awards.actions.interests import declare_interests, step_back
from awards.actions.judges import accept_place, decline_place, leave_panel
from awards.actions.sheets import StaleSheet, save_sheet
from awards.blind import in_own_order, shown
from awards.forms.judging import KindsForm, NamesForm, PlaceForm, ReasonForm, SheetForm
from awards.interests import names_in, names_of, nominations_of
from awards.models import Assignment, Category, ConflictSource, Judge, Sheet
from awards.views.files import sending_of
from awards.warm_up import next_example
from cja_portal.kit.moves import ImpossibleMove
from library.serving import send

page = require_http_methods(["GET", "HEAD", "POST"])
kept_by_no_cache = cache_control(no_store=True, private=True)


def own_place(view):
    """404 for everybody but the person who was asked."""

    @kept_by_no_cache
    @wraps(view)
    def gate(request, uuid):
        places = Judge.objects.of(request.user).select_related("cycle", "user", "invitation")
        return view(request, get_object_or_404(places, uuid=uuid))

    return gate


def own_reading(view):
    """404 for what the person does not read, has stepped back from, or that does not exist."""

    @kept_by_no_cache
    @wraps(view)
    def gate(request, uuid, **kwargs):
        rows = Assignment.objects.visible_to(request.user)
        rows = rows.select_related(
            "round", "judge__cycle", "judge__user", "category__cycle", "nomination", "sheet"
        )
        return view(request, get_object_or_404(rows, uuid=uuid), **kwargs)

    return gate


# -- The place on the panel -----------------------------------------------------------------------


@require_safe
@kept_by_no_cache
def judging_home(request):
    """What the person is asked to judge, and how far they have come in each round."""
    judges = list(Judge.objects.of(request.user).select_related("cycle", "invitation", "user"))
    reads = Assignment.objects.visible_to(request.user)
    reads = reads.select_related("round__category__cycle", "sheet")
    theirs = [one for one in Category.objects.by_panel() if one.cycle.state() == "open"]
    places = [
        (judge, _rounds_of(judge, reads), [one for one in theirs if judge.judges(one)])
        for judge in judges
    ]
    return TemplateResponse(request, "awards/judging_home.html", {"places": places})


def _rounds_of(judge, reads):
    """[(round, entries, those handed in)]"""
    rounds = {}
    for one in reads:
        if one.judge_id == judge.pk:
            rounds.setdefault(one.round, []).append(_is_in(one))
    return [(round_, len(done), sum(done)) for round_, done in rounds.items()]


def _is_in(assignment):
    sheet = getattr(assignment, "sheet", None)
    return sheet is not None and sheet.submitted_at is not None


@page
@own_place
def judging_place(request, judge):
    """Yes, no, and later goodbye."""
    is_new = judge.accepted_at is None
    known = {"limit": judge.limit, "themes": judge.themes.all(), "agrees": not is_new}
    form = PlaceForm(request.POST if "accept" in request.POST else None, initial=known)
    leaving = ReasonForm(request.POST if "leave" in request.POST else None)
    if request.method == "POST" and _answered(request, judge, form, leaving):
        return redirect("awards:judging-home")
    context = {"judge": judge, "form": form, "leaving": leaving, "is_new": is_new}
    return TemplateResponse(request, "awards/judging_place.html", context)


def _answered(request, judge, form, leaving):
    try:
        return _answer(request, judge, form, leaving)
    except ImpossibleMove as impossible:
        messages.error(request, str(impossible))
        return True


def _answer(request, judge, form, leaving):
    if "decline" in request.POST:
        decline_place(judge, by=request.user)
        messages.success(request, "Thank you for telling us.")
    elif form.is_bound and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("limit", "themes")}
        accept_place(judge, by=request.user, **values)
        messages.success(request, "Thank you. Please go on with your interests.")
    elif leaving.is_bound and leaving.is_valid():
        leave_panel(judge, by=request.user, **leaving.cleaned_data)
        messages.success(request, "You have left the panel.")
    else:
        return False
    return True


@page
@own_place
def judging_interests(request, judge):
    """First the list, then what it is with each name that was ticked."""
    if not judge.is_sitting:
        raise Http404
    names = names_of(judge.cycle)
    form = NamesForm(request.POST or None, names=names)
    kinds = None
    if request.method == "POST" and form.is_valid():
        ticked = form.cleaned_data["names"]
        is_second = "declare" in request.POST
        kinds = KindsForm(request.POST if is_second else None, names=ticked)
        if not ticked or (is_second and kinds.is_valid()):
            declare_interests(judge, kinds.interests() if ticked else [], by=request.user)
            messages.success(request, "Thank you. Your interests are kept.")
            return redirect("awards:judging-home")
    context = {"judge": judge, "form": form, "kinds": kinds, "known": _known(judge)}
    context["interests"] = judge.interests.all()
    return TemplateResponse(request, "awards/judging_interests.html", context)


def _known(judge):
    """[(name, how we know)] of conflicts that others noted: names alone, as on the list."""
    conflicts = judge.conflicts.current().exclude(source=ConflictSource.DECLARED)
    sources = {one.nomination_id: one.get_source_display() for one in conflicts}
    known = {
        (name, sources[one.pk])
        for one in nominations_of(judge.cycle)
        if one.pk in sources
        for name in names_in(one)
    }
    return sorted(known)


# -- Reading and marking --------------------------------------------------------------------------


def reads_in(user, uuid):
    """What the person reads in the round, with their sheets; nothing for everybody else."""
    reads = Assignment.objects.visible_to(user).filter(round__uuid=uuid)
    reads = reads.select_related("round", "judge__cycle", "nomination", "category__cycle", "sheet")
    return list(reads.prefetch_related("sheet__marks"))


@require_safe
@kept_by_no_cache
def judging_queue(request, uuid):
    """The entries of a round, in an order of the judge's own."""
    if not (reads := reads_in(request.user, uuid)):
        raise Http404
    rows = [(one, shown(one.nomination, one.category), _state(one)) for one in in_own_order(reads)]
    context = {
        "round": reads[0].round,
        "category": reads[0].category,
        "judge": reads[0].judge,
        "rows": rows,
        "done": sum(map(_is_in, reads)),
        "example": next_example(reads[0].judge, reads[0].category),
        "next": next((one for one, _, state in rows if state != "Handed in"), None),
    }
    return TemplateResponse(request, "awards/judging_queue.html", context)


def _state(assignment):
    if _is_in(assignment):
        return "Handed in"
    return "Begun" if hasattr(assignment, "sheet") else "Not begun"


@page
@own_reading
def judging_sheet(request, reading):
    """One entry and its marks. Saved as it is, or handed in; changed until the lock."""
    sheet = _sheet_of(reading)
    form = _form_of(request, reading, sheet)
    stale = None
    if request.method == "POST" and form.is_valid():
        try:
            return _saved(request, reading, form)
        except StaleSheet as found:
            stale = found.sheet
            form.data = form.data | {"seen": str(stale.version)}
        except ImpossibleMove as impossible:
            form.add_error(None, str(impossible))
    context = {
        "reading": reading,
        "round": reading.round,
        "category": reading.category,
        "entry": shown(reading.nomination, reading.category, in_full=True),
        "sheet": sheet,
        "form": form,
        "stale": stale,
    }
    return TemplateResponse(request, "awards/judging_sheet.html", context)


def _sheet_of(reading):
    """The one that is there, or a new one that is not saved by being looked at."""
    return reading.sheet if hasattr(reading, "sheet") else Sheet(assignment=reading)


def _form_of(request, reading, sheet, *, is_final=None):
    data = request.POST.dict() if request.method == "POST" else None
    is_final = bool(data and "submit" in data) if is_final is None else is_final
    return SheetForm(
        data,
        instance=sheet,
        criteria=list(reading.category.criteria.all()),
        marks=sheet.marks.all() if sheet.pk else (),
        is_final=is_final,
    )


def _keep(request, reading, form, *, submit=False):
    seen = form.cleaned_data["seen"]
    return save_sheet(
        reading, form.given(), seen=seen, by=request.user, submit=submit, **form.words()
    )


def _saved(request, reading, form):
    is_final = "submit" in request.POST
    sheet = _keep(request, reading, form, submit=is_final)
    if not is_final:
        words = "Your changes are kept." if sheet.submitted_at else "Saved. Not handed in yet."
        messages.success(request, words)
        return redirect("awards:judging-sheet", reading.uuid)
    messages.success(request, "Handed in. You can change it until the round is locked.")
    return redirect("awards:judging-queue", reading.round.uuid)


@require_POST
@own_reading
def judging_save(request, reading):
    """The same while the judge goes on: it answers with the version, or with what is wrong."""
    form = _form_of(request, reading, _sheet_of(reading), is_final=False)
    if not form.is_valid():
        return JsonResponse({"error": "Something typed here cannot be saved."}, status=400)
    try:
        kept = _keep(request, reading, form)
    except ImpossibleMove as impossible:
        return JsonResponse({"error": str(impossible)}, status=409)
    return JsonResponse({"version": kept.version})


@require_safe
@own_reading
def judging_file(request, reading, number):
    """A file of the entry, under a name that says nothing."""
    entry = shown(reading.nomination, reading.category, in_full=True)
    files = {file.number: file for file in entry.files}
    if number not in files:
        raise Http404
    return send(request, sending_of(files[number].attachment, files[number].name))


@page
@own_reading
def judging_step_back(request, reading):
    """The judge knows who it is about, or has something to do with them."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        step_back(reading, by=request.user, **form.cleaned_data)
        messages.success(request, "You have stepped back. Somebody else will read it.")
        return redirect("awards:judging-home")
    entry = shown(reading.nomination, reading.category)
    context = {"reading": reading, "category": reading.category, "entry": entry, "form": form}
    context["round"] = reading.round
    return TemplateResponse(request, "awards/judging_step_back.html", context)
