"""The staff's door to nominations. They come and change by their writers, and move by actions."""

from django.contrib import admin

from awards.models import (
    AccessLink,
    Answer,
    Attachment,
    Collaborator,
    MergeLink,
    Nomination,
    NominationState,
    NomineeConsent,
    Receipt,
    Screening,
)
from cja_portal.kit.admin import ReadOnly


@admin.register(Nomination)
class NominationAdmin(ReadOnly, admin.ModelAdmin):
    """What was submitted. A draft is its writers' own until then."""

    list_display = ["nominee_name", "category", "state", "submitted_at"]
    list_select_related = ["category__cycle"]
    list_filter = ["state", "category__cycle"]
    search_fields = ["nominee_name", "nominee_organisation", "collaborators__email"]

    def get_queryset(self, request):
        return super().get_queryset(request).submitted()


class PartAdmin(ReadOnly, admin.ModelAdmin):
    """A part of a nomination that was submitted."""

    list_display = ["__str__", "nomination"]
    list_select_related = ["nomination"]
    search_fields = ["nomination__nominee_name"]
    path = "nomination"

    def get_queryset(self, request):
        handed_in = {f"{self.path}__submitted_at__isnull": False}
        draft = {f"{self.path}__state": NominationState.DRAFT}
        return super().get_queryset(request).filter(**handed_in).exclude(**draft)


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
