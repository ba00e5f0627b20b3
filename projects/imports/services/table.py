"""Reading CSV and XLSX into plain text cells, within limits that a hostile file cannot pass."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import openpyxl
from django.core.exceptions import ValidationError

from projects.spreadsheet_text import decoded, unescaped

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_CHARACTERS = 32_767  # of one cell, as in a spreadsheet
DELIMITERS = ",;\t"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as text by column name. ``first_row`` is the file's number of the first data row."""

    columns: list[str]
    rows: list[dict[str, str]]
    first_row: int = 2


def read_table(file: BinaryIO, name: str, *, sheet: str = "") -> Table:
    """Read a .csv (UTF-8; comma, semicolon or tab) or .xlsx file; the first row names columns."""
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValidationError({"file": f"The file is larger than {MOST_BYTES // 2**20} MB."})
    suffix = Path(name).suffix.lower()
    if suffix == ".csv":
        lines = _csv_lines(content)
    elif suffix == ".xlsx":
        lines = _xlsx_lines(content, sheet)
    else:
        raise ValidationError({"file": "Give a .csv or .xlsx file."})
    return _table(lines)


def _csv_lines(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValidationError(
            {"file": "The file is not UTF-8 text. Save it as CSV UTF-8."}
        ) from None
    head = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    try:
        return _limited(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ValidationError({"file": f"The file is not readable as CSV: {error}."}) from error


def _xlsx_lines(content: bytes, sheet: str) -> list[list[str]]:
    if _readable(lambda: _unpacked_size(content)) > MOST_UNPACKED:
        raise ValidationError({"file": "The spreadsheet unpacks to too much data."})
    book = _readable(
        lambda: openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    )
    try:
        if sheet and sheet not in book.sheetnames:
            names = ", ".join(book.sheetnames)
            raise ValidationError({"sheet": f"There is no sheet “{sheet}”. There are: {names}."})
        return _readable(lambda: _limited(_cells(book[sheet] if sheet else book.worksheets[0])))
    finally:
        book.close()


def _cells(page: Any) -> Iterator[list[str]]:
    return ([_text(cell) for cell in row] for row in page.iter_rows(values_only=True))


def _unpacked_size(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return sum(part.file_size for part in parts.infolist())


def _readable(step: Callable[[], T]) -> T:
    """Carry out a step of reading; a broken file makes the libraries raise almost anything."""
    try:
        return step()
    except ValidationError:
        raise
    except Exception as error:
        raise ValidationError({"file": "The file is not a readable .xlsx spreadsheet."}) from error


def _limited(rows: Any) -> list[list[str]]:
    lines: list[list[str]] = []
    for row in rows:
        if len(row) > MOST_COLUMNS:
            raise ValidationError({"file": f"A row has more than {MOST_COLUMNS} columns."})
        if len(lines) > MOST_ROWS:
            raise ValidationError({"file": f"The file has more than {MOST_ROWS:,} rows."})
        # What an export escaped, so that no spreadsheet runs it, comes back as it was.
        lines.append([unescaped(cell[:MOST_CHARACTERS].replace("\0", "")) for cell in row])
    return lines


def _text(cell: object) -> str:
    """A spreadsheet cell as the text a person would type."""
    if cell is None:
        return ""
    if isinstance(cell, datetime) and not cell.time().isoformat().strip("0:."):
        return cell.date().isoformat()
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return decoded(str(cell))


def _table(lines: list[list[str]]) -> Table:
    if not lines or not any(cell.strip() for cell in lines[0]):
        raise ValidationError({"file": "The first row must name the columns."})
    columns = [cell.strip() for cell in lines[0]]
    named = [column for column in columns if column]
    twice = sorted({column for column in named if named.count(column) > 1})
    if twice:
        raise ValidationError({"file": f"The column “{twice[0]}” is there twice."})
    rows = [
        {name: cell.strip() for name, cell in zip(columns, line, strict=False) if name}
        for line in lines[1:]
    ]
    while rows and not any(rows[-1].values()):
        rows.pop()
    if not rows:
        raise ValidationError({"file": "The file has no row below the column names."})
    return Table(columns=named, rows=rows)
