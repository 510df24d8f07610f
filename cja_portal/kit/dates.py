"""Dates that are known to the year, the month or the day, kept as 2021, 2021-07 or 2021-07-14."""

import re
from calendar import month_name
from datetime import date
from zoneinfo import ZoneInfo

from django.core.validators import RegexValidator
from django.utils.dateformat import format as format_date

UK = ZoneInfo("Europe/London")

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


_MONTHS = [name.lower() for name in month_name[1:]]
_WRITTEN = [
    re.compile(r"(?P<year>\d{4})(-(?P<month>\d{1,2})(-(?P<day>\d{1,2}))?)?"),
    re.compile(r"((?P<day>\d{1,2})/)?(?P<month>\d{1,2})/(?P<year>\d{4})"),
    re.compile(r"((?P<day>\d{1,2})\s+)?(?P<name>[a-z]{3,9})\.?,?\s+(?P<year>\d{4})"),
]


def read_partial(text):
    """2021, 2021-07 or 2021-07-14 from a date as people in Britain write it.

    "July 2021", "14 Jul 2021", "14/07/2021". Blank stays blank; raises ValueError for the rest.
    """
    text = " ".join(text.lower().split())
    found = next((match for form in _WRITTEN if (match := form.fullmatch(text))), None)
    if found is None:
        if text:
            raise ValueError(text)
        return ""
    parts = found.groupdict()
    month = _month(parts["name"]) if parts.get("name") else parts["month"]
    numbers = [int(part) for part in (parts["year"], month, parts["day"]) if part]
    day = date(*numbers, *[1] * (3 - len(numbers)))
    return day.isoformat()[: [4, 7, 10][len(numbers) - 1]]


def _month(name):
    found = [place for place, month in enumerate(_MONTHS, 1) if month.startswith(name)]
    if len(found) != 1:
        raise ValueError(name)
    return found[0]


def explain_clock_change(moment):
    """Why a UK wall time cannot be one moment, in a sentence; `moment` is naive."""
    clock = moment.strftime("%H:%M")
    if _offset(moment, fold=0) > _offset(moment, fold=1):
        return (
            f"The clocks go back that night, and {clock} comes twice. "
            "Choose a time before 01:00 or from 02:00."
        )
    return (
        f"The clocks go forward that night, and {clock} does not exist. "
        "Choose a time before 01:00 or from 02:00."
    )


def _offset(moment, *, fold):
    return moment.replace(tzinfo=UK, fold=fold).utcoffset()
