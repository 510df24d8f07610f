"""What every request would ask for anew, and get the same answer: here it is asked for once.

Who somebody is and what they may are read from the database as always, but once for each actor,
since whatever a request changes is taken back before the next.
"""

from copy import copy, deepcopy
from functools import cache

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore
from django.urls.resolvers import URLResolver

from cja_portal.privacy import views as privacy

_get_user, _load = ModelBackend.get_user, SessionStore.load
_resolve = cache(URLResolver.resolve)


def take(monkeypatch):
    monkeypatch.setattr(ModelBackend, "get_user", lambda _, pk: copy(_person(pk)))
    monkeypatch.setattr(SessionStore, "load", lambda self: deepcopy(_session(self.session_key)))
    monkeypatch.setattr(URLResolver, "resolve", _resolve)
    monkeypatch.setattr(privacy, "archive_of", lambda user: b"")
    monkeypatch.setattr(privacy, "preview", lambda user: {})


@cache
def _person(pk):
    """With all their rights, which Django keeps on the object."""
    user = _get_user(ModelBackend(), pk)
    user.get_all_permissions()
    return user


@cache
def _session(key):
    return _load(SessionStore(key))
