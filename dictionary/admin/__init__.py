"""The staff's door to the dictionary."""

from dictionary.admin import entries, senses, versions

__all__ = ["entries", "senses", "versions"]
