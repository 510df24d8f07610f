from awards.models.answer import Answer, Attachment
from awards.models.category import (
    Category,
    ConsentRule,
    Criterion,
    EligibilityQuestion,
    PrizeLine,
    Recipient,
    TieRule,
)
from awards.models.consent import AccessLink, ConsentAnswer, NameChoice, NomineeConsent
from awards.models.cycle import CategoryKind, Certainty, Cycle, Stage
from awards.models.event import Event
from awards.models.extension import Extension
from awards.models.nomination import (
    Collaborator,
    Nomination,
    NominationState,
    NomineeKind,
    Receipt,
    Sensitive,
)
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
from awards.models.question import Question, QuestionKind
from awards.models.screening import ExclusionReason, MergeLink, Screening, ScreeningOutcome

__all__ = [
    "AccessLink",
    "Answer",
    "Attachment",
    "Category",
    "CategoryKind",
    "Certainty",
    "Collaborator",
    "ConsentAnswer",
    "ConsentRule",
    "Correction",
    "Criterion",
    "Cycle",
    "EligibilityQuestion",
    "Event",
    "ExclusionReason",
    "Extension",
    "MergeLink",
    "NameChoice",
    "Nomination",
    "NominationState",
    "NomineeConsent",
    "NomineeKind",
    "PrizeLine",
    "PublishedAward",
    "PublishedCategory",
    "PublishedCycle",
    "PublishedJudge",
    "PublishedRule",
    "PublishedSource",
    "Question",
    "QuestionKind",
    "Receipt",
    "Recipient",
    "Result",
    "Screening",
    "ScreeningOutcome",
    "Sensitive",
    "Stage",
    "TieRule",
]
