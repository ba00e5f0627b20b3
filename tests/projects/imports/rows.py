"""A list of proposals as tests write it, row by row."""

import io
from typing import Any

import xlsxwriter

from projects.imports.services import read_table, table
from tests.company import TEXTS

COLUMNS = [
    "reference",
    "title",
    "marketing_owner",
    "cx_owner",
    *TEXTS,
    "one_off_cost_low",
    "one_off_cost_likely",
    "one_off_cost_high",
    "acquisition_likely",
    "acquisition_kept_per_year",
    "stage",
    "segment",
    "reach",
    "points",
    "evidence",
    "evidence_date",
]
ROW = {
    "reference": "OLD-1",
    "title": "Stop the double offer",
    "marketing_owner": "marketing",
    "cx_owner": "cx",
    **TEXTS,
    "one_off_cost_low": "1,000",
    "one_off_cost_likely": "2,000.50",
    "one_off_cost_high": "3e3",
    "acquisition_likely": "500",
    "acquisition_kept_per_year": "0.8",
    "stage": "Use",
    "segment": "Families",
    "reach": "1000",
    "points": "−5",
    "evidence": "user",
    "evidence_date": "2025-03-31",
}
TITLES = {"fields": {name: {"column": name} for name in ("title", "marketing_owner", "cx_owner")}}

WRITE = "Write it like 11,500,000 or 11.5 M."


def csv_of(*rows: dict[str, str], delimiter: str = ",") -> bytes:
    lines = [COLUMNS, *([(ROW | row)[name] for name in COLUMNS] for row in rows)]
    return "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines).encode()


def xlsx_of(*lines: list[Any], sheet: str = "List") -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("Cover")
        page = book.add_worksheet(sheet)
        for number, line in enumerate(lines):
            for place, cell in enumerate(line):
                page.write(number, place, cell)
    return file.getvalue()


def loaded(content: bytes, name: str = "list.csv", sheet: str = "") -> table.Table:
    return read_table(io.BytesIO(content), name, sheet=sheet)


def said(report: Any) -> list[str]:
    return [str(error) for error in report.errors]
