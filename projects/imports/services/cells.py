"""Reading CSV, XLSX and ODS into rows of text, within limits that a hostile file cannot pass."""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import openpyxl
from charset_normalizer import CharsetMatch, from_bytes
from defusedxml.ElementTree import iterparse
from django.core.exceptions import ValidationError
from python_calamine import CalamineWorkbook

from projects.spreadsheet_text import decoded, unescaped

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_CHARACTERS = 32_767  # of one cell, as in a spreadsheet
DELIMITERS = ",;\t|"
LOOKED_AT = 50  # rows, to find out what separates columns
WRITTEN = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257"),
    *("mac_roman", "shift_jis", "gb18030", "big5", "euc_kr"),
]
# Signs that stand inside words only where letters of another table were read as western ones.
IN_WORDS = re.compile(r"[^\W\d_][\u00b9\u00b2\u00b3\u00bf\u00b6\u00b1\u00a3\u00a1][^\W\d_]")
OF_TABLES = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
VALUE_TYPE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
UNCLOSED = (
    "A cell begins with a quotation mark that is never closed, so the rest of the file is one "
    "cell. Perhaps the file was cut off: save it anew from where it comes."
)
NO_RESULT = "\0a formula without a stored result"
T = TypeVar("T")


class Exact(str):
    """A number or a day as a spreadsheet stores it: no sign in it is open to doubt."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet, or a whole CSV file: its rows, and how they were read."""

    lines: list[list[str]]
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    skipped: int = 0  # lines above the first one, such as sep=;


def read_pages(
    file: BinaryIO, name: str, *, sheet: str = "", encoding: str = "", delimiter: str = ""
) -> list[Page]:
    """The sheets of a .xlsx or .ods file, or the one page of a .csv file; all in memory.

    Errors: ValidationError naming ``file`` or ``sheet``.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValidationError({"file": f"The file is larger than {MOST_BYTES // 2**20} MB."})
    suffix = Path(name).suffix.lower()
    if suffix in (".csv", ".txt"):
        return [_csv_page(content, encoding, delimiter)]
    if suffix == ".xlsx":
        return _xlsx_pages(content, sheet)
    if suffix == ".ods":
        return _ods_pages(content, sheet)
    raise ValidationError({"file": "Give a .csv, .txt, .xlsx or .ods file."})


def _csv_page(content: bytes, encoding: str, delimiter: str) -> Page:
    text, encoding = _decoded(content, encoding) if encoding else _text_of(content)
    first, _, rest = text.partition("\n")
    named = first.strip().strip('"').lower().startswith("sep=")
    told = first.strip().strip('"')[4:5] if named else ""
    delimiter = delimiter or told or _delimiter(text)
    body = rest if named else text
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    try:
        lines = limited(reader)
    except (csv.Error, TypeError) as error:
        if str(error) == "unexpected end of data":
            raise ValidationError({"file": UNCLOSED}) from error
        raise ValidationError({"file": f"The file is not readable as CSV: {error}."}) from error
    return Page(lines, encoding=encoding, delimiter=delimiter, skipped=int(named))


def _text_of(content: bytes) -> tuple[str, str]:
    """(text, encoding): by the mark at the start, else UTF-8, else what reads best."""
    if content.startswith(UTF_16):
        encoding = "utf-16"
    else:
        try:
            return content.decode("utf-8-sig"), "utf-8"
        except UnicodeDecodeError:
            encoding = _guessed_encoding(content)
    return _decoded(content, encoding)


def _decoded(content: bytes, encoding: str) -> tuple[str, str]:
    try:
        return content.decode("utf-8-sig" if encoding == "utf-8" else encoding), encoding
    except (UnicodeDecodeError, LookupError):
        message = "The file is not readable as text. Save it as CSV UTF-8."
        raise ValidationError({"file": message}) from None


def _guessed_encoding(content: bytes) -> str:
    """The table in which the text reads best, of those that spreadsheet programs write.

    Between tables that read it alike it is that of western Windows, the most common.
    """
    found = list(from_bytes(content, cp_isolation=WRITTEN))
    western = content.decode("cp1252", errors="ignore")
    others = [match for match in found if match.encoding != "cp1252"]
    if others and IN_WORDS.search(western):
        return others[0].encoding
    alike = [match for match in found if _fit(match) == _fit(found[0])]
    if any(match.encoding == "cp1252" or str(match) == western for match in alike):
        return "cp1252"
    return found[0].encoding if found else "cp1252"


def _fit(match: CharsetMatch) -> tuple[float, float]:
    return match.chaos, match.coherence


def _delimiter(text: str) -> str:
    """What separates columns: what cuts most of the first rows into equally many, more than one."""
    head = "\n".join(text.splitlines()[:LOOKED_AT])

    def agreement(mark: str) -> tuple[int, int]:
        try:
            rows = list(csv.reader(io.StringIO(head, newline=""), delimiter=mark))
        except csv.Error:
            return (0, 0)
        counts = Counter(len(row) for row in rows if len(row) > 1)
        width, times = counts.most_common(1)[0] if counts else (1, 0)
        return (times, width)

    return max(DELIMITERS, key=agreement)


def _ods_pages(content: bytes, sheet: str) -> list[Page]:
    _require_small(content)
    _readable(lambda: _require_modest(content))
    book = _readable(lambda: CalamineWorkbook.from_filelike(io.BytesIO(content)))
    names = _chosen(book.sheet_names, sheet)

    def page(name: str) -> Page:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        return Page(limited([_text(value) for value in row] for row in rows), name)

    return [_readable(partial(page, name)) for name in names]


def _require_modest(content: bytes) -> None:
    """Refuse what a few words in the file would make of rows and columns, before it is made.

    Empty cells and rows repeat by the million in every such file; a filled one may not.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as parts, parts.open("content.xml") as file:
        row_times, rows, columns, filled = 1, 0, 0, 0
        for event, part in iterparse(file, events=("start", "end")):
            name = part.tag.rpartition("}")[2]
            if event == "start" and name == "table":
                rows = 0
            elif event == "start" and name == "table-row":
                row_times, columns, filled = _times(part, "rows"), 0, 0
            elif event == "end" and name == "table-cell":
                columns += _times(part, "columns")
                filled = columns if part.attrib.get(VALUE_TYPE) else filled
            elif event == "end" and name == "table-row":
                rows += row_times if filled else 0
                part.clear()
            if filled > MOST_COLUMNS:
                raise ValidationError({"file": f"A row has more than {MOST_COLUMNS} columns."})
            if rows > MOST_ROWS + 1:
                raise ValidationError({"file": f"The file has more than {MOST_ROWS:,} rows."})


def _times(part: Any, what: str) -> int:
    return int(part.attrib.get(f"{{{OF_TABLES}}}number-{what}-repeated", 1))


def _require_small(content: bytes) -> None:
    if _readable(lambda: _unpacked_size(content)) > MOST_UNPACKED:
        raise ValidationError({"file": "The spreadsheet unpacks to too much data."})


def _chosen(names: list[str], sheet: str) -> list[str]:
    if sheet and sheet not in names:
        listed = ", ".join(names)
        raise ValidationError({"sheet": f"There is no sheet “{sheet}”. There are: {listed}."})
    return [sheet] if sheet else list(names)


def _xlsx_pages(content: bytes, sheet: str) -> list[Page]:
    _require_small(content)
    book = _readable(lambda: _book(content, data_only=True))
    written = _readable(lambda: _book(content, data_only=False)) if _has_formulas(content) else None
    names = _chosen([page.title for page in book.worksheets], sheet)

    def page(name: str) -> Page:
        return Page(limited(_cells(book[name], written[name] if written else None)), name)

    try:
        return [_readable(partial(page, name)) for name in names]
    finally:
        book.close()
        if written:
            written.close()


def _book(content: bytes, *, data_only: bool) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=data_only)


def _has_formulas(content: bytes) -> bool:
    """Whether to read a second time, for the formulas instead of their results."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        return any(b"<f" in parts.read(name) for name in sheets)


def _cells(values: Any, written: Any) -> Iterator[list[str]]:
    """Rows of text; a formula whose result was never stored is marked, for it is not empty."""
    rows = values.iter_rows(values_only=True)
    if written is None:
        yield from ([_text(value) for value in row] for row in rows)
        return
    for row, formulas in zip(rows, written.iter_rows(values_only=True), strict=False):
        yield [
            NO_RESULT
            if value is None and isinstance(formula, str) and formula.startswith("=")
            else _text(value)
            for value, formula in zip(row, formulas, strict=False)
        ]


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
        raise ValidationError({"file": "The file is not a readable spreadsheet."}) from error


def limited(rows: Iterable[list[str]]) -> list[list[str]]:
    lines: list[list[str]] = []
    for row in rows:
        if len(row) > MOST_COLUMNS:
            raise ValidationError({"file": f"A row has more than {MOST_COLUMNS} columns."})
        if len(lines) > MOST_ROWS:
            raise ValidationError({"file": f"The file has more than {MOST_ROWS:,} rows."})
        lines.append([_cell(cell) for cell in row])
    return lines


def _cell(cell: str) -> str:
    if cell is NO_RESULT or isinstance(cell, Exact):
        return cell
    # What an export escaped, so that no spreadsheet runs it, comes back as it was.
    return unescaped(cell[:MOST_CHARACTERS].replace("\0", "")).strip()


def _text(cell: object) -> str:
    """A spreadsheet cell as the text a person would type."""
    if cell is None:
        return ""
    if isinstance(cell, datetime) and not cell.time().isoformat().strip("0:."):
        return Exact(cell.date().isoformat())
    if isinstance(cell, date | datetime):
        return Exact(cell.isoformat())
    if isinstance(cell, float) and cell.is_integer():
        return Exact(int(cell))
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Exact(cell)
    return decoded(str(cell))
