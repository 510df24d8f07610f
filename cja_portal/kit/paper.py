"""What the portal prints: tagged PDFs (PDF/UA-1) set by typst, all in one look (paper.typ)."""

import json
import re
from pathlib import Path

import typst
from django.conf import settings

FONTS = Path(__file__).parent / "fonts"
LOOK = Path(__file__).parent / "paper.typ"
# What our font has no letter for. Typst refuses to leave a blank in a tagged PDF.
_UNSETTABLE = re.compile("[^\n\u0020-\u007e\u00a0-\u017f\u0218-\u021b\u2010-\u2026\u20ac\u2122]")


def set_pdf(template, content=None, *, made_at):
    """The bytes of a PDF. The words go to typst as data, so that none is taken for markup."""
    return typst.compile(
        str(template),
        root=str(settings.BASE_DIR),
        format="pdf",
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int(made_at.timestamp()),
        sys_inputs={"content": json.dumps(_settable(content))},
    )


def _settable(value):
    """The same content; a letter that the font lacks is named by its number instead."""
    if isinstance(value, dict):
        return {name: _settable(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_settable(one) for one in value]
    return _UNSETTABLE.sub(_number, value) if isinstance(value, str) else value


def _number(found):
    char = found.group()
    return " " if char in "\t\r" else f"[U+{ord(char):04X}]"
