"""Letters about a result that is public."""

from django.template.loader import render_to_string
from django.urls import reverse

from awards.models import Outcome, PublishedAward
from awards.models.rounds import READ_AFTER_RELEASE
from awards.sealing import entry_read_for
from cja_portal.kit.site import absolute
from members.emails import post

TOLD = {
    "winner": "has won",
    "joint-winner": "has won, jointly with another",
    "runner-up": "is the runner-up",
    "highly-commended": "is highly commended",
    "commended": "is commended",
    "shortlisted": "was on the shortlist, and is not among those honoured this time",
    "none": "is not among those honoured this time",
}


def to_writer(release, writer, outcome, *, is_changed):
    nomination = writer.nomination
    context = _of_nomination(release, nomination, outcome)
    context |= {"page": absolute(nomination.get_absolute_url()), "is_changed": is_changed}
    subject = f"The result: nomination of {nomination}"
    _write("result_writer", subject, writer.email, release, **context)


def to_nominee(release, consent, outcome, *, is_changed):
    context = _of_nomination(release, consent.nomination, outcome)
    context |= {"is_changed": is_changed}
    subject = f"The result: {release.category.name}"
    _write("result_nominee", subject, consent.email, release, **context)


def to_judge(release, judge, outcome, *, is_changed):
    year = release.category.cycle.year
    context = {"verify": absolute(reverse("awards:verify", args=[year]))}
    context |= {"year": absolute(reverse("awards:cycle-detail", args=[year]))}
    context |= {"until": release.at + READ_AFTER_RELEASE}
    subject = f"The results are public: {release.category.cycle.name}"
    _write("result_judge", subject, judge.user.email, release, **context)


LETTERS = {"collaborator": to_writer, "consent": to_nominee, "judge": to_judge}


def _of_nomination(release, nomination, outcome):
    return {
        "nomination": nomination,
        "told": TOLD[outcome],
        "is_merged": nomination.state == "merged",
        "keepsakes": _keepsakes(release, nomination) if outcome in Outcome.HONOURED else [],
    }


def _keepsakes(release, nomination):
    """The addresses of certificate and badge, as long as the award is public."""
    code = release.seal.code_of(entry_read_for(nomination))
    where = {"year": release.category.cycle.year, "category_slug": release.category.slug}
    award = PublishedAward.objects.public().filter(entry_code=code, **where).first()
    if not code or award is None:
        return []
    place = [*where.values(), award.pk]
    names = ("awards:award-certificate", "awards:award-badge")
    return [absolute(reverse(name, args=place)) for name in names]


def _write(name, subject, to, release, **context):
    category = release.category
    address = reverse("awards:category-detail", args=[category.cycle.year, category.slug])
    context |= {"category": category, "cycle": category.cycle, "public": absolute(address)}
    post(subject, render_to_string(f"awards/emails/{name}.txt", context), [to])
