"""Sums of money: whole pence in the database, pounds for people, never a float."""

import re
from decimal import Decimal

from django import forms

_WRITTEN = re.compile(r"-?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]{2})?")
MOST_PENCE = 10**13  # a hundred thousand million pounds: more is a slip of the finger


def in_pounds(pence):
    """ "£1,234.50", or "£1,234" where there are no pence; a minus stands in front."""
    pounds, rest = divmod(abs(pence), 100)
    return f"{'−' if pence < 0 else ''}£{pounds:,}{f'.{rest:02}' if rest else ''}"


def read_pounds(text):
    """The pence in "£1,234.50", "1234.5" or "1234"; raises ValueError for what is no such sum."""
    text = re.sub(r"[\s£]", "", text).replace("−", "-").removeprefix("+")
    text = re.sub(r"(\.[0-9])$", r"\g<1>0", text)
    if not _WRITTEN.fullmatch(text):
        raise ValueError(text)
    pence = int(Decimal(text.replace(",", "")) * 100)
    if abs(pence) >= MOST_PENCE:
        raise ValueError(text)
    return pence


class PoundsField(forms.CharField):
    """What people write as pounds, kept in pence."""

    default_error_messages = {
        "invalid": "Write an amount in pounds, such as 250 or 1,250.50.",
        "negative": "Write an amount that is not below zero.",
        "pence": "Leave out the pence.",
    }

    def __init__(self, *, whole_pounds=False, **kwargs):
        self.whole_pounds = whole_pounds
        kwargs.setdefault("max_length", 24)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")

    def to_python(self, value):
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        try:
            return read_pounds(text)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], "invalid") from error

    def validate(self, value):
        super().validate(value)
        if value is not None and value < 0:
            raise forms.ValidationError(self.error_messages["negative"], "negative")
        if value is not None and self.whole_pounds and value % 100:
            raise forms.ValidationError(self.error_messages["pence"], "pence")

    def run_validators(self, value):
        """The length was that of the text; the value is a number now."""

    def prepare_value(self, value):
        return in_pounds(value).removeprefix("£") if isinstance(value, int) else value
