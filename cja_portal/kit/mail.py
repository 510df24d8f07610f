"""Letters that no stranger should read."""

from copy import copy
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.filebased import EmailBackend
from django.utils.log import AdminEmailHandler


class PrivateFolder(EmailBackend):
    """Letters as files: they hold codes and links that open accounts."""

    def __init__(self, *args, file_path=None, **options):
        folder = Path(file_path or settings.EMAIL_FILE_PATH)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(*args, file_path=folder, **options)


class ErrorLetter(AdminEmailHandler):
    """Where and why something broke, without what the person had searched for or typed."""

    def emit(self, record):
        record = copy(record)
        record.request = None
        super().emit(record)
