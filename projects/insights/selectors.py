"""Reads of insights."""

import re
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from projects.customers.models import Persona
from projects.customers.selectors import portraits_of
from projects.insights.models import Insight, ResearchRequest

REFERENCE = re.compile(r"\s*I-?(\d{1,18})\b", re.IGNORECASE)
WORD = re.compile(r"\w+")
# Words of a question: shorter ones say nothing, and so many letters tell one from another.
SHORT, STEM = 3, 5
LOOKED_AT, CLOSE, NAMED = 500, 2, 5  # insights; shared words that make one close; shown
MONTH = timedelta(days=30)


def current_insights() -> QuerySet[Insight]:
    """Those that no better one has replaced, newest first."""
    found = Insight.objects.filter(replaced_by=None)
    return found.select_related("stage", "segment", "persona")


def known_of(persona: Persona) -> QuerySet[Insight]:
    """What is known of a persona, by any portrait of it, and of the segments it stands for."""
    portraits = portraits_of(persona)
    theirs = Q(persona__in=portraits) | Q(segment__in=persona.segments.all())
    return current_insights().filter(theirs)


def insight_named(text: str) -> Insight | None:
    """The insight whose reference the text begins with, such as “I-12 Half of all callers”."""
    found = REFERENCE.match(text)
    return Insight.objects.filter(pk=int(found[1])).first() if found else None


def research() -> QuerySet[ResearchRequest]:
    return ResearchRequest.objects.select_related(
        "stage", "segment", "asked_by", "run_by", "answered_by"
    )


def may_answer(question: str) -> list[Insight]:
    """Insights that share most words with a question, the closest first; none for a short one."""
    stems = {word[:STEM] for word in WORD.findall(question.casefold()) if len(word) > SHORT}
    if not stems:
        return []
    any_of = Q()
    for stem in stems:
        any_of |= Q(finding__icontains=stem)
    found = list(current_insights().filter(any_of)[:LOOKED_AT])
    shared = {
        insight.pk: len({stem for stem in stems if stem in insight.finding.casefold()})
        for insight in found
    }
    close = [insight for insight in found if shared[insight.pk] >= min(CLOSE, len(stems))]
    return sorted(close, key=lambda insight: -shared[insight.pk])[:NAMED]


def asked_around(asked: ResearchRequest, day: date) -> list[ResearchRequest]:
    """Other open questions to the same customers within a month of ``day``."""
    if asked.segment_id is None:
        return []
    near = (day - MONTH, day + MONTH)
    open_ones = research().filter(answered_by=None, planned_for__range=near)
    return list(open_ones.filter(segment=asked.segment_id).exclude(pk=asked.pk))
