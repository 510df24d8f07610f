"""The staff's door to nominations: what was submitted, looked at by two, and merged if need be."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from awards.actions.consent import ask_nominee
from awards.actions.redaction import flag_nomination
from awards.actions.screening import (
    look_again,
    merge_nominations,
    screen_nomination,
    undo_merge,
)
from awards.admin.redaction import RedactionPages, may_redact
from awards.admin.waiting import WaitsFilter
from awards.clock import lead_of
from awards.duplicates import likely_duplicates
from awards.forms.redaction import FlagForm
from awards.forms.screening import MergeForm, ScreeningForm, SecondLookForm, UndoForm
from awards.models import (
    AccessLink,
    Answer,
    Attachment,
    Collaborator,
    ConsentRule,
    DraftReminder,
    MergeLink,
    Nomination,
    NominationState,
    NomineeConsent,
    Receipt,
    Referee,
    Screening,
    Stage,
)
from awards.permissions import may_read
from awards.views.files import sending_of
from cja_portal.kit.admin import ReadOnly
from cja_portal.kit.moves import ImpossibleMove
from library.serving import send


class NominationWaits(WaitsFilter):
    queues = {
        "first": ("For a first look", lambda nominations: nominations.to_screen()),
        "second": ("For a second look", lambda nominations: nominations.to_look_again()),
        "redaction": ("For names to be taken out", lambda nominations: nominations.to_redact()),
    }


@admin.register(Nomination)
class NominationAdmin(RedactionPages, ReadOnly, admin.ModelAdmin):
    """What was submitted. A draft is its writers' own until then."""

    list_display = ["nominee_name", "category", "state", "submitted_at", "nominee_says"]
    list_select_related = ["category__cycle", "consent"]
    list_filter = [NominationWaits, "state", "category__cycle"]
    search_fields = ["nominee_name", "nominee_organisation", "collaborators__email"]

    @admin.display(description="nominee says")
    def nominee_says(self, nomination):
        consent = getattr(nomination, "consent", None)
        return consent.state if consent else "not asked"

    def get_queryset(self, request):
        return super().get_queryset(request).submitted()

    def get_urls(self):
        own = {
            "<int:pk>/do/<str:name>/": (require_POST(self.do_view), "do"),
            "<int:pk>/files/<str:name>/": (require_safe(self.file_view), "file"),
        }
        return [
            path(route, self.admin_site.admin_view(view), name=f"awards_nomination_{name}")
            for route, (view, name) in own.items()
        ] + super().get_urls()

    # -- The page of one -------------------------------------------------------------------------

    def change_view(self, request, object_id, form_url="", extra_context=None):
        nomination = self.get_object(request, object_id)
        if nomination is None:
            raise Http404
        if not self.has_view_permission(request, nomination):
            raise PermissionDenied
        return self._page(request, nomination)

    def _page(self, request, nomination, **bound):
        cycle, state = nomination.category.cycle, nomination.state
        consent = NomineeConsent.objects.filter(nomination=nomination).first()
        answers = nomination.answers.select_related("question")
        may_look = state in {NominationState.SUBMITTED, NominationState.INELIGIBLE}
        asks = nomination.category.consent != ConsentRule.PUBLIC_WORK
        context = self.admin_site.each_context(request) | {
            "title": str(nomination),
            "nomination": nomination,
            "may_read": may_read(request.user, nomination),
            "answers": [one for one in answers if one.sent_text or not one.question.retired_at],
            "attachments": nomination.attachments.all(),
            "referees": nomination.referees.all(),
            "may_redact": nomination.category.is_blind and may_redact(request, nomination),
            "may_flag": _may_screen(request),
            "lead": lead_of(nomination),
            "consent": consent,
            "looks": nomination.screenings.select_related("by", "second_by"),
            "waiting": nomination.screenings.filter(
                outcome="exclude", second_by__isnull=True
            ).first(),
            "link": nomination.merges.filter(undone_at__isnull=True).first(),
            "suggestions": likely_duplicates(nomination),
            "events": nomination.events.all()[:20],
            "may_screen": _may_screen(request) and cycle.stage == Stage.ANNOUNCED,
            "may_look": may_look,
            "may_merge": NominationState.MERGED in NominationState.MOVES[state],
            "may_ask": _may_screen(request) and asks and bool(nomination.nominee_email),
            "forms": _forms(nomination) | bound,
        }
        return TemplateResponse(request, "admin/awards/nomination/change_form.html", context)

    # -- What is done there ----------------------------------------------------------------------

    def do_view(self, request, pk, name):
        """One of DUTIES; a form with faults comes back with the page."""
        nomination = get_object_or_404(self.get_queryset(request), pk=pk)
        if not _may_screen(request):
            raise PermissionDenied
        if name not in DUTIES:
            raise Http404
        form = _forms(nomination, request.POST).get(name)
        if form is not None and not form.is_valid():
            return self._page(request, nomination, **{name: form})
        try:
            DUTIES[name](nomination, form, request.user)
        except ImpossibleMove as impossible:
            self.message_user(request, str(impossible), messages.WARNING)
        else:
            self.message_user(request, "Done.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:awards_nomination_change", args=[pk]))

    def file_view(self, request, pk, name):
        nomination = get_object_or_404(self.get_queryset(request), pk=pk)
        is_open = may_read(request.user, nomination)
        if not is_open or not self.has_view_permission(request, nomination):
            raise PermissionDenied
        files = {str(one.uuid): one for one in nomination.attachments.all()}
        if name not in files:
            raise Http404
        return send(request, sending_of(files[name]))


def _may_screen(request):
    return request.user.has_perm("awards.change_nomination")


def _forms(nomination, data=None):
    return {
        "screen": ScreeningForm(data),
        "second": SecondLookForm(data),
        "merge": MergeForm(data, nomination=nomination),
        "undo": UndoForm(data),
        "flag": FlagForm(data, initial={"sensitive": nomination.sensitive}),
    }


def _screen(nomination, form, by):
    screen_nomination(nomination, by=by, **form.look())


def _second(nomination, form, by):
    look = nomination.screenings.filter(outcome="exclude", second_by__isnull=True).first()
    if look is None:
        raise ImpossibleMove("No exclusion waits for a second look.")
    look_again(look, by=by, **form.cleaned_data)


def _merge(nomination, form, by):
    merge_nominations(nomination, by=by, **form.cleaned_data)


def _undo(nomination, form, by):
    link = nomination.merges.filter(undone_at__isnull=True).first()
    if link is None:
        raise ImpossibleMove("The two are not merged.")
    undo_merge(link, by=by, **form.cleaned_data)


def _ask(nomination, form, by):
    ask_nominee(nomination, by=by)


def _flag(nomination, form, by):
    flag_nomination(nomination, form.cleaned_data["sensitive"], by=by)


DUTIES = {
    "screen": _screen,
    "second": _second,
    "merge": _merge,
    "undo": _undo,
    "ask": _ask,
    "flag": _flag,
}


# -- Parts, to look at ----------------------------------------------------------------------------


class PartAdmin(ReadOnly, admin.ModelAdmin):
    """A part of a nomination that was submitted."""

    list_display = ["__str__", "nomination"]
    list_select_related = ["nomination"]
    search_fields = ["nomination__nominee_name"]

    def get_queryset(self, request):
        parts = super().get_queryset(request).filter(nomination__submitted_at__isnull=False)
        parts = parts.exclude(nomination__state=NominationState.DRAFT)
        if request.user.has_perm("awards.read_sensitive"):
            return parts
        return parts.filter(nomination__sensitive=[])


@admin.register(Answer)
class AnswerAdmin(PartAdmin):
    list_display = ["question", "nomination", "saved_at"]
    list_select_related = ["nomination", "question"]
    exclude = ["text", "saved_by", "version"]


@admin.register(Attachment)
class AttachmentAdmin(PartAdmin):
    list_display = ["name", "nomination", "content_type", "size"]
    exclude = ["file"]


@admin.register(Collaborator)
class CollaboratorAdmin(PartAdmin):
    list_display = ["name", "email", "nomination", "is_lead", "removed_at"]


@admin.register(Referee)
class RefereeAdmin(PartAdmin):
    list_display = ["name", "email", "organisation", "nomination"]


@admin.register(Receipt)
class ReceiptAdmin(PartAdmin):
    list_display = ["__str__", "nomination", "sent_at", "is_in_grace", "is_by_itself"]


@admin.register(NomineeConsent)
class NomineeConsentAdmin(PartAdmin):
    list_display = ["nomination", "email", "state", "asked_at", "answered_at"]


@admin.register(AccessLink)
class AccessLinkAdmin(ReadOnly, admin.ModelAdmin):
    """When letters with links went out. What the links are, nobody can see."""

    list_display = ["sent_at", "collaborator", "consent", "expires_at"]
    list_select_related = ["collaborator", "consent__nomination"]
    search_fields = ["collaborator__email", "consent__email"]


@admin.register(Screening)
class ScreeningAdmin(PartAdmin):
    list_display = ["nomination", "outcome", "reason", "by", "second_by", "second_agrees"]
    list_select_related = ["nomination", "by", "second_by"]


@admin.register(MergeLink)
class MergeLinkAdmin(PartAdmin):
    list_display = ["nomination", "into", "by", "at", "undone_at"]
    list_select_related = ["nomination", "into", "by"]


@admin.register(DraftReminder)
class DraftReminderAdmin(PartAdmin):
    """Of drafts that were sent meanwhile: the others are their writers' own."""

    list_display = ["sent_at", "kind", "nomination", "closes_at"]
