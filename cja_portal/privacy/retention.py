"""What is kept, how long and why: one table for the public page and for the daily job.

A rule without `old` is no job's: what it keeps goes when somebody asks, or stays.
"""

from collections.abc import Callable
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from awards.retention import (
    DAYS_OF_DRAFTS,
    DAYS_OF_FINALISTS,
    DAYS_OF_NOTES,
    DAYS_OF_UNSUCCESSFUL,
)
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
    Bounce,
    Claim,
    Complaint,
    Invitation,
    JoinRequest,
    KeepingTimes,
)
from members.models.keeping import YEAR

YEARS = ["no", "one", "two", "three", "four", "five", "six", "seven"]


@dataclass(frozen=True)
class Rule:
    """`old` are the rows whose time is over; `forget` deletes or empties them.

    `period` names the field of `KeepingTimes` in which staff choose how long; it stands for the
    braces in `length`.
    """

    what: str
    length: str
    why: str
    old: Callable | None = None
    forget: Callable | None = None
    period: str = ""

    def kept(self, times):
        return self.length.format(in_words(getattr(times, self.period)) if self.period else "")

    def count(self):
        return self.old().count()


def before(period):
    """The moment before which what is kept for so long has been kept long enough."""
    return timezone.now() - KeepingTimes.of(period)


def in_words(days):
    """ "a year", "six years" or "90 days"."""
    years, rest = divmod(days, YEAR)
    if rest or not years:
        return f"{days} days"
    return "a year" if years == 1 else f"{YEARS[years]} years"


def table():
    """What the public reads: (what, how long, why)."""
    times = KeepingTimes.now()
    return [(rule.what, rule.kept(times), rule.why) for rule in RULES]


# -- Rows whose time is over ----------------------------------------------------------------------


def ended_places():
    """The job titles of people who left long ago."""
    return Affiliation.objects.filter(ended_at__lt=before("job_titles")).exclude(job_title="")


def ended_invitations():
    """Those accepted, declined, withdrawn or too old for long, with an address."""
    return Invitation.objects.filter(expires_at__lt=before("invitations")).exclude(email=NO_ADDRESS)


def decided_join_requests():
    return JoinRequest.objects.filter(decided_at__lt=before("requests")).exclude(email=NO_ADDRESS)


def decided_claims():
    return Claim.objects.filter(decided_at__lt=before("requests")).exclude(email=NO_ADDRESS)


def answered_complaints():
    return Complaint.objects.filter(answered_at__lt=before("complaints")).exclude(email=NO_ADDRESS)


def old_bounces():
    return Bounce.objects.filter(last_at__lt=before("bounces"))


def old_events():
    return AuditEvent.objects.filter(at__lt=before("names")).exclude(salt="")


def old_sessions():
    over = Session.objects.filter(expire_date__lt=timezone.now()).values("session_key")
    silent = Q(last_seen_at__lt=before("sessions"))
    return UserSession.objects.filter(silent | Q(session_key__in=over))


def ended_sessions():
    return Session.objects.filter(expire_date__lt=timezone.now())


def sent_letters():
    """Tasks of the queue: letters, sealed, and what was read from files."""
    return DBTaskResult.objects.filter(finished_at__lt=before("letters"))


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
        "{} after they left",
        "So that a colleague can be found for a while.",
        ended_places,
        empty(ended_places, job_title=""),
        period="job_titles",
    ),
    Rule(
        "Where you were logged in: device, network address, time",
        "{} after you were last seen, or until the session ends",
        "So that you can see whether somebody else uses your account.",
        old_sessions,
        delete(old_sessions),
        period="sessions",
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
        "{} after the invitation could last be accepted",
        "So that nobody is written to again and again.",
        ended_invitations,
        _forget_invitations,
        period="invitations",
    ),
    Rule(
        "Requests to join an organisation: name, address, message",
        "{} after the decision",
        ASKED,
        decided_join_requests,
        empty(decided_join_requests, **UNNAMED),
        period="requests",
    ),
    Rule(
        "Claims of organisations: name, address, message, objection",
        "{} after the decision",
        ASKED,
        decided_claims,
        empty(decided_claims, **UNNAMED, objection="", objected_by=""),
        period="requests",
    ),
    Rule(
        "Drafts of applications for membership",
        "{} after somebody last wrote in them; 7 if never opened",
        "So that people can come back to them.",
        lambda: Application.objects.stale_drafts(timezone.now()),
        lambda: forget_drafts(timezone.now()),
        period="drafts",
    ),
    Rule(
        "What was written in applications for membership",
        "{} after they were closed",
        "So that a question about the decision can be answered.",
        lambda: Application.objects.to_forget(timezone.now()),
        lambda: forget_contents(timezone.now()),
        period="applications",
    ),
    Rule(
        "Complaints about data: name, address, text",
        "{} after the answer",
        "So that we can show how we answered.",
        answered_complaints,
        empty(answered_complaints, **UNCOMPLAINED),
        period="complaints",
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
        "{}",
        "So that nothing is told twice.",
        old_letters,
        forget_letters,
        period="alerts",
    ),
    Rule(
        "Requests for works in another format",
        "{} after the answer; the address goes with the answer",
        "So that we learn what is needed.",
        old_copy_requests,
        forget_copy_requests,
        period="copies",
    ),
    Rule(
        "Words looked for in vain in the dictionary, without who",
        "{}",
        "So that we learn which words are missing.",
        old_misses,
        lambda: sum(forget_old_misses()),
        period="misses",
    ),
    Rule(
        "Letters to you in our queue, sealed",
        "{} after they went out",
        "So that a failure can be looked into.",
        sent_letters,
        delete(sent_letters),
        period="letters",
    ),
    Rule(
        "Addresses whose letters came back",
        "{} after the last one",
        "So that we do not write to them again and again.",
        old_bounces,
        delete(old_bounces),
        period="bounces",
    ),
    Rule(
        "Names in the log of who did what",
        "{}; that it was done, and when, stays",
        "So that it can be settled who was allowed to act for an organisation.",
        old_events,
        lambda: old_events().forget(),
        period="names",
    ),
    Rule(
        "Nominations for the awards",
        f"drafts {in_words(DAYS_OF_DRAFTS)} after nominations close; others "
        f"{in_words(DAYS_OF_UNSUCCESSFUL)} after the ceremony, those of finalists "
        f"{in_words(DAYS_OF_FINALISTS)}",
        "So that nominators hear what came of them, and winners can be checked.",
    ),
    Rule(
        "Judges’ notes and interests",
        f"{in_words(DAYS_OF_NOTES)} after the ceremony",
        "So that a decision can be explained.",
    ),
    Rule(
        "Invoices and payments of organisations",
        "six years at least",
        "They are accounts.",
    ),
]
JOBS = [rule for rule in RULES if rule.old]
