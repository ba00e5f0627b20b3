"""Keeping what was found, and what is still to be asked."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projects.audit.services import Row, record, record_each
from projects.customers.selectors import require_keeper
from projects.errors import Conflict
from projects.insights.models import Insight, ResearchRequest
from projects.notices.services import notify
from projects.people.models import User
from projects.people.selectors import require_somebody

FAR = timedelta(days=3653)


def record_insights(*, actor: User, insights: Sequence[Insight]) -> list[Insight]:
    """Keep findings for good, all or none. One that ``replaces`` another takes its place.

    Numbers that rest on the replaced one stay as they are.
    """
    require_keeper(actor)
    with transaction.atomic():
        for insight in insights:
            insight.entered_by = actor
            insight.full_clean({"stage", "segment", "persona", "entered_by", "replaces"})
            if insight.replaces_id is not None:
                _require_in_place(insight.replaces_id)
            insight.save(force_insert=True)
        rows: list[Row] = [(f"insight:{insight.pk}", {}) for insight in insights]
        record_each(actor=actor, action="insight.record", rows=rows)
    return list(insights)


def _require_in_place(insight: int) -> None:
    """Locked, so that of two who replace it at once the second is told."""
    replaced = Insight.objects.select_for_update().get(pk=insight)
    if Insight.objects.filter(replaces=replaced).exists():
        message = f"{replaced.reference} was replaced already. Replace the newer one."
        raise ValidationError({"replaces": message})


def ask_research(*, actor: User, asked: ResearchRequest) -> ResearchRequest:
    """Put a question into the register. Everybody may: what is missing shows where one writes."""
    asked.asked_by = actor
    asked.run_by = asked.planned_for = asked.answered_by = None
    asked.full_clean({"stage", "segment", "asked_by"})
    with transaction.atomic():
        asked.save(force_insert=True)
        record(actor=actor, action="research.ask", subject=f"research:{asked.pk}")
    return asked


def plan_research(
    *, actor: User, asked: ResearchRequest, run_by: User, planned_for: date
) -> ResearchRequest:
    """Say who asks customers, and from when on. Who asked for it is told."""
    require_keeper(actor)
    require_somebody(run_by, field="run_by")
    if abs(planned_for - timezone.localdate()) > FAR:
        raise ValidationError({"planned_for": "Choose a day within ten years of today."})
    with transaction.atomic():
        asked = _unanswered(asked)
        asked.run_by, asked.planned_for = run_by, planned_for
        asked.save(update_fields=["run_by", "planned_for"])
        record(actor=actor, action="research.plan", subject=f"research:{asked.pk}")
        _tell(actor, asked, f"{run_by} asks customers: “{asked}”.")
    return asked


def answer_research(*, actor: User, asked: ResearchRequest, insight: Insight) -> ResearchRequest:
    """Name the insight that answers a question. Who asked for it is told."""
    require_keeper(actor)
    with transaction.atomic():
        asked = _unanswered(asked)
        asked.answered_by = insight
        asked.save(update_fields=["answered_by"])
        record(actor=actor, action="research.answer", subject=f"research:{asked.pk}")
        _tell(actor, asked, f"“{asked}” is answered: {insight}")
    return asked


def _unanswered(asked: ResearchRequest) -> ResearchRequest:
    fresh = ResearchRequest.objects.select_for_update().get(pk=asked.pk)
    if fresh.answered_by_id is not None:
        raise Conflict("This question is answered already.")
    return fresh


def _tell(actor: User, asked: ResearchRequest, text: str) -> None:
    if asked.asked_by_id != actor.pk:
        notify(recipients=[asked.asked_by], text=text, url=asked.get_absolute_url())
