"""Words of the justice system and what they mean, nation by nation.

`Entry`, `Sense`, `Label`, `Source`, `Relation` and `LanguageNote` are the editors' working copy.
Readers see `EntryVersion`: what was published, word for word, for ever.
"""

from dictionary.models.entry import Entry, Stage
from dictionary.models.label import CaseRule, Label, LabelKind, Language, LinkPolicy
from dictionary.models.relation import Relation, RelationKind
from dictionary.models.sense import Certainty, Jurisdiction, LanguageNote, Sense, Source, SourceKind
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
    "Relation",
    "RelationKind",
    "Sense",
    "Source",
    "SourceKind",
    "Stage",
    "Withdrawal",
]
