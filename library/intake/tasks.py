"""What the background worker does for new files."""

from django_tasks import task

from library.intake import reading


@task()
def read_document(pk):
    """Read this document, then those whose worker died before it came to them."""
    reading.read_document(pk)
    reading.read_waiting()


@task()
def read_waiting():
    reading.read_waiting()
