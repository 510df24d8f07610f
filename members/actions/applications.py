"""What staff do with applications to join. Each step locks the application first."""

from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.text import slugify

from members.actions.affiliations import lock_organisation
from members.actions.applying import lock_application
from members.actions.invitations import InvitationError, invite_person
from members.actions.membership import open_membership
from members.application_emails import letter_of
from members.applications import values_of
from members.audit import record
from members.models import Criterion, CriterionTick, DoNotInvite, Organisation, Role
from members.models.application import ApplicationError, ApplicationState
from members.models.invitation import Purpose
from members.models.organisation import Evidence
from members.permissions import may_decide_applications
from members.registers import NUMBERS

REGISTER_FACTS = ["register_name", "register_status", "register_income", "register_note"]


@transaction.atomic
def take_up_application(application, *, by):
    """Say that somebody reads it, so that no two do."""
    _lock(application, by)
    if application.state in {ApplicationState.SUBMITTED, ApplicationState.DEFERRED}:
        application.move_to(ApplicationState.REVIEW)
        application.steps.create(state=application.state, by=by)
    elif application.state != ApplicationState.REVIEW:
        raise ApplicationError("Nothing of it is to be read now.")
    application.reviewer = by
    application.save(update_fields=["state", "deferred_until", "reviewer"])
    record(by, "members.take_up_application", application)


@transaction.atomic
def note_register(application, facts, *, by):
    """Keep what staff saw in a register, with the day."""
    _lock(application, by)
    _check_open(application)
    for name in REGISTER_FACTS:
        setattr(application, name, facts[name])
    application.register_seen_on = timezone.localdate()
    application.save(update_fields=[*REGISTER_FACTS, "register_seen_on"])
    record(by, "members.note_register", application)


@transaction.atomic
def tick_checks(application, criteria, *, by):
    """These checks are made, and no others."""
    _lock(application, by)
    _check_open(application)
    application.ticks.exclude(criterion__in=criteria).delete()
    for criterion in criteria:
        CriterionTick.objects.get_or_create(
            application=application, criterion=criterion, defaults={"by": by}
        )
    record(by, "members.tick_checks", application, ticked=len(criteria))


def unticked(application):
    current = Criterion.objects.filter(is_current=True)
    return current.exclude(ticks__application=application)


# -- Decisions ------------------------------------------------------------------------------------


@transaction.atomic
def ask_applicant(application, words, *, by, seen, note=""):
    _lock(application, by, seen)
    application.move_to(ApplicationState.ASKED)
    _tell(application, "ask", words, by, note)


@transaction.atomic
def defer_application(application, words, *, by, seen, until, note=""):
    """Decide later: on that day it stands in the queue again."""
    _lock(application, by, seen)
    if until <= timezone.localdate():
        raise ApplicationError("Defer it to a day that is still to come.")
    application.move_to(ApplicationState.DEFERRED)
    application.deferred_until = until
    _tell(application, "defer", words, by, note, until=until)


@transaction.atomic
def decline_application(application, words, *, by, seen, reason, note=""):
    _lock(application, by, seen)
    application.move_to(ApplicationState.DECLINED)
    application.decline_reason = reason
    _tell(application, "decline", words, by, note)


@transaction.atomic
def approve_application(
    application, words, *, by, seen, existing=None, is_listed=True, note="", **fee
):
    """Let an organisation in: a new one, or one that stands here without an owner.

    Its membership opens, at the fee for the `income` of `fee` or with its `waiver`. Its first
    owner is invited, and the second whom the application names.
    """
    _lock(application, by, seen)
    if unticked(application).exists():
        raise ApplicationError("Tick every check first.")
    application.move_to(ApplicationState.APPROVED)
    with _told_in_sentences():
        application.organisation = _organisation_for(application, existing, is_listed)
    _open_membership(application.organisation, by, fee)
    _tell(application, "approve", words, by, note)
    _invite_owners(application, by)
    return application.organisation


def _lock(application, by, seen=None):
    """`seen` is how many steps staff had read of: what came since might change their minds."""
    if not may_decide_applications(by):
        raise ApplicationError("Only CJA staff decide on applications.")
    lock_application(application)
    if seen is not None and application.steps.count() != seen:
        raise ApplicationError("Something has happened since you read it. Read it again.")


def _check_open(application):
    if not application.is_open:
        raise ApplicationError("This application is closed.")


def _tell(application, decision, words, by, note, **context):
    """Keep the step and send its letter, which is the one that staff previewed."""
    application.save()
    application.steps.create(
        state=application.state, by=by, words=words, note=note, checks=_checks(application)
    )
    record(by, f"members.{decision}_application", application)
    letter = letter_of(decision, application, words, **context)
    transaction.on_commit(letter.send)


def _checks(application):
    return list(application.ticks.values_list("criterion__text", flat=True))


# -- The organisation -----------------------------------------------------------------------------


def _organisation_for(application, existing, is_listed):
    values = values_of(application)
    if existing:
        lock_organisation(existing)
        existing.refresh_from_db()
        _check_without_owner(existing)
    organisation = existing or _new_organisation(application, values)
    organisation.is_listed = organisation.is_listed or is_listed
    _fill(organisation, values)
    organisation.full_clean()
    organisation.save()
    for name in ("themes", "areas"):
        getattr(organisation, name).add(*values[name])
    return organisation


def _check_without_owner(organisation):
    if organisation.affiliations.owning().exists():
        raise ApplicationError(
            "This organisation has an owner. Decline the application, and point the applicant to "
            "“ask to join” on its page."
        )


def _new_organisation(application, values):
    evidence = {} if application.is_example else _approval(application)
    return Organisation(
        slug=free_slug(values["name"]),
        name=values["name"],
        kind=values["kind"],
        is_example=application.is_example,
        **evidence,
    )


def _approval(application):
    when = f"{application.closed_at:%B %Y}"
    return {
        "evidence": Evidence.OTHER,
        "evidence_period": when,
        "evidence_note": f"Its application to join was approved in {when}.",
    }


def _fill(organisation, values):
    """What stands there already stays: an owner can change it."""
    for name in (*NUMBERS, "website", "summary"):
        setattr(organisation, name, getattr(organisation, name) or values[name])
    known = {organisation.name, organisation.short_name, *organisation.former_names}
    given = [values["name"], *values["other_names"]]
    organisation.former_names += [name for name in dict.fromkeys(given) if name not in known]


def free_slug(name):
    """An address for an organisation that no other has, and no page of ours."""
    base = slugify(name)[:80] or "organisation"
    number = 1
    while True:
        slug = base if number == 1 else f"{base}-{number}"
        place = resolve(reverse("members:organisation-detail", args=[slug]))
        is_taken = Organisation.objects.filter(slug=slug).exists()
        if place.url_name == "organisation-detail" and not is_taken:
            return slug
        number += 1


@contextmanager
def _told_in_sentences():
    """Another organisation may have the number, or take it in this moment."""
    try:
        with transaction.atomic():
            yield
    except ValidationError as error:
        raise ApplicationError(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise ApplicationError("Another organisation has just got this number.") from error


def _open_membership(organisation, by, fee):
    """One whose membership runs keeps it: it only had lost its people."""
    periods = organisation.membership_periods.standing()
    if not periods.filter(ends_on__gte=timezone.localdate()).exists():
        open_membership(organisation, by=by, **fee)


def _invite_owners(application, by):
    """Whoever applies takes back a wish not to be invited; a second person's wish is heeded."""
    place = {"organisation": application.organisation, "roles": [Role.OWNER]}
    DoNotInvite.objects.filter(
        email=application.email, organisation=application.organisation
    ).delete()
    invite_person(application.email, Purpose.ORGANISATION, by=by, **place)
    second = values_of(application)["second_email"]
    if not second:
        return
    try:
        with transaction.atomic():
            invite_person(second, Purpose.ORGANISATION, by=by, **place)
    except InvitationError as error:
        record(by, "members.second_owner_not_invited", application, because=str(error))
