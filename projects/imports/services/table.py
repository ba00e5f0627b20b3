"""A list as people keep it: where its heads stand, how it writes numbers and days, what to skip.

What is found out is a value (:class:`Dialect`) that can be shown and overruled.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError

from projects.imports.services.cells import Exact, Page, read_pages

UNSTORED_NAME = (
    "The name of a column is a formula without a stored result: open and save the file in a "
    "spreadsheet program once."
)
HEADS_WITHIN = 50  # rows
ENOUGH_HEADS = 0.6  # of the widest row's cells
TOTAL = re.compile(
    r"(grand )?(total|sum|summe|gesamt|totaal|somme|suma|totale)\w*\b", re.IGNORECASE
)
LOOKS_LIKE_NUMBER = re.compile(r"\W*\d[\d.,'\u2019\s]*\W*(?:[kKmM]|bn)?\W*(?:[A-Z]{3})?\W*")
MARKS = re.compile(r"[.,]")
DAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{2}|\d{4})")
MONTHS = 12
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250, central Europe",
    "cp1251": "Windows-1251, Cyrillic",
    "cp1253": "Windows-1253, Greek",
    "cp1254": "Windows-1254, Turkish",
    "mac_roman": "Mac Roman",
}
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file was read. ``decimal`` and ``days_first`` are None where nothing in it tells."""

    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    head_row: int = 1
    decimal: str | None = None
    days_first: bool | None = None

    def __str__(self) -> str:
        parts = [f"sheet “{self.sheet}”"] if self.sheet else []
        if self.encoding:
            parts.append(ENCODINGS.get(self.encoding, self.encoding))
            parts.append(f"{SEPARATORS.get(self.delimiter, self.delimiter)} between columns")
        parts.append(f"column names in row {self.head_row}")
        if self.decimal:
            parts.append(f"decimal sign “{self.decimal}”")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as text by column name, each with its number in the file.

    ``left_out``: rows that are no entry of the list, with the reason.
    """

    columns: list[str]
    rows: list[dict[str, str]]
    numbers: list[int]
    dialect: Dialect = Dialect()
    left_out: list[tuple[int, str]] = field(default_factory=list)


def read_table(
    file: BinaryIO,
    name: str,
    *,
    sheet: str = "",
    wanted: Collection[str] = (),
    given: Mapping[str, Any] = MappingProxyType({}),
) -> Table:
    """Read a .csv, .txt, .xlsx or .ods file. The sheet and the row that name most of the ``wanted``
    columns are taken; where none is wanted, those that look most like heads.

    ``given``: what somebody said of the file, by the names of :class:`Dialect`; it overrules.
    """
    pages = read_pages(
        file,
        name,
        sheet=given.get("sheet") or sheet,
        encoding=given.get("encoding", ""),
        delimiter=given.get("delimiter", ""),
    )
    if not pages:
        raise ValidationError({"file": "The spreadsheet has no sheet."})
    found = [(page, *_heads(page.lines, wanted)) for page in pages]
    page, head, _ = max(found, key=lambda row: row[2])
    if given.get("head_row"):
        head = int(given["head_row"]) - 1 - page.skipped
    if head is None or not 0 <= head < len(page.lines) or not any(page.lines[head]):
        raise ValidationError({"file": "The first row must name the columns."})
    table = _table(page, head)
    said = {
        name: given[name] for name in ("decimal", "days_first") if given.get(name) not in (None, "")
    }
    return replace(table, dialect=replace(table.dialect, **said))


def _heads(lines: list[list[str]], wanted: Collection[str]) -> tuple[int | None, tuple[int, int]]:
    """(index of the row of heads, how well it fits: wanted names, then cells)."""
    rows = lines[:HEADS_WITHIN]
    widest = max((_filled(row) for row in rows), default=0)
    best: tuple[int | None, tuple[int, int]] = (None, (0, 0))
    for place, row in enumerate(rows):
        names = [cell for cell in row if cell]
        enough = len(names) >= max(1, ENOUGH_HEADS * widest)
        words = not any(LOOKS_LIKE_NUMBER.fullmatch(cell) for cell in names)
        fit = (len(set(names) & set(wanted)), len(names))
        if fit[0] > best[1][0] or (best[0] is None and enough and words and names):
            best = (place, fit)
    return best


def _filled(row: Iterable[str]) -> int:
    return sum(1 for cell in row if cell)


def _table(page: Page, head: int) -> Table:
    columns = page.lines[head]
    named = [column for column in columns if column]
    if any("\0" in column for column in named):
        raise ValidationError({"file": UNSTORED_NAME})
    twice = sorted({column for column in named if named.count(column) > 1})
    if twice:
        raise ValidationError({"file": f"The column “{twice[0]}” is there twice."})
    rows, numbers, left_out = list[dict[str, str]](), list[int](), list[tuple[int, str]]()
    for place, line in enumerate(page.lines[head + 1 :], start=head + 2 + page.skipped):
        row = {name: cell for name, cell in zip(columns, line, strict=False) if name}
        if not any(row.values()):
            continue
        if _is_total(row):
            left_out.append((place, "it is a row of totals"))
            continue
        rows.append(row)
        numbers.append(place)
    if not rows:
        raise ValidationError({"file": "The file has no row below the column names."})
    cells = [cell for row in rows for cell in row.values() if not isinstance(cell, Exact)]
    dialect = Dialect(
        sheet=page.sheet,
        encoding=page.encoding,
        delimiter=page.delimiter,
        head_row=head + 1 + page.skipped,
        decimal=_decimal_sign(cells),
        days_first=_days_first(cells),
    )
    return Table(named, rows, numbers, dialect, left_out)


def _is_total(row: dict[str, str]) -> bool:
    """A row that begins with such a word and has nothing beside it but numbers."""
    first, *others = [cell for cell in row.values() if cell]
    return bool(TOTAL.fullmatch(first.rstrip(":"))) and all(
        isinstance(cell, Exact) or "\0" in cell or LOOKS_LIKE_NUMBER.fullmatch(cell)
        for cell in others
    )


def _decimal_sign(cells: Iterable[str]) -> str | None:
    """The sign before the part below one, by what the numbers of the whole file can only mean."""
    votes = {".": 0, ",": 0}
    for cell in cells:
        marks = MARKS.findall(cell)
        if not marks or not LOOKS_LIKE_NUMBER.fullmatch(cell) or DAY.fullmatch(cell):
            continue
        digits = re.sub(r"\D*$", "", cell)
        behind = len(digits) - max(digits.rfind("."), digits.rfind(",")) - 1
        if len(set(marks)) > 1 or (len(marks) == 1 and behind != 3):  # noqa: PLR2004 - a group
            votes[marks[-1]] += 1
        elif len(marks) > 1:
            votes["," if marks[0] == "." else "."] += 1
    if votes["."] == votes[","]:
        return None
    return max(votes, key=lambda mark: votes[mark])


def _days_first(cells: Iterable[str]) -> bool | None:
    found = [match for cell in cells if (match := DAY.fullmatch(cell))]
    if any(match[2] == "." or int(match[1]) > MONTHS for match in found):
        return True
    return False if any(int(match[3]) > MONTHS for match in found) else None
