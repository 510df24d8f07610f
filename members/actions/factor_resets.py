"""Taking off a second factor that was lost. Nobody does it alone, and nobody is not told."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import signing
from django.db import transaction
from django.utils import timezone

from cja_portal.kit.moves import ImpossibleMove
from cja_portal.kit.visitors import is_within
from members import emails
from members.actions.people import end_sessions
from members.audit import record
from members.models import FactorReset, User, WaitingTimes
from members.models.factor_reset import ResetOutcome
from members.permissions import may_confirm_reset
from members.second_factor import has_second_factor

LINK_LASTS = 24 * 60 * 60  # seconds
OPEN_FOR = timedelta(days=14)  # from the day on which it can be done
MOST_LETTERS, A_DAY = 3, 24 * 60 * 60
ASKS, STOPS, FINISHES = (f"members.factor_reset.{step}" for step in ("ask", "stop", "finish"))


class FactorResetError(ImpossibleMove):
    """An impossible step, as a sentence for the person who tried it."""


# -- Asking ---------------------------------------------------------------------------------------


def send_reset_link(email):
    """Write to somebody with a second factor; for others the same work is done for nobody."""
    email = email.strip().lower()
    user = User.objects.with_address(email).filter(is_active=True).first()
    has_lost = has_second_factor(user) if user else has_second_factor(User(pk=0))
    is_rare = is_within("factor-reset", email, most=MOST_LETTERS, seconds=A_DAY)
    secret = signing.dumps(email, salt=ASKS)
    emails.factor_reset_link(secret, to=[email] if has_lost and is_rare else [])


def read_reset_link(secret):
    """The person who asks, and the address that the link proves."""
    try:
        email = signing.loads(secret, salt=ASKS, max_age=LINK_LASTS)
    except signing.BadSignature as error:
        raise FactorResetError("This link is too old, or not whole. Ask for a new one.") from error
    user = User.objects.with_address(email).filter(is_active=True).first()
    if user is None or not has_second_factor(user):
        raise FactorResetError("There is no second step to take off. Log in.")
    _check_not_asked(user)
    return user, email


@transaction.atomic
def ask_factor_reset(user, email, *, words):
    User.objects.select_for_update().get(pk=user.pk)
    _check_not_asked(user)
    for unused in user.factor_resets.open():
        _end(unused, ResetOutcome.EXPIRED, None)
    reset = FactorReset.objects.create(user=user, email=email, words=words)
    record(None, "members.ask_factor_reset", reset)
    transaction.on_commit(lambda: _tell(reset, emails.factor_reset_asked))
    return reset


def _check_not_asked(user):
    """What was confirmed and never used in its days stands in nobody's way."""
    usable = user.factor_resets.open().exclude(opens_at__lt=timezone.now() - OPEN_FOR)
    if usable.exists():
        raise FactorResetError("You have asked already. We have written to you about it.")


# -- Staff ----------------------------------------------------------------------------------------


@transaction.atomic
def confirm_factor_reset(reset, *, by):
    """The first is taken down; with the second, who is somebody else, the days begin to count."""
    _lock(reset)
    _check_staff(reset, by)
    if reset.second_by:
        raise FactorResetError("Two people have confirmed it already.")
    if reset.first_by == by:
        raise FactorResetError("You have confirmed it. Now somebody else has to.")
    if reset.first_by is None:
        reset.first_by = by
    else:
        reset.second_by, reset.confirmed_at = by, timezone.now()
        reset.opens_at = reset.confirmed_at + timedelta(days=WaitingTimes.now().reset_days)
        transaction.on_commit(lambda: _tell_confirmed(reset))
    reset.save(update_fields=["first_by", "second_by", "confirmed_at", "opens_at"])
    record(by, "members.confirm_factor_reset", reset)


@transaction.atomic
def refuse_factor_reset(reset, *, by):
    _lock(reset)
    _check_staff(reset, by)
    _end(reset, ResetOutcome.REFUSED, by)


# -- The person -----------------------------------------------------------------------------------


def read_stop_link(secret):
    return _read(secret, STOPS)


@transaction.atomic
def stop_factor_reset(reset):
    """Whoever has a letter about it may stop it: it was not them who asked."""
    _lock(reset)
    _end(reset, ResetOutcome.STOPPED, None)


def read_finish_link(secret):
    reset = _read(secret, FINISHES)
    _check_time(reset)
    return reset


@transaction.atomic
def finish_factor_reset(reset):
    _lock(reset)
    _check_time(reset)
    _end(reset, ResetOutcome.DONE, None)
    take_off_factors(reset.user, by=None)


@transaction.atomic
def take_off_factors(user, *, by):
    """All of them, and every session with them; the next login asks to set up a new one."""
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user, by=by)
    record(by, "members.take_off_factors", user)
    transaction.on_commit(lambda: emails.factor_reset_done(user, to=addresses_of(user)))


def addresses_of(user):
    """All that we know to be theirs."""
    shown = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return sorted({user.email, *shown})


def _tell(reset, letter, **context):
    """Each address has a link of its own to stop it."""
    secret = signing.dumps(str(reset.uuid), salt=STOPS)
    for address in addresses_of(reset.user):
        letter(reset, secret, to=[address], **context)


def _tell_confirmed(reset):
    """The link that does it goes only to the address that asked."""
    _tell(reset, emails.factor_reset_confirmed)
    emails.factor_reset_finish(reset, signing.dumps(str(reset.uuid), salt=FINISHES))


def _read(secret, salt):
    try:
        uuid = signing.loads(secret, salt=salt)
    except signing.BadSignature as error:
        raise FactorResetError("This link is not whole.") from error
    reset = FactorReset.objects.open().select_related("user").filter(uuid=uuid).first()
    if reset is None:
        raise FactorResetError("This has been stopped, refused or done.")
    return reset


def _lock(reset):
    reset.refresh_from_db(from_queryset=FactorReset.objects.select_for_update())
    if reset.ended_at:
        raise FactorResetError("This has been stopped, refused or done.")


def _check_staff(reset, by):
    if not may_confirm_reset(by, reset.user):
        raise FactorResetError(
            "Two administrators decide about an administrator; nobody decides about themselves."
        )


def _check_time(reset):
    if not reset.opens_at:
        raise FactorResetError("CJA staff have not confirmed it yet.")
    if timezone.now() < reset.opens_at:
        opens_at = timezone.localtime(reset.opens_at)
        raise FactorResetError(f"It can be done from {opens_at:%-d %B %Y, %H:%M}, UK time.")
    if timezone.now() > reset.opens_at + OPEN_FOR:
        raise FactorResetError("This link is too old. Write to CJA staff.")


def _end(reset, outcome, by):
    reset.ended_at, reset.outcome, reset.words = timezone.now(), outcome, ""
    reset.save(update_fields=["ended_at", "outcome", "words"])
    record(by, "members.end_factor_reset", reset, outcome=outcome)
    if outcome in {ResetOutcome.STOPPED, ResetOutcome.REFUSED}:
        to = addresses_of(reset.user)
        transaction.on_commit(lambda: emails.factor_reset_ended(reset, to=to))
