"""A list of findings: all rows are kept, or none."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from projects.amounts import read_amount
from projects.customers.models import Evidence, JourneyStage, Segment
from projects.imports.services.mapping import RowError
from projects.imports.services.table import Table
from projects.insights.models import Insight
from projects.insights.services import record_insights
from projects.people.models import User
from projects.spreadsheet_text import unescaped

COLUMNS = ("finding", "kind", "source", "sample", "gathered_on", "stage", "segment", "link")
NEEDED = ("finding", "kind", "source", "gathered_on")
SHOWN_ONLY = ("reference",)  # what a file that was given out says of its rows


def import_insights(*, actor: User, table: Table, dry_run: bool) -> tuple[int, list[RowError]]:
    """(how many findings, what is wrong). Stages and segments are known by their names."""
    head = table.dialect.head_row
    errors = [
        RowError(head, name, "The list needs this column.")
        for name in NEEDED
        if name not in table.columns
    ] + [
        RowError(head, name, f"There is no such column. Use: {', '.join(COLUMNS)}.")
        for name in table.columns
        if name not in (*COLUMNS, *SHOWN_ONLY)
    ]
    if errors:
        return 0, errors
    stages = {stage.name.lower(): stage for stage in JourneyStage.objects.all()}
    segments = {segment.name.lower(): segment for segment in Segment.objects.all()}
    found = []
    for number, row in zip(table.numbers, table.rows, strict=True):
        try:
            insight = _insight(row, stages, segments, table.dialect.decimal)
            insight.full_clean({"stage", "segment", "entered_by"})
        except ValidationError as error:
            errors += [
                RowError(number, name, text)
                for name, texts in error.message_dict.items()
                for text in texts
            ]
        else:
            found.append(insight)
    if errors:
        return 0, errors
    with transaction.atomic():
        record_insights(actor=actor, insights=found)
        if dry_run:
            transaction.set_rollback(True)
    return len(found), []


def _insight(
    row: Mapping[str, str],
    stages: Mapping[str, JourneyStage],
    segments: Mapping[str, Segment],
    decimal: str | None,
) -> Insight:
    said = {name: unescaped(row.get(name, "").strip()) for name in COLUMNS}
    kinds = {word.lower(): value for value, label in Evidence.choices for word in (value, label)}
    return Insight(
        finding=said["finding"],
        kind=_named(kinds, "kind", said["kind"]) or "",
        source=said["source"],
        sample=_sample(said["sample"], decimal),
        gathered_on=_day(said["gathered_on"]),
        stage=_named(stages, "stage", said["stage"]),
        segment=_named(segments, "segment", said["segment"]),
        link=said["link"],
    )


def _named(known: Mapping[str, Any], column: str, name: str) -> Any:
    if name and name.lower() not in known:
        raise ValidationError({column: f"“{name}” is none of {', '.join(map(str, known))}."})
    return known.get(name.lower())


def _sample(text: str, decimal: str | None) -> int | None:
    if not text:
        return None
    try:
        size = read_amount(text, decimal=decimal)
    except ValidationError as error:
        raise ValidationError({"sample": error.messages}) from None
    if size != int(size):
        raise ValidationError({"sample": f"“{text}” is not a whole number."})
    return int(size)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"“{text}” is not a day. Write days as 2026-05-31."
        raise ValidationError({"gathered_on": message}) from None
