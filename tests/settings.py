"""The portal's settings for tests: the same on every machine, and quick."""

import os
from pathlib import Path

from cja_portal import embedded_postgres, environment

MACHINE = {"DEBUG": "1", "DEMONSTRATION": "0", "REQUIRE_SECOND_FACTOR": "1"}
READ_BY_SETTINGS = """
    ACCEL_REDIRECT ALLOWED_HOSTS CACHE_URL CLAMD CONTACT_EMAIL ERROR_MAIL_TO HSTS_SECONDS
    HTTPS_ONLY LARGEST_FILE_MB LOG_LEVEL MAIL_DELIVERY MAIL_FROM PGBOUNCER S3_BUCKET S3_ENDPOINT
    SECRET_KEY SECRET_KEY_FALLBACKS SITE_ORIGIN TRUSTED_PROXY_COUNT
"""

for _name in READ_BY_SETTINGS.split():
    os.environ.pop(_name, None)
os.environ.update(MACHINE)

if not environment.text("DATABASE_URL"):
    _var = Path(environment.text("VAR_DIR") or Path(__file__).parent.parent / "var")
    os.environ["DATABASE_URL"] = embedded_postgres.address(
        _var.absolute() / "postgres-test", can_be_lost=True
    )

from cja_portal.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

# Each template is read once, as in production; development reads it anew for every page.
_files = ["filesystem.Loader", "app_directories.Loader"]
_cached = (
    "cja_portal.kit.templates.Loader",
    [f"django.template.loaders.{one}" for one in _files],
)
TEMPLATES[0]["OPTIONS"]["loaders"] = [("template_partials.loader.Loader", [_cached])]  # noqa: F405
