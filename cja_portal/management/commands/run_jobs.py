import logging

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

# Each may run at any time, twice at once, or be killed: none does anything twice.
JOBS = {
    "minute": [
        *["release_results", "tell_results", "close_nominations"],
        *["read_documents", "send_alerts"],
    ],
    "hour": ["remind_nominators", "erase_people"],
    "day": [
        *["send_reminders", "ask_who_is_still_here", "find_mentions", "check_links"],
        *["keep_only_needed", "forget_nominations"],
    ],
    "week": ["refresh_search", "verify_audit"],
}

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Do all that is due every minute, hour, day or week; for cron. One failure stops no other."
    )

    def add_arguments(self, parser):
        parser.add_argument("often", choices=JOBS, help="how often this is run")

    def handle(self, *, often, **options):
        failed = [name for name in JOBS[often] if not self._does(name)]
        if failed:
            raise CommandError(f"Failed: {', '.join(failed)}. The others were done.")

    def _does(self, name):
        try:
            call_command(name, stdout=self.stdout, stderr=self.stderr)
        except Exception:
            log.exception("%s failed.", name)
            return False
        return True
