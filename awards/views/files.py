"""The files of a nomination, for those who write it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from awards.actions.attachments import add_attachment, remove_attachment
from awards.forms.nominations import AttachmentForm
from awards.views.gate import writes_nomination
from awards.views.nominations import context_of
from cja_portal.kit.moves import ImpossibleMove
from library.serving import Sending, send


@require_http_methods(["GET", "HEAD", "POST"])
@writes_nomination
def nomination_files(request, nomination, writer):
    """Add a file or take one out."""
    if "remove" in request.POST:
        return _removed(request, nomination, writer)
    form = AttachmentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _added(nomination, writer, form):
        messages.success(request, "The file is there.")
        return redirect("awards:nomination-files", nomination.uuid)
    context = context_of(nomination, writer)
    context |= {"form": form, "attachments": nomination.attachments.all()}
    return TemplateResponse(request, "awards/nomination_files.html", context)


def _added(nomination, writer, form):
    try:
        add_attachment(nomination, form.cleaned_data["file"], by=writer)
    except ImpossibleMove as impossible:
        form.add_error("file", str(impossible))
        return False
    return True


def _removed(request, nomination, writer):
    files = {str(one.uuid): one for one in nomination.attachments.all()}
    if (file := files.get(request.POST["remove"])) is None:
        raise Http404
    try:
        remove_attachment(nomination, file, by=writer)
    except ImpossibleMove as impossible:
        messages.error(request, str(impossible))
    return redirect("awards:nomination-files", nomination.uuid)


@require_safe
@writes_nomination
def nomination_file(request, nomination, writer, file):
    """Always saved to disk, never shown: nothing in it acts in our name."""
    attachment = get_object_or_404(nomination.attachments, uuid=file)
    return send(request, sending_of(attachment))


def sending_of(attachment, name=""):
    return Sending(
        stored=attachment.file,
        name=name or attachment.name,
        content_type="application/octet-stream",
        size=attachment.size,
        tag=attachment.sha256,
        changed_at=attachment.added_at,
        is_public=False,
    )
