"""Pages of the admin that take names out of answers and keep sensitive ones for few eyes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from awards.actions.redaction import redact_nomination
from awards.forms.redaction import RedactionForm
from awards.models import NominationState, Stage
from awards.permissions import may_read
from cja_portal.kit.moves import ImpossibleMove

REDACTABLE = {NominationState.SUBMITTED, NominationState.SCREENED_IN}


def may_redact(request, nomination):
    is_before = nomination.category.cycle.stage in {Stage.ANNOUNCED, Stage.JUDGING}
    is_on_its_way = nomination.state in REDACTABLE and is_before
    return (
        is_on_its_way
        and may_read(request.user, nomination)
        and request.user.has_perm("awards.change_nomination")
    )


class RedactionPages:
    """To mix into the admin of nominations."""

    def get_urls(self):
        view = self.admin_site.admin_view(
            require_http_methods(["GET", "HEAD", "POST"])(self.redact)
        )
        route = path("<int:pk>/redact/", view, name="awards_nomination_redact")
        return [route, *super().get_urls()]

    def redact(self, request, pk):
        """Each answer as it was sent, beside what judges of a blind category read."""
        nomination = get_object_or_404(self.get_queryset(request), pk=pk)
        if not nomination.category.is_blind:
            raise Http404
        if not may_redact(request, nomination):
            raise PermissionDenied
        answers = nomination.answers.exclude(sent_text="").filter(question__is_for_judges=True)
        form = RedactionForm(request.POST or None, answers=list(answers.select_related("question")))
        if request.method == "POST" and form.is_valid():
            return self._redacted(request, nomination, form)
        context = self.admin_site.each_context(request) | {
            "title": f"What judges read of {nomination}",
            "nomination": nomination,
            "form": form,
            "lead": nomination.collaborators.get(is_lead=True),
            "attachments": nomination.attachments.all(),
        }
        return TemplateResponse(request, "admin/awards/nomination/redact.html", context)

    def _redacted(self, request, nomination, form):
        try:
            redact_nomination(nomination, form.texts(), by=request.user)
        except ImpossibleMove as impossible:
            self.message_user(request, str(impossible), messages.WARNING)
        else:
            self.message_user(request, "Saved: judges read this.", messages.SUCCESS)
        page = reverse("admin:awards_nomination_change", args=[nomination.pk])
        return HttpResponseRedirect(page)
