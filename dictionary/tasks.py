"""What the background worker does for the dictionary, and how it is woken."""

from django.core.cache import cache
from django.db import transaction
from django_tasks import task

from dictionary import mentions

WAITING, PATIENCE = "dictionary.find-mentions", 60  # seconds


@task()
def find_mentions():
    """Find where the library uses the dictionary's words."""
    cache.delete(WAITING)
    mentions.find_mentions()


def look_for_mentions():
    """Let the worker look, once the transaction holds; many calls before it does so are one."""
    transaction.on_commit(_enqueue)


def item_saved(**kwargs):
    """A receiver for `post_save`: the library does not know the dictionary."""
    look_for_mentions()


def _enqueue():
    if cache.add(WAITING, 1, PATIENCE):
        find_mentions.enqueue()
