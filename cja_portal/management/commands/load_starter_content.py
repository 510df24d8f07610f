"""Fill an empty portal with its content; safe to repeat, never over what staff changed."""

import hashlib
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError

from cja_portal.kit.content import ContentError

APPS = ["members", "library", "dictionary", "awards"]
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
        for app in APPS:
            if find_spec(f"{app}.starter"):
                getattr(import_module(f"{app}.starter"), "load", lambda report: None)(self.report)

    def report(self, sentence):
        self.stdout.write(sentence)
        self.stdout.flush()


def _fingerprint():
    """Of the files and of the code that reads them; kept in the database's own cache."""
    digest = hashlib.sha256()
    for path in sorted(path for app in APPS for path in _sources(settings.BASE_DIR / app)):
        digest.update(f"{path.relative_to(settings.BASE_DIR)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _sources(folder):
    yield from (path for path in folder.glob("content/**/*") if path.is_file())
    yield from folder.glob("starter*.py")
    yield from folder.glob("starter/**/*.py")
