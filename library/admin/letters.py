"""Letters of alerts whose fate nobody knows."""

from django.contrib import admin

from cja_portal.kit.admin import ReadOnly, do_with_each
from library import alerts
from library.models import Letter


class InDoubt(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("doubt", "May not have gone out"), ("refused", "Refused by the mail server")]

    def queryset(self, request, letters):
        if self.value() == "doubt":
            return letters.in_doubt()
        if self.value() == "refused":
            return letters.filter(tries__gt=0, sent_at__isnull=True)
        return letters


@admin.register(Letter)
class LetterAdmin(ReadOnly, admin.ModelAdmin):
    """Without whom they are for and what about: what people search for is theirs."""

    list_display = ["uuid", "made_at", "started_at", "sent_at", "tries"]
    list_filter = [InDoubt]
    search_fields = ["uuid"]
    fields = ["uuid", "made_at", "next_try_at", "started_at", "sent_at", "tries"]
    actions = ["send_again", "settle"]

    @admin.action(description="It did not go out: send it again", permissions=["view"])
    def send_again(self, request, letters):
        do_with_each(self, request, letters, alerts.send_again, "To be sent again")

    @admin.action(description="It went out", permissions=["view"])
    def settle(self, request, letters):
        do_with_each(self, request, letters, alerts.settle, "Noted as sent")
