"""The door for web servers: gunicorn cja_portal.wsgi."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cja_portal.settings")
application = get_wsgi_application()
