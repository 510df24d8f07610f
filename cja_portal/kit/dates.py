"""Dates that are known to the year, the month or the day, kept as 2021, 2021-07 or 2021-07-14."""

from datetime import date

from django.core.validators import RegexValidator
from django.utils.dateformat import format as format_date

validate_partial_date = RegexValidator(
    r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$",
    "Write the date as 2021, 2021-07 or 2021-07-14.",
)


def in_words(partial):
    """ "14 July 2021", "July 2021" or "2021" for a partial date; blank stays blank."""
    if not partial:
        return ""
    year, *rest = (int(part) for part in partial.split("-"))
    day = date(year, *rest, *[1] * (2 - len(rest)))
    return format_date(day, ["Y", "F Y", "j F Y"][len(rest)])
