"""Everybody who may stand at a door of the portal, each signed in with all they can prove."""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser, Group
from django.test import Client
from django.utils import timezone

from library.models import Submission
from members.models import Organisation
from members.permissions import CONTENT_STAFF, FINANCE_STAFF, JUDGES, MEMBERSHIP_STAFF, STAFF
from tests.factories import (
    make_affiliation,
    make_break,
    make_invitation,
    make_invoice,
    make_join_request,
    make_organisation,
    make_period,
    make_submission,
    make_user,
)
from tests.logins import sign_in

TODAY = timezone.localdate()
DAY = timedelta(days=1)
OWN, OTHER = "example-charity", "example-other"
ROLES = ["participant", "editor", "finance", "signatory", "owner"]
STANDINGS = ["grace", "lapsed", "suspended"]
STAFF_KINDS = {
    "content staff": CONTENT_STAFF,
    "membership staff": MEMBERSHIP_STAFF,
    "finance staff": FINANCE_STAFF,
    "staff": STAFF,
}
OF_ORGANISATIONS = [*ROLES, "ended", *STANDINGS]
ACTORS = ["anonymous", "outsider", *OF_ORGANISATIONS, "judge", *STAFF_KINDS, "administrator"]


def make_actors():
    """A client for each actor. Those of organisations belong to `OWN`, or to one of their own."""
    own = Organisation.objects.get(slug=OWN)
    _fill(own)
    _fill(make_organisation("Example Other", slug=OTHER))
    people = {"outsider": _person("outsider"), "judge": in_group("judge", JUDGES)}
    people |= {role: _at(own, role, role) for role in ROLES}
    people["ended"] = _at(own, "ended", "owner", ended_at=timezone.now())
    people |= {one: _at(_organisation(one), one, "owner") for one in STANDINGS}
    people |= {kind: in_group(kind, name, is_staff=True) for kind, name in STAFF_KINDS.items()}
    people["administrator"] = _person("administrator", is_staff=True, is_superuser=True)
    people["anonymous"] = AnonymousUser()
    return {actor: client_of(people[actor]) for actor in ACTORS}


def _fill(organisation):
    """Something behind each of its private addresses."""
    make_affiliation(_person(f"owner-of-{organisation.slug}"), organisation, "owner")
    make_invoice(organisation)


def put_at(uuid):
    """The rows of `OWN` that the addresses of examples name."""
    own = Organisation.objects.get(slug=OWN)
    make_affiliation(_person("colleague"), own, "participant", uuid=uuid)
    make_invitation(purpose="organisation", organisation=own, roles=["editor"], uuid=uuid)
    make_join_request(own, uuid=uuid)
    submission = make_submission(own, status="draft")
    Submission.objects.filter(pk=submission.pk).update(uuid=uuid)


def slug_of(actor):
    """Of the organisation that is this actor's own; outsiders ask for the common one."""
    return f"example-{actor}" if actor in STANDINGS else OWN


def _person(name, **fields):
    return make_user(f"{name.replace(' ', '-')}@example.org", **fields)


def _at(organisation, name, role, **fields):
    user = _person(name)
    make_affiliation(user, organisation, role, **fields)
    return user


def in_group(name, group, **fields):
    user = _person(name, **fields)
    user.groups.add(Group.objects.get(name=group))
    return user


def _organisation(standing):
    """Its last period ended so long ago that it is in grace, or that the membership lapsed."""
    organisation = make_organisation(f"Example {standing.capitalize()}", slug=f"example-{standing}")
    ended_on = TODAY - (90 * DAY if standing == "lapsed" else 5 * DAY)
    make_period(organisation, ended_on - 360 * DAY, ended_on)
    if standing == "suspended":
        make_break(organisation, "suspended", TODAY)
    return organisation


def client_of(user):
    client = Client(raise_request_exception=False)
    client.user = user
    if user.is_authenticated:
        sign_in(client, user)
    return client
