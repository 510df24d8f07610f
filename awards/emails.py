"""Letters about nominations: to those who write them and to those who are nominated."""

from django.template.loader import render_to_string
from django.urls import reverse

from awards.clock import lead_of, moment_of
from awards.templatetags.awards_tags import uk_time
from cja_portal.kit.site import absolute
from cja_portal.kit.visitors import is_within
from members.emails import post, post_about
from members.models import Topic

MOST_RECEIPTS, DAY = 20, 24 * 60 * 60  # to one address: whoever typed it may not own it


def _write(name, subject, to, nomination, *, topic="", **context):
    """A rehearsal writes to nobody. With a `topic` it can be switched off."""
    cycle = nomination.category.cycle
    if cycle.rehearsal_of_id:
        return
    context |= {"nomination": nomination, "category": nomination.category, "cycle": cycle}
    context |= {"page": absolute(nomination.get_absolute_url())}
    template = f"awards/emails/{name}.txt"
    if topic:
        return post_about(topic, subject, template, [to], context)
    post(subject, render_to_string(template, context), [to])


def draft_link(collaborator, secret, *, moment):
    nomination = collaborator.nomination
    link = absolute(reverse("awards:nomination-open", args=[secret]))
    subject = f"Your link: nomination of {nomination}"
    context = {"collaborator": collaborator, "link": link, "closes": uk_time(moment.closes_at)}
    _write("draft_link", subject, collaborator.email, nomination, **context)


def _to_writer(name, subject, collaborator, secret, **context):
    """To one of those who write it, with a link of their own."""
    link = absolute(reverse("awards:nomination-open", args=[secret]))
    _write(name, subject, collaborator.email, collaborator.nomination, link=link, **context)


def draft_reminder(collaborator, secret, *, moment, lacks):
    subject = f"Not sent yet: nomination of {collaborator.nomination}"
    context = {"closes": uk_time(moment.closes_at), "lacks": lacks, "topic": Topic.DRAFTS}
    _to_writer("draft_reminder", subject, collaborator, secret, **context)


def deadline_moved(collaborator, secret):
    cycle = collaborator.nomination.category.cycle
    closes = uk_time(moment_of(cycle, lead_of(collaborator.nomination).email).closes_at)
    subject = f"More time: nomination of {collaborator.nomination}"
    _to_writer("deadline_moved", subject, collaborator, secret, closes=closes)


def question_changed(collaborator, secret, *, question):
    subject = f"Please answer again: nomination of {collaborator.nomination}"
    closes = uk_time(question.category.cycle.closes_at)
    context = {"question": question, "closes": closes}
    _to_writer("question_changed", subject, collaborator, secret, **context)


def more_time(extension):
    """To the one person who was given it."""
    cycle = extension.cycle
    if cycle.rehearsal_of_id:
        return
    context = {"cycle": cycle, "until": uk_time(extension.until)}
    context |= {"page": absolute(reverse("awards:nomination-list"))}
    body = render_to_string("awards/emails/more_time.txt", context)
    post(f"More time for you: {cycle.name}", body, [extension.email])


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


def fingerprints(seal):
    """To each judge, with the code that is theirs alone, and to a trustee."""
    cycle = seal.category.cycle
    if cycle.rehearsal_of_id:
        return
    page = absolute(reverse("awards:verify", args=[cycle.year]))
    context = {"seal": seal, "category": seal.category, "cycle": cycle, "page": page}
    codes = seal.codes["judges"]
    readers = [(cycle.witness, "")]
    readers += [(one.user.email, codes.get(str(one.pk), "")) for one in _judges_of(cycle)]
    for address, code in readers:
        body = render_to_string("awards/emails/fingerprint.txt", context | {"code": code})
        post(f"Fingerprint: {seal.category.name} ({cycle.name})", body, [address])


def _judges_of(cycle):
    return cycle.judges.sitting().select_related("user")


def feedback(nomination):
    """That it is there; what it says stands behind their link."""
    subject = f"What the judges say: nomination of {nomination}"
    for collaborator in nomination.collaborators.current():
        _write("feedback", subject, collaborator.email, nomination, topic=Topic.REMARKS)
