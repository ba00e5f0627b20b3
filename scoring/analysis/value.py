"""Additive value on fixed anchors, and the order that follows from it.

Source: Keeney & Raiffa 1976; von Winterfeldt & Edwards 1986; Goodwin & Wright, ch. 3.
The scales have fixed end points, so a proposal's value never depends on which other proposals
are in the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import (
    TOLERANCE,
    Floats,
    Ints,
    MaskedFloats,
    MaskedInts,
    finite,
    floats,
    indices,
    masked,
    masked_ints,
    weights_sum_to_one,
)

# Values lie on 0 (worst anchor) .. 100 (best anchor).
FULL_SCALE = 100.0


@dataclass(frozen=True, slots=True)
class AdditiveValue:
    """Values of n proposals over m criteria.

    ``value`` (n,) is masked where nothing was scored; ``coverage`` (n,) is the sum of the weights
    of the scored criteria, 0..1; ``contribution`` (n, m) is masked where a criterion is missing
    and sums to ``value`` along the criteria.
    """

    value: MaskedFloats
    coverage: Floats
    contribution: MaskedFloats


def piecewise_linear(x: ArrayLike, knots: Sequence[tuple[float, float]]) -> MaskedFloats:
    """Map ``x`` (any shape) through straight lines between ``knots`` [(x, y), ...].

    x of the knots strictly increasing, y monotone in either direction; outside the knots the end
    value holds. NaN in ``x`` is masked in the result. Errors: ``knots``.
    """
    points = finite("knots", knots, ndim=2)
    if len(points) <= 1 or points.shape != (len(points), len(("x", "y"))):
        raise ValueError("knots: at least two (x, y) pairs expected")
    if (np.diff(points[:, 0]) <= 0).any():
        raise ValueError("knots: x must increase strictly")
    rises = np.diff(points[:, 1])
    if (rises > 0).any() and (rises < 0).any():
        raise ValueError("knots: y must not change direction")
    given = floats("x", x)
    missing = np.isnan(given)
    mapped = np.interp(np.where(missing, points[0, 0], given), points[:, 0], points[:, 1])
    return masked(mapped, missing)


def additive_value(values: ArrayLike, weights: ArrayLike) -> AdditiveValue:
    """Weighted mean of the scored criteria, with its coverage and its terms.

    ``values`` (n, m) on 0..100, NaN = missing; ``weights`` (m,) or one row per proposal (n, m),
    not negative, each row summing to 1. V = sum w v / sum w over the scored criteria, so a missing
    score neither helps nor hurts; who reads it decides by ``coverage`` whether it is complete
    enough. Every row is computed by itself. Errors: ``values``, ``weights``.
    """
    scored = floats("values", values, ndim=2)
    if (scored < 0).any() or (scored > FULL_SCALE).any():
        raise ValueError("values: must lie in 0..100")
    weight = floats("weights", weights)
    if weight.shape not in (scored.shape, scored.shape[1:]):
        raise ValueError(f"weights: shape {scored.shape[1:]} or {scored.shape} expected")
    if weight.shape[0] or weight.ndim == 1:
        weights_sum_to_one("weights", weight)
    missing = np.isnan(scored)
    used = np.where(missing, 0.0, np.broadcast_to(weight, scored.shape))
    coverage = used.sum(axis=1)
    nothing = coverage <= 0.0
    share = used / np.where(nothing, 1.0, coverage)[:, None]
    terms = share * np.where(missing, 0.0, scored)
    return AdditiveValue(
        value=masked(terms.sum(axis=1), nothing),
        coverage=np.minimum(coverage, 1.0),
        contribution=masked(terms, missing | nothing[:, None]),
    )


def two_level_weights(
    dimension_weights: ArrayLike, criterion_weights: ArrayLike, dimension_of: ArrayLike
) -> Floats:
    """Multiply weights within a dimension by the weight of the dimension: W_F u_m, shape (m,).

    ``dimension_weights`` (d,) sum to 1; ``criterion_weights`` (m,) sum to 1 within each dimension;
    ``dimension_of`` (m,) is the dimension's index of each criterion. Every dimension with a weight
    needs a criterion. Errors: by the argument's name.
    """
    outer = finite("dimension_weights", dimension_weights, ndim=1)
    weights_sum_to_one("dimension_weights", outer)
    inner = finite("criterion_weights", criterion_weights, ndim=1)
    home = indices("dimension_of", dimension_of, size=len(outer), length=len(inner))
    if (inner < 0).any():
        raise ValueError("criterion_weights: negative weights are not allowed")
    sums = np.bincount(home, weights=inner, minlength=len(outer))
    empty = np.bincount(home, minlength=len(outer)) == 0
    if (outer[empty] > 0).any():
        raise ValueError("dimension_of: a dimension with a weight has no criterion")
    if (np.abs(sums[~empty] - 1.0) > TOLERANCE).any():
        raise ValueError("criterion_weights: must sum to 1 within each dimension")
    return outer[home] * inner


def competition_rank(value: ArrayLike, *, decimals: int = 9) -> MaskedInts:
    """Rank best (highest) first, equal values sharing the better place: 1, 2, 2, 4.

    ``value`` (n,) is rounded to ``decimals`` first; masked or NaN entries have no rank (masked).
    """
    rounded = np.round(floats("value", value, ndim=1), decimals)
    missing = np.isnan(rounded)
    present = np.sort(rounded[~missing])
    better = len(present) - np.searchsorted(present, rounded, side="right")
    return masked_ints(better + 1, missing)


def total_order(value: ArrayLike, *tie_keys: ArrayLike, decimals: int = 9) -> Ints:
    """Indices of the rows from best to worst: value first, then each tie key, smaller first.

    ``value`` (n,) is rounded to ``decimals``; masked or NaN goes last. ``tie_keys`` (n,) may be
    numbers, texts or dates; NaN in a key goes last. Give a unique last key, or rows that tie in
    everything keep the order in which they came.
    """
    rounded = np.round(floats("value", value, ndim=1), decimals)
    falling = np.where(np.isnan(rounded), np.inf, -rounded)
    keys = []
    for position, key in enumerate(tie_keys):
        given = floats("tie_keys", key) if isinstance(key, np.ma.MaskedArray) else np.asarray(key)
        if given.shape != rounded.shape:
            raise ValueError(f"tie_keys: key {position} must have {len(rounded)} entries")
        keys.append(given)
    order: Ints = np.argsort(falling).astype(np.int64)
    # Few share their value: only they have to be put in order by the keys.
    listed = falling[order]
    same = np.r_[False, listed[1:] == listed[:-1]][: len(listed)]
    tied = np.flatnonzero(same | np.r_[same[1:], False])
    rows = np.sort(order[tied])
    inner = [np.unique(key[rows], return_inverse=True)[1] for key in keys]
    order[tied] = rows[np.lexsort([*inner[::-1], falling[rows]])]
    return order
