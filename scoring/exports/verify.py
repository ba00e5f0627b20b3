"""Reading an export back and comparing it with the run that it names."""

import csv
import io
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from scoring.exports.csv import SEALED
from scoring.exports.table import Cell, Column, columns, unescaped
from scoring.models import RankedProposal, RankingRun

# What a decision changes after the run; a file shows it as it was on the day.
OF_THE_DAY = {"status"}
NEARLY = 1e-12  # a spreadsheet keeps 16 figures of a number


class UnreadableExport(Exception):
    """The file is not an export of Prioritizer; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """What a file says: the seal, and per row the cells by column key (numbers as numbers)."""

    run: int
    result_digest: str
    count: int
    rows: list[dict[str, Cell]]


def read_export(path: Path) -> ExportFile:
    """Read a CSV, XLSX or JSON export."""
    readers = {".csv": _read_csv, ".xlsx": _read_xlsx, ".json": _read_json}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UnreadableExport("Give a .csv, .xlsx or .json file.")
    try:
        return reader(path.read_bytes())
    except (KeyError, ValueError, IndexError, TypeError, StopIteration) as error:
        raise UnreadableExport("The file does not carry the seal of a run.") from error


def differences(file: ExportFile, run: RankingRun, results: Sequence[RankedProposal]) -> list[str]:
    """Every way in which ``file`` departs from what ``run`` holds; empty when it is untouched."""
    found = []
    if file.result_digest != run.result_digest:
        found.append("The digest is not that of the run.")
    if file.count != len(file.rows):
        found.append(f"The seal says {file.count} rows, the file has {len(file.rows)}.")
    table = [item for item in columns(run.facts["criteria"]) if item.key not in OF_THE_DAY]
    stored = {result.reference: result for result in results}
    for row in file.rows:
        reference = str(row.get("reference"))
        if reference not in stored:
            found.append(f"{reference}: not in the run, or there twice.")
            continue
        found += _altered(reference, row, stored.pop(reference), table)
    return found


def _altered(
    reference: str, row: dict[str, Cell], result: RankedProposal, table: list[Column]
) -> list[str]:
    found = []
    for column in table:
        given, true = row.get(column.key), column.cell(result)
        if not _same(given, true):
            found.append(
                f"{reference}, {column.heading}: {_shown(given)} should be {_shown(true)}."
            )
    return found


def _same(given: Cell, true: Cell) -> bool:
    if isinstance(true, str) or true is None:
        return (given or "") == (true or "")
    try:
        number = float(given)  # type: ignore[arg-type] # None is caught below
    except (TypeError, ValueError):
        return False
    return math.isclose(number, true, rel_tol=NEARLY, abs_tol=NEARLY)


def _shown(cell: Cell) -> str:
    return "nothing" if cell in (None, "") else f"“{cell}”"


def _read_csv(content: bytes) -> ExportFile:
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    seals = {tuple(line[name] for name in SEALED) for line in lines}
    if len(seals) != 1:
        raise UnreadableExport("The lines do not carry one and the same seal.")
    seal = dict(zip(SEALED, seals.pop(), strict=True))
    return ExportFile(
        run=int(seal["run"]),
        result_digest=seal["result_digest"],
        count=int(seal["rows"]),
        rows=[{key: unescaped(cell or "") for key, cell in line.items()} for line in lines],
    )


def _read_json(content: bytes) -> ExportFile:
    data = json.loads(content)
    return _sealed(data["seal"], data["proposals"])


def _read_xlsx(content: bytes) -> ExportFile:
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception as error:
        raise UnreadableExport("The file is not a readable spreadsheet.") from error
    facts = {str(row[0]).lower().replace(" ", "_"): row[1] for row in _cells(book["Run"])}
    heading, *lines = _cells(book["Backlog"])
    # The headings of criteria carry their names; their keys stand in the same order.
    keys = [column.key for column in columns(json.loads(str(facts["criteria"])))]
    if len(keys) != len(heading):
        raise UnreadableExport("The sheet does not have the columns of an export.")
    rows = [
        {
            key: unescaped(cell) if isinstance(cell, str) else cell
            for key, cell in zip(keys, line, strict=True)
        }
        for line in lines
    ]
    return _sealed(facts, rows)


def _cells(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


def _sealed(seal: dict[str, Any], rows: list[dict[str, Cell]]) -> ExportFile:
    return ExportFile(
        run=int(seal["run"]),
        result_digest=str(seal["result_digest"]),
        count=int(seal["rows"]),
        rows=rows,
    )
