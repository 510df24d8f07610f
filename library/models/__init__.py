"""What the library holds: works, who made them, their files and the pages in these."""

from library.models.alias import Origin, SearchAlias
from library.models.audience import Audience
from library.models.card import Card, Word
from library.models.contributor import Contributor, ContributorKind, ContributorRole, Publisher
from library.models.document import Document, DocumentKind, Page, Reading, Version
from library.models.identifiers import validate_doi, validate_isbn
from library.models.item import RESERVED_SLUGS, Answers, Item, Status
from library.models.terms import (
    Certainty,
    ContentNote,
    Kind,
    Language,
    Licence,
    LinkKind,
    Precision,
)
from library.models.use import DailyUse

__all__ = [
    "RESERVED_SLUGS",
    "Answers",
    "Audience",
    "Card",
    "Certainty",
    "ContentNote",
    "Contributor",
    "ContributorKind",
    "ContributorRole",
    "DailyUse",
    "Document",
    "DocumentKind",
    "Item",
    "Kind",
    "Language",
    "Licence",
    "LinkKind",
    "Origin",
    "Page",
    "Precision",
    "Publisher",
    "Reading",
    "SearchAlias",
    "Status",
    "Version",
    "Word",
    "validate_doi",
    "validate_isbn",
]
