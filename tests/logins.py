"""Logging in as people do, with real requests."""

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY as WHOSE_RECORDS,
)
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as RECORDS
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

PASSWORD = "four words nobody joins"


def log_in(client, user, password=PASSWORD):
    data = {"login": user.email, "password": password}
    return client.post("/accounts/login/", data)


def set_up_app(user):
    """Give `user` an app with codes; the answer is its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def sign_in(client, user):
    """With a second step that this session has just proved; no page is asked for."""
    app = Authenticator.objects.create(user=user, type="totp", data={"secret": ""})
    client.force_login(user)
    record = {"method": "mfa", "type": "totp", "id": app.pk, "at": time.time()}
    session = client.session
    proofs = [record | {"reauthenticated": True}]
    session.update({RECORDS: proofs, WHOSE_RECORDS: str(user.pk)})
    session.save()


def log_in_with_app(client, user):
    """Log in with password and code; `user` has no second step yet and gets one."""
    secret = set_up_app(user)
    log_in(client, user)
    return client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
