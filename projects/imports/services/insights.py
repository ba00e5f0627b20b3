"""A list of findings: all rows are kept, or none."""

from collections import Counter
from typing import Any

from projects.customers.models import Evidence, JourneyStage, Persona, Segment
from projects.customers.selectors import current_personas
from projects.imports.services.mapping import RowError
from projects.imports.services.rows import Row, bring_in, day, named, whole
from projects.imports.services.table import Table
from projects.insights.models import Insight
from projects.insights.services import record_insights
from projects.people.models import User

COLUMNS = (
    *("finding", "kind", "source", "sample", "gathered_on"),
    *("stage", "segment", "persona", "link"),
)


def import_insights(*, actor: User, table: Table, dry_run: bool) -> tuple[int, list[RowError]]:
    """(how many findings, what is wrong). Stages, segments, personas are known by name."""
    kinds = {word.lower(): value for value, label in Evidence.choices for word in (value, label)}
    stages = {stage.name.lower(): stage for stage in JourneyStage.objects.all()}
    personas = _personas()
    segments = {segment.name.lower(): segment for segment in Segment.objects.all()}

    def insight(said: Row) -> Insight:
        given: dict[str, Any] = {
            "kind": named(kinds, "kind", said["kind"]) or "",
            "sample": whole("sample", said["sample"], table.dialect.decimal),
            "gathered_on": day("gathered_on", said["gathered_on"]),
            "stage": named(stages, "stage", said["stage"]),
            "segment": named(segments, "segment", said["segment"]),
            "persona": named(personas, "persona", said["persona"]),
        }
        found = Insight(**(dict(said) | given))
        found.full_clean({"stage", "segment", "persona", "entered_by"})
        return found

    return bring_in(
        table,
        columns=COLUMNS,
        needed=("finding", "kind", "source", "gathered_on"),
        shown_only=("reference",),
        take=insight,
        keep=lambda found: record_insights(actor=actor, insights=found),
        dry_run=dry_run,
    )


def _personas() -> dict[str, Persona]:
    """By the name in small letters; of two with one name neither is known by it."""
    found = list(current_personas())
    often = Counter(persona.name.lower() for persona in found)
    return {persona.name.lower(): persona for persona in found if often[persona.name.lower()] == 1}
