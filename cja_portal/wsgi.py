"""The door for web servers: gunicorn cja_portal.wsgi."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cja_portal.settings")


def start():
    """The application with its pages loaded, and all that set aside from Python's collector.

    It would else look through these 190,000 things again and again, never to find any garbage
    among them: about 90 ms, each time in the middle of somebody's page.
    """
    application = get_wsgi_application()
    import_module(settings.ROOT_URLCONF)
    gc.collect()
    gc.freeze()
    return application


application = start()
