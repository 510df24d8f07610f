"""Numbers that name a work anywhere in the world, and whether they can be right."""

import re

from django.core.exceptions import ValidationError


def validate_isbn(value):
    """Ten or thirteen digits whose check digit is right."""
    digits = value.replace("-", "").replace(" ", "").upper()
    if re.fullmatch(r"\d{9}[\dX]", digits):
        values = [10 if digit == "X" else int(digit) for digit in digits]
        right = (
            sum(weight * one for weight, one in zip(range(10, 0, -1), values, strict=True)) % 11
            == 0
        )
    else:
        weights = [1, 3] * 6 + [1]
        right = re.fullmatch(r"97[89]\d{10}", digits) and (
            sum(weight * int(one) for weight, one in zip(weights, digits, strict=True)) % 10 == 0
        )
    if not right:
        raise ValidationError("This is not an ISBN: its check digit is wrong.")


def validate_doi(value):
    if not re.fullmatch(r"10\.\d{4,9}/\S+", value):
        raise ValidationError("Write the DOI as 10.1007/s11196-021-09870-6, without the address.")
