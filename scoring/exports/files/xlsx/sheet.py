"""A worksheet for many rows of the same columns, written as text without a cell object each."""

from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from projects.spreadsheet_text import coded
from scoring.exports.files.table import Cell


def cell_text(text: str) -> str:
    """Text between tags: nothing in it is markup, and no character of it is lost on the way."""
    return escape(coded(text)).replace("\r", "&#13;")


class RowSheet(Worksheet):  # type: ignore[misc] # ships no types
    """Takes whole rows once :meth:`prepare` was told the columns.

    XlsxWriter keeps the rows of a sheet in constant memory in a temporary file as finished XML;
    what is written there directly need not pass through its cell objects.
    """

    _starts: list[tuple[str, str]]
    _ends: list[str]
    _width: int

    def prepare(self, texts: Sequence[bool], formats: Sequence[Any]) -> None:
        """``texts`` says which columns hold text, ``formats`` how each is shown.

        The rows above are finished by this: call it after the heading.
        """
        starts, ends = [], []
        for place, (is_text, shown) in enumerate(zip(texts, formats, strict=True)):
            style = f' s="{shown._get_xf_index()}"' if shown else ""  # noqa: SLF001 - as a cell does
            kind = ' t="inlineStr"' if is_text else ""
            opening = '<is><t xml:space="preserve">' if is_text else "<v>"
            closing = "</t></is></c>" if is_text else "</v></c>"
            starts.append((f'<c r="{xl_col_to_name(place)}', f'"{style}{kind}>{opening}'))
            ends.append(closing)
        self._starts, self._ends = starts, ends
        self._width = len(starts)
        self._write_single_row(self.dim_rowmax + 1)

    def put(self, first: int, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows from the zero-based row ``first`` on; texts must be escaped already."""
        starts, ends = self._starts, self._ends
        lines = []
        last = first
        for last, row in enumerate(rows, start=first + 1):
            cells = [
                f"{at}{last}{rest}{cell_text(cell) if cell.__class__ is str else cell}{closing}"
                for cell, (at, rest), closing in zip(row, starts, ends, strict=True)
                if cell is not None and cell != ""
            ]
            lines.append(f'<row r="{last}">{"".join(cells)}</row>')
        self.row_data_fh.write("".join(lines))
        if last > first:
            self._check_dimensions(last - 1, self._width - 1)
            self.previous_row = last
