"""Letters once a result is public: to those who nominated, to nominees who agreed, to judges.

They go out a while after the release, so that staff can still withdraw what came out by mistake.
Each goes once; a result that is released anew is told again only to those for whom it differs. A
run may come at any time, twice at once, or be killed.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from awards import result_emails as emails
from awards.models import (
    Collaborator,
    Judge,
    NominationState,
    NomineeConsent,
    Outcome,
    Release,
    ResultLetter,
    Stage,
)
from awards.models.consent import ConsentAnswer
from awards.sealing import entry_read_for
from cja_portal.kit.holdings import NO_ADDRESS

PAUSE = timedelta(minutes=15)
AGREED = (ConsentAnswer.ACCEPTED, ConsentAnswer.WITH_CHANGES)


def tell_results():
    """Write to everybody who has not heard yet; how many letters it was."""
    due = Release.objects.live().filter(
        at__lte=timezone.now() - PAUSE, category__cycle__stage__in=[Stage.SEALED, Stage.RELEASED]
    )
    releases = due.select_related("category__cycle", "seal").order_by("at", "pk")
    return sum(
        _tell(release, kind, reader)
        for release in releases
        for kind, reader in list(_readers(release))
    )


def _readers(release):
    """(kind, reader) of those who have no row for this release."""
    for kind, rows in (
        ("collaborator", _writers(release)),
        ("consent", _nominees(release)),
        ("judge", _judges(release)),
    ):
        told = ResultLetter.objects.filter(release=release, **{kind: OuterRef("pk")})
        yield from ((kind, reader) for reader in rows.filter(~Exists(told)).order_by("pk"))


def _writers(release):
    """Those who can be reached, of what was decided or was merged into it."""
    judged = [NominationState.DECIDED, NominationState.MERGED]
    writers = Collaborator.objects.current().filter(
        nomination__category=release.category, nomination__state__in=judged
    )
    return writers.exclude(email__endswith=".invalid").select_related("nomination")


def _nominees(release):
    """Those who were asked and agreed; whoever did not answer may not want to hear of it."""
    agreed = NomineeConsent.objects.filter(
        answer__in=AGREED,
        nomination__category=release.category,
        nomination__state=NominationState.DECIDED,
    )
    return agreed.exclude(email=NO_ADDRESS).select_related("nomination")


def _judges(release):
    """Once for the whole year: with the last release of it."""
    cycle = release.category.cycle
    newest = Release.objects.live().filter(category__cycle=cycle).order_by("-at", "-pk").first()
    if cycle.stage != Stage.RELEASED or newest != release:
        return Judge.objects.none()
    return cycle.judges.sitting().filter(user__isnull=False).select_related("user")


@transaction.atomic
def _tell(release, kind, reader):
    """Whoever withdraws it waits for this, or was first: then nobody is written to."""
    if not Release.objects.select_for_update(no_key=True).live().filter(pk=release.pk).exists():
        return False
    outcome = "" if kind == "judge" else _outcome_of(reader.nomination)
    before = _last_told(kind, reader)
    is_news = before is None or before.outcome != outcome
    defaults = {"outcome": outcome, "is_sent": is_news}
    _, is_new = ResultLetter.objects.get_or_create(
        release=release, **{kind: reader}, defaults=defaults
    )
    if not (is_new and is_news):
        return False
    emails.LETTERS[kind](release, reader, outcome, is_changed=before is not None)
    return True


def _last_told(kind, reader):
    return ResultLetter.objects.filter(is_sent=True, **{kind: reader}).first()


def _outcome_of(nomination):
    decision = getattr(entry_read_for(nomination), "decision", None)
    return decision.outcome if decision else Outcome.NONE
