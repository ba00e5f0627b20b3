"""Writing the rows of a list: everything in one transaction, through the ordinary services."""

from dataclasses import dataclass, field
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from projects.cycles.models import Cycle
from projects.imports.services.mapping import Mapping, RowError, RowReader, plain_mapping
from projects.imports.services.table import Table
from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from projects.proposals.services import (
    Change,
    attest_signatures,
    check_proposal,
    create_proposal,
    submit_proposal,
)

KNOWN = "“{}” is already in Prioritizer."


@dataclass(slots=True)
class Report:
    created: list[Proposal] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


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
    if not actor.is_superuser:
        raise PermissionDenied("Only an administrator imports a list.")
    mapping = mapping or plain_mapping(table.columns)
    report = Report(errors=_unknown_columns(table, mapping))
    if report.errors:
        return report
    reader = RowReader(mapping, table.dialect)
    with transaction.atomic():
        for number, row in zip(table.numbers, table.rows, strict=True):
            before = len(reader.errors)
            reference, change = reader.read(row, number)
            if len(reader.errors) > before:
                continue
            created = _create(actor, cycle, reader, reference, change, attestation)
            if created is not None:
                report.created.append(created)
        report.errors = reader.errors
        if report.errors or dry_run:
            transaction.set_rollback(True)
    if report.errors:
        report.created = []
    return report


def check_proposals(
    *, actor: User, cycle: Cycle, table: Table, mapping: Mapping, attestation: str = ""
) -> list[RowError]:
    """What an import would refuse, found without writing, so that nobody waits for it."""
    reader, seen = RowReader(mapping, table.dialect), set[str]()
    there = set(Proposal.objects.values_list("reference", flat=True))
    for number, row in zip(table.numbers, table.rows, strict=True):
        before = len(reader.errors)
        reference, change = reader.read(row, number)
        if len(reader.errors) > before:
            continue
        if reference and reference in there | seen:
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
    return [*_unknown_columns(table, mapping), *reader.errors]


def _unknown_columns(table: Table, mapping: Mapping) -> list[RowError]:
    sentence = "The file has no such column, but the mapping reads it."
    missing = [name for name in mapping.columns() if name not in table.columns]
    return [RowError(table.dialect.head_row, name, sentence) for name in missing]


def _create(
    actor: User,
    cycle: Cycle,
    reader: RowReader,
    reference: str,
    change: Change,
    attestation: str,
) -> Proposal | None:
    if reference and Proposal.objects.filter(reference=reference).exists():
        reader.wrong(reader.column_of("reference"), KNOWN.format(reference))
        return None
    try:
        with transaction.atomic():
            proposal = create_proposal(
                actor=actor,
                cycle=cycle,
                change=change,
                creation_key=uuid4(),
                reference=reference,
            )
            if attestation:
                attest_signatures(actor=actor, proposal=proposal, attestation=attestation)
                proposal = submit_proposal(
                    actor=actor, proposal=proposal, expected_version=proposal.version
                )
    except ValidationError as error:
        _note(reader, error)
        return None
    return proposal


def _note(reader: RowReader, error: ValidationError) -> None:
    for path, texts in error.message_dict.items():
        for text in texts:
            reader.wrong(reader.column_of(path), text)
