"""What waits for staff in the lists of the awards: the queues on the front page lead here."""

from django.contrib import admin

from awards.sealing import rounds_to_seal


class WaitsFilter(admin.SimpleListFilter):
    """`queues` is {value: (label, the rows that wait)}; what it gives is narrowed to those."""

    title = "what waits"
    parameter_name = "waits"
    queues: dict

    def lookups(self, request, model_admin):
        return [(value, label) for value, (label, _) in self.queues.items()]

    def queryset(self, request, queryset):
        if self.value() not in self.queues:
            return queryset
        _, waiting = self.queues[self.value()]
        return waiting(queryset)


class JudgeWaits(WaitsFilter):
    queues = {
        "answer": ("For their answer", lambda judges: judges.to_answer()),
        "interests": ("For their interests", lambda judges: judges.to_declare()),
    }


class RoundWaits(WaitsFilter):
    queues = {
        "sheets": ("For sheets that are overdue", lambda rounds: rounds.overdue()),
        "readers": ("For somebody else to read", lambda rounds: rounds.lacking_readers()),
        "lock": ("For the lock: all sheets are in", lambda rounds: rounds.complete()),
        "seal": (
            "For the panel and the seal",
            lambda rounds: rounds.filter(pk__in=rounds_to_seal().values("pk")),
        ),
    }


class SealWaits(WaitsFilter):
    queues = {"confirm": ("For the second person", lambda seals: seals.to_confirm())}


class CycleWaits(WaitsFilter):
    queues = {"release": ("For the release", lambda cycles: cycles.to_release())}
