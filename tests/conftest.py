"""What every test leans on. Browser tests have more beside them."""

import gc
import os

import pytest
from django.db import connection

from library import statements
from tests import site as portal_site


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish(session):
    """What is imported by now stays: there is no garbage in it to look for again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(autouse=True)
def _files_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def _searches_of_any_length(monkeypatch):
    """A machine that pauses for two seconds says nothing about the page under test."""
    monkeypatch.setattr(statements, "PATIENCE", 60_000)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """At the end nobody may be left in the database: threads of browsers keep connections."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def site_database(django_db_setup, django_db_blocker, tmp_path_factory):
    """The starter content and the four demonstration logins, loaded once for all workers."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with django_db_blocker.unblock():
        name = portal_site.make_database(shared)
    yield name
    with django_db_blocker.unblock():
        portal_site.drop_database(name, shared)


@pytest.fixture
def connected_site(site_database, django_db_blocker, settings):
    """All connections lead to the filled database."""
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 24 * 60 * 60
    settings.MEDIA_ROOT = portal_site.FILES.name
    with django_db_blocker.unblock(), portal_site.connected_to(site_database):
        yield


@pytest.fixture
def site(connected_site, db):
    """The filled portal for Django's test client; what a test writes is taken back."""
