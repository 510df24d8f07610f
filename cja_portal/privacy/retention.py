"""What is kept, how long and why: one table for the public page and for the daily job.

A rule without `old` is no job's: what it keeps goes when somebody asks, or stays.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cja_portal.kit.holdings import NO_ADDRESS, NOBODY
from dictionary.missing import forget_old_misses, old_misses
from library.alerts import forget_letters, old_letters
from library.copy_requests import forget_copy_requests, old_copy_requests
from library.models import SavedSearch, Shelf
from library.saved_searches import forget_searches
from library.shelves import forget_shelves
from members.actions.applying import forget_contents, forget_drafts
from members.models import (
    Affiliation,
    Application,
    AuditEvent,
    Claim,
    Complaint,
    Invitation,
    JoinRequest,
)
from members.models.application import CLOSED_KEPT, DRAFT_KEPT

YEAR = timedelta(days=365)
SESSIONS_KEPT = timedelta(days=90)
LETTERS_KEPT = timedelta(days=7)
NAMES_KEPT = 6 * YEAR


@dataclass(frozen=True)
class Rule:
    """`old` are the rows whose time is over; `forget` deletes or empties them."""

    what: str
    kept: str
    why: str
    old: Callable | None = None
    forget: Callable | None = None

    def count(self):
        return self.old().count()


def before(time):
    return timezone.now() - time


# -- Rows whose time is over ----------------------------------------------------------------------


def ended_places():
    """The job titles of people who left a year ago."""
    return Affiliation.objects.filter(ended_at__lt=before(YEAR)).exclude(job_title="")


def ended_invitations():
    """Those accepted, declined, withdrawn or too old for a year, with an address."""
    return Invitation.objects.filter(expires_at__lt=before(YEAR)).exclude(email=NO_ADDRESS)


def decided_join_requests():
    return JoinRequest.objects.filter(decided_at__lt=before(YEAR)).exclude(email=NO_ADDRESS)


def decided_claims():
    return Claim.objects.filter(decided_at__lt=before(YEAR)).exclude(email=NO_ADDRESS)


def answered_complaints():
    return Complaint.objects.filter(answered_at__lt=before(YEAR)).exclude(email=NO_ADDRESS)


def old_events():
    return AuditEvent.objects.filter(at__lt=before(NAMES_KEPT)).exclude(salt="")


def old_sessions():
    over = Session.objects.filter(expire_date__lt=timezone.now()).values("session_key")
    silent = Q(last_seen_at__lt=before(SESSIONS_KEPT))
    return UserSession.objects.filter(silent | Q(session_key__in=over))


def ended_sessions():
    return Session.objects.filter(expire_date__lt=timezone.now())


def sent_letters():
    """Tasks of the queue: letters, sealed, and what was read from files."""
    return DBTaskResult.objects.filter(finished_at__lt=before(LETTERS_KEPT))


# -- Forgetting -----------------------------------------------------------------------------------


def delete(old):
    return lambda: old().delete()[0]


def empty(old, **values):
    return lambda: old().update(**values)


def _forget_invitations():
    ended_invitations().pending().update(withdrawn_at=timezone.now())
    return ended_invitations().update(email=NO_ADDRESS)


UNNAMED = {"email": NO_ADDRESS, "name": NOBODY, "message": ""}
UNCOMPLAINED = {"email": NO_ADDRESS, "name": "", "text": "", "steps": ""}
ASKED = "So that owners and staff can look back for a while at who asked."

RULES = [
    Rule(
        "Your account: name, e-mail address, places in organisations",
        "until you ask us to erase it",
        "So that you can act for your organisation.",
    ),
    Rule(
        "Job titles of people who left an organisation",
        "a year after they left",
        "So that a colleague can be found for a while.",
        ended_places,
        empty(ended_places, job_title=""),
    ),
    Rule(
        "Where you were logged in: device, network address, time",
        f"{SESSIONS_KEPT.days} days after you were last seen, or until the session ends",
        "So that you can see whether somebody else uses your account.",
        old_sessions,
        delete(old_sessions),
    ),
    Rule(
        "Sessions, also of visitors without an account",
        "14 days after they were last used",
        "So that a form or a shelf goes on where you left it.",
        ended_sessions,
        delete(ended_sessions),
    ),
    Rule(
        "Addresses that were invited",
        "a year after the invitation could last be accepted",
        "So that nobody is written to again and again.",
        ended_invitations,
        _forget_invitations,
    ),
    Rule(
        "Requests to join an organisation: name, address, message",
        "a year after the decision",
        ASKED,
        decided_join_requests,
        empty(decided_join_requests, **UNNAMED),
    ),
    Rule(
        "Claims of organisations: name, address, message, objection",
        "a year after the decision",
        ASKED,
        decided_claims,
        empty(decided_claims, **UNNAMED, objection="", objected_by=""),
    ),
    Rule(
        "Drafts of applications for membership",
        f"{DRAFT_KEPT.days} days after somebody last wrote in them; 7 if never opened",
        "So that people can come back to them.",
        lambda: Application.objects.stale_drafts(timezone.now()),
        lambda: forget_drafts(timezone.now()),
    ),
    Rule(
        "What was written in applications for membership",
        f"{CLOSED_KEPT.days} days after they were closed",
        "So that a question about the decision can be answered.",
        lambda: Application.objects.to_forget(timezone.now()),
        lambda: forget_contents(timezone.now()),
    ),
    Rule(
        "Complaints about data: name, address, text",
        "a year after the answer",
        "So that we can show how we answered.",
        answered_complaints,
        empty(answered_complaints, **UNCOMPLAINED),
    ),
    Rule(
        "Shelves of visitors without an account",
        "14 days after they last changed",
        "So that you find your works again.",
        Shelf.objects.forgotten,
        forget_shelves,
    ),
    Rule(
        "Searches saved with an address that nobody confirmed",
        "two days",
        "So that the letter that asks can be answered.",
        SavedSearch.objects.forgotten,
        forget_searches,
    ),
    Rule(
        "Which works we told you of by letter",
        "a year",
        "So that nothing is told twice.",
        old_letters,
        forget_letters,
    ),
    Rule(
        "Requests for works in another format",
        "a year after the answer; the address goes with the answer",
        "So that we learn what is needed.",
        old_copy_requests,
        forget_copy_requests,
    ),
    Rule(
        "Words looked for in vain in the dictionary, without who",
        "90 days",
        "So that we learn which words are missing.",
        old_misses,
        lambda: sum(forget_old_misses()),
    ),
    Rule(
        "Letters to you in our queue, sealed",
        f"{LETTERS_KEPT.days} days after they went out",
        "So that a failure can be looked into.",
        sent_letters,
        delete(sent_letters),
    ),
    Rule(
        "Names in the log of who did what",
        "six years; that it was done, and when, stays",
        "So that it can be settled who was allowed to act for an organisation.",
        old_events,
        lambda: old_events().forget(),
    ),
    Rule(
        "Invoices and payments of organisations",
        "six years at least",
        "They are accounts.",
    ),
]
JOBS = [rule for rule in RULES if rule.old]
