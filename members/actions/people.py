"""What administrators do to accounts."""

from allauth.usersessions.models import UserSession
from django.db import transaction

from members.audit import record


@transaction.atomic
def end_sessions(user, *, by):
    for session in UserSession.objects.filter(user=user):
        session.end()
    record(by, "members.end_sessions", user)


@transaction.atomic
def close_account(user, *, by):
    """Stop somebody from logging in. Their places and what they did stay as they are."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user, by=by)
    record(by, "members.close_account", user)


@transaction.atomic
def open_account(user, *, by):
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(by, "members.open_account", user)
