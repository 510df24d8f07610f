"""What judges have to do with those nominated: what they declare, and what the portal knows."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from awards.models import ConflictSource, Nomination, NominationState, PrizeLine
from members.models import SharedDomain
from members.models.joining import domain_of, family_of

# Kept free for examples (RFC 2606): nobody's, as those of free-mail services are.
RESERVED = {"example.org", "example.com", "example.net"}
YEARS_BACK = timedelta(days=3 * 366)
LISTED = (NominationState.SUBMITTED, NominationState.MERGED, *NominationState.JUDGED)


@dataclass(frozen=True)
class Found:
    """A nomination that a judge must not read, and how we know."""

    nomination: Nomination
    source: ConflictSource
    reason: str


def nominations_of(cycle):
    """All that may be read, with what is merged into each."""
    found = Nomination.objects.filter(category__cycle=cycle, state__in=LISTED)
    found = found.select_related("organisation", "nominated_for")
    return list(found.prefetch_related("collaborators", "referees", "merges"))


def names_of(cycle):
    """All people and organisations nominated in the year, in one list: no entry, no category."""
    names = {name for nomination in nominations_of(cycle) for name in names_in(nomination)}
    return sorted(names, key=str.casefold)


def names_in(nomination):
    directory = nomination.organisation.name if nomination.organisation else ""
    return {
        name
        for name in (nomination.nominee_name, nomination.nominee_organisation, directory)
        if name
    }


def conflicts_of(judge, *, looked_at=None):
    """What the judge must not read: one `Found` for each nomination, by declaration or record.

    `looked_at` is {(nomination, source): when} of what somebody found to be none. Anything else
    that is known counts, and so does what the judge declares after that.
    """
    nominations = nominations_of(judge.cycle)
    facts_about = _facts(judge, looked_at or {})
    into = {one.pk: _read_with(one) for one in nominations}
    found = {}
    for nomination in nominations:
        for fact in facts_about(nomination, into[nomination.pk]):
            found.setdefault(into[nomination.pk], fact)
    return [
        Found(nomination, *found[nomination.pk])
        for nomination in nominations
        if nomination.pk in found and nomination.state != NominationState.MERGED
    ]


def _facts(judge, looked_at):
    person, declared = Person(judge), _declared(judge)

    def facts_about(nomination, number):
        said = declared(nomination, looked_at.get((number, ConflictSource.DECLARED)))
        known = [one for one in person.facts_about(nomination) if (number, one[0]) not in looked_at]
        return [said, *known] if said else known

    return facts_about


def _read_with(nomination):
    links = [link for link in nomination.merges.all() if link.undone_at is None]
    return links[0].into_id if links else nomination.pk


def _declared(judge):
    kinds = {one.name.casefold(): one for one in judge.interests.all()}

    def fact_about(nomination, since):
        for name in sorted(names_in(nomination)):
            interest = kinds.get(name.casefold())
            if interest and (since is None or interest.declared_at > since):
                return ConflictSource.DECLARED, interest.note or interest.get_kind_display()
        return None

    return fact_about


class Person:
    """What the portal knows of a judge: addresses, and organisations of the last three years."""

    def __init__(self, judge):
        user = judge.user
        self.pk = user.pk
        shown = user.emailaddress_set.filter(verified=True).values_list("email", flat=True)
        self.addresses = {address.lower() for address in shown}
        since = Q(ended_at__isnull=True) | Q(ended_at__gte=timezone.now() - YEARS_BACK)
        places = user.affiliations.filter(since).select_related("organisation")
        self.organisations = {place.organisation_id: place.organisation for place in places}
        self.domains = _own_domains(self.addresses)
        self.funded = self._funded(judge.cycle)

    def _funded(self, cycle):
        """Categories whose prize the judge's organisation gives."""
        own = {name for each in self.organisations.values() for name in _all_names(each)}
        lines = PrizeLine.objects.filter(category__cycle=cycle).exclude(funder="")
        return {line.category_id for line in lines if own and _names_one_of(own, line.funder)}

    def facts_about(self, nomination):
        """[(source, reason)], the plainest first."""
        facts = (
            self._as_nominee,
            self._as_writer,
            self._as_referee,
            self._by_place,
            self._by_domain,
            self._as_funder,
        )
        return [found for fact in facts if (found := fact(nomination))]

    def _as_nominee(self, nomination):
        if nomination.nominee_email.lower() in self.addresses:
            return ConflictSource.NOMINEE, "The nomination is of the judge."
        return None

    def _as_writer(self, nomination):
        for one in nomination.collaborators.all():
            if one.user_id == self.pk or one.email.lower() in self.addresses:
                return ConflictSource.WRITER, "The judge wrote it, or was asked to help."
        return None

    def _as_referee(self, nomination):
        if any(one.email.lower() in self.addresses for one in nomination.referees.all()):
            return ConflictSource.REFEREE, "The nomination names the judge as a referee."
        return None

    def _by_place(self, nomination):
        for organisation in (nomination.organisation, nomination.nominated_for):
            if organisation and organisation.pk in self.organisations:
                return ConflictSource.AFFILIATION, f"Belongs, or did, to {organisation}."
        return None

    def _by_domain(self, nomination):
        addresses = [nomination.nominee_email, *(e.email for e in nomination.collaborators.all())]
        for domain in map(domain_of, addresses):
            if domain in self.domains:
                return ConflictSource.DOMAIN, f"An address at {domain}, as the judge has."
        return None

    def _as_funder(self, nomination):
        if nomination.category_id in self.funded:
            return ConflictSource.FUNDER, "The judge’s organisation gives the prize."
        return None


def _all_names(organisation):
    return filter(None, [organisation.name, *organisation.former_names])


def _names_one_of(names, text):
    """As whole words: “Example Fund and Example Trust” names both."""
    either = "|".join(map(re.escape, names))
    return re.search(rf"(?<!\w)(?:{either})(?!\w)", text, re.IGNORECASE) is not None


def _own_domains(addresses):
    """Without those of free-mail services and others that many organisations share."""
    domains = {domain_of(address) for address in addresses}
    families = {domain: family_of(domain) for domain in domains}
    every = {name for family in families.values() for name in family}
    shared = dict(
        SharedDomain.objects.filter(domain__in=every).values_list("domain", "covers_below")
    )
    return {domain for domain in domains if not _is_shared(families[domain], shared)}


def _is_shared(family, shared):
    return (
        family[0] in RESERVED or family[0] in shared or any(shared.get(name) for name in family[1:])
    )
