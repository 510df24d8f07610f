"""Erasing a person: asked for, thought over for seven days, then done by a job."""

import logging

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cja_portal.kit.holdings import keep
from cja_portal.kit.moves import ImpossibleMove
from cja_portal.kit.site import absolute
from cja_portal.privacy.holdings import HOLDINGS, KEPT
from cja_portal.privacy.traces import forget_history, scrub
from members.audit import record
from members.emails import write
from members.holdings import person_of
from members.models import Affiliation, Application, Complaint, Erasure, User

log = logging.getLogger(__name__)


class ErasureError(ImpossibleMove):
    """Why somebody cannot be erased now, as a sentence for them."""


# -- What stands in the way ------------------------------------------------------------------------


def last_owner_of(user):
    """The places in organisations that would have no owner without this person."""
    owning = Affiliation.objects.owning()
    places = owning.filter(user=user).select_related("organisation")
    others = owning.exclude(user=user)
    return [one for one in places if not others.filter(organisation=one.organisation).exists()]


def obstacles(user):
    """Sentences that say what has to be done first."""
    person = person_of(user)
    found = [
        f"You are the last owner of {place.organisation}. Hand it over to somebody first."
        for place in last_owner_of(user)
    ]
    sent = Application.objects.filter(person.is_at(Application, "email"))
    if sent.filter(state__in=["submitted", "review", "asked", "deferred"]).exists():
        found.append("An application you sent is being considered. Withdraw it first.")
    if Complaint.objects.open().filter(person.is_at(Complaint, "email")).exists():
        found.append("A complaint of yours is open. We need your address to answer it.")
    administrators = User.objects.filter(is_superuser=True, is_active=True)
    if user.is_superuser and not administrators.exclude(pk=user.pk).exists():
        found.append("You are the only administrator. Let somebody else become one first.")
    return found


def preview(user):
    """What would go and what would stay, with how many rows, in the words of the holdings."""
    person = person_of(user)
    counted = [(holding, holding.rows(person).count()) for holding in HOLDINGS]
    held = [(holding, count) for holding, count in counted if count]
    return {
        "goes": [one for one in held if one[0].erase is not keep],
        "stays": [one for one in held if one[0].erase is keep],
        "kept": sorted(set(KEPT.values())),
    }


# -- Asking, and thinking again --------------------------------------------------------------------


@transaction.atomic
def ask_for_erasure(user):
    User.objects.select_for_update().get(pk=user.pk)
    if Erasure.objects.open().filter(user=user).exists():
        raise ErasureError("You have asked already.")
    if found := obstacles(user):
        raise ErasureError(" ".join(found))
    erasure = Erasure.objects.create(user=user)
    record(user, "members.ask_for_erasure", erasure)
    link = absolute(reverse("privacy-home"))
    letter = {"erasure": erasure, "link": link, "contact": settings.CONTACT_EMAIL}
    transaction.on_commit(
        lambda: write("erasure_asked", "You asked us to erase you", [user.email], **letter)
    )
    return erasure


@transaction.atomic
def take_back_erasure(user):
    asked = Erasure.objects.select_for_update().open().filter(user=user).first()
    if asked is None:
        raise ErasureError("There is nothing to take back.")
    asked.cancelled_at = timezone.now()
    asked.save(update_fields=["cancelled_at"])
    record(user, "members.take_back_erasure", asked)


# -- The job --------------------------------------------------------------------------------------


def erase_due():
    """Erase everybody whose seven days are over. Who cannot be erased yet is tried again next time.

    Returns how many were erased, and how many wait.
    """
    done = [_erase(pk) for pk in list(Erasure.objects.due().values_list("pk", flat=True))]
    return done.count(True), done.count(False)


def _erase(pk):
    try:
        with transaction.atomic():
            return _erase_if_due(pk)
    except IntegrityError:
        log.exception("Erasure %s met a law of the database and waits.", pk)
        return False


def _erase_if_due(pk):
    asked = Erasure.objects.select_for_update().due().filter(pk=pk).first()
    if asked is None or obstacles(asked.user):
        return False
    address = asked.user.email
    erase_person(asked.user)
    asked.done_at = timezone.now()
    asked.save(update_fields=["done_at"])
    record(None, "members.erase", asked)
    letter = {"contact": settings.CONTACT_EMAIL}
    transaction.on_commit(lambda: write("erasure_done", "You are erased", [address], **letter))
    return True


@transaction.atomic
def erase_person(user):
    """Leave of a person what the lists of holdings leave, and an account without a name."""
    user = User.objects.select_for_update().get(pk=user.pk)
    person = person_of(user)
    forget_history(person)
    for holding in HOLDINGS:
        holding.erase(holding.rows(person), person)
    scrub(person)
