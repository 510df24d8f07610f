"""Where members prepare a work for the library, hand it in, and see what came of it."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST, require_safe

from cja_portal.kit.dates import in_words
from cja_portal.kit.moves import ImpossibleMove
from cja_portal.kit.site import absolute
from library.actions import lasting_addresses
from library.checklist import is_complete, points
from library.citations import styles, work_of
from library.duplicates import known_to, likely_duplicates
from library.models import DailyUse, DocumentKind, Item, Reading, Status, Submission
from library.permissions import (
    MAY_PREPARE,
    MAY_SUBMIT,
    needs_publishing_role,
    needs_submission_role,
    organisations_to_publish_for,
)
from library.prefill import prefilled
from library.records import FIELDS, record_of, shown, version_of
from library.submission_forms import (
    FilesForm,
    HandInForm,
    RequestForm,
    StartForm,
    SubmissionForm,
)
from library.submissions import (
    RecordChangedError,
    add_file,
    ask_for,
    discard_submission,
    hand_in,
    remove_file,
    revise_submission,
    start_submission,
    take_back,
)
from members.standing import NotTakingPartError, standing_of

ON_A_PAGE = 20
MONTHS_SHOWN, MOST_READ = 12, 10
STANDS = {
    "draft": "Your organisation is preparing it. Readers cannot see it.",
    "submitted": "The staff will look at it and write to you. Readers cannot see it yet.",
    "changes-asked": "The staff ask for changes before they publish it.",
    "declined": "The library does not take it.",
    "scheduled": "It is ready, and hidden until its hour.",
    "published": "It is in the library.",
    "withdrawn": "It was withdrawn. Its page says why and keeps the citation.",
}


def item_submit(request):
    """For which organisation? Whoever belongs to one is led on."""
    organisations = list(organisations_to_publish_for(request.user))
    if len(organisations) == 1:
        return redirect("library:submission-list", organisations[0].slug)
    context = {"organisations": organisations}
    return TemplateResponse(request, "library/item_submit.html", context)


@needs_publishing_role(*MAY_PREPARE)
def submission_list(request, place):
    """What an organisation has submitted, and the first step of something new."""
    form = StartForm(*_sent(request))
    if request.method == "POST" and form.is_valid():
        submission = _started(request, place.organisation, form)
        if submission:
            return redirect("library:submission-edit", submission.uuid)
    rows = Submission.objects.of(place.organisation).for_rows().latest_first()
    rows = rows.prefetch_related("item__documents")
    context = {
        "organisation": place.organisation,
        "closed": _why_closed(place),
        "form": form,
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
    }
    context |= _use_of_works(place.organisation)
    return TemplateResponse(request, "library/submission_list.html", context)


def _use_of_works(organisation):
    """How often its works were read in the last twelve months: together, and the most read."""
    uses = DailyUse.objects.of_works_of(organisation).since(localdate() - timedelta(days=365))
    months = list(uses.by_month()[:MONTHS_SHOWN])
    return {"use": months, "most_read": uses.by_item()[:MOST_READ] if months else []}


def _why_closed(place):
    return standing_of(place.organisation).why_closed if place.membership_ended else ""


def _started(request, organisation, form):
    try:
        return start_submission(organisation, by=request.user, **form.cleaned_data)
    except NotTakingPartError as closed:
        form.add_error(None, str(closed))
    except ImpossibleMove as impossible:
        form.add_error("file", str(impossible))
    return None


@needs_submission_role(*MAY_PREPARE)
@require_safe
def submission_detail(request, submission):
    """Where it stands, what can be done, and what happened so far."""
    item = submission.item
    state = "scheduled" if item.is_scheduled else item.status
    events = list(item.review_events.select_related("by"))
    context = _context(submission) | {
        "state": state,
        "stands": STANDS[state],
        "why": next((event.why for event in events if event.what == item.status), ""),
        "events": events,
        "documents": item.documents.all(),
        "is_visible": Item.objects.visible_to(request.user).filter(pk=item.pk).exists(),
        "request_waiting": item.change_requests.waiting().first(),
    }
    return TemplateResponse(request, "library/submission_detail.html", context)


@needs_submission_role(*MAY_PREPARE)
def submission_edit(request, submission):
    """The record and its files in one form: one button saves whatever is there."""
    if not submission.is_open_to_changes:
        messages.info(request, "It cannot be changed while it is not a draft.")
        return redirect(submission)
    if request.method == "POST":
        return _saved(request, submission)
    record, filled = prefilled(submission.item)
    form = SubmissionForm(instance=submission.item, initial=_initial(submission.item, record))
    return _edit_page(request, submission, form, filled=filled)


def _saved(request, submission):
    """Files come in even where a word of the record is refused: nothing is asked for twice."""
    files_form = _with_files(request, submission)
    form = SubmissionForm(request.POST, instance=Item.objects.get(pk=submission.item_id))
    if not form.is_valid() or files_form.errors:
        return _edit_page(request, submission, form, files_form=files_form)
    version = request.POST.get("version", "")
    try:
        revise_submission(submission, by=request.user, version=version, changes=form.record())
    except RecordChangedError:
        theirs = _theirs(submission.item, form)
        return _edit_page(request, submission, form, theirs=theirs)
    except ImpossibleMove as impossible:
        messages.error(request, str(impossible))
        return redirect(submission)
    if request.POST.get("then") == "check":
        return redirect("library:submission-check", submission.uuid)
    messages.success(request, "The draft is saved.")
    return redirect("library:submission-edit", submission.uuid)


def _with_files(request, submission):
    form = FilesForm(request.POST, request.FILES, item=submission.item)
    if not form.is_valid():
        return form
    chosen = form.cleaned_data
    try:
        for name in chosen.get("take_out", ()):
            remove_file(submission, form.documents[name], by=request.user)
        if chosen["file"]:
            kind = chosen["file_kind"] or DocumentKind.MAIN
            document = add_file(submission, chosen["file"], by=request.user, kind=kind)
            messages.success(request, f"The file {document.name} is added.")
    except ImpossibleMove as impossible:
        form.add_error("file", str(impossible))
    return form


def _edit_page(request, submission, form, *, files_form=None, theirs=(), filled=()):
    """After a conflict, the version is the newer one: saving again is then a decision."""
    item = Item.objects.get(pk=submission.item_id)
    has_failed = files_form is not None and files_form.errors
    read = request.POST.get("version") if request.method == "POST" and not theirs else None
    documents = item.documents.all()
    context = _context(submission) | {
        "form": form,
        "files_form": files_form if has_failed else FilesForm(item=item),
        "documents": documents,
        "is_being_read": any(one.reading == Reading.WAITING for one in documents),
        "duplicates": _duplicates(request, item),
        "theirs": theirs,
        "filled": [FIELDS[name] for name in filled],
        "version": read or version_of(item),
    }
    return TemplateResponse(request, "library/submission_edit.html", context)


def _initial(item, record):
    """For the form: its own kinds of values where it reads others than the record holds."""
    return record | {
        "published": in_words(record["published"]),
        "themes": item.themes.all(),
        "nations": item.nations.all(),
        "visible_from": item.visible_from,
    }


def _theirs(item, form):
    """What now stands in the database where it differs from what this person wants to save."""
    saved, wanted = record_of(item), form.record()
    return [
        {"field": form[name], "saved": shown(name, saved)}
        for name in FIELDS
        if saved[name] != wanted[name]
    ]


@needs_submission_role(*MAY_PREPARE)
def submission_check(request, submission):
    """The last step: the checklist, and the button that hands it in."""
    if not submission.is_open_to_changes:
        return redirect(submission)
    may_submit = submission.place.has_role(*MAY_SUBMIT)
    item = submission.item
    form = HandInForm(*_sent(request)[:1])
    if request.method == "POST" and not may_submit:
        raise PermissionDenied
    if request.method == "POST" and is_complete(item) and form.is_valid():
        return _handed_in(request, submission, form)
    context = _context(submission) | {
        "form": form,
        "points": points(item),
        "is_complete": is_complete(item),
        "closed": _why_closed(submission.place),
        "duplicates": _duplicates(request, item),
    }
    return TemplateResponse(request, "library/submission_check.html", context)


def _handed_in(request, submission, form):
    try:
        hand_in(submission, by=request.user, note=form.cleaned_data["note"])
    except ImpossibleMove as impossible:
        messages.error(request, str(impossible))
    else:
        messages.success(request, "Thank you. The staff have it, and will write to you.")
    return redirect(submission)


@needs_submission_role(*MAY_PREPARE)
@require_safe
def submission_preview(request, submission):
    """The record as readers will see it."""
    item = Item.objects.for_page().get(pk=submission.item_id)
    if item.published_at is None:
        item.slug = lasting_addresses(item)[0]
    work = work_of(item)
    context = _context(submission) | {
        "item": item,
        "preview_of": submission,
        "files": item.documents.current(),
        "work": work,
        "styles": styles(work),
        "short_address": absolute(reverse("library:item-detail", args=[item.code])),
    }
    return TemplateResponse(request, "library/submission_preview.html", context)


@needs_submission_role(*MAY_PREPARE)
@require_safe
def submission_file(request, submission, name):
    """A file for those who prepare the work; readers' way to it is another."""
    documents = submission.item.documents.not_kept_back()
    document = get_object_or_404(documents, name=name)
    response = FileResponse(
        document.file.open(),
        as_attachment=True,
        filename=document.name,
        content_type=document.content_type,
    )
    response["Cache-Control"] = "private, no-store"
    return response


@needs_submission_role(*MAY_PREPARE)
@require_POST
def submission_discard(request, submission):
    owner = submission.item.owner
    try:
        discard_submission(submission, by=request.user)
    except ImpossibleMove as impossible:
        messages.error(request, str(impossible))
        return redirect(submission)
    messages.success(request, "The draft is thrown away.")
    return redirect("library:submission-list", owner.slug)


@needs_submission_role(*MAY_SUBMIT)
@require_POST
def submission_take_back(request, submission):
    try:
        take_back(submission, by=request.user)
    except ImpossibleMove as impossible:
        messages.error(request, str(impossible))
    else:
        messages.success(request, "It is a draft again. Change it, and submit it when it is ready.")
    return redirect(submission)


@needs_submission_role(*MAY_SUBMIT)
def submission_request(request, submission):
    """Asking staff to withdraw a published work, or to make a new version of it."""
    if submission.item.status != Status.PUBLISHED:
        return redirect(submission)
    initial = {"kind": request.GET.get("kind", "")}
    form = RequestForm(*_sent(request), item=submission.item, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            ask_for(submission, form.save(commit=False), by=request.user)
        except ImpossibleMove as impossible:
            form.add_error(None, str(impossible))
        else:
            messages.success(request, "The staff have your request, and will write to you.")
            return redirect(submission)
    context = _context(submission) | {"form": form}
    return TemplateResponse(request, "library/submission_request.html", context)


def _sent(request):
    """What a form was sent, for its first two arguments; an empty one was sent as well."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _context(submission):
    return {
        "submission": submission,
        "item": submission.item,
        "organisation": submission.item.owner,
        "may_submit": submission.place.has_role(*MAY_SUBMIT),
    }


def _duplicates(request, item):
    own = organisations_to_publish_for(request.user)
    return likely_duplicates(item, known_to(request.user, own))
