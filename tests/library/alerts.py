"""What tests of alerts read of the letters, and mail servers that fail."""

from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from library import alerts
from library.alerts import send_alerts


def told():
    """The letters that a run sends, as (to, what stands between the words and the whole search)."""
    before = len(mail.outbox)
    send_alerts()
    return [(letter.to[0], _list_in(letter)) for letter in mail.outbox[before:]]


def _list_in(letter):
    body = letter.body.split("New since we last looked:\n")[1].split("\nThe whole search")[0]
    return body.strip()


def titles(letters):
    return [(to, text.split("\n")[0]) for to, text in letters]


class Refusing(EmailBackend):
    def send_messages(self, messages):
        raise alerts.SMTPRecipientsRefused({messages[0].to[0]: (550, b"no such person")})


class Silent(EmailBackend):
    def send_messages(self, messages):
        raise TimeoutError


class Away(EmailBackend):
    def open(self):
        raise ConnectionRefusedError


def failing(settings, backend):
    settings.EMAIL_BACKEND = f"{backend.__module__}.{backend.__qualname__}"
