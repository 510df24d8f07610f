"""What somebody honoured may print or show: a certificate and a badge, with the proof's address."""

import hashlib
import json
from pathlib import Path
from xml.sax.saxutils import escape

from django.core.cache import cache
from django.utils import timezone
from django.utils.dateformat import format as format_date

from cja_portal.kit.paper import LOOK, set_pdf
from cja_portal.kit.site import absolute

MAKER = "Criminal Justice Alliance"
TEMPLATE = Path(__file__).parent / "content" / "certificate.typ"
DAY = 24 * 60 * 60
LETTER, MARGIN = 9, 24  # pixels: how wide a letter is at most, and the edge of a badge
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


BADGE = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="112" \
viewBox="0 0 {width} 112" role="img" aria-labelledby="title">
<title id="title">{title}. {address}</title>
<rect width="{width}" height="112" fill="#0b5d57"/>
<rect x="0" y="0" width="8" height="112" fill="#ffc857"/>
<g font-family="Atkinson Hyperlegible Next, Verdana, sans-serif" fill="#ffffff">
<text x="24" y="36" font-size="18" font-weight="700">{result}</text>
<text x="24" y="62" font-size="15">{category}</text>
<text x="24" y="88" font-size="13">{cycle}</text>
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
    width = max(LEAST_WIDTH, *(LETTER * len(_short(line)) + 2 * MARGIN for line in lines.values()))
    title = escape(f"{award.recipient}: {lines['result']}, {lines['category']}, {cycle}")
    address = escape(absolute(award.get_absolute_url()))
    return BADGE.format(width=width, title=title, address=address, **shown)


def _short(line):
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
