"""Lists of a year for spreadsheets. Each names its columns: what is not named never goes out."""

from dataclasses import dataclass

from awards.models import Nomination, Outcome, PublishedAward
from awards.templatetags.awards_tags import uk_time


@dataclass(frozen=True)
class Export:
    """`columns` is {heading: how its cell is made from a row}; `rows` gives those of a cycle."""

    title: str
    why: str
    rows: object
    columns: dict


def _nominations(cycle):
    sent = Nomination.objects.filter(category__cycle=cycle).submitted()
    return sent.select_related("category", "consent").order_by("category__position", "pk")


def _finalists(cycle):
    found = _nominations(cycle).filter(decision__outcome__in=[*Outcome.HONOURED, "shortlisted"])
    return found.select_related("decision")


def _consent(nomination):
    consent = getattr(nomination, "consent", None)
    return consent.state if consent else "not asked"


def _public_name(nomination):
    consent = getattr(nomination, "consent", None)
    return (consent and consent.name_to_publish) or ""


def _needs(nomination):
    consent = getattr(nomination, "consent", None)
    return consent.needs if consent else ""


def _awards(cycle):
    return PublishedAward.objects.public().filter(year=cycle.year).defer("search_text")


EXPORTS = {
    "nominations": Export(
        "Nominations",
        "What came in and where it stands. No address, no text.",
        _nominations,
        {
            "Reference": lambda one: one.reference,
            "Category": lambda one: one.category.name,
            "Nominee": lambda one: one.nominee_name,
            "Organisation": lambda one: one.nominee_organisation,
            "Where it stands": lambda one: one.get_state_display(),
            "Sent": lambda one: uk_time(one.submitted_at),
            "The nominee says": _consent,
        },
    ),
    "guests": Export(
        "Finalists, for the ceremony",
        "Who is named how, and what they need there. Only once results are sealed.",
        _finalists,
        {
            "Reference": lambda one: one.reference,
            "Category": lambda one: one.category.name,
            "Named as": _public_name,
            "Needs at the ceremony": _needs,
        },
    ),
    "awards": Export(
        "Public awards",
        "What readers see, with prizes in pence.",
        _awards,
        {
            "Category": lambda one: one.category_name,
            "Result": lambda one: one.get_result_display(),
            "Recipient": lambda one: one.recipient,
            "For": lambda one: one.for_work,
            "Prize (pence)": lambda one: one.prize_pence or "",
        },
    ),
}
AFTER_THE_SEAL = {"guests"}


def lines(export, cycle):
    """[[cell]], without the headings."""
    return [[make(row) for make in export.columns.values()] for row in export.rows(cycle)]
