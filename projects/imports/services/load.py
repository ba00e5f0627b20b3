"""Writing the rows of a list: everything in one transaction, through the ordinary services."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from projects.cycles.models import Cycle
from projects.errors import Conflict
from projects.imports.services.mapping import Mapping, RowError, plain_mapping
from projects.imports.services.newcomers import Maker, settle
from projects.imports.services.reading import RowReader
from projects.imports.services.table import Table
from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from projects.proposals.services import (
    Change,
    check_proposal,
    create_drafts,
    submit_attested,
)

KNOWN = "“{}” is already in Prioritizer."


@dataclass(slots=True)
class Report:
    """What was read, row by row (number of the row, reference, change), what is wrong with it,
    and what became of it.
    """

    drafts: list[tuple[int, str, Change]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    created: list[Proposal] = field(default_factory=list)


def import_proposals(
    *,
    actor: User,
    cycle: Cycle,
    table: Table,
    mapping: Mapping | None = None,
    attestation: str = "",
    dry_run: bool = False,
) -> Report:
    """Create one proposal for each row; with any error, or on a dry run, nothing is kept.

    With an ``attestation`` (where and when both owners agreed) the proposals are signed and
    submitted; without one they become drafts that their owners sign.
    """
    report = read_proposals(
        actor=actor,
        cycle=cycle,
        table=table,
        mapping=mapping or plain_mapping(table.columns),
        attestation=attestation,
    )
    if not report.errors and not dry_run:
        write_proposals(actor=actor, cycle=cycle, report=report, attestation=attestation)
    return report


def read_proposals(
    *,
    actor: User,
    cycle: Cycle,
    table: Table,
    mapping: Mapping,
    attestation: str = "",
    new: dict[str, Maker] | None = None,
    reached: Callable[[int], None] = lambda _: None,
) -> Report:
    """What the rows would become, and what an import would refuse; nothing is written.

    ``reached`` is told how many rows are read. What ``new`` makes of names that are not here yet
    are stand-ins until ``write_proposals``.
    """
    if not actor.is_superuser:
        raise PermissionDenied("Only an administrator imports a list.")
    report = Report(errors=_unknown_columns(table, mapping))
    if report.errors:
        return report
    reader, seen = RowReader(mapping, table.dialect, new=new), set[str]()
    there = set(Proposal.objects.values_list("reference", flat=True))
    for place, (number, row) in enumerate(zip(table.numbers, table.rows, strict=True)):
        reached(place)
        before = len(reader.errors)
        reference, change = reader.read(row, number)
        if len(reader.errors) > before:
            continue
        if reference and (reference in there or reference in seen):
            reader.wrong(reader.column_of("reference"), KNOWN.format(reference))
            continue
        seen.add(reference)
        try:
            check_proposal(
                actor=actor,
                cycle=cycle,
                change=change,
                reference=reference,
                attestation=attestation,
            )
        except ValidationError as error:
            _note(reader, error)
        else:
            report.drafts.append((number, reference, change))
    report.errors = reader.errors
    return report


def write_proposals(*, actor: User, cycle: Cycle, report: Report, attestation: str = "") -> None:
    """Make the proposals that were read, all or none."""
    drafts = [(reference, change) for _, reference, change in report.drafts]
    try:
        with transaction.atomic():
            settle(actor=actor, changes=[change for _, change in drafts])
            report.created = create_drafts(actor=actor, cycle=cycle, drafts=drafts)
            if attestation:
                report.created = submit_attested(
                    actor=actor, proposals=report.created, attestation=attestation
                )
    except IntegrityError as error:
        raise Conflict("Somebody has just imported some of these rows. Check again.") from error


def _unknown_columns(table: Table, mapping: Mapping) -> list[RowError]:
    sentence = "The file has no such column, but the mapping reads it."
    missing = [name for name in mapping.columns() if name not in table.columns]
    return [RowError(table.dialect.head_row, name, sentence) for name in missing]


def _note(reader: RowReader, error: ValidationError) -> None:
    for path, texts in error.message_dict.items():
        for text in texts:
            reader.wrong(reader.column_of(path), text)
