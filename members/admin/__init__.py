"""The staff's doors to people and organisations."""

from members.admin import billing, membership, organisations, people, succession

__all__ = ["billing", "membership", "organisations", "people", "succession"]
