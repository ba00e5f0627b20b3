"""Two lenses on one list: the order by each alone, and who is beaten under both.

Source: Pareto dominance as in Keeney & Raiffa 1976, ch. 3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import Bools, finite, floats, number


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


def exchange_rate(
    first_knots: ArrayLike, first_weight: float, second_knots: ArrayLike, second_weight: float
) -> float | None:
    """How much of the second measure adds the same value as one unit of the first.

    Over the whole of both scales: (w1 x rise1 / range1) / (w2 x rise2 / range2), with the fixed
    points (k, 2) of each value function as (x, value). None where the second cannot add value: no
    weight, or no rise. Errors: ``first_knots``, ``second_knots``, ``first_weight``,
    ``second_weight``.
    """
    gains = []
    for name, knots, weight in (
        ("first", first_knots, first_weight),
        ("second", second_knots, second_weight),
    ):
        points = finite(f"{name}_knots", knots, ndim=2)
        pairs = len(points) > 1 and points.shape[1:] == (2,)
        if not pairs or not (np.diff(points[:, 0]) > 0).all():
            raise ValueError(f"{name}_knots: at least two points (x, value) with rising x expected")
        share = number(f"{name}_weight", weight)
        if share < 0:
            raise ValueError(f"{name}_weight: must not be negative")
        (x_low, y_low), (x_high, y_high) = points[0], points[-1]
        gains.append(share * (y_high - y_low) / (x_high - x_low))
    return None if gains[1] == 0 else float(gains[0] / gains[1])
