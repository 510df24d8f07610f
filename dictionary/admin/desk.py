"""An entry's way through the desks: the buttons of its page, and what stands beside them."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from cja_portal.kit.moves import ImpossibleMove
from dictionary.actions import (
    check_note,
    explain_withdrawal,
    move_entry,
    moves_for,
    publish_entry,
    record_legal_check,
    restore_entry,
    withdraw_entry,
)
from dictionary.admin.plain import burdens
from dictionary.history import changes_between, draft_of
from dictionary.models import Entry, Stage
from dictionary.published import published
from dictionary.views import entry_page
from members.models import AuditEvent

DOORS = {
    "draft": partial(move_entry, stage=Stage.DRAFT),
    "plain-edit": partial(move_entry, stage=Stage.PLAIN_EDIT),
    "legal-check": partial(move_entry, stage=Stage.LEGAL_CHECK),
    "check": record_legal_check,
    "withdraw": withdraw_entry,
    "restore": restore_entry,
}
DONE = {
    "draft": "“{entry}” is a draft again.",
    "plain-edit": "“{entry}” waits for its plain-language edit.",
    "legal-check": "“{entry}” waits for a lawyer.",
    "check": "Your legal check of “{entry}” is recorded. A colleague can now publish it.",
    "withdraw": "“{entry}” is out of sight. Say why below, so that readers know.",
    "restore": "Readers see “{entry}” again.",
}
VERBS = {
    "dictionary.draft": "made it a draft again",
    "dictionary.reopen": "changed it",
    "dictionary.plain-edit": "passed it to the plain-language edit",
    "dictionary.legal-check": "passed it to the lawyer, or checked it",
    "dictionary.publish": "published it",
    "dictionary.withdraw": "withdrew it",
    "dictionary.explain-withdrawal": "said why it is withdrawn",
    "dictionary.restore": "showed it again",
}
HISTORY_LENGTH = 8


class PublishForm(forms.Form):
    change_note = forms.CharField(
        label="What changed",
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        help_text="One or two sentences for readers. They stay in the public record for ever.",
    )


class ReasonForm(forms.Form):
    because = forms.CharField(
        label="Why it is withdrawn",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Readers see this sentence at the entry’s address.",
    )


class DeskMixin:
    """For the admin of entries: the addresses of the buttons, and the panel beside the form."""

    def get_urls(self):
        views = {
            "<path:object_id>/move/": (require_POST(self.move_view), "move"),
            "<path:object_id>/publish/": (self.publish_view, "publish"),
            "<path:object_id>/withdrawal/": (require_POST(self.withdrawal_view), "withdrawal"),
            "<path:object_id>/preview/": (self.preview_view, "preview"),
            "plainness/": (self.plainness_view, "plainness"),
        }
        own = [
            path(route, self.admin_site.admin_view(view), name=f"dictionary_entry_{name}")
            for route, (view, name) in views.items()
        ]
        return own + super().get_urls()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        entry = self.get_object(request, object_id)
        panel = self.panel(request, entry) if entry else {}
        return super().change_view(request, object_id, form_url, panel | (extra_context or {}))

    def panel(self, request, entry):
        """What the change page says beside its form."""
        draft = draft_of(entry) if entry.senses.exists() else None
        changes = changes_between(entry.current, draft) if entry.current and draft else []
        return {
            "desk_entry": entry,
            "moves": moves_for(entry, by=request.user) if self._may_change(request) else [],
            "changes": changes,
            "is_previewable": draft is not None,
            "is_unchecked": Entry.objects.unchecked().filter(pk=entry.pk).exists(),
            "is_overdue": Entry.objects.overdue().filter(pk=entry.pk).exists(),
            "is_superseded": bool(entry.current) and published(entry).is_superseded,
            "reason_form": ReasonForm(initial={"because": entry.withdrawn_because}),
            "events": _events(entry),
        }

    def move_view(self, request, object_id):
        """One click, one step; `to` names it."""
        entry = self._entry(request, object_id)
        name = request.POST.get("to", "")
        if name not in DOORS:
            self.message_user(request, "There is no such step.", messages.ERROR)
        else:
            self._try(request, entry, DOORS[name], DONE[name])
        return redirect(_desk(entry))

    def publish_view(self, request, object_id):
        """Asks what changed, and shows it word by word."""
        entry = self._entry(request, object_id)
        initial = {
            "change_note": check_note(entry) or ("" if entry.current else "First published.")
        }
        form = PublishForm(request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            action = partial(publish_entry, change_note=form.cleaned_data["change_note"])
            self._try(request, entry, action, "Readers now see “{entry}” as you published it.")
            return redirect(_desk(entry))
        changes = changes_between(entry.current, draft_of(entry)) if entry.current else []
        context = {"entry": entry, "form": form, "changes": changes}
        return self._page(request, f"Publish “{entry}”", "publish", context)

    def withdrawal_view(self, request, object_id):
        entry = self._entry(request, object_id)
        action = partial(explain_withdrawal, because=request.POST.get("because", ""))
        self._try(request, entry, action, "The entry’s page says so now.")
        return redirect(_desk(entry))

    def preview_view(self, request, object_id):
        """The working copy as readers would see it; for staff alone."""
        entry = get_object_or_404(Entry.objects.select_related("current"), pk=_number(object_id))
        if not self.has_view_permission(request, entry):
            raise PermissionDenied
        if not entry.senses.exists():
            self.message_user(request, "There is no meaning to show yet.", messages.WARNING)
            return redirect(_desk(entry))
        response = entry_page(request, entry, draft_of(entry), is_preview=True, back=_desk(entry))
        response["X-Robots-Tag"] = "noindex"
        return response

    def plainness_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {"rows": burdens(Entry.objects.all())}
        return self._page(
            request, "Plainness of all entries, the hardest first", "plainness", context
        )

    def _entry(self, request, object_id):
        entry = get_object_or_404(Entry.objects.select_related("current"), pk=_number(object_id))
        if not self._may_change(request):
            raise PermissionDenied
        return entry

    def _may_change(self, request):
        return self.has_change_permission(request)

    def _try(self, request, entry, action, done):
        """Do it and say so, or say why it could not be done."""
        try:
            action(entry, by=request.user)
        except ImpossibleMove as impossible:
            self.message_user(request, str(impossible), messages.ERROR)
        else:
            self.message_user(request, done.format(entry=entry), messages.SUCCESS)

    def _page(self, request, title, name, context):
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        template = f"admin/dictionary/entry/{name}.html"
        return TemplateResponse(request, template, whole | {"media": self.media} | context)


def _desk(entry):
    return reverse("admin:dictionary_entry_change", args=[entry.pk])


def _number(object_id):
    """A primary key as typed into an address; 0, which no row has, if it is none."""
    is_number = object_id.isascii() and object_id.isdigit() and len(object_id) < 19
    return int(object_id) if is_number else 0


def _events(entry):
    """(when, who, what) of the last steps."""
    rows = AuditEvent.objects.filter(noun=entry._meta.label_lower, noun_id=str(entry.pk))
    return [
        (row.at, row.by or "The portal", VERBS.get(row.verb, row.verb))
        for row in rows.select_related("by")[:HISTORY_LENGTH]
    ]


def shown_at(entry, row):
    """Where `row` of an entry can be looked at: in public, else as a preview, else nowhere yet."""
    if entry.current_id:
        return row.get_absolute_url()
    if entry.senses.exists():
        return reverse("admin:dictionary_entry_preview", args=[entry.pk])
    return None


class WaitsFilter(admin.SimpleListFilter):
    """Computed from what readers see, whatever desk the working copy is at."""

    title = "waits for"
    parameter_name = "waits"

    def lookups(self, request, model_admin):
        return [
            ("check", "a lawyer: not checked"),
            ("publish", "a colleague who publishes"),
            ("review", "an overdue review"),
            ("explanation", "a reason: withdrawn"),
        ]

    def queryset(self, request, queryset):
        sets = {
            "check": Entry.objects.unchecked(),
            "publish": Entry.objects.filter(stage=Stage.READY),
            "review": Entry.objects.overdue(),
            "explanation": Entry.objects.filter(withdrawn_at__isnull=False),
        }
        chosen = sets.get(self.value())
        return queryset if chosen is None else queryset.filter(pk__in=chosen.values("pk"))
