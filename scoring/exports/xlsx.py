"""XLSX: the backlog on one sheet, the facts of its run on another. No formulas, no links."""

import json
from typing import Any, BinaryIO

import xlsxwriter

from scoring.exports.table import Cell, Export, columns, escaped

NUMBER_FORMATS = {
    "whole": "0",
    "number": "#,##0.00",
    "money": "#,##0",
    "share": "0 %",
}
WIDTHS = {"title": 48, "missing": 48, "marketing_team": 20, "cx_team": 20, "status": 20}
OPTIONS = {
    "constant_memory": True,
    # Text stays text: nothing that people typed becomes a formula or a link.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_xlsx(export: Export, file: BinaryIO) -> None:
    book = xlsxwriter.Workbook(file, OPTIONS)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = {kind: book.add_format({"num_format": text}) for kind, text in NUMBER_FORMATS.items()}
    _backlog(book.add_worksheet("Backlog"), export, bold, formats)
    _facts(book.add_worksheet("Run"), export)
    book.close()


def _backlog(sheet: Any, export: Export, bold: Any, formats: dict[str, Any]) -> None:
    table = columns(export.criteria)
    sheet.freeze_panes(1, 3)
    for place, column in enumerate(table):
        sheet.set_column(place, place, WIDTHS.get(column.key, 13))
        sheet.write_string(0, place, escaped(column.heading), bold)
    last = 0
    for last, result in enumerate(export.results, start=1):
        for place, column in enumerate(table):
            _write(sheet, last, place, column.cell(result), formats.get(column.kind))
    sheet.autofilter(0, 0, last, len(table) - 1)


def _facts(sheet: Any, export: Export) -> None:
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 70)
    facts = export.seal.facts() | {"criteria": json.dumps(export.criteria, ensure_ascii=False)}
    for row, (name, value) in enumerate(facts.items()):
        sheet.write_string(row, 0, name.replace("_", " ").capitalize())
        _write(sheet, row, 1, value, None)


def _write(sheet: Any, row: int, place: int, cell: Cell, number_format: Any) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, place, escaped(cell))
    elif cell is not None:
        sheet.write_number(row, place, cell, number_format)
