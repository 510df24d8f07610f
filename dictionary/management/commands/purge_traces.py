from django.core.management.base import BaseCommand

from dictionary.missing import forget_old_misses


class Command(BaseCommand):
    help = "Delete what is known of searches that found nothing once it is ninety days old."

    def handle(self, **options):
        sightings, words = forget_old_misses()
        self.stdout.write(f"Deleted: {sightings} searches, {words} missing words.")
