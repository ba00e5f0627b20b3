"""A list of what KPIs stood at: all rows are kept, or none."""

from typing import Any

from django.core.exceptions import ValidationError

from projects.imports.services.mapping import RowError
from projects.imports.services.rows import Row, amount, bring_in, day, named
from projects.imports.services.table import Table
from projects.kpis.models import Kpi, KpiValue
from projects.kpis.services import record_value
from projects.people.models import User

COLUMNS = ("name", "as_of", "value")
# What the file that is given out says of a KPI beside its values.
SHOWN_ONLY = ("definition", "unit", "better", "stage", "function", "source", "every")


def import_values(*, actor: User, table: Table, dry_run: bool) -> tuple[int, list[RowError]]:
    """(how many values, what is wrong). KPIs are known by their names."""
    kpis = {kpi.name.lower(): kpi for kpi in Kpi.objects.all()}

    def value(said: Row) -> KpiValue | None:
        if not said["as_of"] and not said["value"]:
            return None  # a KPI without values, as the file that is given out lists it
        kpi = named(kpis, "name", said["name"])
        if kpi is None:
            raise ValidationError({"name": "Name the KPI."})
        given: dict[str, Any] = {
            "as_of": day("as_of", said["as_of"]),
            "value": amount("value", said["value"], table.dialect.decimal),
        }
        return record_value(actor=actor, value=KpiValue(kpi=kpi, **given))

    return bring_in(
        table,
        columns=COLUMNS,
        needed=COLUMNS,
        shown_only=SHOWN_ONLY,
        take=value,
        dry_run=dry_run,
    )
