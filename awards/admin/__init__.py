"""The staff's doors to the awards: years that run on one side, the public record on the other."""

from awards.admin import (
    cycles,
    feedback,
    judging,
    meetings,
    nominations,
    published,
    results,
    rounds,
)

__all__ = [
    "cycles",
    "feedback",
    "judging",
    "meetings",
    "nominations",
    "published",
    "results",
    "rounds",
]
