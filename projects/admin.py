"""Hands the registers of this app on to Django's admin."""

from projects.audit.admin import AuditEntryAdmin
from projects.customers.admin import JourneyStageAdmin, SegmentAdmin
from projects.cycles.admin import CycleAdmin
from projects.notices.admin import MessageAdmin
from projects.people.admin import PersonAdmin, TeamAdmin

__all__ = [
    "AuditEntryAdmin",
    "CycleAdmin",
    "JourneyStageAdmin",
    "MessageAdmin",
    "PersonAdmin",
    "SegmentAdmin",
    "TeamAdmin",
]
