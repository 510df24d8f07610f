"""The librarian's doors to what the library holds."""

from library.admin import (
    aliases,
    collections,
    copy_requests,
    documents,
    items,
    letters,
    links,
    submissions,
    use,
)

__all__ = [
    "aliases",
    "collections",
    "copy_requests",
    "documents",
    "items",
    "letters",
    "links",
    "submissions",
    "use",
]
