from django.core.management.base import BaseCommand

from awards.actions.result_letters import tell_results


class Command(BaseCommand):
    help = (
        "Write to nominators, nominees and judges once results have been public for a quarter of "
        "an hour. Run it every minute: no letter goes out twice."
    )

    def handle(self, **options):
        self.stdout.write(f"Letters about results: {tell_results()}.")
