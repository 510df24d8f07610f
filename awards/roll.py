"""The roll of honour on paper: who won or was honoured, as the public pages say it."""

import hashlib
import json
from itertools import groupby
from pathlib import Path

from django.utils import timezone
from django.utils.dateformat import format as format_date

from awards.models import PublishedAward, PublishedCycle
from cja_portal.kit.paper import LOOK, set_pdf

MAKER = "Criminal Justice Alliance"
TEMPLATE = Path(__file__).parent / "content" / "roll_of_honour.typ"


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
