"""People: who they are, what they may, and where they belong."""

from itertools import count

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.utils import timezone

from members.models import Affiliation, Role, User
from members.permissions import JUDGES, STAFF
from tests.factories.moments import LONG_AGO

number = count(1)


def make_user(email="", **fields):
    """Somebody who has shown that the address is theirs."""
    user = User.objects.create_user(email or f"person{next(number)}@example.org", **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_owner(organisation, **fields):
    user = make_user(**{"email": "owner@example.org"} | fields)
    make_affiliation(user, organisation, Role.OWNER)
    return user


def make_participant(organisation, **fields):
    user = make_user(**{"email": "participant@example.org"} | fields)
    make_affiliation(user, organisation, Role.PARTICIPANT)
    return user


def make_judge(**fields):
    user = make_user(**{"email": "judge@example.org"} | fields)
    user.groups.add(Group.objects.get(name=JUDGES))
    return user


def make_staff(**fields):
    """Of the group "staff"; a superuser only where the test says so."""
    user = make_user(**{"email": "staff@example.org", "is_staff": True} | fields)
    user.groups.add(Group.objects.get(name=STAFF))
    return user


def make_outsider(**fields):
    return make_user(**{"email": "outsider@example.org"} | fields)


def make_affiliation(user, organisation, *roles, **fields):
    """Of long ago; an owner has become one just now, and so is in the days of grace."""
    values = {"roles": list(roles) or [Role.PARTICIPANT], "started_at": LONG_AGO}
    values["became_owner_at"] = timezone.now() if Role.OWNER in values["roles"] else None
    values |= fields
    return Affiliation.objects.create(user=user, organisation=organisation, **values)
