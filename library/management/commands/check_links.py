from django.core.management.base import BaseCommand

from library.links import check_links, gather_links
from library.models import LinkCheck

USUALLY = 500


class Command(BaseCommand):
    help = "Ask the addresses elsewhere that are due whether they still answer. For once a day."

    def add_arguments(self, parser):
        parser.add_argument("--most", type=int, default=USUALLY, help="how many to ask, at most")

    def handle(self, *, most, **options):
        gather_links()
        count = check_links(most)
        broken = LinkCheck.objects.broken().count()
        self.stdout.write(f"Asked: {count}. Broken for two weeks or more: {broken}.")
