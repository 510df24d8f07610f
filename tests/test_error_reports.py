import logging

import pytest
from django.core import mail
from django.test import Client

from dictionary import views

CANARY = "xylophonist"


@pytest.mark.django_db
def test_an_error_mail_says_where_and_never_what_was_typed(settings, monkeypatch, caplog):
    settings.ADMINS = [("Portal", "errors@example.org")]
    settings.DEBUG = False

    def fail(query, **kwargs):
        raise ValueError(query)

    monkeypatch.setattr(views, "search", fail)
    with caplog.at_level(logging.CRITICAL):
        answer = Client(raise_request_exception=False).get(f"/dictionary/?q={CANARY}")

    (letter,) = mail.outbox
    assert answer.status_code == 500
    assert "GET /dictionary/" in letter.body
    assert "ValueError" in letter.body
    assert CANARY not in letter.subject + letter.body
    assert CANARY not in str(letter.message())
