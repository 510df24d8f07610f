"""What the library holds: works, who made them, their files and the pages in these."""

from library.models.alias import Origin, SearchAlias
from library.models.audience import Audience
from library.models.card import Card, Word
from library.models.collection import Collection, CollectionEntry
from library.models.contributor import Contributor, ContributorKind, ContributorRole, Publisher
from library.models.copy_request import CopyKind, CopyRequest
from library.models.departure import Departure
from library.models.document import Document, DocumentKind, Page, Reading, Version
from library.models.identifiers import validate_doi, validate_isbn
from library.models.item import RESERVED_SLUGS, Answers, Item, Status
from library.models.link_check import Answer, LinkCheck
from library.models.saved_search import Alert, Arrival, Frequency, Letter, SavedSearch
from library.models.shelf import Shelf, ShelfEntry
from library.models.submission import (
    ChangeRequest,
    Outcome,
    RequestKind,
    ReviewEvent,
    Step,
    Submission,
)
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
    "Alert",
    "Answer",
    "Answers",
    "Arrival",
    "Audience",
    "Card",
    "Certainty",
    "ChangeRequest",
    "Collection",
    "CollectionEntry",
    "ContentNote",
    "Contributor",
    "ContributorKind",
    "ContributorRole",
    "CopyKind",
    "CopyRequest",
    "DailyUse",
    "Departure",
    "Document",
    "DocumentKind",
    "Frequency",
    "Item",
    "Kind",
    "Language",
    "Letter",
    "Licence",
    "LinkCheck",
    "LinkKind",
    "Origin",
    "Outcome",
    "Page",
    "Precision",
    "Publisher",
    "Reading",
    "RequestKind",
    "ReviewEvent",
    "SavedSearch",
    "SearchAlias",
    "Shelf",
    "ShelfEntry",
    "Status",
    "Step",
    "Submission",
    "Version",
    "Word",
    "validate_doi",
    "validate_isbn",
]
