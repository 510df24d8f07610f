from django.core.management.base import BaseCommand

from awards.actions.releases import release_due


class Command(BaseCommand):
    help = (
        "Release the sealed results whose moment has come. Run it every minute: it does nothing "
        "before the moment, and nothing twice."
    )

    def handle(self, **options):
        self.stdout.write(f"Categories released: {release_due()}.")
