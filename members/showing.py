"""What of an organisation's profile a reader may see: the one place that decides it.

Pages, files and letters all ask here. The search knows nothing but the names and the summary,
which everybody sees, so that nobody finds a hidden word by searching for it.
"""

import re
from dataclasses import dataclass, field
from functools import partial

from members.models import (
    Affiliation,
    Audience,
    Contact,
    Detail,
    DetailKind,
    Role,
)

NOT_DIALLED = re.compile(r"[^0-9+]")


@dataclass(frozen=True)
class Reader:
    """Who reads, as far as it matters for profiles.

    Whoever belongs only where membership has lapsed or ended reads what everybody reads.
    """

    is_staff: bool = False
    is_member: bool = False
    belongs_to: frozenset = frozenset()
    keeps: frozenset = frozenset()  # The organisations whose profiles they look after.
    owns: frozenset = frozenset()

    @classmethod
    def of(cls, user):
        if not (user.is_authenticated and user.is_active):
            return PUBLIC
        held = Affiliation.objects.current().filter(user=user).order_by()
        places = list(held.with_membership_ended())
        is_member = not all(place.membership_ended for place in places)
        at = partial(_organisations, places)
        return cls(user.is_staff, is_member, at(*Role), at(Role.OWNER, Role.EDITOR), at(Role.OWNER))

    @property
    def may_export(self):
        return self.is_staff or self.is_member

    def audiences(self, organisation_id):
        """The audiences that this reader belongs to, for a profile."""
        if self.is_staff or organisation_id in self.keeps:
            return frozenset(Audience)
        if self.is_member:
            return frozenset({Audience.PUBLIC, Audience.MEMBERS})
        return frozenset({Audience.PUBLIC})


def _organisations(places, *roles):
    return frozenset(place.organisation_id for place in places if place.has_role(*roles))


PUBLIC = Reader()
MEMBER = Reader(is_member=True)
SEEN_AS = {"public": PUBLIC, "member": MEMBER}


@dataclass(frozen=True)
class Fact:
    """One detail that may be shown; `links` are pairs of an address and its words."""

    kind: str
    label: str
    text: str
    audience: Audience
    links: list


@dataclass(frozen=True)
class Person:
    """Somebody who agreed to be named."""

    name: str
    job_title: str
    about: str
    audience: Audience


@dataclass
class Profile:
    facts: list = field(default_factory=list)
    people: list = field(default_factory=list)

    def text_of(self, kind):
        return next((fact.text for fact in self.facts if fact.kind == kind), "")


def show(organisations, reader):
    """The profiles by primary key, each with what this reader may see and nothing else."""
    profiles = {organisation.pk: Profile() for organisation in organisations}
    for detail in Detail.objects.filter(organisation__in=profiles):
        if detail.audience in reader.audiences(detail.organisation_id):
            profiles[detail.organisation_id].facts.append(_fact(detail))
    for contact in _contacts_of(profiles):
        place = contact.affiliation
        if contact.audience_now in reader.audiences(place.organisation_id):
            profiles[place.organisation_id].people.append(_person(contact))
    for profile in profiles.values():
        profile.facts.sort(key=lambda fact: DetailKind.values.index(fact.kind))
    return profiles


def _contacts_of(profiles):
    named = Contact.objects.current().filter(affiliation__organisation__in=profiles)
    return named.exclude(affiliation__user__name="").select_related("affiliation__user")


def _person(contact):
    place = contact.affiliation
    return Person(place.user.name, place.job_title, contact.about, contact.audience_now)


def _fact(detail):
    kind = DetailKind(detail.kind)
    links = LINKS.get(kind, lambda text: [])(detail.value)
    return Fact(kind, kind.label, detail.value, Audience(detail.audience), links)


def _mail_links(text):
    return [(f"mailto:{text}", text)]


def _telephone_links(text):
    return [(f"tel:{NOT_DIALLED.sub('', text)}", text)]


def _web_links(text):
    """Each line is an address, shown without what every address has."""
    return [(line, re.sub(r"^https?://(www\.)?", "", line).rstrip("/")) for line in text.split()]


LINKS = {
    DetailKind.EMAIL: _mail_links,
    DetailKind.TELEPHONE: _telephone_links,
    DetailKind.LINKS: _web_links,
}
