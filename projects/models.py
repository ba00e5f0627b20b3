"""Hands the models of this app on to Django; the product imports them from their rooms."""

from projects.audit.models import AuditEntry, AuditHead
from projects.customers.models import (
    Evidence,
    JourneyStage,
    Persona,
    Promise,
    Segment,
    SegmentFigure,
)
from projects.cycles.models import Cycle
from projects.events.models import Webhook
from projects.imports.models import Batch
from projects.insights.models import Insight, ResearchRequest
from projects.kpis.models import Kpi, KpiValue
from projects.notices.models import Notification
from projects.people.models import Function, PastTeam, Team, User
from projects.proposals.models.attachments import Attachment
from projects.proposals.models.authors import CoAuthor
from projects.proposals.models.comments import Comment
from projects.proposals.models.commitments import Commitment
from projects.proposals.models.drafts import DraftText
from projects.proposals.models.effects import CustomerEffect, Measure
from projects.proposals.models.efforts import Effort
from projects.proposals.models.fields import CustomField, FieldValue
from projects.proposals.models.lines import MoneyLine
from projects.proposals.models.links import Agreement, Link
from projects.proposals.models.proposals import Proposal
from projects.proposals.models.revisions import Revision, Signature
from projects.tokens.models import Token

__all__ = [
    "Agreement",
    "Attachment",
    "AuditEntry",
    "AuditHead",
    "Batch",
    "CoAuthor",
    "Comment",
    "Commitment",
    "CustomField",
    "CustomerEffect",
    "Cycle",
    "DraftText",
    "Effort",
    "Evidence",
    "FieldValue",
    "Function",
    "Insight",
    "JourneyStage",
    "Kpi",
    "KpiValue",
    "Link",
    "Measure",
    "MoneyLine",
    "Notification",
    "PastTeam",
    "Persona",
    "Promise",
    "Proposal",
    "ResearchRequest",
    "Revision",
    "Segment",
    "SegmentFigure",
    "Signature",
    "Team",
    "Token",
    "User",
    "Webhook",
]
