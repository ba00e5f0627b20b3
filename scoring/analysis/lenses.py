"""Two lenses on one list: the order by each alone, and who is beaten under both.

Source: Pareto dominance as in Keeney & Raiffa 1976, ch. 3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import Bools, floats


def undominated(first: ArrayLike, second: ArrayLike) -> Bools:
    """Which rows (n,) no other row beats: at least as high in both lenses and higher in one.

    ``first`` and ``second`` (n,), higher is better; NaN is missing, and such a row neither beats
    nor is undominated. Equal rows do not beat each other. Errors: ``first``, ``second``.
    """
    a, b = floats("first", first, ndim=1), floats("second", second, ndim=1)
    if len(a) != len(b):
        raise ValueError(f"second: {len(a)} entries expected, got {len(b)}")
    known = np.flatnonzero(~(np.isnan(a) | np.isnan(b)))
    result = np.zeros(len(a), dtype=np.bool_)
    # From the best first lens down: a row survives if its second lens beats all rows with a
    # strictly better first one, and equals the best among rows with the same first one.
    best_before = -np.inf
    for value in np.unique(a[known])[::-1]:
        group = known[a[known] == value]
        top = b[group].max()
        if top > best_before:
            result[group[b[group] == top]] = True
            best_before = top
    return result
