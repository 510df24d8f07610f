"""Everybody who has to do with the awards, each with what is theirs, and what they ask for.

Whoever has no place, round or sheet of their own asks for those of the judge.
"""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from awards.actions.meetings import hold_meeting
from awards.models import AccessLink, Attachment, Category, Conflict, NomineeConsent, PublishedAward
from awards.permissions import HELD
from members.models.invitation import digest_of
from tests.access.actors import STAFF_KINDS, client_of, in_group
from tests.awards.factories import go, make_nomination, make_running_cycle
from tests.awards.judging import begin_judging, make_judge, make_round, make_sheet, set_state
from tests.factories import make_outsider, make_user
from tests.test_access import EXAMPLES, addresses

WRITERS = ["nominator", "co-editor"]
JUDGES = ["judge", "judge in conflict", "judge who left", "chair"]
PEOPLE = ["anonymous", "outsider", *WRITERS, "nominee", *JUDGES, *STAFF_KINDS, "administrator"]
COLUMNS = [f"{person}, {method}" for person in PEOPLE for method in ("get", "post")]
ROUND_PAGES = ("queue", "warm-up", "mirror", "marks", "meeting")
OF_ROUNDS = {f"awards:judging-{page}" for page in ROUND_PAGES}
SHARED = OF_ROUNDS | {"awards:judging-home"}
ANOTHERS = ", another's"  # a row about what belongs to another judge


class Panel:
    """A year with a nomination that may still be written, and a rehearsal of it that is judged."""

    def __init__(self):
        self.nomination = _nomination(Category.objects.get(cycle__year=2031))
        self.judges = _judges(self.nomination.category.cycle)
        category = self.judges["judge"].cycle.categories.get()
        self.sift, self.final = _rounds(category, self.judges.values())
        self._part(category.nominations.first())
        self.award = PublishedAward.objects.get(year=2030)
        self.clients = {person: self._client(person) for person in PEOPLE}

    def _part(self, nomination):
        """One judge has an interest in the entry that everybody asks for; one leaves."""
        self.readings = {
            name: self.sift.assignments.get(judge=judge, nomination=nomination)
            for name, judge in self.judges.items()
        }
        conflicted, gone = self.judges["judge in conflict"], self.judges["judge who left"]
        Conflict.objects.create(judge=conflicted, nomination=nomination, source="declared")
        type(gone).objects.filter(pk=gone.pk).update(left_at=timezone.now())

    def _client(self, person):
        if person in self.judges:
            return client_of(self.judges[person].user)
        if person in STAFF_KINDS:
            return client_of(in_group(f"{person} of awards", STAFF_KINDS[person], is_staff=True))
        if person == "administrator":
            return client_of(make_user("chief@example.org", is_staff=True, is_superuser=True))
        client = client_of(make_outsider() if person == "outsider" else AnonymousUser())
        if person in WRITERS:
            self._let_write(client, is_lead=person == "nominator")
        return client

    def _let_write(self, client, *, is_lead):
        session = client.session
        session[HELD] = [str(self.nomination.collaborators.get(is_lead=is_lead).uuid)]
        session.save()
        client.cookies["sessionid"] = session.session_key

    def asked_by(self, person):
        """Name and address of each page, and of each judge's page once more as another's."""
        own = person if person in self.judges else "judge"
        other = "chair" if own == "judge" else "judge"
        for name, _ in addresses():
            if name.startswith("awards:"):
                yield name, self._address(name, own, person)
            if name.startswith("awards:judging-") and name not in SHARED:
                yield name + ANOTHERS, self._address(name, other, person)

    def _address(self, name, judge, person):
        parts = dict(EXAMPLES.get(name, {}))
        if "uuid" in parts:
            parts["uuid"] = self._thing(name, judge).uuid
        if "file" in parts:
            parts["file"] = self.nomination.attachments.get().uuid
        if "pk" in parts:
            parts["pk"] = self.award.pk
        if name == "awards:nominee-desk" and person == "nominee":
            parts["secret"] = "the nominee's"
        return reverse(name, kwargs=parts)

    def _thing(self, name, judge):
        if name.startswith("awards:nomination-"):
            return self.nomination
        if name in {"awards:judging-place", "awards:judging-interests"}:
            return self.judges[judge]
        if name == "awards:judging-meeting":
            return self.final
        return self.sift if name in OF_ROUNDS else self.readings[judge]


def _nomination(category):
    """One that was sent, with a file, a co-editor and a nominee who was asked."""
    nomination = make_nomination(category, state="submitted")
    nomination.collaborators.create(name="Co-editor, Example Charity", email="co@example.org")
    _attach(nomination)
    consent = NomineeConsent.objects.create(nomination=nomination, email="nominee@example.org")
    expires_at = timezone.now() + timedelta(days=1)
    digest = digest_of("the nominee's")
    AccessLink.objects.create(consent=consent, secret_digest=digest, expires_at=expires_at)
    return nomination


def _attach(nomination):
    file = ContentFile(b"%PDF-1.4", "x")
    kind = {"content_type": "application/pdf", "size": 8, "sha256": "0" * 64}
    return Attachment.objects.create(nomination=nomination, file=file, name="A file.pdf", **kind)


def _judges(cycle):
    rehearsal = make_running_cycle(cycle.year, rehearsal_of=cycle)
    for nominee in ("Example Bridge", "Example Garden"):
        nomination = make_nomination(rehearsal.categories.get(), nominee)
        _attach(nomination)
        for state in ("submitted", "screened-in", "sifted-in", "finalist"):
            go(nomination, state)
    begin_judging(rehearsal)
    return {name: make_judge(rehearsal, is_chair=name == "chair") for name in JUDGES}


def _rounds(category, judges):
    """A sift in which nobody has marked yet, and a locked final with its meeting."""
    sift = make_round(category, judges=judges)
    final = make_round(category, stage="final", judges=judges)
    for reading in final.assignments.all():
        make_sheet(reading)
    set_state(final, "locked")
    hold_meeting(final, list(judges), by=make_user())
    return sift, final
