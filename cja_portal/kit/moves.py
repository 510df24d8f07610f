"""What every app raises when something cannot go where it was told to go."""


class ImpossibleMove(Exception):
    """A step that the state of a thing does not allow, as a sentence for the person who tried."""
