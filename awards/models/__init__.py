from awards.models.cycle import Category, Certainty, Cycle
from awards.models.published import (
    Correction,
    PublishedAward,
    PublishedCategory,
    PublishedCycle,
    PublishedJudge,
    PublishedRule,
    PublishedSource,
    Result,
)

__all__ = [
    "Category",
    "Certainty",
    "Correction",
    "Cycle",
    "PublishedAward",
    "PublishedCategory",
    "PublishedCycle",
    "PublishedJudge",
    "PublishedRule",
    "PublishedSource",
    "Result",
]
