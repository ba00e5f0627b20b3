"""A list that comes in by the browser: opened, mapped, mended, imported, undone."""

import io
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from projects.audit.services import record
from projects.cycles.models import Cycle
from projects.errors import Conflict
from projects.imports.models import Batch
from projects.imports.services.cells import read_pages
from projects.imports.services.guess import MEASURE, TEXTS, guess, guess_scale, key_of
from projects.imports.services.load import Report, check_proposals, import_proposals
from projects.imports.services.mapping import FIELDS, OWNERS, Mapping, RowError
from projects.imports.services.setup import create_missing
from projects.imports.services.table import Table, read_table
from projects.people.models import User
from projects.proposals.models.proposals import MoneyLine, Proposal

MOST_ROWS = 300  # in one request: the audit trail waits for whoever writes so many
TOO_MANY = (
    "The browser takes lists of up to {most:,} rows; this one has {rows:,}. Use the command: "
    "manage.py import_proposals."
)
NEW_PLACES = "new_places"  # choice: create journey stages and segments that are not known


def open_batch(*, actor: User, cycle: Cycle, name: str, content: bytes) -> Batch:
    """Keep a file and propose how to read it, as the last list with these columns was read."""
    _administrators_only(actor)
    table = _read(name, content, {})
    batch = Batch(
        created_by=actor,
        file_name=name[-200:],
        content=content,
        cycle=cycle,
        columns=table.columns,
        choices=_known_choices(table.columns) or _guessed(table.columns),
    )
    with transaction.atomic():
        batch.save()
        record(actor=actor, action="import.open", subject=f"batch:{batch.pk}", file=batch.file_name)
    return batch


def save_batch(*, actor: User, batch: Batch, **changed: Any) -> None:
    """Keep what was chosen and mended; a reading that gives other columns begins anew."""
    _administrators_only(actor)
    _require_open(batch)
    for name, value in changed.items():
        setattr(batch, name, value)
    columns = _read(batch.file_name, bytes(batch.content), batch.reading).columns
    if columns != batch.columns:
        batch.columns, batch.choices = columns, _guessed(columns)
        batch.mended, batch.left_out = {}, []
    batch.save()


def table_of(batch: Batch) -> Table:
    """The list as it would come in: cells that were typed anew, without the rows left out."""
    table = _read(batch.file_name, bytes(batch.content), batch.reading)
    kept = [
        (number, row | batch.mended.get(str(number), {}))
        for number, row in zip(table.numbers, table.rows, strict=True)
        if number not in batch.left_out
    ]
    return replace(table, numbers=[number for number, _ in kept], rows=[row for _, row in kept])


def sheets_of(batch: Batch) -> list[str]:
    """The sheets of a spreadsheet; none of a text file."""
    pages = read_pages(io.BytesIO(bytes(batch.content)), batch.file_name)
    return [page.sheet for page in pages if page.sheet]


def check_batch(*, actor: User, batch: Batch, table: Table) -> list[RowError]:
    """What an import would refuse; nothing is kept."""
    mapping = mapping_of(batch)
    errors = _missing(mapping)
    if errors:
        return errors
    with transaction.atomic():
        _make_places(actor, batch, mapping, table)
        attestation = batch.choices.get("attestation", "")
        errors = check_proposals(
            actor=actor,
            cycle=batch.cycle,
            table=table,
            mapping=mapping,
            attestation=attestation,
        )
        transaction.set_rollback(True)
    return errors


def import_batch(*, actor: User, batch: Batch) -> Report:
    """Bring the list in, all rows or none."""
    _administrators_only(actor)
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        _require_open(batch)
        report = _load(actor, batch, table_of(batch))
        if report.errors or not report.created:
            transaction.set_rollback(True)
            return report
        batch.state, batch.imported_at = Batch.State.IMPORTED, timezone.now()
        batch.made = [[proposal.pk, proposal.version] for proposal in report.created]
        batch.save()
        record(
            actor=actor,
            action="import.done",
            subject=f"batch:{batch.pk}",
            proposals=len(report.created),
        )
    return report


def undo_batch(*, actor: User, batch: Batch) -> int:
    """Take back what a list made, while nobody has built on it; returns how many proposals."""
    _administrators_only(actor)
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        if batch.state != Batch.State.IMPORTED:
            raise Conflict("This list is not imported.")
        made = dict(batch.made)
        found = list(Proposal.objects.select_for_update().filter(pk__in=made))
        touched = [row for row in found if row.version != made[row.pk] or row.revisions.exists()]
        if touched or len(found) < len(made):
            named = ", ".join(f"“{row.title}”" for row in touched[:3]) or "one of them"
            raise Conflict(f"Somebody has built on it: {named} was signed, changed or is gone.")
        Proposal.objects.filter(pk__in=made).delete()
        batch.state = Batch.State.UNDONE
        batch.save(update_fields=["state"])
        record(actor=actor, action="import.undo", subject=f"batch:{batch.pk}", proposals=len(found))
    return len(found)


def mapping_of(batch: Batch) -> Mapping:
    """What was chosen, as the mapping that the command reads too."""
    targets: dict[str, str] = batch.choices.get("targets", {})
    scales: dict[str, int] = batch.choices.get("scales", {})
    column_of = {target: column for column, target in targets.items() if target}
    fields: dict[str, Any] = {}
    for name in FIELDS:
        constant = batch.choices.get(name, "")
        if name in column_of:
            default = {"default": constant} if constant and name in TEXTS else {}
            fields[name] = {"column": column_of[name]} | default
        elif constant:
            fields[name] = {"constant": constant}
    money = []
    for kind in MoneyLine.Kind.values:
        parts = {
            part: {"column": column, "scale": scales.get(column, 1)}
            for part in ("amount", "low", "likely", "high")
            if (column := column_of.get(f"money.{kind}.{part}", ""))
        }
        if parts:
            money.append({"kind": kind} | parts)
    effect = {
        part: {"column": column_of[f"effect.{part}"]}
        for part in ("stage", "segment", "reach", "points", "evidence", "evidence_date")
        if f"effect.{part}" in column_of
    }
    measures = {
        key_of(column): {"column": column}
        for column, target in targets.items()
        if target == MEASURE
    }
    return Mapping(fields, money, [effect] if "reach" in effect else [], measures)


def _load(actor: User, batch: Batch, table: Table) -> Report:
    mapping = mapping_of(batch)
    errors = _missing(mapping)
    if errors:
        return Report(errors=errors)
    _make_places(actor, batch, mapping, table)
    return import_proposals(
        actor=actor,
        cycle=batch.cycle,
        table=table,
        mapping=mapping,
        attestation=batch.choices.get("attestation", ""),
    )


def _missing(mapping: Mapping) -> list[RowError]:
    """What no proposal can do without, and no column holds."""
    sentence = "Choose the column that holds it{}."
    return [
        RowError(0, TEXTS[name], sentence.format(", or one person" * (name in OWNERS)))
        for name in ("title", *OWNERS)
        if name not in mapping.fields
    ]


def _make_places(actor: User, batch: Batch, mapping: Mapping, table: Table) -> None:
    """Journey stages and segments that are new, if they are to be created."""
    if batch.choices.get(NEW_PLACES) and mapping.effects:
        effect = mapping.effects[0]
        stages, segments = (_named(table, effect.get(name)) for name in ("stage", "segment"))
        create_missing(actor=actor, setup={"stages": stages, "segments": segments})


def _named(table: Table, source: Any) -> list[str]:
    rows = (str(row.get(source["column"], "")) for row in table.rows) if source else ()
    return [name for name in dict.fromkeys(rows) if name]


def _read(name: str, content: bytes, given: dict[str, Any]) -> Table:
    table = read_table(io.BytesIO(content), name, wanted=FIELDS, given=given)
    if len(table.rows) > MOST_ROWS:
        raise ValidationError({"file": TOO_MANY.format(most=MOST_ROWS, rows=len(table.rows))})
    return table


def _known_choices(columns: list[str]) -> dict[str, Any]:
    same = Batch.objects.filter(columns=columns, state=Batch.State.IMPORTED).first()
    return dict(same.choices) if same else {}


def _guessed(columns: list[str]) -> dict[str, Any]:
    scales = {column: guess_scale(column) for column in columns}
    return {"targets": guess(columns), "scales": scales}


def _require_open(batch: Batch) -> None:
    if batch.state != Batch.State.OPEN:
        raise Conflict(f"This list is {batch.get_state_display().lower()} already.")


def _administrators_only(actor: User) -> None:
    if not actor.is_superuser:
        raise PermissionDenied("Only an administrator imports a list.")
