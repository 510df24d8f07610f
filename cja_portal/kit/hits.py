"""The shape in which every app answers the search across the whole portal."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Hit:
    title: str
    url: str
    summary: str = ""
    kind: str = ""
    reason: str = ""  # Why it was found, where the title does not show it.
