"""Addresses as the rest of the world writes them."""

from django.conf import settings


def absolute(path):
    """A path of this portal with its scheme and host."""
    return settings.SITE_ORIGIN + path
