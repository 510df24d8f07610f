"""Everybody and everything, made once for all tests here; what one of them writes is taken back."""

import logging
from copy import copy, deepcopy
from types import SimpleNamespace

import pytest
from django.contrib.admin import AdminSite
from django.core.cache import cache
from django.db import transaction
from django.template.backends.django import Template
from django.test import override_settings

from tests.access import shortcuts
from tests.access.world import make_everything


@pytest.fixture(scope="package")
def _everything(django_db_setup, django_db_blocker, tmp_path_factory):
    files = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=files):
            actors = make_everything()
        yield SimpleNamespace(actors=actors, files=files)
        transaction.set_rollback(True)


@pytest.fixture
def actors(_everything, db, settings):
    """A client for each of ACTORS, in a world where every table has a row.

    Neither cookies nor the limits that earlier tests used up come with them.
    """
    cache.clear()
    settings.MEDIA_ROOT = _everything.files
    return {name: _again(client) for name, client in _everything.actors.items()}


def _again(client):
    again = copy(client)
    again.cookies = deepcopy(client.cookies)
    return again


@pytest.fixture
def silent(settings):
    """No refusal is logged, and logins stay fresh: there are tens of thousands to ask."""
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 24 * 60 * 60
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def quick(monkeypatch, settings, silent):
    """No page is drawn, no visit noted, and what all ask for is read once."""
    shortcuts.take(monkeypatch)
    monkeypatch.setattr(Template, "render", lambda *args, **kwargs: "")
    monkeypatch.setattr(AdminSite, "get_app_list", _only_of_one_app(AdminSite.get_app_list))
    settings.USERSESSIONS_TRACK_ACTIVITY = False


def _only_of_one_app(get_app_list):
    """What stands around every page of the admin is not asked for either."""
    return lambda self, request, label=None: get_app_list(self, request, label) if label else []
