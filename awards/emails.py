"""Letters about nominations: to those who write them and to those who are nominated."""

from django.template.loader import render_to_string
from django.urls import reverse

from awards.templatetags.awards_tags import uk_time
from cja_portal.kit.site import absolute
from cja_portal.kit.visitors import is_within
from members.emails import post

MOST_RECEIPTS, DAY = 20, 24 * 60 * 60  # to one address: whoever typed it may not own it


def _write(name, subject, to, nomination, **context):
    """A rehearsal writes to nobody."""
    cycle = nomination.category.cycle
    if cycle.rehearsal_of_id:
        return
    context |= {"nomination": nomination, "category": nomination.category, "cycle": cycle}
    context |= {"page": absolute(nomination.get_absolute_url())}
    post(subject, render_to_string(f"awards/emails/{name}.txt", context), [to])


def draft_link(collaborator, secret, *, moment):
    nomination = collaborator.nomination
    link = absolute(reverse("awards:nomination-open", args=[secret]))
    subject = f"Your link: nomination of {nomination}"
    context = {"collaborator": collaborator, "link": link, "closes": uk_time(moment.closes_at)}
    _write("draft_link", subject, collaborator.email, nomination, **context)


def receipt(receipt):
    """To everybody who writes it: what was sent, and when by UK time."""
    nomination = receipt.nomination
    subject = f"Received: nomination of {nomination} ({receipt})"
    context = {"receipt": receipt, "sent": uk_time(receipt.sent_at, seconds=True)}
    for collaborator in nomination.collaborators.current():
        if is_within("receipt-letter", collaborator.email, most=MOST_RECEIPTS, seconds=DAY):
            _write("receipt", subject, collaborator.email, nomination, **context)


def withdrawn(nomination):
    subject = f"Withdrawn: nomination of {nomination}"
    for collaborator in nomination.collaborators.current():
        _write("withdrawn", subject, collaborator.email, nomination)


def not_sent(nomination, lacks):
    """The deadline has passed, and what should have been sent by itself was not complete."""
    subject = f"Not sent: nomination of {nomination}"
    for collaborator in nomination.collaborators.current():
        _write("not_sent", subject, collaborator.email, nomination, lacks=lacks)


def nominee_link(consent, secret):
    link = absolute(reverse("awards:nominee-desk", args=[secret]))
    subject = f"You are nominated: {consent.nomination.category.name}"
    _write("nominee_link", subject, consent.email, consent.nomination, link=link)


def excluded(screening):
    nomination = screening.nomination
    subject = f"Not eligible: nomination of {nomination}"
    for collaborator in nomination.collaborators.current():
        _write("excluded", subject, collaborator.email, nomination, screening=screening)


def merged(link, *, is_undone=False):
    for one in (link.nomination, link.into):
        subject = f"Two nominations of {link.into}"
        for collaborator in one.collaborators.current():
            _write("merged", subject, collaborator.email, one, is_undone=is_undone)
