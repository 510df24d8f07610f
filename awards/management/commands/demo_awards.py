from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from awards.demonstration import STATES, make_demonstration
from awards.models import Nomination
from cja_portal.kit.dates import UK
from cja_portal.kit.moves import ImpossibleMove


class Command(BaseCommand):
    help = "Set up a demonstration year of awards, with invented entries, in one of its states."

    def add_arguments(self, parser):
        parser.add_argument("--state", choices=STATES, default="open")
        parser.add_argument("--year", type=int, help="The year after this one if not said.")

    def handle(self, *args, state, year, **options):
        if not settings.IS_DEMONSTRATION:
            raise CommandError("Only a demonstration of the portal has invented entries.")
        try:
            cycle = make_demonstration(state, year or timezone.now().astimezone(UK).year + 1)
        except ImpossibleMove as impossible:
            raise CommandError(str(impossible)) from impossible
        count = Nomination.objects.filter(category__cycle=cycle).count()
        self.stdout.write(f"{cycle} is {cycle.state()}, with {count} nominations.")
        for category in cycle.categories.nominable():
            self.stdout.write(f"/awards/{cycle.year}/{category.slug}/nominate/")
