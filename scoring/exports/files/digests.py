"""Digests of a table by row and by column, so that a reader can say where it was altered.

A row is hashed as its number in the file and its texts, each as UTF-8 closed by a NUL, followed by
its numbers as little-endian IEEE 754 doubles, NaN for nothing; a column as its texts, or its
numbers, from the top down. A cell that was changed breaks the digest of its row and that of its
column. All are SHA-256; ``rows`` is over the whole row digests, the others are cut to 16 figures.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from projects.spreadsheet_text import RISKY, escaped, writable
from scoring.exports.files.table import Column, Row

Columns = list[tuple[Any, ...]]
SHOWN = 16  # figures of a digest that are written
FIGURES = 15  # what every program keeps of a number
FEW_FIGURES = 1e6  # below it, nine decimals are 15 figures or fewer
# First bytes of texts that may need escaping (looked at closely then).
RISKY_STARTS = np.isin(np.arange(256), [text.encode()[0] for text in (*RISKY, "'")])
RISKY_STARTS[0] = False  # the end of an empty text
# What a simple text does not hold.
SPECIAL = bytes([*range(1, 32), *b'"\\[]'])
# What XML refuses; the byte EF begins that, but harmless characters too.
UNWRITABLE = bytes([*range(1, 9), 11, 12, *range(14, 32), 0xEF])


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows as they are written, and their marks; ``texts`` are all of them, each after a NUL."""

    rows: list[Row]
    marks: list[str]
    texts: bytes

    @property
    def risky(self) -> bool:
        """Whether a text may need escaping, since it may begin a formula."""
        codes = np.frombuffer(self.texts, dtype=np.uint8)
        starts = codes[np.flatnonzero(codes == 0)[:-1] + 1]
        return bool(RISKY_STARTS[starts].any())

    @property
    def simple(self) -> bool:
        """Whether none holds a quote, a bracket, a backslash or a control character."""
        return _is_free_of(SPECIAL, self.texts)


class Digests:
    """Takes the rows of a table from the top down; ``totals`` at the end."""

    def __init__(self, table: Sequence[Column]) -> None:
        self._texts = [place for place, column in enumerate(table) if column.is_text]
        self._numbers = [place for place, column in enumerate(table) if not column.is_text]
        self._whole = [column.kind == "whole" for column in table]
        self._keys = [column.key for column in table]
        self._of_column = [hashlib.sha256() for _ in table]
        self._of_rows = hashlib.sha256()
        self.count = 0

    def take(self, rows: list[Row]) -> Chunk:
        """Make the cells fit for every format (in place) and return them with their marks."""
        columns = list(zip(*rows, strict=True))  # hashed and turned into arrays five times faster
        texts = self._texts_of(columns)
        if not _are_plain(texts, len(rows) * len(self._texts)):
            columns = self._mended(rows)
            texts = self._texts_of(columns)
        numbers = self._rounded(rows, columns)
        found = self._of_each(texts, np.ascontiguousarray(numbers.T).tobytes())
        short = b"".join([digest[: SHOWN // 2] for digest in found]).hex()
        marks = [
            f"{place}-{short[start : start + SHOWN]}"
            for place, start in enumerate(range(0, len(short), SHOWN), self.count + 1)
        ]
        self._of_rows.update(b"".join(found))
        self._of_table(columns, numbers)
        self.count += len(rows)
        return Chunk(rows, marks, _closed(texts))

    def totals(self) -> dict[str, Any]:
        cut = [digest.hexdigest()[:SHOWN] for digest in self._of_column]
        return {
            "rows": self._of_rows.hexdigest(),
            "columns": dict(zip(self._keys, cut, strict=True)),
        }

    def _of_each(self, texts: list[str], raw: bytes) -> list[bytes]:
        """The digest of each row, from its texts and all rows' numbers."""
        first, width = self.count + 1, 8 * len(self._numbers)
        places = [b"%d" % place for place in range(first, first + len(texts))]
        numbers = [raw[end - width : end] for end in range(width, len(raw) + 1, width)]
        parts = zip(places, map(str.encode, texts), numbers, strict=True)
        sha256 = hashlib.sha256
        return [sha256(row).digest() for row in map(b"\0".join, parts)]

    def _texts_of(self, columns: Columns) -> list[str]:
        """The texts of each row in one."""
        return list(map("\0".join, zip(*(columns[place] for place in self._texts), strict=True)))

    def _mended(self, rows: list[Row]) -> Columns:
        """The columns, after taking out of the rows what no file can carry."""
        for row in rows:
            for place in self._texts:
                row[place] = writable(str(row[place]))
        return list(zip(*rows, strict=True))

    def _rounded(self, rows: list[Row], columns: Columns) -> Any:
        """Numbers (columns, rows) with 15 figures, which is what survives a spreadsheet."""
        numbers = np.array(
            [np.array(columns[place], dtype="<f8") for place in self._numbers]
        ).reshape(len(self._numbers), len(rows))
        numbers += 0.0  # no negative zero
        large = np.abs(numbers) >= FEW_FIGURES
        for place in np.flatnonzero(large.any(axis=1)):
            target = self._numbers[place]
            if self._whole[target]:
                continue
            there = np.flatnonzero(large[place])
            numbers[place, there] = rounded(numbers[place, there])
            for row, number in zip(there.tolist(), numbers[place, there].tolist(), strict=True):
                rows[row][target] = number
        return numbers

    def _of_table(self, columns: Columns, numbers: Any) -> None:
        for place, kept in zip(self._numbers, numbers, strict=True):
            self._of_column[place].update(kept)
        for place in self._texts:
            self._of_column[place].update(("\0".join(columns[place]) + "\0").encode())


def _closed(texts: list[str]) -> bytes:
    return ("\0" + "\0".join(texts) + "\0").encode()


def _are_plain(texts: list[str], count: int) -> bool:
    """Whether ``count`` texts, joined by NULs in each row, surely hold nothing unwritable."""
    try:
        whole = _closed(texts)
    except UnicodeEncodeError:  # half a character
        return False
    return _is_free_of(UNWRITABLE, whole) and whole.count(0) == count + 1


def _is_free_of(bad: bytes, whole: bytes) -> bool:
    return len(whole.translate(None, bad)) == len(whole)


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
