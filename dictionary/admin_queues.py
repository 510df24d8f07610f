"""What readers tell staff: suggestions, and words that they missed."""

from django.contrib import admin
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from cja_portal.kit.admin import do_with_each
from dictionary.missing import draft_missing_word, set_aside_missing_word
from dictionary.models import Mention, MissingWord, Suggestion, SuggestionStatus
from dictionary.suggestion_forms import AnswerForm
from dictionary.suggestions import answer_suggestion, consider_suggestion


class QueueAdmin(admin.ModelAdmin):
    """A list to work through: rows come from readers, and change by actions alone."""

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return [field.name for field in self.model._meta.fields if field.name != "id"]


class WaitingFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("waiting", "Waiting for us"), ("done", "Done")]

    def queryset(self, request, queryset):
        waiting = queryset.model.objects.waiting().values("pk")
        choices = {"waiting": queryset.filter(pk__in=waiting)}
        choices["done"] = queryset.exclude(pk__in=waiting)
        return choices.get(self.value(), queryset)


# The addresses of senders (SuggestionContact) have no page here: only the letter needs them.
@admin.register(Suggestion)
class SuggestionAdmin(QueueAdmin):
    list_display = ["reference", "kind", "about", "organisation", "received_at", "status"]
    list_filter = [WaitingFilter, "kind", "status"]
    list_select_related = ["entry", "organisation"]
    search_fields = ["reference", "word", "text"]
    actions = ["consider", "accept", "decline", "mark_as_duplicate"]

    @admin.action(description="Look into it", permissions=["change"])
    def consider(self, request, queryset):
        do_with_each(self, request, queryset, consider_suggestion, "Looked into")

    @admin.action(description="Accept, with a reason", permissions=["change"])
    def accept(self, request, queryset):
        return self._answer(request, queryset, "accept", SuggestionStatus.ACCEPTED)

    @admin.action(description="Decline, with a reason", permissions=["change"])
    def decline(self, request, queryset):
        return self._answer(request, queryset, "decline", SuggestionStatus.DECLINED)

    @admin.action(description="Mark as told before, with a reason", permissions=["change"])
    def mark_as_duplicate(self, request, queryset):
        return self._answer(request, queryset, "mark_as_duplicate", SuggestionStatus.DUPLICATE)

    def _answer(self, request, suggestions, action, status):
        form = AnswerForm(request.POST if "because" in request.POST else None, status=status)
        if form.is_valid():
            answer = {"status": status, **form.cleaned_data}
            return do_with_each(self, request, suggestions, answer_suggestion, "Answered", **answer)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Answer: {SuggestionStatus(status).label.lower()}",
            "opts": self.opts,
            "suggestions": suggestions,
            "action": action,
            "form": form,
        }
        return TemplateResponse(request, "admin/dictionary/suggestion/answer.html", context)


@admin.register(MissingWord)
class MissingWordAdmin(QueueAdmin):
    list_display = ["text", "searches", "last_seen_on", "entry", "is_set_aside"]
    list_filter = [WaitingFilter]
    list_select_related = ["entry"]
    search_fields = ["text"]
    actions = ["make_draft", "set_aside"]

    @admin.action(description="Make a draft of it", permissions=["change"])
    def make_draft(self, request, queryset):
        """One draft opens at once; several are listed."""
        words = list(queryset)
        do_with_each(self, request, words, draft_missing_word, "Drafts made")
        if len(words) == 1:
            words[0].refresh_from_db()
            if words[0].entry_id:
                return redirect("admin:dictionary_entry_change", words[0].entry_id)
        return None

    @admin.action(description="Set aside: no word for us", permissions=["change"])
    def set_aside(self, request, queryset):
        do_with_each(self, request, queryset, set_aside_missing_word, "Set aside")


@admin.register(Mention)
class MentionAdmin(QueueAdmin):
    list_display = ["entry", "item", "sentence", "found_at"]
    list_select_related = ["entry", "item"]
    search_fields = ["entry__headword", "item__title"]
    actions = None
