"""Reads of KPIs and of what they stood at."""

from collections.abc import Iterable
from decimal import Decimal

from projects.kpis.models import Kpi, KpiValue


def courses_of(kpis: Iterable[Kpi]) -> dict[int, list[KpiValue]]:
    """KPI -> its values from the first day to the last, one for each day."""
    found: dict[int, dict[object, KpiValue]] = {}
    rows = KpiValue.objects.filter(kpi__in=[kpi.pk for kpi in kpis])
    for row in rows.order_by("kpi", "as_of", "pk"):
        found.setdefault(row.kpi_id, {})[row.as_of] = row
    return {pk: list(days.values()) for pk, days in found.items()}


def is_better(kpi: Kpi, value: Decimal, than: Decimal) -> bool:
    return value > than if kpi.better == Kpi.Better.HIGHER else value < than
