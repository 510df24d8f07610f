"""Letters that no stranger should read."""

from pathlib import Path

from django.conf import settings
from django.core.mail.backends.filebased import EmailBackend


class PrivateFolder(EmailBackend):
    """Letters as files: they hold codes and links that open accounts."""

    def __init__(self, *args, file_path=None, **options):
        folder = Path(file_path or settings.EMAIL_FILE_PATH)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(*args, file_path=folder, **options)
