"""What a person wants to write into a proposal, checked field by field and row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from projects.people.models import Function, User
from projects.proposals.models.commitments import Commitment
from projects.proposals.models.effects import CustomerEffect, Measure
from projects.proposals.models.efforts import Effort
from projects.proposals.models.fields import FieldValue
from projects.proposals.models.lines import MoneyLine
from projects.proposals.models.proposals import Proposal

OWNERS = ("marketing_owner", "cx_owner")  # in the order of the keys
EDITABLE_FIELDS = frozenset({*Proposal.CONTENT_FIELDS, "promise", *OWNERS})

LISTS = ("money", "effects", "measures", "commitments", "efforts", "answers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What to write: field values, and the lists to replace. ``None`` leaves a list as it is."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    money: Sequence[MoneyLine] | None = None
    effects: Sequence[CustomerEffect] | None = None
    measures: Sequence[Measure] | None = None
    commitments: Sequence[Commitment] | None = None
    efforts: Sequence[Effort] | None = None
    answers: Sequence[FieldValue] | None = None


def write_fields(proposal: Proposal, change: Change) -> None:
    unknown = set(change.fields) - EDITABLE_FIELDS
    if unknown:
        raise ValidationError(dict.fromkeys(sorted(unknown), "This field cannot be changed."))
    for name, value in change.fields.items():
        setattr(proposal, name, value)
    if change.fields.keys() & set(OWNERS):
        proposal.is_joint = all(
            owner is not None and owner.function == function for owner, function in _sides(proposal)
        )


def _sides(proposal: Proposal) -> list[tuple[User | None, str]]:
    """Who holds a key, and of which function they should be."""
    owners = [getattr(proposal, name, None) for name in OWNERS]
    return list(zip(owners, Proposal.KEYS, strict=True))


def known(row: models.Model) -> set[str]:
    """What refers to another row that is there: a look for each would be a query, and the
    database refuses what is gone.
    """
    fields = row._meta.concrete_fields  # noqa: SLF001
    return {
        field.name
        for field in fields
        if field.is_relation and getattr(row, field.attname) is not None
    }


def validate(proposal: Proposal) -> None:
    errors: dict[str, list[str]] = {}
    try:
        proposal.full_clean(known(proposal), validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        errors = {name: list(map(str, texts)) for name, texts in error.message_dict.items()}
    # One function may hold both keys where the cycle says so, but not each the other's.
    sides = _sides(proposal)
    swapped = all(owner is None or owner.function != function for owner, function in sides)
    for name, (owner, function) in zip(OWNERS, sides, strict=True):
        if owner is None or name in errors:
            continue
        anyone = proposal.cycle.allows_solo and not swapped
        allowed = Proposal.KEYS if anyone else (function,)
        if owner.function not in allowed or not owner.is_active:
            label = Function(function).label
            errors[name] = [f"Choose an active person from a {label} team."]
    if errors:
        raise ValidationError(errors)


def replace_lists(proposal: Proposal, change: Change) -> None:
    validate_lists(proposal, change)
    for name, rows in _lists(change):
        manager = getattr(proposal, name)
        manager.all().delete()
        manager.bulk_create(rows)


def create_lists(changes: Sequence[tuple[Proposal, Change]]) -> None:
    """Write the lists, looked at before, of proposals that have none yet."""
    for name in LISTS:
        rows = []
        for proposal, change in changes:
            for row in getattr(change, name) or ():
                row.proposal = proposal  # its number is new
                rows.append(row)
        if rows:
            models.QuerySet(type(rows[0])).bulk_create(rows)


def validate_lists(proposal: Proposal, change: Change) -> None:
    """Make the rows the proposal's, and raise what is wrong in them; nothing is written."""
    errors: dict[str, list[str]] = {}
    for name, rows in _lists(change):
        for position, row in enumerate(rows):
            row.pk = None
            row.proposal = proposal  # type: ignore[attr-defined]
            if hasattr(row, "position"):
                row.position = position
            try:
                row.full_clean(
                    {*known(row), "proposal"}, validate_unique=False, validate_constraints=False
                )
            except ValidationError as error:
                where = row.key if isinstance(row, Measure) else position
                for key, texts in error.message_dict.items():
                    errors[f"{name}.{where}.{key}"] = list(map(str, texts))
        errors.update(_repeated(name, rows))
    if len(change.commitments or ()) > Commitment.MOST:
        errors["commitments"] = [f"Choose {Commitment.MOST} at most: the ones that show success."]
    if errors:
        raise ValidationError(errors)


def _lists(change: Change) -> list[tuple[str, Sequence[models.Model]]]:
    """The lists that are to be replaced."""
    lists = [(name, getattr(change, name)) for name in LISTS]
    return [(name, rows) for name, rows in lists if rows is not None]


def _repeated(name: str, rows: Sequence[models.Model]) -> dict[str, list[str]]:
    """Rows that say the same thing twice, which the database would refuse without naming them."""
    seen: set[tuple[Any, ...]] = set()
    errors = {}
    for position, row in enumerate(rows):
        key: tuple[Any, ...]
        if isinstance(row, CustomerEffect):
            key, where = (row.stage_id, row.segment_id), "segment"
        elif isinstance(row, Measure):
            key, where = (row.key,), "key"
        elif isinstance(row, Commitment):
            key, where = (row.kpi_id,), "kpi"
        elif isinstance(row, Effort):
            key, where = (row.team_id, row.quarter), "quarter"
        elif isinstance(row, FieldValue):
            key, where = (row.field_id,), "field"
        else:
            continue
        if key in seen:
            errors[f"{name}.{position}.{where}"] = ["This is already in the list."]
        seen.add(key)
    return errors
