"""What can be done to saved searches; letters about them are in `alerts`."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from cja_portal.kit.moves import ImpossibleMove
from cja_portal.kit.visitors import is_within
from library import alert_emails
from library.arrivals import note_arrivals
from library.models import Frequency, Item, SavedSearch, Status
from members.models.invitation import digest_of

MOST_SEARCHES = 50  # of a person or an address
CONFIRM_WITHIN = timedelta(days=2)
MOST_LETTERS, DAY = 3, 24 * 60 * 60  # to an address that has confirmed nothing


# -- For people with an account -------------------------------------------------------------------


@transaction.atomic
def save_search(query, frequency, *, by):
    """Keep a search; one that is kept already gets the new frequency."""
    kept = SavedSearch.objects.kept_by(by)
    if saved := kept.select_for_update().filter(query=query).first():
        change_frequency(saved, frequency)
        return saved
    if kept.count() >= MOST_SEARCHES:
        raise ImpossibleMove(f"You keep {MOST_SEARCHES} searches: delete one you do not need.")
    return SavedSearch.objects.create(
        owner=by,
        query=query,
        frequency=frequency,
        confirmed_at=now(),
        last_arrival=note_arrivals(),
    )


@transaction.atomic
def change_frequency(saved, frequency):
    """Whoever had no letters is told only of what is new from now on."""
    if saved.frequency == Frequency.NEVER or saved.paused_at:
        saved.last_arrival, saved.looked_at = note_arrivals(), now()
    saved.frequency, saved.paused_at = frequency, None
    saved.save(update_fields=["frequency", "last_arrival", "looked_at", "paused_at"])
    unsent = saved.letters.filter(started_at__isnull=True)
    if frequency == Frequency.NEVER:
        saved.alerts.filter(Q(letter__isnull=True) | Q(letter__in=unsent)).delete()
        unsent.delete()
    else:
        unsent.update(tries=0, next_try_at=now())


# -- For an e-mail address ------------------------------------------------------------------------


def ask_for_alerts(query, frequency, *, email):
    """Write to an address once, to ask whether its owner wants letters.

    It returns nothing and fails for nobody: who is known here is not told.
    """
    email = email.strip().lower()
    waits_or_runs = SavedSearch.objects.filter(email=email, query=query).exclude(
        pk__in=SavedSearch.objects.forgotten()
    )
    has_room = SavedSearch.objects.filter(email=email).count() < MOST_SEARCHES
    if waits_or_runs.exists() or not has_room:
        return
    if is_within("alert-letter", email, most=MOST_LETTERS, seconds=DAY):
        _ask(query, frequency, email)


@transaction.atomic
def _ask(query, frequency, email):
    secret = secrets.token_urlsafe(24)
    values = {
        "frequency": frequency,
        "secret_digest": digest_of(secret),
        "confirm_by": now() + CONFIRM_WITHIN,
        "saved_at": now(),
    }
    saved, _ = SavedSearch.objects.update_or_create(
        email=email, query=query, confirmed_at=None, defaults=values
    )
    transaction.on_commit(lambda: alert_emails.confirm(saved, secret))


def search_to_confirm(secret):
    return SavedSearch.objects.unconfirmed().filter(secret_digest=digest_of(secret)).first()


@transaction.atomic
def confirm_search(saved):
    """From now on its owner is told of what is new; the secret has done its work."""
    saved.confirmed_at = saved.looked_at = now()
    saved.last_arrival, saved.secret_digest = note_arrivals(), ""
    saved.save(update_fields=["confirmed_at", "looked_at", "last_arrival", "secret_digest"])


def stop_search(saved):
    """No more letters. A person's search is kept; of an address nothing is."""
    if saved.owner_id:
        change_frequency(saved, Frequency.NEVER)
    else:
        saved.delete()


def forget_searches():
    """Delete what was never confirmed; returns how many."""
    return SavedSearch.objects.forgotten().delete()[1].get("library.SavedSearch", 0)


def visible_items(saved):
    """The items that its reader may see now and that are out."""
    return told_now(Item.objects.visible_to(saved.reader))


def told_now(items):
    """Staff see drafts and what is still to come, but hear of what is out."""
    return items.filter(status=Status.PUBLISHED).due()
