from django.core.management.base import BaseCommand
from django.utils import timezone

from members.actions.applying import forget_contents, forget_drafts
from members.models import Application


class Command(BaseCommand):
    help = (
        "Delete drafts of applications in which nobody wrote for 60 days, or whose link nobody "
        "opened within 7, and what was written in applications closed a year ago."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Only say what would go.")

    def handle(self, *, dry_run, **options):
        now = timezone.now()
        if dry_run:
            drafts = Application.objects.stale_drafts(now).count()
            contents = Application.objects.to_forget(now).count()
        else:
            drafts, contents = forget_drafts(now), forget_contents(now)
        verb = "Would delete" if dry_run else "Deleted"
        self.stdout.write(f"{verb}: {drafts} drafts, the contents of {contents} applications.")
