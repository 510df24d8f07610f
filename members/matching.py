"""Which invoice a line of a bank statement may be for, and why. A person decides."""

import re
from dataclasses import dataclass

from rapidfuzz.fuzz import token_set_ratio

from cja_portal.kit.text import fold

REFERENCE = re.compile(r"CJA[^A-Z0-9]{0,3}0*([0-9]{1,9})(?![0-9])")
ALIKE = 88  # of 100; below that, "Example Trust" would be like every other trust
CUT = 18  # letters that banks leave of a name
MOST = 3


@dataclass(frozen=True)
class Suggestion:
    invoice: object
    reasons: list
    weight: int


def suggest(line, invoices):
    """The few of these unpaid invoices that fit best; none that has the same amount only by chance.

    Each invoice comes `with_paid` and with its organisation.
    """
    numbers = {int(number) for number in REFERENCE.findall(line.text.upper())}
    like = [one for one in invoices if one.left_pence == line.amount_pence]
    found = [_weigh(line, invoice, numbers, len(like)) for invoice in invoices]
    found = [suggestion for suggestion in found if suggestion.weight >= 2]
    return sorted(found, key=lambda one: (-one.weight, one.invoice.number))[:MOST]


def _weigh(line, invoice, numbers, count_alike):
    reasons, weight = [], 0
    if invoice.number in numbers:
        reasons, weight = [*reasons, "the same number"], weight + 4
    if invoice.left_pence == line.amount_pence:
        reasons, weight = [*reasons, "the same amount"], weight + 1 + (count_alike == 1)
    if _is_named(line, invoice.organisation):
        reasons, weight = [*reasons, "a similar name"], weight + 2
    return Suggestion(invoice, reasons, weight)


def _is_named(line, organisation):
    names = map(fold, [organisation.name, organisation.short_name, *organisation.former_names])
    text = fold(line.text)
    return any(_is_in(name, text) for name in names if len(name) > 3)


def _is_in(name, text):
    """Banks cut the names of those who pay."""
    return name[:CUT] in text or token_set_ratio(name, text) >= ALIKE
