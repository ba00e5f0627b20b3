from projects.models.audit import AuditEntry, AuditHead
from projects.models.customers import Evidence, JourneyStage, Segment
from projects.models.cycles import Cycle
from projects.models.notifications import Notification
from projects.models.people import Function, Team, User
from projects.models.proposals import CustomerEffect, Measure, MoneyLine, Proposal
from projects.models.revisions import Revision, Signature

__all__ = [
    "AuditEntry",
    "AuditHead",
    "CustomerEffect",
    "Cycle",
    "Evidence",
    "Function",
    "JourneyStage",
    "Measure",
    "MoneyLine",
    "Notification",
    "Proposal",
    "Revision",
    "Segment",
    "Signature",
    "Team",
    "User",
]
