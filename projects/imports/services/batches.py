"""A list that comes in by the browser: opened, mapped, mended, imported, undone."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from jobs.services.bell import ring
from projects.audit.services import record
from projects.cycles.models import Cycle
from projects.errors import Conflict
from projects.imports.models import Batch
from projects.imports.services.cells import read_pages
from projects.imports.services.guess import MEASURE, TEXTS, guess, guess_scale, key_of
from projects.imports.services.load import Report, read_proposals, write_proposals
from projects.imports.services.mapping import BACKED_BY, FIELDS, OWNERS, Mapping, RowError
from projects.imports.services.newcomers import makers
from projects.imports.services.table import Table, read_table
from projects.people.models import User
from projects.proposals.models.lines import MoneyLine
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import open_fields

AT_ONCE = 500  # rows that are read while somebody waits for the page
MOST_ROWS = 20_000
TOO_MANY = "A list has up to {most:,} rows; this one has {rows:,}. Split it."


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
        if is_long(table):
            ask_worker(actor=actor, batch=batch, work=Batch.Work.CHECK)
    return batch


def save_batch(*, actor: User, batch: Batch, work: str = Batch.Work.CHECK, **changed: Any) -> Table:
    """Keep what was chosen and mended; a reading that gives other columns begins anew.

    ``work`` is what a worker is asked for where the list is long.
    """
    _administrators_only(actor)
    _require_open(batch)
    for name, value in changed.items():
        setattr(batch, name, value)
    table = _read(batch.file_name, bytes(batch.content), batch.reading)
    if table.columns != batch.columns:
        batch.columns, batch.choices = table.columns, _guessed(table.columns)
        batch.mended, batch.left_out = {}, []
    with transaction.atomic():
        batch.save(update_fields=[*changed, "columns", "choices", "mended", "left_out"])
        if is_long(table):
            ask_worker(actor=actor, batch=batch, work=work)
    return table


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


def is_long(table: Table) -> bool:
    """Whether a worker reads it: nobody waits in front of a page for so many rows."""
    return len(table.rows) > AT_ONCE


def read_batch(
    *, actor: User, batch: Batch, table: Table, reached: Callable[[int], None] = lambda _: None
) -> Report:
    """What the rows would become and what an import would refuse; nothing is kept."""
    mapping = mapping_of(batch)
    errors = _missing(mapping)
    if errors:
        return Report(errors=errors)
    return read_proposals(
        actor=actor,
        cycle=batch.cycle,
        table=table,
        mapping=mapping,
        attestation=batch.choices.get("attestation", ""),
        new=makers(batch.choices),
        reached=reached,
    )


def errors_in(*, actor: User, batch: Batch, table: Table) -> list[RowError]:
    """What is wrong with the list; of a long one, what a worker found, if it came to its end."""
    if is_long(table) and batch.status != Batch.Status.DONE:
        return [RowError(0, "List", batch.error or "It is not checked yet.")]
    if is_long(table):
        return [RowError(*error) for error in batch.found.get("errors", [])]
    return read_batch(actor=actor, batch=batch, table=table).errors


def import_batch(*, actor: User, batch: Batch) -> Report:
    """Bring the list in, all rows or none."""
    _administrators_only(actor)
    _require_open(batch)
    report = read_batch(actor=actor, batch=batch, table=table_of(batch))
    if report.drafts and not report.errors:
        with transaction.atomic():
            made = write_batch(actor=actor, batch=batch, report=report)
            open_ones = Batch.objects.filter(pk=batch.pk, state=Batch.State.OPEN)
            if open_ones.exclude(status__in=Batch.ACTIVE).update(**made) != 1:
                raise Conflict("This list is being imported by somebody else, or is in already.")
    return report


def write_batch(*, actor: User, batch: Batch, report: Report) -> dict[str, Any]:
    """Make the proposals that were read; what to write at the list, for the caller to do."""
    attestation = batch.choices.get("attestation", "")
    write_proposals(actor=actor, cycle=batch.cycle, report=report, attestation=attestation)
    count = len(report.created)
    record(actor=actor, action="import.done", subject=f"batch:{batch.pk}", proposals=count)
    return {
        "state": Batch.State.IMPORTED,
        "imported_at": timezone.now(),
        "made": [[proposal.pk, proposal.version] for proposal in report.created],
    }


def ask_worker(*, actor: User, batch: Batch, work: str) -> None:
    """Have a long list checked, or imported, by a worker."""
    _administrators_only(actor)
    idle = Batch.objects.filter(pk=batch.pk, state=Batch.State.OPEN)
    with transaction.atomic():
        asked = idle.exclude(status__in=Batch.ACTIVE).update(
            work=work,
            asked_by=actor,
            status=Batch.Status.QUEUED,
            attempt=0,
            error="",
            dispatched_at=None,
            lease_until=None,
            started_at=None,
            finished_at=None,
            found={},
        )
        if not asked:
            raise Conflict("A worker has this list already. Wait until it is through.")
        transaction.on_commit(lambda: ring(Batch, batch.pk))


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
        parts |= {
            part: {"column": column}
            for part in BACKED_BY
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
    answers = {
        target.removeprefix("answer."): {"column": column}
        for column, target in targets.items()
        if target.startswith("answer.")
    }
    effects = [effect] if "reach" in effect else []
    return Mapping(fields, money, effects, measures, answers=answers)


def _missing(mapping: Mapping) -> list[RowError]:
    """What no proposal can do without, and no column holds."""
    sentence = "Choose the column that holds it{}."
    return [
        RowError(0, TEXTS[name], sentence.format(", or one person" * (name in OWNERS)))
        for name in ("title", *OWNERS)
        if name not in mapping.fields
    ]


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
    return {"targets": guess(columns, list(open_fields())), "scales": scales}


def _require_open(batch: Batch) -> None:
    if batch.is_active:
        raise Conflict("A worker has this list. Wait until it is through.")
    if batch.state != Batch.State.OPEN:
        raise Conflict(f"This list is {batch.get_state_display().lower()} already.")


def _administrators_only(actor: User) -> None:
    if not actor.is_superuser:
        raise PermissionDenied("Only an administrator imports a list.")
