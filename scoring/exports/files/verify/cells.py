"""Comparing cells of a file with what they should be."""

import math

from scoring.exports.files.table import Cell

NEARLY = 1e-12  # other programs keep 15 figures of a number


def alike(given: Cell, true: Cell) -> bool:
    """Whether a file says what it should; an empty text is nothing."""
    if isinstance(true, str) or true is None:
        return (given or "") == (true or "")
    if isinstance(given, str) or given is None:
        return False
    return math.isclose(given, true, rel_tol=NEARLY, abs_tol=NEARLY)


def quoted(cell: Cell) -> str:
    return "nothing" if cell in (None, "") else f"“{cell}”"
