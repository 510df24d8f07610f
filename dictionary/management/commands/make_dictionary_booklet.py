"""Make the printable booklet of today's dictionary now, instead of waiting for the worker."""

from django.core.management.base import BaseCommand

from dictionary.exports import booklet


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        self.stdout.write(f"The booklet is {booklet.make()}.")
