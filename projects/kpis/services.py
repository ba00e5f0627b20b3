"""Keeping KPIs and what they stand at."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from projects.audit.services import record
from projects.customers.selectors import require_keeper
from projects.kpis.models import Kpi, KpiValue
from projects.people.models import User


def add_kpi(*, actor: User, kpi: Kpi) -> Kpi:
    """A new number for everybody. It is not changed later: what was promised on it would move."""
    require_keeper(actor)
    kpi.created_by = actor
    kpi.full_clean({"stage", "created_by"})
    try:
        with transaction.atomic():
            kpi.save(force_insert=True)
            record(actor=actor, action="kpi.add", subject=f"kpi:{kpi.pk}")
    except IntegrityError:  # by somebody else at the same moment
        raise ValidationError({"name": "There is a KPI of this name already."}) from None
    return kpi


def record_value(*, actor: User, value: KpiValue) -> KpiValue:
    """Keep what a KPI stood at; the same again is kept once."""
    require_keeper(actor)
    value.entered_by = actor
    value.full_clean({"kpi", "entered_by"})
    with transaction.atomic():
        # Two who enter the same at once enter it once.
        Kpi.objects.select_for_update().get(pk=value.kpi_id)
        of_day = KpiValue.objects.filter(kpi=value.kpi_id, as_of=value.as_of)
        last = of_day.order_by("-pk").first()
        if last is not None and last.value == value.value:
            return last
        value.save(force_insert=True)
        record(actor=actor, action="kpi.value", subject=f"kpi:{value.kpi_id}")
    return value
