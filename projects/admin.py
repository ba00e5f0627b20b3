"""Hands the registers of this app on to Django's admin."""

from projects.audit.admin import AuditEntryAdmin
from projects.customers.admin import JourneyStageAdmin, SegmentAdmin
from projects.cycles.admin import CycleAdmin
from projects.notices.admin import MessageAdmin
from projects.people.admin import PersonAdmin, TeamAdmin
from projects.proposals.admin import CustomFieldAdmin

__all__ = [
    "AuditEntryAdmin",
    "CustomFieldAdmin",
    "CycleAdmin",
    "JourneyStageAdmin",
    "MessageAdmin",
    "PersonAdmin",
    "SegmentAdmin",
    "TeamAdmin",
]
