"""What a judge may see of a nomination: built here alone, for every page, file and letter.

Never who nominated, what the nominee answered, or the names that files came with. Where the
category is blind, not the nominee either: texts are those that staff redacted, and the names that
the form asked for are taken out of the others as well. Files are not shown there: nobody can take a
name out of them.
"""

import hashlib
import re
from dataclasses import dataclass, field

from django.db.models import Prefetch

from awards.models import Answer, Attachment, MergeLink, Nomination

ENDINGS = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
}
HIDDEN = "[nominee]"
SHORTEST_NAME = 3  # letters: anything shorter would tear words apart


@dataclass(frozen=True)
class ShownFile:
    number: int
    attachment: Attachment

    @property
    def name(self):
        return f"Attachment {self.number}{ENDINGS.get(self.attachment.content_type, '')}"


@dataclass(frozen=True)
class Shown:
    """`texts` are (question, answer); `also` are those of nominations that are read with it."""

    pk: int
    title: str
    organisation: str
    texts: list = field(default_factory=list)
    also: list = field(default_factory=list)
    files: list = field(default_factory=list)

    def __str__(self):
        return self.title


def shown(nomination, category, *, in_full=False):
    """The nomination as a judge may see it; its texts and files only if asked for `in_full`."""
    is_blind = category.is_blind
    title = f"Entry {nomination.reference}" if is_blind else nomination.nominee_name
    organisation = "" if is_blind else nomination.nominee_organisation
    if not in_full:
        return Shown(nomination.pk, title, organisation)
    parts = _parts(nomination, is_blind)
    texts = [_texts(part, is_blind) for part in parts]
    files = [] if is_blind else [one for part in parts for one in part.attachments.all()]
    numbered = [ShownFile(number, one) for number, one in enumerate(files, 1)]
    return Shown(nomination.pk, title, organisation, texts[0], texts[1:], numbered)


def _parts(nomination, is_blind):
    """Itself, then what is merged into it."""
    links = MergeLink.objects.filter(into=nomination, undone_at__isnull=True)
    merged = list(links.order_by("at").values_list("nomination", flat=True))
    answers = Answer.objects.filter(question__is_for_judges=True).select_related("question")
    rows = Nomination.objects.filter(pk__in=[nomination.pk, *merged]).select_related("organisation")
    rows = rows.prefetch_related(Prefetch("answers", answers), "attachments")
    rows = rows.prefetch_related("collaborators", "referees") if is_blind else rows
    order = [nomination.pk, *merged]
    return sorted(rows, key=lambda row: order.index(row.pk))


def _texts(nomination, is_blind):
    given = [one for one in nomination.answers.all() if one.text_for_judges]
    hide = _hider(nomination) if is_blind else str
    return [(answer.question, hide(answer.text_for_judges)) for answer in given]


def _hider(nomination):
    directory = nomination.organisation.name if nomination.organisation else ""
    names = {nomination.nominee_name, nomination.nominee_organisation, directory}
    for person in [*nomination.collaborators.all(), *nomination.referees.all()]:
        names |= {person.name, person.email}
    names |= {nomination.nominee_email, nomination.charity_number}
    told = sorted((name for name in names if len(name) >= SHORTEST_NAME), key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, told)), re.IGNORECASE)
    return lambda text: pattern.sub(HIDDEN, text) if told else text


def in_own_order(assignments):
    """Shuffled for each judge, and the same at every visit: later entries tend to score higher."""
    return sorted(assignments, key=_place)


def _place(assignment):
    seed = f"{assignment.round.seed}:{assignment.judge.uuid}:{assignment.nomination.uuid}"
    return hashlib.sha256(seed.encode()).digest()
