"""What the library holds: works, who made them, their files and the pages in these."""

from library.models.alias import SearchAlias
from library.models.audience import Audience
from library.models.collection import Collection, CollectionEntry
from library.models.contributor import Contributor, ContributorKind, ContributorRole, Publisher
from library.models.document import Document, DocumentKind, Page, Reading, Version
from library.models.identifiers import validate_doi, validate_isbn
from library.models.item import RESERVED_SLUGS, Answers, Item, Status
from library.models.saved_search import Alert, Arrival, Frequency, Letter, SavedSearch
from library.models.shelf import Shelf, ShelfEntry
from library.models.terms import (
    Certainty,
    ContentNote,
    Kind,
    Language,
    Licence,
    LinkKind,
    Precision,
)

__all__ = [
    "RESERVED_SLUGS",
    "Alert",
    "Answers",
    "Arrival",
    "Audience",
    "Certainty",
    "Collection",
    "CollectionEntry",
    "ContentNote",
    "Contributor",
    "ContributorKind",
    "ContributorRole",
    "Document",
    "DocumentKind",
    "Frequency",
    "Item",
    "Kind",
    "Language",
    "Letter",
    "Licence",
    "LinkKind",
    "Page",
    "Precision",
    "Publisher",
    "Reading",
    "SavedSearch",
    "SearchAlias",
    "Shelf",
    "ShelfEntry",
    "Status",
    "Version",
    "validate_doi",
    "validate_isbn",
]
