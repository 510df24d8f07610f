"""What differs between machines is read at start, and what is wrong is named."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils.module_loading import import_string

ROOT = Path(__file__).parent.parent
SETTINGS = ROOT / "cja_portal" / "settings.py"
PRODUCTION = {
    "SECRET_KEY": "for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLM",
    "ALLOWED_HOSTS": "portal.example.org",
    "DATABASE_URL": "postgres://portal:secret@database.example.org/portal",
}


def manage(*arguments, **environment):
    """Run manage.py with this environment and no other."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
    )


def test_production_passes_the_deployment_check():
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", PRODUCTION)
def test_production_refuses_to_start_without(name):
    environment = {key: value for key, value in PRODUCTION.items() if key != name}

    done = manage("check", **environment)

    assert done.returncode == 1
    assert done.stderr.startswith(f"Set {name}: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CACHE_URL", "memcached://localhost"),
        ("DATABASE_URL", "mysql://localhost/portal"),
        ("DATABASE_URL", "postgres://localhost:many/portal"),
        ("DATABASE_URL", "postgres://localhost"),
        ("CLAMD", "clamd"),
        ("DEBUG", "perhaps"),
        ("DEMONSTRATION", "2"),
        ("HSTS_SECONDS", "-1"),
        ("HTTPS_ONLY", "sometimes"),
        ("LARGEST_FILE_MB", "0"),
        ("LOG_LEVEL", "LOUD"),
        ("MAIL_DELIVERY", "pigeon"),
        ("PGBOUNCER", "maybe"),
        ("REQUIRE_SECOND_FACTOR", "x"),
        ("REQUIRE_SECOND_FACTOR", "0"),
        ("SITE_ORIGIN", "portal.example.org"),
        ("SITE_ORIGIN", "https://portal.example.org/path"),
        ("SMTP_PORT", "0"),
        ("SMTP_TLS", "y"),
        ("TRUSTED_PROXY_COUNT", "one"),
    ],
)
def test_a_bad_value_is_named_in_one_sentence(name, value, monkeypatch):
    for variable, text in (PRODUCTION | {"DEBUG": "0", name: value}).items():
        monkeypatch.setenv(variable, text)

    with pytest.raises(ImproperlyConfigured, match=rf"^{name} .*\.$"):
        runpy.run_path(SETTINGS)


@pytest.mark.parametrize(
    ("service", "key"),
    [
        ("brevo", "BREVO_API_KEY"),
        ("mailgun", "MAILGUN_API_KEY"),
        ("postmark", "POSTMARK_SERVER_TOKEN"),
        ("sendgrid", "SENDGRID_API_KEY"),
    ],
)
def test_a_mail_service_needs_its_key(service, key, monkeypatch):
    for variable, text in (PRODUCTION | {"DEBUG": "0", "MAIL_DELIVERY": service}).items():
        monkeypatch.setenv(variable, text)

    with pytest.raises(ImproperlyConfigured, match=rf"^Set {key}: {service}'s key"):
        runpy.run_path(SETTINGS)

    monkeypatch.setenv(key, "a key")
    read = runpy.run_path(SETTINGS)
    assert import_string(read["EMAIL_BACKEND"])
    assert read["ANYMAIL"][key] == "a key"


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("MAIL_WEBHOOK_SECRET", "secret", "MAIL_WEBHOOK_SECRET must look like name:password."),
        ("MAILGUN_WEBHOOK_SIGNING_KEY", "", "Set MAILGUN_WEBHOOK_SIGNING_KEY: "),
        (
            "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY",
            "-----BEGIN",
            "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY must be a key in Base64",
        ),
    ],
)
def test_who_listens_to_a_mail_service_knows_it_by_its_key(variable, value, sentence, monkeypatch):
    service = variable.partition("_")[0].lower() if "_KEY" in variable else "mailgun"
    told = {"MAIL_DELIVERY": service, "MAIL_WEBHOOK_SECRET": "post:secret"}
    keys = {"MAILGUN_API_KEY": "a key", "SENDGRID_API_KEY": "a key"}
    for name, text in (PRODUCTION | told | keys | {"DEBUG": "0", variable: value}).items():
        monkeypatch.setenv(name, text)

    with pytest.raises(ImproperlyConfigured, match=f"^{sentence}"):
        runpy.run_path(SETTINGS)

    monkeypatch.setenv(variable, "a:key" if variable.startswith("MAIL_") else "AAAA")
    monkeypatch.setenv("MAILGUN_WEBHOOK_SIGNING_KEY", "AAAA")
    assert runpy.run_path(SETTINGS)["ANYMAIL"]["WEBHOOK_SECRET"].count(":") == 1


def test_letters_name_the_first_host_unless_told(monkeypatch):
    for variable, text in (PRODUCTION | {"DEBUG": "0"}).items():
        monkeypatch.setenv(variable, text)

    assert runpy.run_path(SETTINGS)["SITE_ORIGIN"] == "https://portal.example.org"


def test_the_driver_makes_no_plans_for_any_value(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::int", [1])
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")

        assert cursor.fetchone() == (0,)
    assert isinstance(connection.connection, psycopg2.extensions.connection)


def test_cache_and_sessions_are_in_postgres():
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")
    assert settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"


def test_the_cache_keeps_the_tries_of_a_crowd(db):
    """Django's own limit of 300 entries would forget who tried too often."""
    for number in range(400):
        cache.set(f"try-{number:03}", number)

    assert cache.get("try-000") == 0
