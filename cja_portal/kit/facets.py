"""The "Narrow down" part of a list page, as data."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    count: int | None = None
    is_selected: bool = False


@dataclass
class FilterGroup:
    """Check boxes of one name; `title` stands above them."""

    name: str
    title: str
    choices: list[Choice] = field(default_factory=list)

    @property
    def selected(self):
        return [choice for choice in self.choices if choice.is_selected]
