"""Letters on the way of a member's work into the library, to those who can act on them."""

from django.conf import settings
from django.template.loader import render_to_string

from cja_portal.kit.site import absolute
from library.models import Submission
from library.permissions import MAY_PREPARE, MAY_SUBMIT
from members.emails import post, post_about
from members.models import Affiliation, Topic

SUBJECTS = {
    "received": "We have your submission: {title}",
    "changes_asked": "Please change before we publish: {title}",
    "declined": "Not taken into the library: {title}",
    "published": "Now in the library: {title}",
    "scheduled": "Scheduled for the library: {title}",
    "new_version": "A new version is in the library: {title}",
    "withdrawn": "Withdrawn from the library: {title}",
    "request_declined": "Your request about: {title}",
}

# Nothing has to be done about them, so they can be switched off.
GOOD_NEWS = {"received", "published", "scheduled", "new_version"}


def write(letter, item, *, why=""):
    """One letter each to whoever handed the work in and to the organisation's owners and editors.

    The receipt goes to the first alone. Whoever has left the organisation gets none.
    """
    submission = Submission.objects.filter(item=item).select_related("item__owner").first()
    if submission is None or submission.item.owner is None:
        return
    context = {
        "submission": submission,
        "item": submission.item,
        "why": why,
        "link": absolute(submission.get_absolute_url()),
        "public_link": absolute(submission.item.get_absolute_url()),
        "site": settings.SITE_ORIGIN,
    }
    subject = SUBJECTS[letter].format(title=submission.item)
    to = _addresses(submission, is_receipt=letter == "received")
    template = f"library/emails/{letter}.txt"
    if letter in GOOD_NEWS:
        return post_about(Topic.WORKS, subject, template, to, context)
    body = render_to_string(template, context)
    for address in to:
        post(subject, body, [address])


def _addresses(submission, *, is_receipt):
    places = Affiliation.objects.current().filter(
        organisation=submission.item.owner, user__is_active=True
    )
    sender = submission.submitted_by_id or submission.started_by_id
    readers = places.filter(user=sender).with_role(*MAY_PREPARE)
    if not is_receipt:
        readers = readers | places.with_role(*MAY_SUBMIT)
    return sorted(readers.values_list("user__email", flat=True).distinct())
