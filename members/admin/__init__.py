"""The staff's doors to people and organisations."""

from members.admin import (
    applications,
    billing,
    bounces,
    factor_resets,
    membership,
    organisations,
    people,
    privacy,
    profiles,
    succession,
)

__all__ = [
    "applications",
    "billing",
    "bounces",
    "factor_resets",
    "membership",
    "organisations",
    "people",
    "privacy",
    "profiles",
    "succession",
]
