"""What a work needs before its organisation can hand it in, each point with where it is mended."""

from dataclasses import dataclass

from library.models import Licence, Reading
from library.submission_forms import MOST_THEMES

TAGS_ADVICE = (
    "It has no tags, so that a screen reader reads it as one long line. In Word: Save as PDF, "
    "Options, “Document structure tags for accessibility”."
)
LANGUAGE_ADVICE = (
    "It does not say its language, so that it may be read aloud with the wrong voice. Set it where "
    "the document was written, and save the PDF again."
)
TITLE_ADVICE = (
    "It does not say its title, so that a reader of many files hears the name of the file. Fill in "
    "the title among its properties, and save the PDF again."
)
UNREADABLE = {Reading.ENCRYPTED, Reading.DAMAGED, Reading.NO_TEXT, Reading.TOO_MUCH}


@dataclass(frozen=True)
class Point:
    """`field` is that of the form; `advice` says what is missing, or what could be better."""

    title: str
    is_done: bool
    advice: str
    field: str = ""
    is_needed: bool = True

    @property
    def is_in_the_way(self):
        return self.is_needed and not self.is_done


def points(item):
    files = list(item.documents.current())
    themes = item.themes.count()
    return [
        Point("A title", bool(item.title), "Give it the title it bears.", "title"),
        Point("A kind", bool(item.kind), "Say what kind of work it is.", "kind"),
        Point(
            "A summary in plain words",
            bool(item.summary),
            "Say in a few plain sentences what it is about.",
            "summary",
        ),
        Point(
            "A date of publication",
            bool(item.published_on),
            "Give the date, or only the month or year.",
            "published",
        ),
        Point(
            "Themes",
            1 <= themes <= MOST_THEMES,
            f"Choose at least one theme, and at most {MOST_THEMES}.",
            "themes",
        ),
        Point(
            "Terms of use",
            item.licence != Licence.NOT_STATED,
            "Choose a licence. If you are not sure, “All rights reserved” is the safe one.",
            "licence",
        ),
        Point("Something to read", bool(files or item.link), "Add a file or a link.", "files"),
        *(_point_of(file) for file in files),
        *(point for file in files for point in _reading_aloud(file)),
    ]


def _point_of(file):
    is_refused = file.reading == Reading.INFECTED
    return Point(
        f"The file {file.name}",
        not is_refused and file.reading not in UNREADABLE,
        file.advice,
        "files",
        is_needed=is_refused,
    )


def _reading_aloud(file):
    """What a PDF needs for a program to read it aloud well: none of it is in the way."""
    if not file.is_pdf or file.reading != Reading.READ:
        return []
    wanted = [
        ("Headings and lists that a screen reader can tell apart", file.is_tagged, TAGS_ADVICE),
        ("Its language", file.found.get("language"), LANGUAGE_ADVICE),
        ("Its title", file.found.get("title"), TITLE_ADVICE),
    ]
    return [
        Point(f"{title}: {file.name}", bool(is_there), advice, "files", is_needed=False)
        for title, is_there, advice in wanted
    ]


def is_complete(item):
    return not any(point.is_in_the_way for point in points(item))
