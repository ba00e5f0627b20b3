"""Reads of insights."""

import re

from django.db.models import QuerySet

from projects.insights.models import Insight

REFERENCE = re.compile(r"\s*I-?(\d{1,18})\b", re.IGNORECASE)


def current_insights() -> QuerySet[Insight]:
    """Those that no better one has replaced, newest first."""
    return Insight.objects.filter(replaced_by=None).select_related("stage", "segment")


def insight_named(text: str) -> Insight | None:
    """The insight whose reference the text begins with, such as “I-12 Half of all callers”."""
    found = REFERENCE.match(text)
    return Insight.objects.filter(pk=int(found[1])).first() if found else None
