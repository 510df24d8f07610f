"""What the background worker does for the dictionary."""

from django_tasks import task

from dictionary.exports import booklet


@task()
def make_booklet():
    """Set the booklet anew, if the dictionary changed since the last one."""
    booklet.make()
