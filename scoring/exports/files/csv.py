"""CSV: one line per proposal, the run repeated at the end of each line.

The last column is empty but for the last line, which carries the signed seal. Machine numbers for
programs; for Excel a byte order mark, and numbers and separators as the reader's Excel takes them.
"""

import codecs
import csv
import io
from typing import BinaryIO

import orjson

from projects.spreadsheet_text import escaped
from scoring.exports.files.digests import Chunk, Digests, for_spreadsheets
from scoring.exports.files.seal import close
from scoring.exports.files.table import Cell, Export, Row

REPEATED = ("run", "framework_version", "result_digest", "filter", "rows")
MARK, SEAL = "row_seal", "seal"
END = b"\r\n"


def write_csv(export: Export, file: BinaryIO) -> None:
    digests = Digests(export.columns)
    facts = export.seal.facts()
    repeated: Row = [escaped(str(facts[name])) for name in REPEATED]
    heading: Row = [*(column.key for column in export.columns), MARK, *REPEATED, SEAL]
    file.write(_line(heading))
    end = b"," + _line([*repeated, ""])  # the same on each line
    held = b""
    for chunk in map(digests.take, export.chunks):
        file.write(held)
        held = _lines(chunk, end)
    if held:
        seal = orjson.dumps(close(export, digests)).decode()
        held = held.removesuffix(end) + b"," + _line([*repeated, seal])
    file.write(held)


def write_excel_csv(export: Export, file: BinaryIO, *, comma: bool) -> None:
    """The same list for a person's Excel; ``comma``: its decimal sign is one, and ; separates.

    Without a line ``sep=``: Excel would then read UTF-8 as if it were not.
    """
    digests = Digests(export.columns)
    facts = export.seal.facts()
    repeated: Row = [escaped(str(facts[name])) for name in REPEATED]
    file.write(codecs.BOM_UTF8)
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";" if comma else ",", lineterminator=END.decode())
    writer.writerow([*(column.key for column in export.columns), MARK, *REPEATED, SEAL])
    held: Row | None = None
    for chunk in map(digests.take, export.chunks):
        for row, mark in zip(for_spreadsheets(chunk), chunk.marks, strict=True):
            if held is not None:
                writer.writerow([*held, ""])
            held = [*(_shown(cell, comma=comma) for cell in row), mark, *repeated]
    if held is not None:
        writer.writerow([*held, orjson.dumps(close(export, digests)).decode()])
    text.detach()


def _shown(cell: Cell, *, comma: bool) -> Cell:
    return str(cell).replace(".", ",") if comma and isinstance(cell, float) else cell


def _lines(chunk: Chunk, end: bytes) -> bytes:
    """Lines with every text in quotes; an empty pair of them is nothing.

    Without quotes and brackets in the texts, a JSON list of lists is CSV but for what stands
    between two lines, and numbers are written ten times faster.
    """
    rows = for_spreadsheets(chunk)
    marked: list[Row] = [["" if cell is None else cell for cell in row] for row in rows]
    for row, mark in zip(marked, chunk.marks, strict=True):
        row.append(mark)
    if chunk.simple:
        return orjson.dumps(marked)[2:-2].replace(b"],[", end) + end
    return b"".join(_line(row).removesuffix(END) + end for row in marked)


def _line(row: Row) -> bytes:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_NONNUMERIC, lineterminator=END.decode()).writerow(row)
    return line.getvalue().encode()
