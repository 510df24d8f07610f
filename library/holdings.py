"""What the tables of the library hold about a person."""

from cja_portal.kit.holdings import Holding, deed, delete
from library.models import (
    Card,
    ChangeRequest,
    Contributor,
    CopyRequest,
    Document,
    Item,
    Page,
    ReviewEvent,
    SavedSearch,
    Shelf,
    ShelfEntry,
    Submission,
    Version,
    Word,
)

GOES = "It is deleted."
HOLDINGS = [
    Holding(
        ShelfEntry,
        "Works on your shelves, and your notes",
        ("shelf__owner",),
        ("shelf", "item", "note"),
        GOES,
        delete,
    ),
    Holding(
        Shelf,
        "Your shelves",
        ("owner",),
        ("name", "changed_at"),
        "They are deleted, and links to them no longer work.",
        delete,
    ),
    Holding(
        SavedSearch,
        "Searches you saved",
        ("owner", "email"),
        ("query", "frequency", "saved_at"),
        "They are deleted, and the letters about them stop.",
        delete,
    ),
    Holding(
        CopyRequest,
        "Works you asked for in another format",
        ("email",),
        ("item", "kind", "text", "email", "asked_at"),
        GOES,
        delete,
    ),
    deed(Submission, "Works you began to hand in", "started_by"),
    deed(Submission, "Works you handed in", "submitted_by"),
    deed(Submission, "Works of others you looked at", "claimed_by"),
    deed(ReviewEvent, "Steps of works you took", "by"),
    deed(Version, "Versions of works you made", "made_by"),
    deed(Document, "Files you added", "added_by"),
    Holding(
        ChangeRequest,
        "Changes of published works you asked for",
        ("asked_by",),
        ("kind", "text", "asked_at", "outcome", "answer"),
    ),
    deed(ChangeRequest, "Requests about published works you answered", "answered_by"),
    deed(CopyRequest, "Requests for other formats you answered", "answered_by"),
]
PUBLISHED = "A published work keeps what it says and who made it, as in any library."
HISTORY = "The history of a work stays as it was, for its publisher and for readers."
KEPT = dict.fromkeys([Item, Contributor, Document, Page, Card, Word], PUBLISHED) | {
    ReviewEvent: HISTORY,
}
NO_PERSON = {}
