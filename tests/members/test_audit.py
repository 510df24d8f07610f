import pytest
from django.db import IntegrityError, InternalError, transaction

from members.actions.invitations import accept_invitation, invite_person, withdraw_invitation
from members.audit import record
from members.models import AuditEvent
from members.models.invitation import Purpose
from tests.factories import make_organisation, make_staff, make_theme, make_user

pytestmark = pytest.mark.django_db
REFUSALS = (IntegrityError, InternalError)


def test_an_event_cannot_be_changed():
    event = record(make_staff(), "members.test", make_theme())

    with pytest.raises(REFUSALS, match="only grows"), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).update(verb="other")

    assert AuditEvent.objects.get().verb == "members.test"


def test_an_event_cannot_be_deleted():
    record(None, "members.test", make_theme())

    with pytest.raises(REFUSALS, match="only grows"), transaction.atomic():
        AuditEvent.objects.all().delete()

    assert AuditEvent.objects.count() == 1


def test_an_invitation_leaves_a_trail():
    staff, user, organisation = make_staff(), make_user("new@example.org"), make_organisation()
    fields = {"organisation": organisation, "roles": ["editor"], "by": staff}

    invitation = invite_person("new@example.org", Purpose.ORGANISATION, **fields)
    accept_invitation(invitation, by=user)
    withdraw_invitation(invite_person("other@example.org", Purpose.JUDGE, by=staff), by=staff)

    trail = AuditEvent.objects.order_by("pk").values_list("verb", "by__email")
    assert list(trail) == [
        ("members.invite", "staff@example.org"),
        ("members.accept", "new@example.org"),
        ("members.join", "new@example.org"),
        ("members.invite", "staff@example.org"),
        ("members.withdraw", "staff@example.org"),
    ]


def test_the_trail_holds_no_secret():
    invitation = invite_person("new@example.org", Purpose.STAFF, by=make_staff())

    event = AuditEvent.objects.get()

    assert invitation.links.get().secret_digest not in str(event.details) + event.title
