from django.core.management.base import BaseCommand

from library.alerts import forget_letters
from library.copy_requests import forget_copy_requests
from library.saved_searches import forget_searches
from library.shelves import forget_shelves


class Command(BaseCommand):
    help = (
        "Delete visitors' shelves whose time is over, saved searches that nobody confirmed, and "
        "the record of letters and of requests for copies answered more than a year ago."
    )

    def handle(self, **options):
        self.stdout.write(
            f"Deleted: {forget_shelves()} shelves, {forget_searches()} unconfirmed searches, "
            f"{forget_letters()} letters, {forget_copy_requests()} requests for copies."
        )
