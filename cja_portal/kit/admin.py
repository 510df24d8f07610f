"""Parts of the staff's rooms that the apps share."""

from django.contrib import messages

from cja_portal.kit.moves import ImpossibleMove


class ReadOnly:
    """Rows to look at; they come and go by actions alone."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def do_with_each(model_admin, request, rows, act, done, **details):
    """Act on each row; one that cannot be moved is told and does not hold up the others."""
    count = 0
    for row in rows:
        try:
            act(row, by=request.user, **details)
        except ImpossibleMove as impossible:
            model_admin.message_user(request, _told(impossible, row), messages.WARNING)
        else:
            count += 1
    if count:
        model_admin.message_user(request, f"{done}: {count}.", messages.SUCCESS)


def _told(impossible, row):
    """Among many rows people must know which one is meant."""
    sentence = str(impossible)
    return sentence if str(row) in sentence else f"{row}: {sentence}"
