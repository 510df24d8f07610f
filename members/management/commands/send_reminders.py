from django.core.management.base import BaseCommand

from members.actions.reminders import send_reminders


class Command(BaseCommand):
    help = (
        "Remind owners and finance people of memberships that end and of invoices to pay. Run it "
        "every day, or as often as you like: no reminder goes out twice or late."
    )

    def handle(self, **options):
        self.stdout.write(f"Reminders sent: {send_reminders()}.")
