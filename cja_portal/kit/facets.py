"""The "Narrow down" part of a list page, as data."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Choice(NamedTuple):
    value: str
    label: str
    count: int | None = None
    is_selected: bool = False
    about: str = ""  # In place of the count, where that is not exact: "about 1,200".


LONG = 10
SHOWN_OF_LONG = 7


@dataclass
class FilterGroup:
    """Check boxes of one name; `title` stands above them."""

    name: str
    title: str
    choices: list[Choice] = field(default_factory=list)

    @property
    def selected(self):
        return [choice for choice in self.choices if choice.is_selected]

    @property
    def folded(self):
        """The tail of a long group, which waits behind a disclosure; what is chosen never hides."""
        return [choice for choice in self.choices[self._head :] if not choice.is_selected]

    @property
    def shown(self):
        return self.choices[: self._head] + [
            choice for choice in self.choices[self._head :] if choice.is_selected
        ]

    @property
    def _head(self):
        return SHOWN_OF_LONG if len(self.choices) > LONG else len(self.choices)
