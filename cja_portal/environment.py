"""Readers of environment variables that fail at start with the variable's name."""

import os
from base64 import b64decode
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}


def text(name, default=""):
    return os.environ.get(name, default).strip()


def required(name, why):
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"Set {name}: {why}")
    return value


def boolean(name, *, default):
    value = text(name, str(default)).lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def whole_number(name, *, default, minimum=0):
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or int(value) < minimum:
        raise ImproperlyConfigured(
            f"{name} must be a whole number of at least {minimum}, not {value!r}."
        )
    return int(value)


def address_of_socket(name):
    """ "/path/of/a/socket", "host:port" or nothing."""
    value = text(name)
    host, _, port = value.rpartition(":")
    if value and not value.startswith("/") and not (host and port.isascii() and port.isdigit()):
        raise ImproperlyConfigured(f"{name} must be host:port or /path, not {value!r}.")
    return value


def name_and_password(name):
    """ "name:password" of basic authentication, or nothing."""
    value = text(name)
    if value and not all(value.partition(":")):
        raise ImproperlyConfigured(f"{name} must look like name:password.")
    return value


def public_key(name):
    """One line of Base64, as services show it, or nothing."""
    value = text(name)
    try:
        b64decode(value, validate=True)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a key in Base64, without its frame.") from error
    return value


def words(name, default=""):
    """The parts of a comma-separated list, without blanks."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def choice(name, options, *, default):
    value = text(name, default)
    if value not in options:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(options)}, not {value!r}.")
    return value


def origin(name, *, default):
    """An address such as https://portal.example.org, without a path."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise ImproperlyConfigured(f"{name} must look like https://example.org, not {value!r}.")
    return value


def database(name):
    """Django's settings for a postgres:// address; `host` in its query may name a socket folder."""
    value = text(name)
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not a valid address: {error}.") from error
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must look like postgres://user:password@host/database.")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": options.pop("port", str(port or "")),
        "OPTIONS": options,
    }
