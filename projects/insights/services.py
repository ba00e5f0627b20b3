"""Keeping what was found."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from projects.audit.services import record_each
from projects.customers.selectors import may_keep
from projects.insights.models import Insight
from projects.people.models import User


def record_insights(*, actor: User, insights: Sequence[Insight]) -> list[Insight]:
    """Keep findings for good, all or none. One that ``replaces`` another takes its place.

    Numbers that rest on the replaced one stay as they are.
    """
    if not may_keep(actor):
        raise PermissionDenied("Marketing and CX keep what is known of customers.")
    with transaction.atomic():
        for insight in insights:
            insight.entered_by = actor
            insight.full_clean({"stage", "segment", "entered_by", "replaces"})
            if insight.replaces and Insight.objects.filter(replaces=insight.replaces).exists():
                message = (
                    f"{insight.replaces.reference} was replaced already. Replace the newer one."
                )
                raise ValidationError({"replaces": message})
            insight.save(force_insert=True)
        subjects = [f"insight:{insight.pk}" for insight in insights]
        record_each(actor=actor, action="insight.record", subjects=subjects)
    return list(insights)
