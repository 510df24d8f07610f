"""Fill an empty portal with its content; safe to repeat, never over what staff changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError

import awards.starter
import dictionary.starter
import library.starter
import members.starter
from cja_portal.kit.content import ContentError

STARTERS = [members.starter, library.starter, dictionary.starter, awards.starter]
MARK = "starter-content"


class Command(BaseCommand):
    help = "Load the starter content. What staff changed or deleted stays as they left it."

    def add_arguments(self, parser):
        parser.add_argument("--again", action="store_true", help="Look at every file once more.")

    def handle(self, *, again, **options):
        fingerprint = _fingerprint()
        if not again and cache.get(MARK) == fingerprint:
            self.report("The starter content is up to date.")
            return
        try:
            self.load()
        except ContentError as error:
            raise CommandError(str(error)) from error
        cache.set(MARK, fingerprint, timeout=None)

    def load(self):
        self.report("Loading the starter content…")
        for starter in STARTERS:
            starter.load(self.report)

    def report(self, sentence):
        self.stdout.write(sentence)
        self.stdout.flush()


def _fingerprint():
    """Of the files and of the code that reads them; kept in the database's own cache."""
    digest = hashlib.sha256(str(settings.IS_DEMONSTRATION).encode())
    for path in sorted(_sources()):
        digest.update(f"{path.relative_to(settings.BASE_DIR)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _sources():
    for starter in STARTERS:
        app = Path(starter.__file__).parent
        yield from app.glob("starter*.py")
        yield from (path for path in app.glob("content/**/*") if path.is_file())
