from django.core.management.base import BaseCommand, CommandError

from awards.models import Cycle
from awards.rehearsal import rehearse
from members.models import User


class Command(BaseCommand):
    help = "Try a year of awards on a copy with invented entries, around its own deadline."

    def add_arguments(self, parser):
        parser.add_argument("year", type=int)
        parser.add_argument("by", help="E-mail address of the member of staff who rehearses.")
        parser.add_argument("--keep", action="store_true", help="Keep the copy to look at.")

    def handle(self, *args, year, by, keep, **options):
        cycle = Cycle.objects.real().filter(year=year).first()
        user = User.objects.filter(email=by.lower(), is_staff=True).first()
        if cycle is None or cycle.opens_at is None or user is None:
            raise CommandError("Name a year with a timeline, and somebody of the staff.")
        steps = rehearse(cycle, by=user, keep=keep)
        for step in steps:
            self.stdout.write(f"{'yes' if step.went else 'NO '}  {step.what}")
        if not all(step.went for step in steps):
            raise CommandError("The year is not ready.")
        self.stdout.write(f"“{cycle}” is ready as far as judging.")
