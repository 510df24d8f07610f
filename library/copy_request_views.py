"""Asking for a work in another format, and opening what was lent in answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from cja_portal.kit.visitors import may_go_on
from library.copy_request_forms import CopyRequestForm
from library.copy_requests import receive_copy_request
from library.models import CopyRequest, Item
from library.reading_views import sending_of
from library.serving import send

MOST_AN_HOUR = 10  # from one address: a prison or an office shares one
HOUR = 60 * 60


@login_not_required
def copy_request(request, slug):
    """A plain form; no account is needed."""
    item = get_object_or_404(Item.objects.visible_to(request.user).with_publishers(), slug=slug)
    sent = request.POST if request.method == "POST" else None
    form = CopyRequestForm(sent, initial={"email": getattr(request.user, "email", "")})
    status = 200
    if request.method == "POST" and form.is_valid():
        if may_go_on(request, "copy-request", most=MOST_AN_HOUR, seconds=HOUR):
            return _received(request, item, form)
        form.add_error(None, "Many requests came from where you are. Please try in an hour.")
        status = 429
    context = {"item": item, "form": form}
    return TemplateResponse(request, "library/copy_request.html", context, status=status)


def _received(request, item, form):
    receive_copy_request(item, **form.request())
    messages.success(request, "Thank you. We have your request, and will write to you.")
    return redirect(item)


@login_not_required
@require_safe
def document_lent(request, slug, token):
    """The file that staff lent in answer to a request, for whoever has the link, for a while."""
    loans = CopyRequest.objects.of_token(token).on_loan().select_related("lent__item")
    loan = loans.filter(lent__item__slug=slug).first()
    if loan is None:
        raise Http404
    return send(request, sending_of(loan.lent, is_public=False))
