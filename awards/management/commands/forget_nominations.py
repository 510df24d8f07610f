from django.core.management.base import BaseCommand
from django.utils import timezone

from awards.retention import due, erase_due


class Command(BaseCommand):
    help = (
        "Erase what was written for the awards once its time is over: drafts, unsuccessful "
        "nominations, notes of judges, finalists. Run it once a day."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Only count.")

    def handle(self, **options):
        now = timezone.now()
        found = due(now) if options["dry_run"] else erase_due(now)
        verb = "Would be erased" if options["dry_run"] else "Erased"
        for one in found:
            self.stdout.write(f"{verb}: {len(one.rows)} {one.what}.")
