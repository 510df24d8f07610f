"""Letters about applications to join. What staff preview is what goes out."""

from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from cja_portal.kit.site import absolute
from members.emails import post, write

SUBJECTS = {
    "ask": "A question about your application to the CJA",
    "defer": "Your application to the CJA is deferred",
    "decline": "Your application to the CJA",
    "approve": "Welcome: your application to the CJA is approved",
}


@dataclass(frozen=True)
class Letter:
    """A letter of staff to an applicant, complete."""

    to: str
    subject: str
    body: str

    def send(self):
        post(self.subject, self.body, [self.to])


def letter_of(decision, application, words, **context):
    """The letter that tells an applicant a decision; `words` are what staff wrote for it."""
    context |= {
        "application": application,
        "words": words,
        "address": absolute(application.get_absolute_url()),
        "site": settings.SITE_ORIGIN,
    }
    body = render_to_string(f"members/emails/application_{decision}.txt", context)
    return Letter(application.email, f"{SUBJECTS[decision]} ({application.reference})", body)


def link(application, secret):
    subject = "Your link: application to join the CJA"
    address = absolute(reverse("members:application-open", args=[secret]))
    _write("link", subject, application, link=address)


def received(application, *, is_first):
    what = "application" if is_first else "answer"
    subject = f"We have your {what} ({application.reference})"
    _write("received", subject, application, is_first=is_first)


def withdrawn(application):
    subject = f"Your application is withdrawn ({application.reference})"
    _write("withdrawn", subject, application)


def _write(name, subject, application, **context):
    context |= {"application": application, "address": absolute(application.get_absolute_url())}
    write(f"application_{name}", subject, [application.email], **context)
