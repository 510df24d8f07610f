"""Files of a nomination: looked at when they come, kept under random names, for few eyes."""

from django.core.files.base import File
from django.db import transaction

from awards.actions.nominations import take_to_write
from awards.log import note_of
from awards.models import Nomination
from cja_portal.kit.moves import ImpossibleMove


@transaction.atomic
def add_attachment(nomination, received, *, by):
    """Keep a file that `library.intake` has received; raises ImpossibleMove."""
    nomination, moment = take_to_write(nomination)
    most = nomination.category.most_attachments
    if nomination.attachments.count() >= most:
        raise ImpossibleMove(f"A nomination here has at most {most} files.")
    if nomination.attachments.filter(sha256=received.sha256).exists():
        raise ImpossibleMove("This file is there already.")
    attachment = nomination.attachments.model(
        nomination=nomination,
        name=received.name[-200:] or "file",
        content_type=received.kind.content_type,
        size=received.size,
        sha256=received.sha256,
        added_by=by.name,
        added_at=moment.now,
    )
    attachment.file.save("file", File(received.file), save=False)
    attachment.save()
    Nomination.objects.filter(pk=nomination.pk).update(changed_at=moment.now)
    note_of(nomination, "add_attachment", by)
    return attachment


@transaction.atomic
def remove_attachment(nomination, attachment, *, by):
    """Take a file out; its bytes go once that is certain."""
    nomination, _ = take_to_write(nomination)
    name, storage = attachment.file.name, attachment.file.storage
    attachment.delete()
    note_of(nomination, "remove_attachment", by)
    transaction.on_commit(lambda: storage.delete(name))
