from django.core.management.base import BaseCommand

from library.alerts import send_alerts


class Command(BaseCommand):
    help = "Tell people what is new in their saved searches. Safe at any time, twice, or killed."

    def handle(self, **options):
        self.stdout.write(f"Letters sent: {send_alerts()}.")
