#!/usr/bin/env python
"""Django's command-line tool for this portal."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cja_portal.settings")
    try:
        settings.DEBUG  # noqa: B018 (reads them all, so that a wrong one is one sentence)
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
