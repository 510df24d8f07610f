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
from awards.models.equality import EqualityCount
from awards.models.event import Event
from awards.models.extension import Extension
from awards.models.feedback import Feedback
from awards.models.figures import PublishedFigure
from awards.models.judging import Conflict, ConflictSource, Interest, InterestKind, Judge
from awards.models.meeting import Decision, Meeting, Outcome
from awards.models.nomination import (
    Collaborator,
    Nomination,
    NominationState,
    NomineeKind,
    Receipt,
    Referee,
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
from awards.models.published_proof import PublishedProof
from awards.models.question import Question, QuestionKind
from awards.models.reminder import DraftReminder, ReminderKind
from awards.models.result_letter import ResultLetter
from awards.models.rounds import (
    Assignment,
    AssignmentState,
    Round,
    RoundStage,
    RoundState,
)
from awards.models.screening import ExclusionReason, MergeLink, Screening, ScreeningOutcome
from awards.models.seal import Release, Seal, Wording
from awards.models.sheets import Mark, Sheet, SheetExclusion
from awards.models.warm_up import WarmUp

__all__ = [
    "AccessLink",
    "Answer",
    "Assignment",
    "AssignmentState",
    "Attachment",
    "Category",
    "CategoryKind",
    "Certainty",
    "Collaborator",
    "Conflict",
    "ConflictSource",
    "ConsentAnswer",
    "ConsentRule",
    "Correction",
    "Criterion",
    "Cycle",
    "Decision",
    "DraftReminder",
    "EligibilityQuestion",
    "EqualityCount",
    "Event",
    "ExclusionReason",
    "Extension",
    "Feedback",
    "Interest",
    "InterestKind",
    "Judge",
    "Mark",
    "Meeting",
    "MergeLink",
    "NameChoice",
    "Nomination",
    "NominationState",
    "NomineeConsent",
    "NomineeKind",
    "Outcome",
    "PrizeLine",
    "PublishedAward",
    "PublishedCategory",
    "PublishedCycle",
    "PublishedFigure",
    "PublishedJudge",
    "PublishedProof",
    "PublishedRule",
    "PublishedSource",
    "Question",
    "QuestionKind",
    "Receipt",
    "Recipient",
    "Referee",
    "Release",
    "ReminderKind",
    "Result",
    "ResultLetter",
    "Round",
    "RoundStage",
    "RoundState",
    "Screening",
    "ScreeningOutcome",
    "Seal",
    "Sensitive",
    "Sheet",
    "SheetExclusion",
    "Stage",
    "TieRule",
    "WarmUp",
    "Wording",
]
