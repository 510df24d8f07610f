"""Addresses as the rest of the world writes them."""

from urllib.parse import urlsplit

from django.conf import settings


def absolute(path):
    """A path of this portal with its scheme and host."""
    return settings.SITE_ORIGIN + path


def host_name():
    """The name of our host, without a port."""
    return urlsplit(settings.SITE_ORIGIN).hostname
