"""Who is who: people, organisations, the places people hold in them, and shared taxonomies."""

from members.models.affiliation import Affiliation, Role
from members.models.audit import AuditEvent
from members.models.invitation import Invitation
from members.models.organisation import Organisation
from members.models.starter import StarterRecord
from members.models.taxonomy import Area, Theme
from members.models.user import User

__all__ = [
    "Affiliation",
    "Area",
    "AuditEvent",
    "Invitation",
    "Organisation",
    "Role",
    "StarterRecord",
    "Theme",
    "User",
]
