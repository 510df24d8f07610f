"""Alerts in the background, and how the worker is woken."""

from django.core.cache import cache
from django.db import transaction
from django_tasks import task

from library import alerts

WAITING, PATIENCE = "library.send-alerts", 60  # seconds


@task()
def send_alerts():
    """Tell people what is new, as `manage.py send_alerts` does from time to time."""
    cache.delete(WAITING)
    alerts.send_alerts()


def look_for_alerts():
    """Let the worker look, once the transaction holds; many calls before it does so are one.

    If a call is lost nothing is: the command finds what is new by itself.
    """
    transaction.on_commit(_enqueue)


def _enqueue():
    if cache.add(WAITING, 1, PATIENCE):
        send_alerts.enqueue()
