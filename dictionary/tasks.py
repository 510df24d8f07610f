"""What the background worker does for the dictionary, and how it is woken."""

from django.core.cache import cache
from django.db import transaction
from django_tasks import task

from dictionary import aliases, mentions
from dictionary.exports import booklet

WAITING, PATIENCE = "dictionary.find-mentions", 60  # seconds


def tell_the_worker():
    """After a change of what is public: mentions, the booklet and the search's other names."""
    look_for_mentions()
    transaction.on_commit(make_booklet.enqueue)
    transaction.on_commit(push_search_aliases.enqueue)


@task()
def make_booklet():
    """Set the booklet anew, if the dictionary changed since the last one."""
    booklet.make()


def ask_for_booklet():
    """Have it set anew, but ask once in ten minutes only, however many readers come."""
    if cache.add("dictionary.booklet.asked", True, timeout=600):
        make_booklet.enqueue()


@task()
def push_search_aliases():
    """Let the library's search know the short names of what is published."""
    aliases.push_aliases()


@task()
def find_mentions():
    """Find where the library uses the dictionary's words."""
    cache.delete(WAITING)
    mentions.find_mentions()


def look_for_mentions():
    """Let the worker look, once the transaction holds; many calls before it does so are one."""
    transaction.on_commit(_enqueue)


def library_saved(**kwargs):
    """A receiver for `post_save`: the library does not know the dictionary."""
    look_for_mentions()


def _enqueue():
    if cache.add(WAITING, 1, PATIENCE):
        find_mentions.enqueue()
