"""Citing items: three styles to read, and formats for reference managers and spreadsheets."""

from library.citations.files import FORMATS, MEDIA_TYPES, export
from library.citations.references import apa, harvard, oscola, page_styles, styles
from library.citations.works import (
    Work,
    address_of,
    as_printed,
    for_machines,
    name_of,
    work_of,
)

__all__ = [
    "FORMATS",
    "MEDIA_TYPES",
    "Work",
    "address_of",
    "apa",
    "as_printed",
    "export",
    "for_machines",
    "harvard",
    "name_of",
    "oscola",
    "page_styles",
    "styles",
    "work_of",
]
