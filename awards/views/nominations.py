"""The pages on which a nomination is written, checked, sent and withdrawn."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from awards.actions.nominations import (
    StaleAnswer,
    add_co_editor,
    change_nominee,
    choose_deadline,
    remove_co_editor,
    save_answer,
    submit_at_deadline,
    submit_nomination,
    withdraw_nomination,
)
from awards.actions.referees import MOST_REFEREES, drop_referee, name_referee
from awards.clock import lead_of, moment_of
from awards.completeness import has_unsent_changes, lacks_of, words_in
from awards.forms.nominations import (
    CoEditorForm,
    DeadlineForm,
    NomineeForm,
    RefereeForm,
    SectionForm,
    SubmitForm,
    WithdrawForm,
)
from awards.models import Feedback, NominationState, Stage
from awards.templatetags.awards_tags import uk_time
from awards.views.gate import writes_nomination
from cja_portal.kit.moves import ImpossibleMove

page = require_http_methods(["GET", "HEAD", "POST"])


# -- Where it stands ------------------------------------------------------------------------------


def sections_of(nomination):
    """[(number, title, questions)] in the order of the form."""
    titles = {}
    for question in nomination.category.questions.current():
        titles.setdefault(question.section, []).append(question)
    return [(place, title, titles[title]) for place, title in enumerate(titles, start=1)]


def context_of(nomination, writer):
    moment = moment_of(nomination.category.cycle, lead_of(nomination).email)
    is_open = nomination.state in NominationState.WRITABLE and moment.may_write
    return {
        "nomination": nomination,
        "category": nomination.category,
        "cycle": nomination.category.cycle,
        "writer": writer,
        "moment": moment,
        "may_write": is_open and nomination.category.cycle.stage == Stage.ANNOUNCED,
        "sections": sections_of(nomination),
    }


@require_safe
@writes_nomination
def nomination_detail(request, nomination, writer):
    """Where it stands, what it lacks, and the ways on."""
    if nomination.submits_itself:
        submit_at_deadline(nomination, key=uuid4())
        nomination.refresh_from_db()
    lacks = lacks_of(nomination)
    lacking = {lack.question.pk for lack in lacks}
    context = context_of(nomination, writer)
    context |= {
        "lacks": lacks,
        "parts": [
            (place, title, sum(one.pk in lacking for one in questions))
            for place, title, questions in context["sections"]
        ],
        "receipt": nomination.receipts.first(),
        "feedback": Feedback.objects.released().filter(nomination=nomination).first(),
        "is_changed": has_unsent_changes(nomination),
        "writers": nomination.collaborators.current(),
        "attachments": nomination.attachments.all(),
        "referees": nomination.referees.all(),
        "deadline_form": DeadlineForm(initial={"submits_itself": nomination.submits_itself}),
        "may_withdraw": NominationState.WITHDRAWN in NominationState.MOVES[nomination.state]
        and context["cycle"].stage in {Stage.ANNOUNCED, Stage.JUDGING},
    }
    return TemplateResponse(request, "awards/nomination_detail.html", context)


@require_POST
@writes_nomination
def nomination_deadline(request, nomination, writer):
    form = DeadlineForm(request.POST)
    form.is_valid()
    done = "Your choice is saved."
    _try(request, choose_deadline, nomination, by=writer, done=done, **form.cleaned_data)
    return redirect(nomination)


def _try(request, act, *args, done="", **details):
    """Whether it was done; what is impossible is told on the next page."""
    try:
        act(*args, **details)
    except ImpossibleMove as impossible:
        messages.error(request, str(impossible))
        return False
    messages.success(request, done)
    return True


# -- Writing --------------------------------------------------------------------------------------


@page
@writes_nomination
def nomination_edit(request, nomination, writer, section):
    """The questions of one section; one button saves whatever is there."""
    context = context_of(nomination, writer)
    place, title, questions = _section(context["sections"], section)
    context |= {"place": place, "title": title, "last": len(context["sections"])}
    answers = list(nomination.answers.filter(question__in=questions))
    form = SectionForm(request.POST or None, questions=questions, answers=answers)
    context |= {"form": form, "stale": []}
    if request.method == "POST" and form.is_valid():
        return _saved(request, nomination, writer, form, context)
    if not context["may_write"] and request.method != "POST":
        return redirect(nomination)
    return TemplateResponse(request, "awards/nomination_edit.html", context)


def _section(sections, number):
    if not 1 <= number <= len(sections):
        raise Http404
    return sections[number - 1]


def _saved(request, nomination, writer, form, context):
    stale, versions, late = {}, {}, ""
    for question, text, seen in form.given():
        try:
            answer = save_answer(nomination, question, text, seen=seen, by=writer)
        except StaleAnswer as error:
            answer = stale[question.pk] = error.theirs
        except ImpossibleMove as impossible:
            late = str(impossible)
            continue
        versions[question.pk] = answer.version
    if late:
        context |= {"late": late, "texts": [(one, text) for one, text, _ in form.given() if text]}
        return TemplateResponse(request, "awards/nomination_late.html", context, status=409)
    if stale:
        context |= {"form": _beside_theirs(form, versions), "stale": list(stale.values())}
        return TemplateResponse(request, "awards/nomination_edit.html", context, status=409)
    messages.success(request, f"Saved at {uk_time(context['moment'].now)}.")
    return _onwards(request, nomination, context)


def _beside_theirs(form, versions):
    """The same texts; when sent again they take the place of what is shown beside them now."""
    data = form.data.copy()
    for question, version in versions.items():
        data[f"seen-{question}"] = version
    return SectionForm(data, questions=form.questions)


def _onwards(request, nomination, context):
    then, place = request.POST.get("then"), context["place"]
    if then == "next" and place < context["last"]:
        return redirect("awards:nomination-edit", nomination.uuid, place + 1)
    if then in {"next", "leave"}:
        return redirect(nomination)
    return redirect("awards:nomination-edit", nomination.uuid, place)


@require_POST
@writes_nomination
def nomination_save(request, nomination, writer):
    """One answer, saved while it is written; 409 if somebody else saved it meanwhile."""
    questions = {str(one.pk): one for one in nomination.category.questions.current()}
    form = _autosave(request, questions)
    if form is None:
        raise Http404
    question, text, seen = next(form.given())
    try:
        answer = save_answer(nomination, question, text, seen=seen, by=writer)
    except StaleAnswer as stale:
        said = f"{stale.theirs.saved_by} saved this answer while you were writing."
        return JsonResponse({"message": f"{said} Press Save to see both texts."}, status=409)
    except ImpossibleMove as impossible:
        return JsonResponse({"message": str(impossible)}, status=403)
    said = f"Saved at {uk_time(answer.saved_at).split(' ')[0]} UK time."
    return JsonResponse({"version": answer.version, "message": said, "words": words_in(text)})


def _autosave(request, questions):
    question = questions.get(request.POST.get("question"))
    if question is None:
        return None
    form = SectionForm(request.POST, questions=[question])
    return form if form.is_valid() else None


@page
@writes_nomination
def nomination_nominee(request, nomination, writer):
    """Who is nominated."""
    form = NomineeForm(request.POST or None, instance=nomination)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in NomineeForm.Meta.fields}
        _try(request, change_nominee, nomination, values, by=writer, done="Saved.")
        return redirect(nomination)
    context = context_of(nomination, writer) | {"form": form}
    return TemplateResponse(request, "awards/nomination_nominee.html", context)


# -- People ---------------------------------------------------------------------------------------


@page
@writes_nomination
def nomination_people(request, nomination, writer):
    """Who writes; whoever began it lets others in and takes them out."""
    if request.method == "POST" and not writer.is_lead:
        raise Http404
    if "remove" in request.POST:
        return _removed(request, nomination, writer)
    form = CoEditorForm(request.POST or None)
    if form.is_valid():
        done = f"A letter with a link is on its way to {form.cleaned_data['email']}."
        _try(request, add_co_editor, nomination, by=writer, done=done, **form.cleaned_data)
        return redirect("awards:nomination-people", nomination.uuid)
    context = context_of(nomination, writer)
    context |= {"form": form, "writers": nomination.collaborators.current()}
    return TemplateResponse(request, "awards/nomination_people.html", context)


@page
@writes_nomination
def nomination_referees(request, nomination, writer):
    """Who can confirm what it says."""
    if "drop" in request.POST:
        return _dropped(request, nomination, writer)
    form = RefereeForm(request.POST or None)
    if form.is_valid():
        _try(request, name_referee, nomination, by=writer, done="Saved.", **form.cleaned_data)
        return redirect("awards:nomination-referees", nomination.uuid)
    context = context_of(nomination, writer) | {"form": form}
    context |= {"referees": nomination.referees.all(), "most": MOST_REFEREES}
    return TemplateResponse(request, "awards/nomination_referees.html", context)


def _dropped(request, nomination, writer):
    named = {str(one.pk): one for one in nomination.referees.all()}
    if (referee := named.get(request.POST["drop"])) is None:
        raise Http404
    _try(request, drop_referee, referee, by=writer, done=f"{referee.name} is not named any more.")
    return redirect("awards:nomination-referees", nomination.uuid)


def _removed(request, nomination, writer):
    others = {str(one.uuid): one for one in nomination.collaborators.current()}
    if (other := others.get(request.POST["remove"])) is None:
        raise Http404
    done = f"{other.name} cannot open it any more."
    _try(request, remove_co_editor, nomination, other, by=writer, done=done)
    return redirect("awards:nomination-people", nomination.uuid)


# -- Sending and withdrawing ----------------------------------------------------------------------


@page
@writes_nomination
def nomination_submit(request, nomination, writer):
    """Everything on one page, to be read once more, and the button."""
    form = SubmitForm(request.POST or None)
    lacks = lacks_of(nomination)
    if request.method == "POST" and form.is_valid() and not lacks:
        key = form.cleaned_data["key"]
        if _try(request, submit_nomination, nomination, key=key, by=writer, done="Received."):
            return redirect("awards:nomination-receipt", nomination.uuid)
        return redirect(nomination)
    context = context_of(nomination, writer) | {"form": form, "lacks": lacks}
    context |= {"answers": _answers(nomination, context["sections"])}
    context |= {"attachments": nomination.attachments.all()}
    context |= {"referees": nomination.referees.all()}
    return TemplateResponse(request, "awards/nomination_submit.html", context)


def _answers(nomination, sections):
    texts = dict(nomination.answers.values_list("question_id", "text"))
    return [
        (place, title, [(one, texts.get(one.pk, "")) for one in questions])
        for place, title, questions in sections
    ]


@require_safe
@writes_nomination
def nomination_receipt(request, nomination, writer):
    """What was sent last, and when."""
    receipt = nomination.receipts.first()
    if receipt is None:
        raise Http404
    context = context_of(nomination, writer) | {"receipt": receipt}
    context |= {"is_changed": has_unsent_changes(nomination)}
    return TemplateResponse(request, "awards/nomination_receipt.html", context)


@page
@writes_nomination
def nomination_withdraw(request, nomination, writer):
    if not writer.is_lead:
        raise Http404
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = "The nomination is withdrawn."
        _try(request, withdraw_nomination, nomination, by=writer, done=done, **form.cleaned_data)
        return redirect(nomination)
    context = context_of(nomination, writer) | {"form": form}
    return TemplateResponse(request, "awards/nomination_withdraw.html", context)
