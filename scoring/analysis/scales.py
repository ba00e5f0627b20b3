"""Value functions: from a natural scale to 0 (worst anchor) .. 100 (best anchor).

The anchors belong to the framework, not to the proposals at hand, so a value never moves because
another proposal came or went. A criterion where less is better simply has its best anchor below
its worst.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import (
    Bools,
    Floats,
    MaskedFloats,
    finite,
    floats,
    indices,
    masked,
    number,
    weights_sum_to_one,
)
from scoring.analysis.value import FULL_SCALE


def linear(x: ArrayLike, *, worst: float, best: float) -> MaskedFloats:
    """100 (x - worst) / (best - worst), clipped to 0..100; NaN is masked. Any shape."""
    low, high = _anchors(worst, best)
    return _stretch(floats("x", x), low, high)


def logarithmic(x: ArrayLike, *, worst: float, best: float) -> MaskedFloats:
    """Equal ratios of x are worth equal steps: 100 ln(x/worst) / ln(best/worst), clipped.

    Both anchors must be above 0; an x at or below 0 lies beyond the anchor nearer to 0.
    """
    low, high = _anchors(worst, best)
    if min(low, high) <= 0.0:
        raise ValueError(f"{'worst' if low <= 0 else 'best'}: must be above 0 on a log scale")
    given = floats("x", x)
    smallest = min(low, high)
    positive = np.where(np.isnan(given), np.nan, np.maximum(given, smallest))
    start, end = float(np.log(low)), float(np.log(high))
    # Between anchors whose logarithms round to one number a straight line is the same.
    return _stretch(given, low, high) if start == end else _stretch(np.log(positive), start, end)


def stepped(x: ArrayLike, steps: Sequence[tuple[float, float]]) -> MaskedFloats:
    """The y of the last step whose threshold x has reached; below the first, the first y.

    ``steps`` [(threshold, y), ...]: thresholds strictly increasing, y monotone within 0..100.
    """
    table = finite("steps", steps)
    if table.shape != (table.size // 2, 2) or len(table) == 0:
        raise ValueError("steps: at least one (threshold, y) pair expected")
    if (np.diff(table[:, 0]) <= 0).any():
        raise ValueError("steps: thresholds must increase strictly")
    rises = np.diff(table[:, 1])
    if (rises > 0).any() and (rises < 0).any():
        raise ValueError("steps: y must not change direction")
    if table[:, 1].min() < 0 or table[:, 1].max() > FULL_SCALE:
        raise ValueError("steps: y must lie in 0..100")
    given = floats("x", x)
    place = np.searchsorted(table[:, 0], given, side="right") - 1
    return masked(table[np.clip(place, 0, None), 1], np.isnan(given))


def batch_range(x: ArrayLike) -> tuple[MaskedFloats, bool]:
    """Min-max scaling over the batch, and whether the criterion discriminates at all.

    Only for reproducing methods that work so: the result of one proposal moves when another
    joins. Where all scores are equal every value is 50 and the flag is False.
    """
    given = floats("x", x, ndim=1)
    present = given[~np.isnan(given)]
    if len(present) == 0 or present.min() == present.max():
        return masked(np.full(len(given), FULL_SCALE / 2), np.isnan(given)), False
    return _stretch(given, float(present.min()), float(present.max())), True


def profile_weights(profiles: ArrayLike, kind: ArrayLike) -> Floats:
    """Give each proposal the weights of its kind: profiles (t, m), kind (n,) -> (n, m)."""
    table = finite("profiles", profiles, ndim=2)
    weights_sum_to_one("profiles", table)
    return table[indices("kind", kind, size=len(table))]


def value_per_cost(value: ArrayLike, cost: ArrayLike, *, unit: float = 1.0) -> MaskedFloats:
    """Value per ``unit`` of cost (n,): masked where cost is 0 or the value is missing."""
    worth, price = floats("value", value, ndim=1), floats("cost", cost, ndim=1)
    if worth.shape != price.shape:
        raise ValueError(f"cost: {len(worth)} entries expected, got {len(price)}")
    if (price < 0).any():
        raise ValueError("cost: must not be negative")
    if not number("unit", unit) > 0:
        raise ValueError("unit: must be above 0")
    undefined: Bools = np.isnan(worth) | np.isnan(price) | (price == 0)
    return masked(worth * unit / np.where(undefined, 1.0, price), undefined)


def _anchors(worst: float, best: float) -> tuple[float, float]:
    low, high = number("worst", worst), number("best", best)
    if low == high:
        raise ValueError("best: must differ from worst")
    return low, high


def _stretch(x: Floats, worst: float, best: float) -> MaskedFloats:
    missing = np.isnan(x)
    # Between anchors that all but touch, a quotient beyond all numbers is clipped like any other.
    with np.errstate(over="ignore"):
        share = (np.where(missing, worst, x) - worst) / (best - worst)
    return masked(np.clip(share, 0.0, 1.0) * FULL_SCALE, missing)
