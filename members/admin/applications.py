"""The queue of applications to join, and the page on which each is decided."""

from datetime import timedelta

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from cja_portal.kit.moves import ImpossibleMove
from members.actions.applications import (
    approve_application,
    ask_applicant,
    decline_application,
    defer_application,
    note_register,
    take_up_application,
    tick_checks,
    unticked,
)
from members.admin.people import KeepsSecrets
from members.admin.succession import DecidedByStaff, WaitsFilter
from members.application_emails import letter_of
from members.applications import changed_labels, read
from members.decision_forms import (
    ApproveForm,
    ChecksForm,
    DecisionForm,
    DeclineForm,
    DeferForm,
    RegisterForm,
    duplicates_of,
)
from members.duplicates import similar_applications
from members.models import Application, Criterion
from members.models.application import ApplicationState
from members.registers import NUMBERS

# What staff can decide: the form, the action, the button.
DECISIONS = {
    "ask": (DecisionForm, ask_applicant, "Ask the applicant"),
    "approve": (ApproveForm, approve_application, "Approve"),
    "defer": (DeferForm, defer_application, "Defer"),
    "decline": (DeclineForm, decline_application, "Decline"),
}
STATES = {"ask": "asked", "approve": "approved", "defer": "deferred", "decline": "declined"}


@admin.register(Criterion)
class CriterionAdmin(admin.ModelAdmin):
    """What staff check before an organisation is let in."""

    list_display = ["text", "position", "is_current"]
    list_editable = ["position", "is_current"]


@admin.register(Application)
class ApplicationAdmin(KeepsSecrets, DecidedByStaff):
    """Drafts are the applicants' own: staff see an application when it was sent."""

    secret_fields = ["links"]
    list_display = ["name", "state", "waits", "reviewer", "submitted_at", "reference"]
    list_select_related = ["reviewer"]
    list_filter = [WaitsFilter, "state"]
    search_fields = ["reference", "name", "email", *NUMBERS]

    def get_queryset(self, request):
        return super().get_queryset(request).sent()

    def get_urls(self):
        views = {
            "decide/<slug:decision>/": (self.decide_view, "decision"),
            "take-up/": (require_POST(self.take_up_view), "take_up"),
            "register/": (require_POST(self.register_view), "register"),
            "checks/": (require_POST(self.checks_view), "checks"),
        }
        own = [
            path(
                f"<int:pk>/{place}",
                self.admin_site.admin_view(view),
                name=f"members_application_{name}",
            )
            for place, (view, name) in views.items()
        ]
        return [*own, *super().get_urls()]

    @admin.display(description="waiting for", ordering="submitted_at")
    def waits(self, application):
        if not application.is_open:
            return "–"
        days = (timezone.now() - application.submitted_at) // timedelta(days=1)
        return f"{days} day{'' if days == 1 else 's'}"

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        application = self.get_object(request, object_id)
        if application is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return self._page(request, "review", application, **self._review(request, application))

    def _review(self, request, application):
        steps = list(application.steps.select_related("by"))
        sent = [step.answers for step in steps if step.answers]
        return {
            "title": str(application),
            "readings": read(application.answers, applicant=application.email),
            "changed": changed_labels(sent[-2], sent[-1]) if len(sent) > 1 else [],
            "steps": steps,
            "duplicates": duplicates_of(application),
            "others": similar_applications(application),
            "register_form": RegisterForm(instance=application),
            "checks_form": self._checks_form(application),
            "unticked": unticked(application),
            "may_decide": application.is_open and self.has_decide_permission(request),
            "decisions": self._decisions(application),
        }

    def _checks_form(self, application):
        if not Criterion.objects.filter(is_current=True).exists():
            return None
        return ChecksForm(initial={"checks": application.ticks.values("criterion")})

    def _decisions(self, application):
        possible = ApplicationState.next_states.get(application.state, ())
        return [(name, DECISIONS[name][2]) for name, state in STATES.items() if state in possible]

    def _page(self, request, name, application, **context):
        context |= {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "application": application,
        }
        return TemplateResponse(request, f"admin/members/application/{name}.html", context)

    # -- Steps ------------------------------------------------------------------------------------

    def decide_view(self, request, pk, decision):
        """First the words, then the letter as it will go out, then the step itself."""
        application = self._found(request, pk)
        if decision not in DECISIONS:
            raise Http404
        form_class, act, label = DECISIONS[decision]
        form = form_class(request.POST or None, application=application)
        is_previewed = form.is_valid() and request.POST.get("do") in {"preview", "send"}
        if is_previewed and request.POST["do"] == "send":
            return self._do(request, application, act, form)
        letter = self._letter(decision, application, form) if is_previewed else None
        context = {"form": form, "letter": letter, "label": label, "title": label}
        return self._page(request, "decide", application, **context)

    def _letter(self, decision, application, form):
        words = form.cleaned_data["words"]
        return letter_of(decision, application, words, **form.shown_in_letter())

    def _do(self, request, application, act, form):
        told = form.arguments()
        words = form.cleaned_data["words"]
        return self._try(request, application, act, words, done="The letter is on its way.", **told)

    def take_up_view(self, request, pk):
        return self._try(request, self._found(request, pk), take_up_application)

    def register_view(self, request, pk):
        application = self._found(request, pk)
        form = RegisterForm(request.POST, instance=application)
        if form.is_valid():
            return self._try(request, application, note_register, form.cleaned_data)
        context = self._review(request, application) | {"register_form": form}
        return self._page(request, "review", application, **context)

    def checks_view(self, request, pk):
        application = self._found(request, pk)
        form = ChecksForm(request.POST)
        chosen = form.cleaned_data["checks"] if form.is_valid() else []
        return self._try(request, application, tick_checks, chosen)

    def _found(self, request, pk):
        if not self.has_decide_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    def _try(self, request, application, act, *told, done="Kept.", **details):
        try:
            act(application, *told, by=request.user, **details)
        except ImpossibleMove as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, done, messages.SUCCESS)
        return redirect(reverse("admin:members_application_change", args=[application.pk]))
