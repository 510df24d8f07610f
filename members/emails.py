"""Letters to people. Every one goes through the queue, so that no answer waits for the mail."""

import json

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from cja_portal.kit.seal import seal
from members.tasks import send_mail


def post(subject, body, to):
    letter = {"subject": " ".join(subject.split()), "body": body, "to": to}
    send_mail.enqueue(seal(json.dumps(letter)))


def absolute(path):
    """The address of `path` at this site, whatever host the request named."""
    return settings.SITE_ORIGIN + path


def invitation(invitation, secret):
    context = {
        "invitation": invitation,
        "link": absolute(reverse("members:invitation-open", args=[secret])),
        "site": settings.SITE_ORIGIN,
    }
    body = render_to_string("members/emails/invitation.txt", context)
    post(f"Invitation: {invitation.offer}", body, [invitation.email])
