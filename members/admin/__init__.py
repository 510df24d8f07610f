"""The staff's doors to people and organisations."""

from members.admin import people

__all__ = ["people"]
