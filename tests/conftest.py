"""What every test leans on. Browser tests have their own beside them."""

import pytest


@pytest.fixture(autouse=True)
def _files_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
