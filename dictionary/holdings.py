"""What the tables of the dictionary hold about a person."""

from cja_portal.kit.holdings import Holding, deed, delete
from dictionary.models import (
    EntryVersion,
    Mention,
    MissingWord,
    Sense,
    Suggestion,
    SuggestionContact,
    Withdrawal,
)

HOLDINGS = [
    Holding(
        SuggestionContact,
        "Suggestions for the dictionary that you left your address with",
        ("email",),
        ("suggestion", "email"),
        "Your address is deleted; the suggestion, which never had your name, stays.",
        delete,
    ),
    deed(Suggestion, "Suggestions you answered", "answered_by"),
    deed(MissingWord, "Missing words you dealt with", "handled_by"),
    deed(Sense, "Meanings you checked", "checked_by"),
    deed(EntryVersion, "Entries you published", "published_by"),
    deed(EntryVersion, "Published entries you had checked", "checked_by"),
    deed(Withdrawal, "Entries you withdrew", "began_by"),
    deed(Withdrawal, "Entries you put back", "ended_by"),
]
PUBLISHED = "Every published version of the dictionary stays, for whoever has quoted it."
KEPT = dict.fromkeys([EntryVersion, Mention], PUBLISHED)
NO_PERSON = {}
