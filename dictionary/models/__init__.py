"""Words of the justice system and what they mean, nation by nation.

`Entry`, `Sense`, `Label`, `Source`, `Relation` and `LanguageNote` are the editors' working copy.
Readers see `EntryVersion`: what was published, word for word, for ever. `Suggestion` and
`MissingWord` are what readers tell us; `Mention` is where the library uses a word.
"""

from dictionary.models.entry import Entry, Stage
from dictionary.models.label import CaseRule, Label, LabelKind, Language, LinkPolicy
from dictionary.models.mention import Mention, MentionScan
from dictionary.models.missing import MissingWord, MissSighting
from dictionary.models.relation import Relation, RelationKind
from dictionary.models.sense import Certainty, Jurisdiction, LanguageNote, Sense, Source, SourceKind
from dictionary.models.suggestion import (
    Suggestion,
    SuggestionContact,
    SuggestionKind,
    SuggestionStatus,
)
from dictionary.models.version import EntryVersion
from dictionary.models.withdrawal import Withdrawal

__all__ = [
    "CaseRule",
    "Certainty",
    "Entry",
    "EntryVersion",
    "Jurisdiction",
    "Label",
    "LabelKind",
    "Language",
    "LanguageNote",
    "LinkPolicy",
    "Mention",
    "MentionScan",
    "MissSighting",
    "MissingWord",
    "Relation",
    "RelationKind",
    "Sense",
    "Source",
    "SourceKind",
    "Stage",
    "Suggestion",
    "SuggestionContact",
    "SuggestionKind",
    "SuggestionStatus",
    "Withdrawal",
]
