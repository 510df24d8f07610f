"""People who agree to be named on a profile, and letters to them that show no address."""

from django.core import signing
from django.db import transaction
from django.utils import timezone

from cja_portal.kit.moves import ImpossibleMove
from cja_portal.kit.visitors import is_within
from members import emails
from members.audit import record
from members.models import BlockedSender, Contact, Organisation

DAY = 24 * 60 * 60  # seconds
BLOCKS = "members.block_sender"
MOST_TO_ONE, MOST_FROM_ONE = 30, 10  # letters a day


class MessageError(ImpossibleMove):
    """Why a message cannot be passed on, as a sentence for the person who wrote it."""


@transaction.atomic
def be_named(place, *, by, about, audience, reads_messages):
    """Agree, or agree again for another year."""
    values = {"about": about, "audience": audience, "reads_messages": reads_messages}
    Contact.objects.update_or_create(
        affiliation=place, defaults=values | {"agreed_at": timezone.now()}
    )
    record(by, "members.be_named", place, audience=audience)


@transaction.atomic
def stop_being_named(place, *, by):
    Contact.objects.filter(affiliation=place).delete()
    record(by, "members.stop_being_named", place)


def readers_of_messages(organisation):
    """The addresses of the contacts who want messages; where there are none, of the owners."""
    readers = Contact.objects.current().filter(
        affiliation__organisation=organisation, reads_messages=True
    )
    addresses = sorted(readers.values_list("affiliation__user__email", flat=True))
    return addresses or sorted(emails.owners_of(organisation))


def takes_messages(organisation):
    readers = organisation.affiliations.reading_messages()
    return organisation.takes_messages and readers.exists()


@transaction.atomic
def pass_on_message(organisation, *, by, name, email, message, is_known, wants_copy):
    """Write to the contact people. What was written is in the letters alone, and kept nowhere."""
    if not takes_messages(organisation):
        raise MessageError("This organisation takes no messages here.")
    if not is_within("message-from", email.lower(), most=MOST_FROM_ONE, seconds=DAY):
        raise MessageError("That was too often. Try again tomorrow.")
    if not is_within("message-to", str(organisation.pk), most=MOST_TO_ONE, seconds=DAY):
        raise MessageError("Many people wrote to this organisation today. Try again tomorrow.")
    record(by, "members.pass_on_message", organisation)
    if organisation.blocked_senders.filter(email=email.lower()).exists():
        readers = []
    else:
        readers = readers_of_messages(organisation)
    letter = {"sender": name, "email": email, "message": message, "is_known": is_known}
    letter["secret"] = signing.dumps([organisation.pk, email.lower()], salt=BLOCKS)
    transaction.on_commit(lambda: emails.message(organisation, readers, **letter))
    if wants_copy:
        copy = {"email": email, "message": message}
        transaction.on_commit(lambda: emails.message_copy(organisation, **copy))


# -- Unwanted messages ----------------------------------------------------------------------------


def read_block_link(secret):
    """The organisation, and the sender of the message in whose letter the link stands."""
    try:
        pk, email = signing.loads(secret, salt=BLOCKS)
    except signing.BadSignature as error:
        raise MessageError("This link is not whole.") from error
    organisation = Organisation.objects.filter(pk=pk).first()
    if organisation is None:
        raise MessageError("This organisation is no longer here.")
    return organisation, email


@transaction.atomic
def block_sender(organisation, email, *, words="", is_reported=False):
    """They go on being told that a message was sent; a report never becomes a mere block again."""
    values = {"words": words, "is_reported": True, "settled_at": None} if is_reported else {}
    blocked, _ = BlockedSender.objects.update_or_create(
        organisation=organisation, email=email, defaults=values
    )
    record(None, "members.block_sender", blocked, is_reported=is_reported)


@transaction.atomic
def settle_report(blocked, *, by):
    if not blocked.is_reported or blocked.settled_at:
        raise MessageError("No report waits here.")
    blocked.settled_at = timezone.now()
    blocked.save(update_fields=["settled_at"])
    record(by, "members.settle_report", blocked)
