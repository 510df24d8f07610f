from django.db import connection
from django.db.utils import OperationalError
from django.test import override_settings


def test_healthz_is_alive_without_the_database(client):
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"Alive.\n")
    assert response["Content-Type"] == "text/plain; charset=utf-8"


def test_readyz_is_ready_when_every_migration_is_applied(client, db):
    response = client.get("/readyz")

    assert (response.status_code, response.content) == (200, b"Ready.\n")


def test_readyz_says_that_migrations_wait(client, db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.content == b"Migrations wait to be applied: run manage.py migrate.\n"


def test_readyz_says_that_the_database_does_not_answer(client, monkeypatch):
    def refuse(*arguments):
        raise OperationalError("connection refused")

    monkeypatch.setattr("cja_portal.health.MigrationExecutor", refuse)

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"The database does not answer.\n")


@override_settings(SECURE_SSL_REDIRECT=True)
def test_a_load_balancer_may_ask_over_plain_http(client):
    assert client.get("/healthz").status_code == 200
    assert client.get("/library/").status_code == 301
