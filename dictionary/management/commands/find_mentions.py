from django.core.management.base import BaseCommand

from dictionary.mentions import find_mentions


class Command(BaseCommand):
    help = "Find where the library uses the dictionary's words, in all that changed since."

    def handle(self, **options):
        self.stdout.write(f"Items read: {find_mentions()}.")
