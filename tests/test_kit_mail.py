import stat

import pytest
from django.core import mail
from django.urls import path

from cja_portal import urls as portal_urls

pytestmark = pytest.mark.urls(__name__)


def broken(request):
    raise ZeroDivisionError(request.GET["q"])


broken.login_required = False
urlpatterns = [path("broken/", broken), *portal_urls.urlpatterns]
handler400 = portal_urls.handler400
handler500 = portal_urls.handler500


@pytest.fixture
def visitor(client, db, settings):
    settings.ADMINS = [("Portal", "portal@example.org")]
    client.raise_request_exception = False
    return client


def test_an_error_is_told_without_what_the_person_searched_and_typed(visitor):
    visitor.cookies["sessionid"] = "a-secret-session"
    visitor.post("/broken/?q=domestic+abuse", {"password": "a secret password"})

    (letter,) = mail.outbox
    assert "POST /broken/" in letter.body
    assert "ZeroDivisionError" in letter.body
    for secret in ("domestic", "a secret password", "a-secret-session"):
        assert secret not in letter.body + letter.subject


@pytest.mark.parametrize(
    "ask", [{"headers": {"host": "evil.example"}}, {"data": {f"a{n}": "b" for n in range(1_100)}}]
)
def test_what_strangers_do_wrong_fills_no_mailbox(visitor, ask):
    assert visitor.get("/library/", **ask).status_code == 400
    assert mail.outbox == []


def test_letters_in_files_are_for_their_owner_alone(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "var" / "mail"
    settings.EMAIL_BACKEND = "cja_portal.kit.mail.PrivateFolder"

    mail.send_mail("A code", "123456", None, ["person@example.org"])

    assert stat.S_IMODE(settings.EMAIL_FILE_PATH.stat().st_mode) == 0o700
    assert len(list(settings.EMAIL_FILE_PATH.iterdir())) == 1
