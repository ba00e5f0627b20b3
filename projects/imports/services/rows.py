"""A list of plain rows: each becomes one thing, all of them or none."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from projects.amounts import read_amount
from projects.imports.services.mapping import RowError
from projects.imports.services.table import Table
from projects.spreadsheet_text import unescaped

Made = TypeVar("Made")
Row = Mapping[str, str]


def bring_in(
    table: Table,
    *,
    columns: Sequence[str],
    needed: Sequence[str],
    take: Callable[[Row], Made | None],
    keep: Callable[[list[Made]], object] = len,
    dry_run: bool,
    shown_only: Sequence[str] = (),
) -> tuple[int, list[RowError]]:
    """(how many were kept, what is wrong).

    ``take`` reads a row, None if it says nothing, and raises ``ValidationError`` by the column's
    name; it may keep it as well, or leave that to ``keep``, which gets all of them. ``shown_only``
    are columns of a file that was given out, which say nothing on the way in.
    """
    errors = _head_errors(table, columns, needed, shown_only)
    if errors:
        return 0, errors
    found: list[Made] = []
    with transaction.atomic():
        for number, row in zip(table.numbers, table.rows, strict=True):
            said = {name: unescaped(row.get(name, "").strip()) for name in columns}
            try:
                made = take(said)
            except ValidationError as error:
                errors += [
                    RowError(number, "" if name == "__all__" else name, text)
                    for name, texts in _by_column(error).items()
                    for text in texts
                ]
            else:
                found += [] if made is None else [made]
        if not errors:
            keep(found)
        if errors or dry_run:
            transaction.set_rollback(True)
    return (0 if errors else len(found)), errors


def _by_column(error: ValidationError) -> dict[str, list[str]]:
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


def _head_errors(
    table: Table, columns: Sequence[str], needed: Sequence[str], shown_only: Sequence[str]
) -> list[RowError]:
    head = table.dialect.head_row
    return [
        RowError(head, name, "The list needs this column.")
        for name in needed
        if name not in table.columns
    ] + [
        RowError(head, name, f"There is no such column. Use: {', '.join(columns)}.")
        for name in table.columns
        if name not in (*columns, *shown_only)
    ]


def named(known: Mapping[str, Any], column: str, name: str) -> Any:
    """What ``known`` (by names in small letters) holds under ``name``; None for an empty cell."""
    if name and name.lower() not in known:
        raise ValidationError({column: f"“{name}” is none of {', '.join(map(str, known))}."})
    return known.get(name.lower())


def day(column: str, text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"“{text}” is not a day. Write days as 2026-05-31."
        raise ValidationError({column: message}) from None


def amount(column: str, text: str, decimal: str | None) -> Decimal | None:
    """An amount as people write it; None for an empty cell."""
    if not text:
        return None
    try:
        return read_amount(text, decimal=decimal)
    except ValidationError as error:
        raise ValidationError({column: error.messages}) from None


def whole(column: str, text: str, decimal: str | None) -> int | None:
    found = amount(column, text, decimal)
    if found is not None and found != int(found):
        raise ValidationError({column: f"“{text}” is not a whole number."})
    return None if found is None else int(found)
