"""Figures of segments out of a list: one row per segment, or one row per customer.

Nothing is kept here: what a list says is laid before a person, who keeps it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError

from projects.amounts import read_amount
from projects.imports.services.people import NO, YES
from projects.imports.services.table import Table
from projects.spreadsheet_text import unescaped

COLUMNS = (
    "segment",
    "customers",
    "margin",
    "retention",
    "acquisition_cost",
    "currency",
    "as_of",
    "source",
)
NEEDED = COLUMNS[:4]
LEFT, STAYED = (*YES, "left", "churned", "gone"), (*NO, "stayed", "active")
MOST_SEGMENTS = 40
YEAR = 12  # months


@dataclass(frozen=True, slots=True, kw_only=True)
class Customers:
    """How a list with one row per customer is read: its columns, and what they cover.

    ``amount_months``: the months that an amount covers; ``left_months``: those within which who
    left has left; ``margin``: the part of the amount that is contribution margin, 0 to 1.
    """

    segment: str
    amount: str
    left: str
    amount_months: int
    left_months: int
    margin: Decimal


def is_of_segments(table: Table) -> bool:
    return set(NEEDED) <= set(table.columns)


def of_segments(table: Table) -> list[dict[str, Any]]:
    """A row per segment, as its columns say: what a form starts from."""
    readers: dict[str, Callable[[str], Any]] = {
        "as_of": date.fromisoformat,
        **dict.fromkeys(("segment", "currency", "source"), unescaped),
    }
    found = []
    for number, row in zip(table.numbers, table.rows, strict=True):
        values: dict[str, Any] = {}
        for name in COLUMNS:
            if text := row.get(name, "").strip():
                read = readers.get(name, partial(read_amount, decimal=table.dialect.decimal))
                values[name] = _read(read, text, f"Row {number}, {name}")
        found.append(values | {"name": values.pop("segment", "")})
    return _not_too_many(found)


def of_customers(table: Table, reading: Customers) -> list[dict[str, Any]]:
    """A row per segment, from its customers: their number, mean margin a year, share that stays.

    Who left within a month is taken to leave at that pace for a year: kept = (1 - left)^12.
    """
    for part in ("segment", "amount", "left"):
        if (column := getattr(reading, part)) not in table.columns:
            there = ", ".join(table.columns)
            raise ValidationError({part: f"There is no column “{column}”. There are: {there}."})
    amounts: dict[str, list[Decimal]] = {}
    gone: dict[str, int] = {}
    for number, row in zip(table.numbers, table.rows, strict=True):
        name, word = row[reading.segment].strip(), row[reading.left].strip().lower()
        if not name:
            raise ValidationError({"segment": f"Row {number} names no segment."})
        if word not in LEFT + STAYED:
            raise ValidationError({"left": f"Row {number}: “{word}” is neither yes nor no."})
        read = partial(read_amount, decimal=table.dialect.decimal)
        amount = _read(read, row[reading.amount], f"Row {number}", "amount")
        amounts.setdefault(name, []).append(amount)
        gone[name] = gone.get(name, 0) + (word in LEFT)
    yearly = reading.margin * YEAR / reading.amount_months
    return _not_too_many(
        [
            {
                "name": name,
                "customers": len(paid),
                "margin": round(sum(paid) * yearly / len(paid), 2),
                "retention": round(
                    (1 - Decimal(gone[name]) / len(paid)) ** (Decimal(YEAR) / reading.left_months),
                    4,
                ),
            }
            for name, paid in sorted(amounts.items())
        ]
    )


def _read(read: Callable[[str], Any], text: str, where: str, part: str = "file") -> Any:
    try:
        return read(text)
    except ValidationError as error:
        raise ValidationError({part: f"{where}: {' '.join(error.messages)}"}) from None
    except ValueError:
        wish = "Write days as 2026-05-31."
        raise ValidationError({part: f"{where}: “{text}” cannot be read. {wish}"}) from None


def _not_too_many(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(rows) > MOST_SEGMENTS:
        message = f"{len(rows)} segments are too many to look at. {MOST_SEGMENTS} at once."
        raise ValidationError({"file": message})
    return rows
