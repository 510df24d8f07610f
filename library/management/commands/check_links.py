from argparse import ArgumentTypeError

from django.core.management.base import BaseCommand

from library.links import check_links, gather_links
from library.models import LinkCheck

USUALLY = 500


class Command(BaseCommand):
    help = "Ask the addresses elsewhere that are due whether they still answer. For once a day."

    def add_arguments(self, parser):
        parser.add_argument("--most", type=_count, default=USUALLY, help="how many to ask, at most")

    def handle(self, *, most, **options):
        gather_links()
        count = check_links(most)
        broken = LinkCheck.objects.broken().count()
        self.stdout.write(f"Asked: {count}. Broken for two weeks or more: {broken}.")


def _count(text):
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise ArgumentTypeError(f"“{text}” is not a number from 0 up")
    return int(text)
