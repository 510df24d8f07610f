"""Read the documents that still wait, for instance because a worker was killed.

Safe to run at any time, by many at once, and to kill: each document is read once.
"""

from django.core.management.base import BaseCommand

from library.intake import reading, tasks
from library.models import Document


class Command(BaseCommand):
    help = "Read the text of the documents that wait for it. Run it every few minutes."

    def add_arguments(self, parser):
        parser.add_argument(
            "--later", action="store_true", help="Leave it to the background worker."
        )

    def handle(self, *, later, **options):
        if not later:
            count = reading.read_waiting()
            left = Document.objects.waiting().count()
            self.stdout.write(f"Documents read: {count}; still waiting: {left}.")
        elif Document.objects.waiting().exists():
            tasks.read_waiting.enqueue()
