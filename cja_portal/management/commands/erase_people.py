from django.core.management.base import BaseCommand

from cja_portal.privacy.erasure import erase_due, erase_person
from members.models import Erasure, User


class Command(BaseCommand):
    help = (
        "Erase the people who asked for it seven days ago. It prints the numbers of all accounts "
        "that were erased: keep them with the backups. After one is put back, give them to --again."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Only say how many are due.")
        parser.add_argument("--again", nargs="+", type=int, metavar="NUMBER", default=[])

    def handle(self, *, dry_run, again, **options):
        if dry_run:
            return self.stdout.write(f"Due: {Erasure.objects.due().count()}.")
        for user in User.objects.filter(pk__in=again):
            erase_person(user)
        done, waiting = erase_due()
        self.stdout.write(f"Erased: {done + len(again)}. Waiting for somebody: {waiting}.")
        erased = Erasure.objects.exclude(done_at=None).values_list("user", flat=True)
        self.stdout.write(f"All so far: {' '.join(str(pk) for pk in erased) or 'nobody'}")
