"""What the child may come to, in words that the parent knows too."""


class Unreadable(Exception):
    """The document's text cannot be had; `reading` names the state (library.models.Reading)."""

    def __init__(self, reading):
        super().__init__(reading)
        self.reading = reading
