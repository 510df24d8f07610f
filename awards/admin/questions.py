"""The page of the admin that says who must answer a changed question again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_http_methods

from awards.actions.cycles import who_must_answer_again
from awards.actions.reminders import ask_again
from awards.models import NominationState
from cja_portal.kit.moves import ImpossibleMove


class AnswerAgainPage:
    """To mix into the admin of questions."""

    def get_urls(self):
        view = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.again))
        return [path("<int:pk>/again/", view, name="awards_question_again"), *super().get_urls()]

    def again(self, request, pk):
        """Those who sent theirs by name; drafts are their writers' own and only counted."""
        question = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, question):
            raise PermissionDenied
        nominations = who_must_answer_again(question).filter(state__in=NominationState.WRITABLE)
        if request.method == "POST":
            return self._asked(request, question, nominations)
        context = self.admin_site.each_context(request) | {
            "title": "Who must answer again",
            "question": question,
            "sent": nominations.submitted(),
            "drafts": nominations.filter(state=NominationState.DRAFT).count(),
            "told": question.category.cycle.events.filter(
                verb="ask_again", details__question=question.pk
            ).first(),
        }
        return TemplateResponse(request, "admin/awards/question/again.html", context)

    def _asked(self, request, question, nominations):
        try:
            ask_again(question, nominations=nominations, by=request.user)
        except ImpossibleMove as impossible:
            self.message_user(request, str(impossible), messages.WARNING)
        else:
            self.message_user(request, "The letters are on their way.", messages.SUCCESS)
        return HttpResponseRedirect(request.path)
