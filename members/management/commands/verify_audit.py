from django.core.management.base import BaseCommand, CommandError

from members.audit import first_broken_link, head_of_chain, holds
from members.models import AuditEvent


class Command(BaseCommand):
    help = (
        "Check that no event of the audit log was changed, removed or slipped in. Note the head it "
        "prints somewhere outside this server: with --expect a log that was written anew, or cut "
        "at its end, is found as well."
    )

    def add_arguments(self, parser):
        parser.add_argument("--expect", metavar="HEAD", help="a head that was noted earlier")

    def handle(self, *, expect, **options):
        if broken := first_broken_link():
            at = f"place {broken.place}" if broken.place else "no place"
            raise CommandError(f"Event {broken.event_id} ({at}): {broken.problem}.")
        if expect and not holds(expect):
            raise CommandError(f"The log does not go through {expect}: it was cut or rewritten.")
        self._say(AuditEvent.objects)

    def _say(self, events):
        erased = events.filter(salt="").count()
        self.stdout.write(f"{events.count()} events, unbroken; {erased} without their names.")
        self.stdout.write(f"Head: {head_of_chain()}")
