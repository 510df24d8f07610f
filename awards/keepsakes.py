"""What somebody honoured may print or show: a certificate and a badge, with the proof's address."""

import hashlib
import json
from pathlib import Path
from xml.sax.saxutils import escape

from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date

from cja_portal.kit.paper import LOOK, set_pdf
from cja_portal.kit.site import absolute

MAKER = "Criminal Justice Alliance"
TEMPLATE = Path(__file__).parent / "content" / "certificate.typ"
DAY = 24 * 60 * 60
LETTER, SMALL_LETTER, MARGIN = 9, 7, 24  # pixels: how wide a letter is at most, and the edge
LEAST_WIDTH, LONGEST = 260, 60


def certificate(award):
    """The bytes of a tagged PDF; made once a day for the same words."""
    now = timezone.localtime()
    content = _content(award) | {"made": format_date(now, "j F Y")}
    stamp = _stamp(content)
    kept_stamp, made = cache.get(_key(award.pk), (None, None))
    if kept_stamp != stamp:
        made = set_pdf(TEMPLATE, content, made_at=now)
        cache.set(_key(award.pk), (stamp, made), DAY)
    return made


def forget_certificates(awards):
    """Nothing keeps what names somebody whose award was withdrawn or corrected."""
    cache.delete_many([_key(pk) for pk in awards.values_list("pk", flat=True)])


def _key(pk):
    return f"certificate:{pk}"


def _content(award):
    title = f"{award.get_result_display()}, {award.category_name}"
    return {
        "maker": MAKER,
        "title": title,
        "description": f"{award.recipient}: {title}, {award.cycle_name}",
        "cycle": award.cycle_name,
        "recipient": award.recipient,
        "result": award.get_result_display(),
        "category": award.category_name,
        "work": award.for_work,
        "words": award.judges_words,
        "demonstration": award.is_demonstration,
        "address": absolute(award.get_absolute_url()),
    }


def _stamp(content):
    look = TEMPLATE.read_text() + LOOK.read_text()
    return hashlib.sha256((json.dumps(content) + look).encode()).hexdigest()


BADGE = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="136" \
viewBox="0 0 {width} 136" role="img" aria-labelledby="title">
<title id="title">{title}. {address}</title>
<rect width="{width}" height="136" fill="#0b5d57"/>
<rect x="0" y="0" width="8" height="136" fill="#ffc857"/>
<g font-family="Atkinson Hyperlegible Next, Verdana, sans-serif" fill="#ffffff">
<text x="24" y="36" font-size="18" font-weight="700">{result}</text>
<text x="24" y="62" font-size="15">{category}</text>
<text x="24" y="87" font-size="13">{cycle}</text>
<text x="24" y="116" font-size="12">{page}</text>
</g>
</svg>
"""


def badge(award):
    """A picture of the result, without the name: it stands on the page of whoever has it."""
    cycle = award.cycle_name + (" (demonstration)" if award.is_demonstration else "")
    lines = {
        "result": award.get_result_display(),
        "category": award.category_name,
        "cycle": cycle,
    }
    shown = {name: escape(_short(line)) for name, line in lines.items()}
    title = escape(f"{award.recipient}: {lines['result']}, {lines['category']}, {cycle}")
    address = escape(absolute(award.get_absolute_url()))
    page = _page_to_type(award)
    widths = [LETTER * len(_short(line)) for line in lines.values()] + [SMALL_LETTER * len(page)]
    width = max(LEAST_WIDTH, 2 * MARGIN + max(widths))
    return BADGE.format(width=width, title=title, address=address, page=escape(page), **shown)


def _page_to_type(award):
    """The address that proves it as people type it, whole: it is of no use cut short."""
    page = reverse("awards:category-detail", args=[award.year, award.category_slug])
    return absolute(page).partition("://")[2]


def _short(line):
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
