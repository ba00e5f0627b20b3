"""Which neighbours of a ranked list cannot be told apart, counted over simulated futures."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import Ints, finite, number

# Ours: a proposal that overtakes another in four of ten futures is not clearly behind it.
TOLD_APART = 0.4
HALF = 0.5  # two equal proposals overtake each other this often


def tie_groups(values: ArrayLike, *, share: float = TOLD_APART) -> tuple[Ints, Ints]:
    """First and last row (n,), counted from 0, of the group that each row belongs to.

    ``values`` (n, draws) in list order, best first. Going down the list, a row joins the group
    above it while it comes out ahead of the group's first row in at least ``share`` of the draws;
    an equal value counts half. So nobody is grouped by a chain of small steps alone. A row that
    stands alone is its own first and last. Errors: ``values``, ``share``.
    """
    table, limit = finite("values", values, ndim=2), number("share", share)
    if not 0.0 < limit <= HALF:
        raise ValueError("share: must lie above 0 and not above 0.5")
    n, draws = table.shape
    if draws == 0 and n:
        raise ValueError("values: at least one draw expected")
    first = np.zeros(n, dtype=np.int64)
    for row in range(1, n):
        head = first[row - 1]
        ahead = np.count_nonzero(table[row] > table[head])
        even = np.count_nonzero(table[row] == table[head])
        first[row] = head if 2 * ahead + even >= 2 * limit * draws else row
    last = np.searchsorted(first, first, side="right") - 1
    return first, last
