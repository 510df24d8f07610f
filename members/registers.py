"""The numbers that registers give to charities and companies, in the forms they publish.

Charity Commission: six or seven digits, and a suffix for a linked charity. Scottish Charity
Regulator: SC0 and five digits. Charity Commission for Northern Ireland: NIC1 and five digits.
Companies House: always eight characters; zeros in front belong to the number.
"""

import re

from django import forms

CHARITY_NUMBER = r"^([0-9]{6,7}(-[0-9]{1,2})?|SC0[0-9]{5}|NIC1[0-9]{5})$"
CHARITY_NUMBER_ADVICE = (
    "Write the charity number as the register does: 1234567 for England and Wales, SC012345 for "
    "Scotland, NIC101234 for Northern Ireland."
)

# What may stand before six digits; registered societies (IP, NP, RS, SP) may end in letters.
COMPANY_PREFIXES = (
    "AC CE CS EN ES FC FE GE GN GS IC IP LP NA NC NF NI NL NO NP NR NV NZ OC OE PC RC RS SA SC SE "
    "SF SG SI SL SO SP SR SZ ZC"
)
COMPANY_NUMBER = (
    rf"^([0-9]{{8}}|R[0-9]{{7}}|({'|'.join(COMPANY_PREFIXES.split())})[0-9]{{6}}"
    "|(NI|SL)[0-9]{5}A|(IP|NP|RS|SP)[0-9]{4}[0-9A-Z][A-Z])$"
)
COMPANY_NUMBER_ADVICE = (
    "Write all eight characters of the company number, with any zeros in front, such as 01234567 "
    "or SC123456."
)

CHARITY_COMMISSION = (
    "https://register-of-charities.charitycommission.gov.uk/charity-search/-/charity-details/"
)
COMPANIES_HOUSE = "https://find-and-update.company-information.service.gov.uk/company/"


def charity_register_url(number):
    """Its page in the register of England and Wales, the one whose addresses we know."""
    main = number.partition("-")[0]
    return CHARITY_COMMISSION + main if main.isdigit() else ""


def company_register_url(number):
    return COMPANIES_HOUSE + number if number else ""


def tidy_number(typed):
    """What people mean: no blanks or stops, capitals, and a zero where an O stands in “SCO”."""
    number = re.sub(r"[\s.]", "", typed).upper()
    return re.sub(r"^SCO(?=[0-9]{5}$)", "SC0", number)


class RegisterNumberField(forms.CharField):
    """A number as people type it."""

    def to_python(self, value):
        return tidy_number(super().to_python(value))
