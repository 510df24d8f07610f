"""Who is who: people, organisations, the places people hold in them, and shared taxonomies."""

from members.models.affiliation import Affiliation, Role
from members.models.application import (
    Application,
    ApplicationLink,
    ApplicationStep,
    Criterion,
    CriterionTick,
)
from members.models.audit import AuditEvent
from members.models.billing import (
    BillingDetails,
    Invoice,
    InvoiceCounter,
    Payment,
    Reminder,
    StatementLine,
)
from members.models.blocked_sender import BlockedSender
from members.models.bounce import Bounce
from members.models.factor_reset import FactorReset
from members.models.invitation import DoNotInvite, Invitation, InvitationLink
from members.models.joining import ApprovedDomain, JoinRequest, SharedDomain
from members.models.keeping import KeepingTimes
from members.models.membership import FeeBand, MembershipBreak, MembershipPeriod, Status
from members.models.organisation import Organisation
from members.models.privacy import Complaint, Erasure, LetterOff, Topic
from members.models.profile import Audience, Contact, Detail, DetailKind, ProfileRevision
from members.models.starter import StarterRecord
from members.models.succession import Claim, StillHere, WaitingTimes
from members.models.taxonomy import Area, Stage, Theme
from members.models.user import User

__all__ = [
    "Affiliation",
    "Application",
    "ApplicationLink",
    "ApplicationStep",
    "ApprovedDomain",
    "Area",
    "Audience",
    "AuditEvent",
    "BillingDetails",
    "BlockedSender",
    "Bounce",
    "Claim",
    "Complaint",
    "Contact",
    "Criterion",
    "CriterionTick",
    "Detail",
    "DetailKind",
    "DoNotInvite",
    "Erasure",
    "FactorReset",
    "FeeBand",
    "Invitation",
    "InvitationLink",
    "Invoice",
    "InvoiceCounter",
    "JoinRequest",
    "KeepingTimes",
    "LetterOff",
    "MembershipBreak",
    "MembershipPeriod",
    "Organisation",
    "Payment",
    "ProfileRevision",
    "Reminder",
    "Role",
    "SharedDomain",
    "Stage",
    "StarterRecord",
    "StatementLine",
    "Status",
    "StillHere",
    "Theme",
    "Topic",
    "User",
    "WaitingTimes",
]
