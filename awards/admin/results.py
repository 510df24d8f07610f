"""What was sealed and released, to look at. The desks where it is done are in ceremony.py."""

from django.contrib import admin

from awards.admin.waiting import SealWaits
from awards.models import (
    EqualityCount,
    PublishedFigure,
    PublishedProof,
    Release,
    ResultLetter,
    Seal,
    Wording,
)
from cja_portal.kit.admin import ReadOnly


@admin.register(Seal)
class SealAdmin(ReadOnly, admin.ModelAdmin):
    """The file itself is not shown here: it says who won."""

    list_display = ["category", "version", "sealed_by", "confirmed_by", "confirmed_at"]
    list_select_related = ["category__cycle", "sealed_by", "confirmed_by"]
    list_filter = [SealWaits]
    search_fields = ["category__name", "sha256"]
    exclude = ["file", "codes"]


@admin.register(Release)
class ReleaseAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["category", "at", "by", "withdrawn_at", "withdrawn_because"]
    list_select_related = ["category__cycle", "by"]
    search_fields = ["category__name", "withdrawn_because"]


@admin.register(Wording)
class WordingAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["decision"]
    list_select_related = ["decision__nomination"]
    search_fields = ["decision__nomination__nominee_name"]


@admin.register(PublishedProof)
class PublishedProofAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["category_name", "cycle", "sha256", "published_at", "withdrawn_at"]
    list_select_related = ["cycle"]
    search_fields = ["category_name", "sha256"]


@admin.register(PublishedFigure)
class PublishedFigureAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["group", "label", "count", "cycle"]
    list_select_related = ["cycle"]
    search_fields = ["group", "label"]


@admin.register(EqualityCount)
class EqualityCountAdmin(ReadOnly, admin.ModelAdmin):
    """Not even staff see the count of a small group: see awards.equality.told."""

    list_display = ["year", "question", "answer"]
    search_fields = ["question"]
    exclude = ["count"]


@admin.register(ResultLetter)
class ResultLetterAdmin(ReadOnly, admin.ModelAdmin):
    """Who was told of which result; of these letters none goes twice."""

    list_display = ["written_at", "release", "collaborator", "consent", "judge", "is_sent"]
    list_select_related = [
        *("release__category__cycle", "collaborator", "consent__nomination", "judge__user"),
    ]
    list_filter = ["is_sent", "release__category__cycle"]
    search_fields = ["collaborator__email", "consent__email", "judge__user__email"]
