from django.core.management.base import BaseCommand

from cja_portal.privacy.retention import JOBS
from members.models import KeepingTimes


class Command(BaseCommand):
    help = "Delete or empty what was kept long enough, as the table at /privacy/ says."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Only say how much would go.")

    def handle(self, *, dry_run, **options):
        times = KeepingTimes.now()
        for rule in JOBS:
            count = rule.count() if dry_run else rule.forget()
            verb = "would go" if dry_run else "gone"
            self.stdout.write(f"{count:>6} {verb}: {rule.what} (kept {rule.kept(times)})")
