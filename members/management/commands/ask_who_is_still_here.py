from django.core.management.base import BaseCommand

from members.actions.still_here import ask_who_is_still_here


class Command(BaseCommand):
    help = (
        "Ask people twice a year whether they are still at their organisation. Run it every day: "
        "nobody is asked twice in a round."
    )

    def handle(self, **options):
        self.stdout.write(f"Letters sent: {ask_who_is_still_here()}.")
