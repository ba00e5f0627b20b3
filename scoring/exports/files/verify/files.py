"""Reading an export back: the rows with their marks, and the signed seal."""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import orjson
from pypdf import PdfReader

from projects.spreadsheet_text import decoded, unescaped
from scoring.exports.files.csv import MARK, REPEATED, SEAL
from scoring.exports.files.pdf.document import ATTACHMENT, file_digest
from scoring.exports.files.record import parts_of
from scoring.exports.files.slides.seal import parts_digest, read_seal
from scoring.exports.files.table import Cell, Column, columns
from scoring.exports.files.verify.cells import alike, quoted
from scoring.exports.files.xlsx.book import ALIKE

PRINTED = ("seal", "criteria", "digests", "printed", "file", "key", "signature")


class UnreadableExport(Exception):
    """The file is not an export of Prioritizer; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """What a file says. ``rows`` are cells by column key, ``marks`` their seals, in file order.

    ``document`` is the signed seal; ``told`` are sentences about places outside the rows that
    contradict it.
    """

    document: dict[str, Any]
    rows: list[dict[str, Cell]]
    marks: list[str]
    told: list[str] = field(default_factory=list)

    @property
    def run(self) -> int:
        return int(self.document["seal"]["run"])

    @property
    def table(self) -> list[Column]:
        return columns(self.document["criteria"])


def read_export(path: Path) -> ExportFile:
    """Read a CSV, XLSX, JSON, PDF or PPTX export."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableExport("Give a .csv, .xlsx, .json, .pdf or .pptx file.")
    try:
        file = reader(path.read_bytes())
        _ = file.run, file.table, file.document["digests"]["columns"], file.document["signature"]
    except (KeyError, ValueError, IndexError, TypeError, StopIteration, AttributeError) as error:
        raise UnreadableExport("The file does not carry the seal of a run.") from error
    return file


def _read_csv(content: bytes) -> ExportFile:
    csv.field_size_limit(10 * 1024 * 1024)
    text = content.decode("utf-8-sig")
    comma = ";" in text.partition("\n")[0]  # for an Excel whose decimal sign it is
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if comma else ",")
    lines = list(reader)
    documents = [line[SEAL] for line in lines if line[SEAL]]
    if len(documents) != 1:
        raise UnreadableExport("One line must carry the seal of a run, at its end.")
    document = orjson.loads(documents[0])
    facts, told = document["seal"], []
    for name in REPEATED:
        values = {unescaped(line[name]) for line in lines}
        told += [
            f"{name}: “{value}” should be “{facts[name]}”."
            for value in sorted(values - {str(facts[name])})
        ]
    table = columns(document["criteria"])
    rows = [
        {column.key: _from_text(column, line[column.key], comma=comma) for column in table}
        for line in lines
    ]
    return ExportFile(document, rows, [line[MARK] for line in lines], told)


def _read_json(content: bytes) -> ExportFile:
    data = orjson.loads(content)
    document = _document(data, "seal", "criteria", "digests", "key", "signature")
    rows = data["proposals"]
    return ExportFile(document, rows, [str(row.get(MARK)) for row in rows])


def _read_xlsx(content: bytes) -> ExportFile:
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = {name: list(book[name].iter_rows(values_only=True)) for name in book.sheetnames}
    except Exception as error:
        raise UnreadableExport("The file is not a readable spreadsheet.") from error
    facts = [row for row in sheets["Run"] if row and row[0]]
    seal = "".join(str(row[1]) for row in facts if row[0] == "Seal")
    document = orjson.loads(decoded(seal))
    table = columns(document["criteria"])
    rows, marks = _joined(sheets, table)
    told = _told(facts, document) + _unlike(sheets, table) + _retold(sheets, document)
    return ExportFile(document, rows, marks, told)


def _joined(
    sheets: dict[str, list[tuple[Any, ...]]], table: list[Column]
) -> tuple[list[dict[str, Cell]], list[str]]:
    """Rows of both lists as one, and the marks."""
    of_criteria = [
        column for column in table if column.key.startswith(("contribution_", "weight_"))
    ]
    plain = [column for column in table if column not in of_criteria]
    alike = [column for column in plain if column.key in (*ALIKE, "value")]
    (heading, *backlog), (other, *parts) = sheets["Backlog"], sheets["Contributions"]
    if len(heading) != len(plain) + 1 or len(other) != len(alike) + len(of_criteria):
        raise UnreadableExport("The sheets do not have the columns of an export.")
    if len(backlog) != len(parts):
        raise UnreadableExport("The sheets Backlog and Contributions have not as many rows.")
    rows = [
        {column.key: _plain(cell) for column, cell in zip(plain, line, strict=False)}
        | {
            column.key: _plain(cell)
            for column, cell in zip(of_criteria, part[len(alike) :], strict=True)
        }
        for line, part in zip(backlog, parts, strict=True)
    ]
    return rows, [str(line[-1]) for line in backlog]


def _told(facts: list[tuple[Any, ...]], document: dict[str, Any]) -> list[str]:
    """The facts that people read on the sheet Run, where they are not those of the seal."""
    shown = {str(row[0]).lower().replace(" ", "_"): _plain(row[1]) for row in facts}
    return [
        f"Run, {name}: “{shown.get(name)}” should be “{value}”."
        for name, value in document["seal"].items()
        if (shown.get(name) if shown.get(name) is not None else "") != value
    ]


def _unlike(sheets: dict[str, list[tuple[Any, ...]]], table: list[Column]) -> list[str]:
    """Cells that both lists show and that differ."""
    keys = [column.key for column in table]
    headings = {column.key: column.heading for column in table}
    alike = [key for key in keys if key in (*ALIKE, "value")]
    found = []
    for line, part in zip(sheets["Backlog"][1:], sheets["Contributions"][1:], strict=True):
        found += [
            f"Contributions, {_plain(line[1])}, {headings[key]}: “{part[place]}” is not what the "
            "sheet Backlog says."
            for place, key in enumerate(alike)
            if part[place] != line[keys.index(key)]
        ]
    return found


def _retold(sheets: dict[str, list[tuple[Any, ...]]], document: dict[str, Any]) -> list[str]:
    """Cells of the plan and the decisions that are not those of the seal."""
    found = []
    for part, rows in parts_of(document.get("record", {})):
        shown = [[_plain(cell) for cell in line] for line in sheets.get(part.name, [()])[1:]]
        if len(shown) != len(rows):
            found.append(f"{part.name}: {len(shown)} rows should be {len(rows)}.")
            continue
        found += [
            f"{part.name}, {row[part.columns[0].key]}, {column.heading}: {quoted(cell)} should be "
            f"{quoted(row[column.key])}."
            for line, row in zip(shown, rows, strict=True)
            for column, cell in zip(part.columns, line, strict=True)
            if not alike(cell, row[column.key])
        ]
    return found


def _plain(cell: Any) -> Cell:
    if isinstance(cell, str):
        return unescaped(decoded(cell))
    return cell if cell is None or isinstance(cell, int | float) else str(cell)


def _from_text(column: Column, text: str, *, comma: bool) -> Cell:
    if column.is_text:
        return unescaped(text)
    try:
        return float(text.replace(",", ".") if comma else text) if text else None
    except ValueError:
        return text


def _read_pdf(content: bytes) -> ExportFile:
    """The rows that are attached; the pages are held by the digest of the whole file."""
    try:
        attached = PdfReader(io.BytesIO(content)).attachments[ATTACHMENT]
        [data] = [orjson.loads(part) for part in attached]
    except Exception as error:
        raise UnreadableExport("The PDF does not carry the seal of a run.") from error
    document = _document(data, *PRINTED)
    whole = file_digest(content, document) == document["file"]
    return _printed(data, document, "pages, or other parts of the PDF," if not whole else "")


def _read_pptx(content: bytes) -> ExportFile:
    """The rows in the seal; the slides are held by the digest of all parts."""
    try:
        data = read_seal(content)
    except Exception as error:
        raise UnreadableExport("The slides do not carry the seal of a run.") from error
    document = _document(data, *PRINTED)
    whole = parts_digest(content) == document["file"]
    return _printed(data, document, "slides" if not whole else "")


def _printed(data: dict[str, Any], document: dict[str, Any], altered: str) -> ExportFile:
    rows = data["proposals"]
    told = [f"The {altered} were altered."] if altered else []
    return ExportFile(document, rows, [str(row.get(MARK)) for row in rows], told)


def _document(data: dict[str, Any], *names: str) -> dict[str, Any]:
    """The signed parts; files of before the record have none."""
    return {name: data[name] for name in (*names, "record") if name != "record" or name in data}


READERS = {
    ".csv": _read_csv,
    ".xlsx": _read_xlsx,
    ".json": _read_json,
    ".pdf": _read_pdf,
    ".pptx": _read_pptx,
}
