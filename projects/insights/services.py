"""Keeping what was found."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from projects.audit.services import record_each
from projects.customers.selectors import require_keeper
from projects.insights.models import Insight
from projects.people.models import User


def record_insights(*, actor: User, insights: Sequence[Insight]) -> list[Insight]:
    """Keep findings for good, all or none. One that ``replaces`` another takes its place.

    Numbers that rest on the replaced one stay as they are.
    """
    require_keeper(actor)
    with transaction.atomic():
        for insight in insights:
            insight.entered_by = actor
            insight.full_clean({"stage", "segment", "entered_by", "replaces"})
            if insight.replaces_id is not None:
                _require_in_place(insight.replaces_id)
            insight.save(force_insert=True)
        subjects = [f"insight:{insight.pk}" for insight in insights]
        record_each(actor=actor, action="insight.record", subjects=subjects)
    return list(insights)


def _require_in_place(insight: int) -> None:
    """Locked, so that of two who replace it at once the second is told."""
    replaced = Insight.objects.select_for_update().get(pk=insight)
    if Insight.objects.filter(replaces=replaced).exists():
        message = f"{replaced.reference} was replaced already. Replace the newer one."
        raise ValidationError({"replaces": message})
