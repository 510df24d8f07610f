"""Dates as people write them, and clock times on the two nights when the clocks change."""

from datetime import UTC, datetime

import pytest
from django import forms

from cja_portal.kit.dates import read_partial
from cja_portal.kit.forms import UKDateTimeField


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2024", "2024"),
        ("2024-7", "2024-07"),
        ("2024-07-14", "2024-07-14"),
        ("July 2024", "2024-07"),
        ("14 Jul 2024", "2024-07-14"),
        (" 14  JULY, 2024 ", "2024-07-14"),
        ("14/07/2024", "2024-07-14"),
        ("7/2024", "2024-07"),
        ("", ""),
    ],
)
def test_dates_are_read_as_people_in_britain_write_them(typed, meant):
    assert read_partial(typed) == meant


@pytest.mark.parametrize("typed", ["soon", "31/02/2024", "13/2024", "Ma 2024", "24", "1e 2024"])
def test_what_is_no_date_is_refused(typed):
    with pytest.raises(ValueError, match=r"\w"):
        read_partial(typed)


class MomentForm(forms.Form):
    at = UKDateTimeField()


def read(day, clock):
    form = MomentForm({"at_0": day, "at_1": clock})
    return form.cleaned_data["at"] if form.is_valid() else form.errors["at"][0]


@pytest.mark.parametrize(
    ("day", "clock", "moment"),
    [
        ("2027-03-28", "00:59", (2027, 3, 28, 0, 59)),
        ("2027-03-28", "02:00", (2027, 3, 28, 1, 0)),
        ("2027-10-31", "00:59", (2027, 10, 30, 23, 59)),
        ("2027-10-31", "02:00", (2027, 10, 31, 2, 0)),
    ],
)
def test_a_clear_time_on_a_night_of_change_is_understood(day, clock, moment):
    assert read(day, clock) == datetime(*moment, tzinfo=UTC)


@pytest.mark.parametrize("clock", ["01:00", "01:30", "01:59"])
def test_a_time_that_does_not_exist_or_comes_twice_is_refused_with_a_sentence(clock):
    advice = "Choose a time before 01:00 or from 02:00."

    spring, autumn = read("2027-03-28", clock), read("2027-10-31", clock)

    assert spring == f"The clocks go forward that night, and {clock} does not exist. {advice}"
    assert autumn == f"The clocks go back that night, and {clock} comes twice. {advice}"
