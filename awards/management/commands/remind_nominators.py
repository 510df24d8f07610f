from django.core.management.base import BaseCommand

from awards.actions.reminders import remind_nominators


class Command(BaseCommand):
    help = (
        "Remind people of drafts a week, 48 hours and 3 hours before the deadline. Run it every "
        "quarter of an hour: no reminder goes out twice."
    )

    def handle(self, **options):
        self.stdout.write(f"Drafts reminded of: {remind_nominators()}.")
