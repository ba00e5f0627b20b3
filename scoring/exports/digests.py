"""Digests of a table by row and by column, so that a reader can say where it was altered.

A row is hashed as its number in the file and its texts, each as UTF-8 closed by a NUL, followed by
its numbers as little-endian IEEE 754 doubles, NaN for nothing; a column as its texts, or its
numbers, from the top down. A cell that was changed breaks the digest of its row and that of its
column. All are SHA-256; ``rows`` is over the whole row digests, the others are cut to 16 figures.
"""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np

from projects.spreadsheet_text import RISKY, escaped, writable
from scoring.exports.table import Column, Row

SHOWN = 16  # figures of a digest that are written
FIGURES = 15  # what every program keeps of a number
FEW_FIGURES = 1e6  # below it, nine decimals are 15 figures or fewer
# First bytes of texts that may need escaping (looked at closely then), and what none may hold.
RISKY_STARTS = np.isin(np.arange(256), [text.encode()[0] for text in (*RISKY, "'")])
RISKY_STARTS[0] = False  # the end of an empty text
SPECIAL = np.isin(np.arange(256), [*range(1, 32), *b'"\\[]'])
UNWRITABLE_BYTES = np.isin(np.arange(256), [*range(1, 9), 11, 12, *range(14, 32), 0xEF])


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows as they are written, and their marks.

    ``risky``: a text may need escaping; ``simple``: none holds a quote, a bracket, a backslash or
    a control character.
    """

    rows: list[Row]
    marks: list[str]
    risky: bool
    simple: bool


class Digests:
    """Takes the rows of a table from the top down; ``totals`` at the end."""

    def __init__(self, table: Sequence[Column]) -> None:
        self._texts = [place for place, column in enumerate(table) if column.is_text]
        self._numbers = [place for place, column in enumerate(table) if not column.is_text]
        self._take_texts = _taking(self._texts)
        self._take_numbers = _taking(self._numbers)
        self._whole = [column.kind == "whole" for column in table]
        self._keys = [column.key for column in table]
        self._of_column = [hashlib.sha256() for _ in table]
        self._of_rows = hashlib.sha256()
        self.count = 0

    def take(self, rows: list[Row]) -> Chunk:
        """Make the cells fit for every format (in place) and return them with their marks."""
        cells, texts = self._texts_of(rows)
        numbers = self._rounded(rows)
        raw, width = numbers.tobytes(), 8 * len(self._numbers)
        number = self.count + 1
        found = [
            hashlib.sha256(b"%d\0%b\0%b" % (place, text, raw[end - width : end])).digest()
            for place, text, end in zip(
                range(number, number + len(rows)),
                texts,
                range(width, len(raw) + 1, width),
                strict=True,
            )
        ]
        short = b"".join([digest[: SHOWN // 2] for digest in found]).hex()
        marks = [
            f"{place}-{short[start : start + SHOWN]}"
            for place, start in enumerate(range(0, len(short), SHOWN), number)
        ]
        self._of_rows.update(b"".join(found))
        self._of_table(cells, numbers)
        self.count += len(rows)
        codes = np.frombuffer(_closed(texts), dtype=np.uint8)
        return Chunk(rows, marks, _is_risky(codes), not SPECIAL[codes].any())

    def totals(self) -> dict[str, Any]:
        cut = [digest.hexdigest()[:SHOWN] for digest in self._of_column]
        return {
            "rows": self._of_rows.hexdigest(),
            "columns": dict(zip(self._keys, cut, strict=True)),
        }

    def _texts_of(self, rows: list[Row]) -> tuple[list[tuple[str, ...]], list[bytes]]:
        """The texts of each row, and all of a row in one, after mending what no file can carry."""
        take, join = self._take_texts, "\0".join
        cells = list(map(take, rows))
        with suppress(UnicodeEncodeError):  # half a character
            texts = [join(row).encode() for row in cells]
            if _is_plain(_closed(texts), len(texts) * len(self._texts)):
                return cells, texts
        for row in rows:
            for place in self._texts:
                row[place] = writable(str(row[place]))
        cells = list(map(take, rows))
        return cells, [join(row).encode() for row in cells]

    def _rounded(self, rows: list[Row]) -> Any:
        """Numbers (rows, columns) with 15 figures, which is what survives a spreadsheet."""
        cells = chain.from_iterable(map(self._take_numbers, rows))
        shape = (len(rows), len(self._numbers))
        numbers = np.fromiter(cells, dtype="<f8", count=shape[0] * shape[1]).reshape(shape)
        numbers += 0.0  # no negative zero
        large = np.abs(numbers) >= FEW_FIGURES
        for place in np.flatnonzero(large.any(axis=0)):
            target = self._numbers[place]
            if self._whole[target]:
                continue
            there = np.flatnonzero(large[:, place])
            numbers[there, place] = rounded(numbers[there, place])
            for row, number in zip(there.tolist(), numbers[there, place].tolist(), strict=True):
                rows[row][target] = number
        return numbers

    def _of_table(self, cells: list[tuple[str, ...]], numbers: Any) -> None:
        for column, kept in zip(self._numbers, np.ascontiguousarray(numbers.T), strict=True):
            self._of_column[column].update(kept)
        for column, texts in zip(self._texts, zip(*cells, strict=True), strict=True):
            self._of_column[column].update(("\0".join(texts) + "\0").encode())


def _taking(places: list[int]) -> Callable[[Row], Any]:
    """Cells at ``places``, as a sequence also where there is a single one."""
    if len(places) == 1:
        return itemgetter(slice(places[0], places[0] + 1))
    return itemgetter(*places)


def _closed(texts: list[bytes]) -> bytes:
    return b"\0" + b"\0".join(texts) + b"\0"


def _is_plain(whole: bytes, count: int) -> bool:
    """Whether ``count`` texts, each closed by a NUL, surely hold nothing unwritable.

    The byte EF begins what XML refuses, but harmless characters too.
    """
    codes = np.frombuffer(whole, dtype=np.uint8)
    return not UNWRITABLE_BYTES[codes].any() and np.count_nonzero(codes == 0) == count + 1


def _is_risky(codes: Any) -> bool:
    """Whether any text after a NUL may begin a formula."""
    starts = codes[np.flatnonzero(codes == 0)[:-1] + 1]
    return bool(RISKY_STARTS[starts].any())


def rounded(numbers: Any) -> Any:
    """Numbers (n,) to 15 significant figures, each the double nearest to that decimal.

    Both the scaled number (below 2^53) and the power of ten are exact, so the quotient is the
    correctly rounded decimal, and rounding it again changes nothing.
    """
    places = FIGURES - 1 - np.floor(np.log10(np.abs(numbers)))
    power = 10.0 ** np.clip(places, 0, FIGURES)
    return np.rint(numbers * power) / power


def for_spreadsheets(chunk: Chunk) -> list[Row]:
    """The rows of a chunk with every risky text escaped."""
    if not chunk.risky:
        return chunk.rows
    return [
        [escaped(cell) if isinstance(cell, str) else cell for cell in row] for row in chunk.rows
    ]
