"""The staff's doors to people and organisations."""

from members.admin import organisations, people, succession

__all__ = ["organisations", "people", "succession"]
