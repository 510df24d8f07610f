"""What the background worker does for the dictionary."""

from django.core.cache import cache
from django_tasks import task

from dictionary.exports import booklet


@task()
def make_booklet():
    """Set the booklet anew, if the dictionary changed since the last one."""
    booklet.make()


def ask_for_booklet():
    """Have it set anew, but ask once in ten minutes only, however many readers come."""
    if cache.add("dictionary.booklet.asked", True, timeout=600):
        make_booklet.enqueue()
