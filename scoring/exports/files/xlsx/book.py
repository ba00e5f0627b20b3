"""The workbook: one sheet per question, no formulas and no links in any of them."""

import itertools
import math
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson
import xlsxwriter

from projects.spreadsheet_text import escaped
from scoring.exports.files.digests import Chunk, Digests, for_spreadsheets
from scoring.exports.files.method import checking, explanations, source_of
from scoring.exports.files.record import PROSE, Part, parts_of
from scoring.exports.files.seal import close
from scoring.exports.files.table import Cell, Column, Export, Row
from scoring.exports.files.xlsx.charts import CHARTED, add_charts
from scoring.exports.files.xlsx.sheet import RowSheet

NUMBER_FORMATS = {
    "whole": "0",
    "number": "#,##0.00",
    "money": "#,##0",
    "points": "#,##0",
    "share": "0 %",
}
WIDTHS = {"title": 48, "missing": 48, "flags": 32, "reference": 14, "status": 20, "line": 20}
TEAM = 20
LONG = 60  # of a column of sentences
NUMBER, SIDE, TEXT = 13, 24, 90  # widths in characters
HEIGHT = 16  # of a line, in points
MARK = "Row seal"
ALIKE = ("rank", "reference", "title")  # both lists begin with these
SEAL_PART = 30_000  # a cell holds 32,767 characters
OPTIONS = {
    "constant_memory": True,
    # Text stays text: nothing that people typed becomes a formula or a link.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_xlsx(export: Export, file: BinaryIO) -> None:
    book = xlsxwriter.Workbook(file, OPTIONS)
    book.set_properties(
        {"title": f"Backlog of run {export.seal.run}", "comments": export.seal.result_digest}
    )
    styles = _styles(book)
    lists = _Lists(book, export, styles)
    digests = Digests(export.columns)
    first: list[Row] = []
    for chunk in map(digests.take, export.chunks):
        first = first or chunk.rows[:CHARTED]
        lists.take(chunk)
    lists.finish()
    add_charts(book, export, first, lists.places)
    for part, rows in parts_of(export.record):
        _record(book.add_worksheet(part.name), part, rows, styles)
    _method(book.add_worksheet("Method"), export, styles)
    document = close(export, digests, record=export.record)
    _run(book.add_worksheet("Run"), export, document, styles)
    book.close()


def _styles(book: Any) -> dict[str, Any]:
    styles = {kind: book.add_format({"num_format": text}) for kind, text in NUMBER_FORMATS.items()}
    heading = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#F0F0ED"}
    return styles | {
        "text": None,
        "heading": book.add_format(heading),
        "bold": book.add_format({"bold": True, "valign": "top"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "prose": book.add_format({"text_wrap": True, "valign": "top"}),
        "seal": book.add_format({"font_color": "#61646B"}),
        "clipped": book.add_format({"font_color": "#61646B", "text_wrap": True, "valign": "top"}),
    }


class _Lists:
    """The two sheets with a row per proposal: the backlog, and what each value is made of."""

    def __init__(self, book: Any, export: Export, styles: dict[str, Any]) -> None:
        table, self._currency = export.columns, export.seal.currency
        of_criteria = [
            place
            for place, column in enumerate(table)
            if column.key.startswith(("contribution_", "weight_"))
        ]
        alike = [place for place, column in enumerate(table) if column.key in (*ALIKE, "value")]
        shown = [place for place in range(len(table)) if place not in of_criteria]
        self.places = {"Backlog": shown, "Contributions": [*alike, *of_criteria]}
        self._sheets = [
            (book.add_worksheet(name, RowSheet), places) for name, places in self.places.items()
        ]
        for sheet, places in self._sheets:
            marked = sheet is self._sheets[0][0]
            self._head(sheet, [table[place] for place in places], styles, marked=marked)
        self._next = 1

    def take(self, chunk: Chunk) -> None:
        rows = for_spreadsheets(chunk)
        (backlog, places), (parts, other) = self._sheets
        marked = [
            [*(row[place] for place in places), mark]
            for row, mark in zip(rows, chunk.marks, strict=True)
        ]
        backlog.put(self._next, marked)
        parts.put(self._next, ([row[place] for place in other] for row in rows))
        self._next += len(rows)

    def finish(self) -> None:
        for sheet, places in self._sheets:
            sheet.autofilter(0, 0, max(1, self._next - 1), len(places) - 1)

    def _head(
        self, sheet: Any, table: list[Column], styles: dict[str, Any], *, marked: bool
    ) -> None:
        sheet.freeze_panes(1, len(ALIKE))
        sheet.set_row(0, 48)
        for place, column in enumerate(table):
            width = TEAM if column.key.endswith(("_team", "_owner")) else NUMBER
            sheet.set_column(place, place, WIDTHS.get(column.key, width))
            unit = f", {self._currency}" if column.kind == "money" else ""
            sheet.write_string(0, place, escaped(column.heading + unit), styles["heading"])
        texts = [column.is_text for column in table]
        formats = [styles[column.kind] for column in table]
        if marked:
            sheet.set_column(len(table), len(table), SIDE)
            sheet.write_string(0, len(table), MARK, styles["heading"])
            texts, formats = [*texts, True], [*formats, styles["seal"]]
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        sheet.prepare(texts, formats)


def _record(sheet: Any, part: Part, rows: list[dict[str, Cell]], styles: dict[str, Any]) -> None:
    """One table of what leaders made of the list."""
    sheet.freeze_panes(1, part.named)
    for place, column in enumerate(part.columns):
        width = LONG if column.key in PROSE else WIDTHS.get(column.key, TEAM)
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, column.heading, styles["heading"])
    for at, row in enumerate(rows, start=1):
        for place, column in enumerate(part.columns):
            cell = row[column.key]
            if isinstance(cell, str):
                style = styles["prose" if column.key in PROSE else "text"]
                sheet.write_string(at, place, escaped(cell), style)
            elif cell is not None:
                sheet.write_number(at, place, cell, styles[column.kind])


def _method(sheet: Any, export: Export, styles: dict[str, Any]) -> None:
    lines = _page(sheet, "How the numbers came about", styles)
    for name, text in (*explanations(export.run), *checking(export.run)):
        row = next(lines)
        sheet.write_string(row, 0, name, styles["bold"])
        sheet.write_string(row, 1, text, styles["prose"])
        sheet.set_row(row, HEIGHT * math.ceil(len(text) / TEXT))
    next(lines)
    row = next(lines)
    for place, name in enumerate(("Criterion", "How it is scored", "Dimension")):
        sheet.write_string(row, place, name, styles["heading"])
    for criterion in export.criteria:
        row = next(lines)
        cells = (criterion["name"], source_of(criterion), criterion["dimension"])
        for place, text in enumerate(cells):
            sheet.write_string(row, place, escaped(str(text)))
    sheet.set_column(2, 2, SIDE)
    sheet.write_string(
        next(lines), 0, "Weights stand beside each contribution: they may differ by type."
    )


def _run(sheet: Any, export: Export, document: dict[str, Any], styles: dict[str, Any]) -> None:
    lines = _page(sheet, "Where this file comes from", styles)
    facts: dict[str, Cell] = export.seal.facts()
    for name, value in facts.items():
        row = next(lines)
        sheet.write_string(row, 0, name.replace("_", " ").capitalize(), styles["bold"])
        if isinstance(value, str):
            sheet.write_string(row, 1, escaped(value))
        elif value is not None:
            sheet.write_number(row, 1, value)
    text = orjson.dumps(document).decode()
    parts = [text[start : start + SEAL_PART] for start in range(0, len(text), SEAL_PART)]
    for part in parts:
        row = next(lines)
        sheet.write_string(row, 0, "Seal", styles["bold"])
        sheet.write_string(row, 1, part, styles["clipped"])
        sheet.set_row(row, HEIGHT)  # it is for programs; one line of it is enough to see


def _page(sheet: Any, title: str, styles: dict[str, Any]) -> Iterator[int]:
    """Set up a sheet of names and texts; the rows that follow its title."""
    sheet.set_column(0, 0, SIDE)
    sheet.set_column(1, 1, TEXT)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, title, styles["title"])
    return itertools.count(2)
