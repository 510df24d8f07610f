"""What judges see of themselves: a warm-up, their marks in a mirror, and the same as a file."""

from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from awards.actions.sheets import warm_up
from awards.blind import in_own_order, shown
from awards.forms.judging import WarmUpForm
from awards.mirror import Mirror
from awards.templatetags.awards_tags import uk_time
from awards.views.judging import kept_by_no_cache, page, reads_in
from awards.warm_up import EXAMPLES, beside_colleagues, next_example
from cja_portal.kit.cells import lines_of_csv


def own_round(view):
    """404 for whoever reads nothing in the round."""

    @kept_by_no_cache
    @wraps(view)
    def gate(request, uuid):
        if not (reads := reads_in(request.user, uuid)):
            raise Http404
        return view(request, reads)

    return gate


def _context(reads):
    first = reads[0]
    return {"round": first.round, "category": first.category, "judge": first.judge}


@page
@own_round
def judging_warm_up(request, reads):
    """One invented entry after the other; then how colleagues marked the same."""
    context = _context(reads)
    judge, category = context["judge"], context["category"]
    example = next_example(judge, category)
    form = WarmUpForm(request.POST or None, example=example, criteria=category.criteria.all())
    if form.is_valid():
        warm_up(judge, category, form.cleaned_data["example"], form.given())
        messages.success(request, "Kept. It counts nowhere.")
        return redirect("awards:judging-warm-up", context["round"].uuid)
    context |= {"example": example, "form": form, "of": len(EXAMPLES)}
    context |= {"done": beside_colleagues(judge, category)}
    return TemplateResponse(request, "awards/judging_warm_up.html", context)


@require_safe
@own_round
def judging_mirror(request, reads):
    context = _context(reads)
    context |= {"mirror": Mirror(context["round"], context["judge"])}
    return TemplateResponse(request, "awards/judging_mirror.html", context)


@require_safe
@own_round
def judging_marks(request, reads):
    """The judge's own sheets as a file, in their own order; blind where the category is."""
    criteria = list(reads[0].category.criteria.all())
    rows = [_cells(one, criteria) for one in in_own_order(reads) if hasattr(one, "sheet")]
    columns = ["Entry", *map(str, criteria), "One thing to improve", "Note", "Handed in"]
    headers = {"Content-Disposition": 'attachment; filename="my-marks.csv"'}
    text = "".join(lines_of_csv(columns, rows))
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def _cells(reading, criteria):
    sheet = reading.sheet
    given = {mark.criterion_id: mark.value for mark in sheet.marks.all()}
    handed_in = uk_time(sheet.submitted_at) if sheet.submitted_at else "not yet"
    marks = [given.get(one.pk, "") for one in criteria]
    entry = shown(reading.nomination, reading.category)
    return [entry, *marks, sheet.improvement, sheet.note, handed_in]
