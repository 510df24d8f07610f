"""Links in letters that let people in without an account. Only digests of secrets are kept."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from awards import emails
from awards.clock import moment_of
from awards.models import AccessLink, Collaborator
from cja_portal.kit.visitors import is_within
from members.models.invitation import digest_of

LIFETIME = timedelta(days=120)
DESK_LIFETIME = timedelta(days=730)  # A nominee may come back about the roll of honour.
MOST_LETTERS, DAY = 6, 24 * 60 * 60  # to one address


def send_link(collaborator):
    """A letter with a link of its own; an address that had many of them today gets none."""
    if not is_within("nomination-letter", collaborator.email, most=MOST_LETTERS, seconds=DAY):
        return
    secret = secret_for(collaborator)
    moment = moment_of(collaborator.nomination.category.cycle, collaborator.email)
    transaction.on_commit(lambda: emails.draft_link(collaborator, secret, moment=moment))


def secret_for(collaborator):
    """A new link to the nomination, for a letter of another kind."""
    return _make(LIFETIME, collaborator=collaborator)


def send_desk_link(consent):
    """To the nominee, whoever typed the address: it gets only so many letters a day too."""
    if not is_within("nominee-letter", consent.email.lower(), most=MOST_LETTERS, seconds=DAY):
        return
    secret = _make(DESK_LIFETIME, consent=consent)
    transaction.on_commit(lambda: emails.nominee_link(consent, secret))


def _make(lifetime, **opens):
    secret = secrets.token_urlsafe(24)
    expires_at = timezone.now() + lifetime
    AccessLink.objects.create(secret_digest=digest_of(secret), expires_at=expires_at, **opens)
    return secret


def send_links_to(email, cycle):
    """For somebody who lost theirs. Nothing is returned: who nominates is told to nobody."""
    writers = Collaborator.objects.current().filter(
        email=email.lower(), nomination__category__cycle=cycle
    )
    for collaborator in writers.select_related("nomination__category__cycle"):
        send_link(collaborator)


def read_link(secret):
    """The collaborator or the consent that the link opens; None if it opens nothing now."""
    links = AccessLink.objects.filter(expires_at__gt=timezone.now())
    links = links.select_related("collaborator__nomination", "consent__nomination")
    link = links.filter(secret_digest=digest_of(secret)).first()
    if link is None or (link.collaborator and link.collaborator.removed_at):
        return None
    return link.collaborator or link.consent


def note_opening(collaborator):
    """That the letter arrived."""
    unopened = Collaborator.objects.filter(pk=collaborator.pk, opened_at__isnull=True)
    unopened.update(opened_at=timezone.now())
