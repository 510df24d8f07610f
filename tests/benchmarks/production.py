"""The settings of production, for a measure of what readers will meet."""

import os
import secrets
from importlib import import_module
from pathlib import Path

from cja_portal import embedded_postgres


def be_like_production():
    """Start the portal as a web server does, which reads these settings."""
    folder = Path(os.environ.get("VAR_DIR") or "var").absolute() / "postgres"
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = embedded_postgres.address(folder)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "cja_portal.settings",
        "DEBUG": "0",
        "HTTPS_ONLY": "0",
        "ALLOWED_HOSTS": "localhost",
        "SECRET_KEY": secrets.token_urlsafe(50),
    }
    import_module("cja_portal.wsgi")
