"""The list of a person's sessions: a new device at once, and no row written for every page."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    user = make_user()
    client.force_login(user)
    client.get("/my/")
    return user


def writes_of(client, **headers):
    with CaptureQueriesContext(connection) as asked:
        client.get("/my/", **headers)
    return [one["sql"] for one in asked if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_a_visit_is_noted_once_in_five_minutes(client, person):
    assert writes_of(client) == []

    long_ago = timezone.now() - timedelta(minutes=6)
    UserSession.objects.update(last_seen_at=long_ago)
    writes_of(client)

    assert UserSession.objects.get(user=person).last_seen_at > long_ago + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("header", "field", "value"),
    [("HTTP_USER_AGENT", "user_agent", "Another " * 60), ("REMOTE_ADDR", "ip", "192.0.2.7")],
)
def test_another_device_is_noted_at_once(client, person, header, field, value):
    client.get("/my/", **{header: value})

    assert getattr(UserSession.objects.get(user=person), field) == value[:200]
    assert writes_of(client, **{header: value}) == []


def test_whoever_is_not_logged_in_is_not_looked_up(client):
    with CaptureQueriesContext(connection) as asked:
        client.get("/healthz")

    assert len(asked) == 0
    assert not UserSession.objects.exists()
