"""Sealing what must rest in the database but not in clear: second factors, letters in the queue."""

import base64
from functools import cache

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(text):
    return _lock(*_keys()).encrypt(text.encode()).decode()


def unseal(sealed):
    """What was sealed with SECRET_KEY or one of its fallbacks; else cryptography's InvalidToken."""
    return _lock(*_keys()).decrypt(sealed.encode()).decode()


def _keys():
    return settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS


@cache
def _lock(*keys):
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key):
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"cja_portal.kit.seal")
    return base64.urlsafe_b64encode(derivation.derive(key.encode()))
