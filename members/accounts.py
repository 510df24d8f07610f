"""How people prove who they are: our answers to what allauth asks."""

import base64
import logging
import os
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.urls import reverse

from cja_portal.kit.seal import seal, unseal
from cja_portal.kit.site import absolute
from members import emails
from members.models import Invitation, User
from members.second_factor import STRONG, due_at

ACCEPTED = "Welcome. You have accepted the invitation."
INVITATION = "invitation"  # the session keeps the digest of the secret under this name

log = logging.getLogger(__name__)


def invitation_in(request):
    """The open invitation whose link this browser opened last, or None."""
    digest = request.session.get(INVITATION)
    invitations = Invitation.objects.open().select_related("organisation", "invited_by")
    return invitations.filter(links__secret_digest=digest).first() if digest else None


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed.",
        "duplicate_email": "This address is already yours.",
        "email_password_mismatch": "The e-mail address or the password is not right.",
        "enter_current_password": "This is not your password.",
        "incorrect_code": "This code is not right. Type the newest one.",
        "incorrect_password": "This password is not right.",
        "invalid_login": "The e-mail address or the password is not right.",
        "max_email_addresses": "You can have up to %d e-mail addresses.",
        "rate_limited": "That was too often. Wait a few minutes and try again.",
        "too_many_login_attempts": "That was too often. Wait five minutes and try again.",
    }

    # -- Accounts come from invitations: the one in the session opens sign-up and fixes the address

    def is_open_for_signup(self, request):
        invitation = invitation_in(request)
        return bool(invitation) and not User.objects.with_address(invitation.email).exists()

    def is_email_verified(self, request, email):
        invitation = invitation_in(request)
        return bool(invitation) and invitation.email == email.lower()

    def unstash_verified_email(self, request):
        invitation = invitation_in(request)
        return invitation.email if invitation else None

    def save_user(self, request, user, form, commit=True):
        user.name = form.cleaned_data.get("name", "")
        return super().save_user(request, user, form, commit)

    # -- Letters wait in the queue, so that known and unknown addresses are answered alike

    def send_mail(self, template_prefix, email, context):
        """For an unknown address the same work is done, and the letter goes to nobody."""
        context = {"email": email, "site": settings.SITE_ORIGIN} | context
        letter = self.render_mail(template_prefix, email, context)
        is_known = template_prefix != "account/email/unknown_account"
        emails.post(letter.subject, letter.body, letter.to if is_known else [])

    def get_reset_password_from_key_url(self, key):
        user, _, secret = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": user, "key": secret})
        return absolute(path)

    def get_reauthentication_methods(self, user):
        words = {
            "reauthenticate": "Use your password",
            "mfa_reauthenticate": "Use a code from your app, or a recovery code",
            "mfa_reauthenticate:webauthn": "Use a passkey or security key",
        }
        methods = super().get_reauthentication_methods(user)
        if settings.REQUIRE_SECOND_FACTOR and self._is_on_the_way_to_the_admin():
            methods = [method for method in methods if method["id"] != "reauthenticate"]
        return [method | {"description": words[method["id"]]} for method in methods]

    def _is_on_the_way_to_the_admin(self):
        """There a password is no answer, and to offer it would lead in a circle."""
        return self.request.GET.get("next", "").startswith(reverse("admin:index"))


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "You need a second step. Set up another one first.",
        "incorrect_code": "This code is not right. Type the newest one.",
        "unverified_email": "First confirm each of your e-mail addresses, or remove it.",
    }

    def encrypt(self, text):
        return seal(text)

    def decrypt(self, encrypted_text):
        """A secret sealed with a key that is gone opens nothing: no code ever fits it."""
        try:
            return unseal(encrypted_text)
        except InvalidToken:
            log.error("A second factor was sealed with a key that is not in SECRET_KEY_FALLBACKS.")
            return base64.b32encode(os.urandom(20)).decode()

    def can_delete_authenticator(self, authenticator):
        """Whoever needs a second step keeps at least one, days of grace or not."""
        user = authenticator.user
        if not settings.REQUIRE_SECOND_FACTOR or due_at(user) is None:
            return True
        strong = Authenticator.objects.filter(user=user, type__in=STRONG)
        return strong.exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user, type):
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return f"Key {number}"

    def get_public_key_credential_rp_entity(self):
        """Constant, because every passkey dies with a change of it."""
        return {"id": urlsplit(settings.SITE_ORIGIN).hostname, "name": settings.MFA_TOTP_ISSUER}
