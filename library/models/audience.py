"""Who may open what: one rule, for records and for their files."""

from django.db import models
from django.db.models import Exists, Q


class Audience(models.TextChoices):
    PUBLIC = "public", "Everyone"
    MEMBERS = "members", "People of member organisations"
    ORGANISATIONS = "organisations", "People of the organisations named as readers"
    STAFF = "staff", "Staff only"


def belongs_to(user, audience):
    """The condition on an item under which `user` belongs to the audience in that field.

    An organisation belongs to the audience of what is its own, unless that is for staff only; of
    what is others' only while its membership lasts.
    """
    if user.is_staff:
        return Q()
    if not user.is_authenticated:
        return Q(**{audience: Audience.PUBLIC})
    mine = user.organisation_ids()
    places = user.affiliations.taking_part()
    named = places.filter(organisation__readable_items=models.OuterRef("pk"))
    return (
        Q(**{audience: Audience.PUBLIC})
        | Q(Exists(places), **{audience: Audience.MEMBERS})
        | Q(Exists(named), **{audience: Audience.ORGANISATIONS})
        | Q(owner__in=mine) & ~Q(**{audience: Audience.STAFF})
    )
