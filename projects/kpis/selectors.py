"""Reads of KPIs and of what they stood at."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery

from projects.kpis.models import Kpi, KpiValue


def courses_of(kpis: Iterable[Kpi]) -> dict[int, list[KpiValue]]:
    """KPI -> its values from the first day to the last, one for each day; empty without any."""
    found: dict[int, dict[date, KpiValue]] = {kpi.pk: {} for kpi in kpis}
    for row in KpiValue.objects.filter(kpi__in=found).order_by("kpi", "as_of", "pk"):
        found[row.kpi_id][row.as_of] = row
    return {pk: list(days.values()) for pk, days in found.items()}


def newest_values() -> QuerySet[KpiValue]:
    """What every KPI that has values stands at: the newest day, of that what was entered last."""
    of_kpi = KpiValue.objects.filter(kpi=OuterRef("kpi")).order_by("-as_of", "-pk")
    newest = KpiValue.objects.filter(pk=Subquery(of_kpi.values("pk")[:1]))
    return newest.select_related("kpi").order_by("kpi__name")


def is_better(kpi: Kpi, value: Decimal, than: Decimal) -> bool:
    return value > than if kpi.better == Kpi.Better.HIGHER else value < than
