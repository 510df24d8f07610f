"""What an applicant does: begin, go on by a link, write, send, answer, withdraw."""

import secrets

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cja_portal.kit.visitors import is_within
from members import application_emails as emails
from members.applications import first_open, read, values_of
from members.audit import record
from members.models import Application, ApplicationLink
from members.models.application import ApplicationError, ApplicationState
from members.models.invitation import digest_of
from members.registers import NUMBERS

MOST_LINKS = 3  # letters an hour to one address
HOUR = 60 * 60


@transaction.atomic
def send_application_link(email):
    """Write to an address. The link opens its open application, or one that begins now."""
    email = email.strip().lower()
    found = Application.objects.open().filter(email=email).order_by("-touched_at").first()
    if found is None:
        draft = {"email": email, "state": ApplicationState.DRAFT}
        found, _ = Application.objects.get_or_create(**draft)
    resend_link(found)


@transaction.atomic
def resend_link(application):
    """Links in older letters work on. Too many in an hour: nothing goes out, and nobody is told."""
    if not application.email:
        return
    if not is_within("application-link", application.email, most=MOST_LINKS, seconds=HOUR):
        return
    secret = secrets.token_urlsafe(32)
    application.links.create(secret_digest=digest_of(secret))
    transaction.on_commit(lambda: emails.link(application, secret))


def find_link(secret):
    links = ApplicationLink.objects.select_related("application")
    return links.filter(secret_digest=digest_of(secret)).first()


@transaction.atomic
def use_link(link):
    """Open the application, once; that also shows that the address is the applicant's."""
    link.refresh_from_db(from_queryset=ApplicationLink.objects.select_for_update())
    if not link.works:
        raise ApplicationError("This link has been used, or is older than 24 hours.")
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    unopened = Application.objects.filter(pk=link.application_id, opened_at__isnull=True)
    unopened.update(opened_at=link.used_at, touched_at=link.used_at)


@transaction.atomic
def write_page(application, typed):
    """Keep what was typed on a page, right or wrong; the other pages stay as they are."""
    lock_application(application)
    check_with_applicant(application)
    application.answers = application.answers | typed
    application.touched_at = timezone.now()
    application.save(update_fields=["answers", "touched_at"])


@transaction.atomic
def submit_application(application, *, answer=""):
    """Send a draft, or answer what staff asked."""
    lock_application(application)
    check_with_applicant(application)
    if first_open(read(application.answers, applicant=application.email)):
        raise ApplicationError("One of the pages still waits for an answer.")
    is_first = application.is_draft
    application.move_to(ApplicationState.SUBMITTED if is_first else ApplicationState.REVIEW)
    if is_first:
        application.submitted_at = timezone.now()
    _take_over_answers(application)
    application.save()
    application.steps.create(state=application.state, words=answer, answers=application.answers)
    record(None, "members.submit_application", application, is_first=is_first)
    transaction.on_commit(lambda: emails.received(application, is_first=is_first))


def _take_over_answers(application):
    values = values_of(application)
    application.touched_at = timezone.now()
    for name in ("name", *NUMBERS):
        setattr(application, name, values[name])
    application.is_example = settings.IS_DEMONSTRATION and values["name"].startswith("Example ")


@transaction.atomic
def withdraw_application(application):
    """The applicant no longer wants it: a draft goes at once, with all that was written."""
    lock_application(application)
    if application.is_draft:
        return application.delete()
    application.move_to(ApplicationState.WITHDRAWN)
    application.save(update_fields=["state", "closed_at", "deferred_until"])
    application.steps.create(state=application.state)
    record(None, "members.withdraw_application", application)
    transaction.on_commit(lambda: emails.withdrawn(application))


def lock_application(application):
    """Whoever comes second waits here, and then finds the application as the first left it."""
    try:
        application.refresh_from_db(from_queryset=Application.objects.select_for_update())
    except Application.DoesNotExist as error:
        raise ApplicationError("This application has been deleted.") from error


def check_with_applicant(application):
    if not application.is_with_applicant:
        raise ApplicationError("This application has been sent already. We have it.")


# -- Forgetting -----------------------------------------------------------------------------------


def forget_drafts(now):
    """Delete drafts in which nobody wrote for long, or whose link nobody opened."""
    _, deleted = Application.objects.stale_drafts(now).delete()
    return deleted.get("members.Application", 0)


def forget_contents(now):
    """Of applications closed long ago keep only what became of them, and when."""
    pks = list(Application.objects.to_forget(now).values_list("pk", flat=True))
    for pk in pks:
        forget_content(pk, now)
    return len(pks)


@transaction.atomic
def forget_content(pk, now):
    application = Application.objects.select_for_update().get(pk=pk)
    for name in ("email", "name", *NUMBERS, "register_name"):
        setattr(application, name, "")
    application.register_note, application.answers = "", {}
    application.forgotten_at = now
    application.save()
    application.links.all().delete()
    application.steps.update(words="", note="", answers=None)
