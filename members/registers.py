"""The numbers that registers give to charities and companies, in the forms they publish.

Charity Commission: six or seven digits, and a suffix for a linked charity. Scottish Charity
Regulator: SC0 and five digits. Charity Commission for Northern Ireland: NIC1 and five digits.
Companies House: always eight characters; zeros in front belong to the number. Whoever works across
a border may stand in several of them. The schemes are those of org-id.guide.
"""

import re
from dataclasses import dataclass

from django import forms
from django.core.validators import RegexValidator
from django.utils.text import capfirst


@dataclass(frozen=True)
class Register:
    """A register; `field` is the name of its number in every table, form and file of ours."""

    field: str
    noun: str
    place: str
    example: str
    pattern: str
    advice: str
    scheme: str
    page: str

    @property
    def name(self):
        return f"{self.noun} {self.place}".strip()

    @property
    def title(self):
        return capfirst(self.name)

    @property
    def help_text(self):
        return f"Such as {self.example}."

    @property
    def validator(self):
        return RegexValidator(self.pattern, self.advice)

    def page_of(self, number):
        """The address of the number in the register: linked charities stand on the main page."""
        return self.page.format(number.partition("-")[0].removeprefix("NIC"))


ENGLAND_AND_WALES = Register(
    field="charity_number",
    noun="charity number",
    place="in England and Wales",
    example="1234567",
    pattern=r"^[0-9]{6,7}(-[0-9]{1,2})?$",
    advice=(
        "Write the charity number as the register of England and Wales does, such as 1234567. "
        "Numbers of Scotland and Northern Ireland have their own places."
    ),
    scheme="GB-CHC",
    page=(
        "https://register-of-charities.charitycommission.gov.uk/charity-search/-/charity-details/{}"
    ),
)
SCOTLAND = Register(
    field="scottish_charity_number",
    noun="charity number",
    place="in Scotland",
    example="SC012345",
    pattern=r"^SC0[0-9]{5}$",
    advice="Write the charity number as the register of Scotland does, such as SC012345.",
    scheme="GB-SC",
    page=("https://www.oscr.org.uk/about-charities/search-the-register/charity-details?number={}"),
)
NORTHERN_IRELAND = Register(
    field="northern_irish_charity_number",
    noun="charity number",
    place="in Northern Ireland",
    example="NIC101234",
    pattern=r"^NIC1[0-9]{5}$",
    advice="Write the charity number as the register of Northern Ireland does, such as NIC101234.",
    scheme="GB-NIC",
    page="https://www.charitycommissionni.org.uk/charity-details/?regId={}&subId=0",
)

# What may stand before six digits; registered societies (IP, NP, RS, SP) may end in letters.
COMPANY_PREFIXES = (
    "AC CE CS EN ES FC FE GE GN GS IC IP LP NA NC NF NI NL NO NP NR NV NZ OC OE PC RC RS SA SC SE "
    "SF SG SI SL SO SP SR SZ ZC"
)
COMPANIES = Register(
    field="company_number",
    noun="company number",
    place="",
    example="01234567: eight characters, with any zeros in front",
    pattern=(
        rf"^([0-9]{{8}}|R[0-9]{{7}}|({'|'.join(COMPANY_PREFIXES.split())})[0-9]{{6}}"
        "|(NI|SL)[0-9]{5}A|(IP|NP|RS|SP)[0-9]{4}[0-9A-Z][A-Z])$"
    ),
    advice=(
        "Write all eight characters of the company number, with any zeros in front, such as "
        "01234567 or SC123456."
    ),
    scheme="GB-COH",
    page="https://find-and-update.company-information.service.gov.uk/company/{}",
)

REGISTERS = [ENGLAND_AND_WALES, SCOTLAND, NORTHERN_IRELAND, COMPANIES]
NUMBERS = [register.field for register in REGISTERS]


@dataclass(frozen=True)
class Number:
    """A number that an organisation has, for a page."""

    register: Register
    text: str

    @property
    def page(self):
        return self.register.page_of(self.text)


def tidy_number(typed):
    """What people mean: no blanks or stops, capitals, and a zero where an O stands in “SCO”."""
    number = re.sub(r"[\s.]", "", typed).upper()
    return re.sub(r"^SCO(?=[0-9]{5}$)", "SC0", number)


class RegisterNumberField(forms.CharField):
    """A number as people type it."""

    def to_python(self, value):
        return tidy_number(super().to_python(value))
