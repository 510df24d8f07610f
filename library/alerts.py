"""Telling people what is new in their saved searches: each item once, and none forgotten.

1. `collect` looks each due search up against the new items alone, and writes what it finds into a
   ledger with one row for each search and item, together with a letter: one transaction.
2. `claim` decides anew what the reader may see, and marks the letter as begun: one transaction.
3. The letter is handed over. If the mail server refuses, it is put back and tried later; once it
   was taken, it is marked as sent.

Whoever is killed between 2 and 3 leaves a letter of which nobody knows whether it went out. It is
not sent again by itself: its reader finds it among the saved searches, the next letter points
there, and staff can have it sent again.
"""

import logging
from datetime import datetime, time, timedelta
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused

from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.timezone import get_default_timezone, now

from cja_portal.kit.moves import ImpossibleMove
from library import alert_emails
from library.arrivals import note_arrivals
from library.models import Alert, Arrival, Frequency, Letter, SavedSearch
from library.saved_searches import told_now, visible_items
from library.search import find
from members.audit import record
from members.models import KeepingTimes

log = logging.getLogger(__name__)

MORNING = time(7)  # UK time: it comes once each day, also when the clocks change.
MOST_LISTED = 50  # items in a letter
MOST_TRIES, FIRST_WAIT = 5, timedelta(minutes=15)
NOTHING = [], 0


def send_alerts():
    """Everything that is due, and returns how many letters went out. Safe to be killed."""
    look_up_all(note_arrivals())
    return send_letters()


# -- 1. Looking up --------------------------------------------------------------------------------


def look_up_all(newest):
    """Most searches find nothing new: all of those are written down together."""
    found, quiet = {}, []
    for search in due_searches(newest).select_related("owner"):
        if search.has_untold or _answers(search, newest, found) != NOTHING:
            collect(search.pk, newest, found)
        else:
            quiet.append(search.pk)
    looked_through = SavedSearch.objects.filter(pk__in=quiet, last_arrival__lte=newest)
    looked_through.update(last_arrival=newest, looked_at=now())


def due_searches(newest):
    """Those whose hour has come and that have new items, or old ones untold, to look through."""
    untold = Alert.objects.filter(search=OuterRef("pk"), letter__isnull=True)
    at_once = Q(frequency=Frequency.IMMEDIATE) & (Q(last_arrival__lt=newest) | Q(has_untold=True))
    daily = Q(frequency=Frequency.DAILY, looked_at__lt=last_morning(now()))
    weekly = Q(frequency=Frequency.WEEKLY, looked_at__lt=last_monday(now()))
    searches = SavedSearch.objects.to_be_told().annotate(has_untold=Exists(untold))
    return searches.filter(at_once | daily | weekly).order_by("pk")


def last_morning(at):
    """The latest 7 o'clock in the UK that is not after `at`."""
    local = at.astimezone(get_default_timezone())
    day = local.date() - timedelta(days=local.time() < MORNING)
    return datetime.combine(day, MORNING, get_default_timezone())


def last_monday(at):
    """The latest 7 o'clock on a Monday."""
    day = last_morning(at).date()
    monday = day - timedelta(days=day.weekday())
    return datetime.combine(monday, MORNING, get_default_timezone())


@transaction.atomic
def collect(pk, newest, found):
    """Write down what is new for one search, and the letter that will tell it.

    `found` keeps the answers of this run: the public all see the same.
    """
    due = due_searches(newest).select_for_update(of=("self",), skip_locked=True)
    search = due.select_related("owner").filter(pk=pk).first()
    if search is None:
        return
    told, untold = _answers(search, newest, found)
    Alert.objects.bulk_create(
        [Alert(search=search, item_id=item, edition=edition) for item, edition in told],
        ignore_conflicts=True,
    )
    search.last_arrival, search.looked_at = newest, now()
    search.save(update_fields=["last_arrival", "looked_at"])
    _prepare_letter(search, untold)


def _answers(search, newest, found):
    """[(item, edition), …] of what is new, as many as a letter lists, and how many more."""
    if search.last_arrival >= newest:
        return NOTHING
    key = search.owner_id, search.query, search.last_arrival
    if key not in found:
        found[key] = _look_up(search, newest)
    return found[key]


def _look_up(search, newest):
    """Only among the new items, so that the size of the library does not matter.

    A choice that the library no longer knows would drop out and let in what was not asked for.
    """
    answer = find(QueryDict(search.query), search.reader)
    if answer.narrowing.unknown:
        return NOTHING
    arrivals = Arrival.objects.filter(pk__gt=search.last_arrival, pk__lte=newest)
    editions = dict(arrivals.order_by("edition").values_list("item", "edition"))
    items = told_now(answer.items.filter(pk__in=list(editions)))  # As numbers: for the planner.
    items = list(items.newest_first().values_list("pk", flat=True))
    told = [(item, editions[item]) for item in items[:MOST_LISTED]]
    return told, len(items) - len(told)


def _prepare_letter(search, untold):
    waiting = search.alerts.filter(letter__isnull=True)
    waiting = waiting.filter(item__in=visible_items(search))
    chosen = list(waiting.values_list("pk", flat=True)[:MOST_LISTED])
    if chosen:
        letter = Letter.objects.create(search=search, untold=untold)
        search.alerts.filter(pk__in=chosen).update(letter=letter)


# -- 2. and 3. Sending ----------------------------------------------------------------------------


def send_letters():
    """All that wait; returns how many went out. Ends early where no mail server answers."""
    waiting = list(Letter.objects.waiting().order_by("pk").values_list("pk", flat=True))
    if not waiting:
        return 0
    connection, count = get_connection(), 0
    try:
        connection.open()
        for pk in waiting:
            count += _send(pk, connection)
    except (OSError, SMTPException) as error:
        log.error("No mail server answers, so alerts wait: %s", type(error).__name__)
    finally:
        connection.close()
    return count


def _send(pk, connection):
    letter, message = _claim_or_explain(pk)
    if letter is None:
        return False
    try:
        connection.send_messages([message])
    except Exception as error:
        connection.close()
        _explain_failure(letter, error)
        connection.open()
        return False
    Letter.objects.filter(pk=letter.pk).update(sent_at=now())
    return True


def _claim_or_explain(pk):
    """A letter that cannot be written holds up no other; it is not marked, and waits."""
    try:
        return claim(pk)
    except Exception:
        log.exception("An alert could not be written.")
        return None, None


@transaction.atomic
def claim(pk):
    """The letter, marked as begun, and its message; (None, None) if there is nothing to send.

    What the reader may no longer see waits in the ledger, and is told if it comes back.
    """
    waiting = Letter.objects.waiting().select_for_update(of=("self",), skip_locked=True)
    letter = waiting.select_related("search__owner").filter(pk=pk).first()
    if letter is None:
        return None, None
    visible = visible_items(letter.search).filter(alerts__letter=letter)
    items = list(visible.newest_first().for_rows())
    letter.alerts.exclude(item__in=[item.pk for item in items]).update(letter=None)
    if not items:
        letter.delete()
        return None, None
    letter.started_at = now()
    letter.save(update_fields=["started_at"])
    return letter, alert_emails.alert(letter, items)


def _explain_failure(letter, error):
    """A clear refusal is tried again later; of anything else nobody knows what came of it."""
    if was_refused(error):
        put_back(letter)
    log.error("Letter %s of alerts failed: %s", letter.uuid, type(error).__name__)


def was_refused(error):
    """Whether the mail server surely did not take the letter."""
    if isinstance(error, SMTPRecipientsRefused | SMTPSenderRefused | SMTPDataError):
        return True
    if isinstance(error, AnymailRecipientsRefused):
        return True
    answer = getattr(error, "response", None)
    return isinstance(error, AnymailAPIError) and getattr(answer, "status_code", 0) >= 400


@transaction.atomic
def put_back(letter):
    """Try later: after a quarter of an hour, then four times as long each time, then not at all."""
    letter.tries += 1
    letter.started_at = None
    letter.next_try_at = now() + FIRST_WAIT * 4 ** (letter.tries - 1)
    letter.save(update_fields=["tries", "started_at", "next_try_at"])
    if letter.tries >= MOST_TRIES:
        SavedSearch.objects.filter(pk=letter.search_id).update(paused_at=now())


@transaction.atomic
def send_again(letter, *, by):
    """Staff looked into a letter in doubt: it did not go out."""
    _decide(letter, started_at=None, next_try_at=now())
    record(by, "library.send-letter-again", letter)


@transaction.atomic
def settle(letter, *, by):
    """Staff looked into a letter in doubt: it did go out."""
    _decide(letter, sent_at=now())
    record(by, "library.settle-letter", letter)


def _decide(letter, **fields):
    if not Letter.objects.in_doubt().filter(pk=letter.pk).update(**fields):
        raise ImpossibleMove(f"{letter}: it is known what became of it.")


def old_letters():
    return Letter.objects.filter(sent_at__lt=now() - KeepingTimes.of("alerts"))


def forget_letters():
    """Delete the ledger of letters whose time is over; returns how many letters."""
    old = old_letters()
    with transaction.atomic():
        Alert.objects.filter(letter__in=old).delete()
        return old.delete()[1].get("library.Letter", 0)
