"""The roll of honour on paper: who won or was honoured, as the public pages say it.

The library keeps one copy and no earlier ones: a name that was withdrawn stands in none.
"""

import hashlib
import json
from itertools import groupby
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.dateformat import format as format_date

from awards.models import PublishedAward, PublishedCycle
from cja_portal.kit.paper import LOOK, set_pdf
from library.models import Item
from library.starter_documents import erase_copies, load_document

SLUG = "roll-of-honour"
MAKER = "Criminal Justice Alliance"
TEMPLATE = Path(__file__).parent / "content" / "roll_of_honour.typ"


@transaction.atomic
def renew():
    """Set it again if the public pages say something else by now; whether it was set.

    The item is held before the names are read: who withdraws one meanwhile waits, and then takes
    away the copy that was set.
    """
    _hold()
    return load_document(SLUG, stamp=stamp(), make=pdf, has_versions=False)


@transaction.atomic
def take_back():
    """Something of it is not public any more: no copy of it stays."""
    _hold()
    erase_copies(SLUG, because="Something of it is withdrawn or corrected.")


def _hold():
    list(Item.objects.select_for_update().filter(slug=SLUG).values("pk"))


def pdf():
    now = timezone.localtime()
    made = {"maker": MAKER, "made": format_date(now, "j F Y")}
    return set_pdf(TEMPLATE, content() | made, made_at=now)


def stamp():
    """It changes with the names on the roll and with the look of the page."""
    look = TEMPLATE.read_text() + LOOK.read_text()
    return hashlib.sha256((json.dumps(content()) + look).encode()).hexdigest()


def content():
    honours = PublishedAward.objects.public().real().honours().order_by("-year", "position", "id")
    years = [
        {"year": year, "awards": [_award(award) for award in awards]}
        for year, awards in groupby(honours, key=lambda award: award.year)
    ]
    won = {award.year for award in honours if award.is_win}
    cycles = PublishedCycle.objects.public().filter(is_demonstration=False).order_by("year")
    unknown = [year for year in cycles.values_list("year", flat=True) if year not in won]
    return {"years": years, "unknown": unknown}


def _award(award):
    return {
        "category": award.category_name,
        "recipient": award.recipient,
        "work": award.for_work,
        "result": award.get_result_display(),
        "words": award.judges_words,
    }
