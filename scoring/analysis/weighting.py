"""Weights from swings and from rankings.

Sources: Edwards 1977; Edwards & Barron 1994 (SMARTS, SMARTER); Barron & Barrett 1996.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import Floats, finite


def swing(points: ArrayLike) -> Floats:
    """Weights s / sum(s) from swing points (m,): the largest swing is usually given 100.

    A point judges the step from the worst to the best level of *this* scale, so a changed end
    point needs a new judgement. Errors: ``points`` (negative, or all zero).
    """
    given = finite("points", points, ndim=1)
    if len(given) == 0 or (given < 0).any() or given.sum() <= 0:
        raise ValueError("points: at least one positive and no negative number expected")
    weights: Floats = given / given.sum()
    return weights


def rank_order_centroid(ranks: ArrayLike) -> Floats:
    """w_i = (1/n) sum_{k=i..n} 1/k for rank i of n; tied ranks share the mean weight.

    ``ranks`` (n,): smaller is more important; only their order counts.
    """
    n = np.size(ranks)
    return _by_rank(ranks, np.cumsum(1.0 / np.arange(n, 0, -1))[::-1] / max(n, 1))


def rank_sum(ranks: ArrayLike) -> Floats:
    """w_i = 2 (n + 1 - i) / (n (n + 1)); tied ranks share the mean weight."""
    n = np.size(ranks)
    return _by_rank(ranks, 2.0 * np.arange(n, 0, -1) / max(n * (n + 1), 1))


def reciprocal(ranks: ArrayLike) -> Floats:
    """w_i = (1/i) / sum_k (1/k); tied ranks share the mean weight."""
    raw = 1.0 / np.arange(1, np.size(ranks) + 1)
    return _by_rank(ranks, raw / raw.sum() if raw.size else raw)


def equal(n: int) -> Floats:
    """The same weight 1/n for each of n criteria."""
    if n < 1:
        raise ValueError("n: at least one criterion expected")
    return np.full(n, 1.0 / n)


def _by_rank(ranks: ArrayLike, weight_of_place: Floats) -> Floats:
    """Hand each criterion the mean weight of the places that its rank occupies."""
    given = finite("ranks", ranks, ndim=1)
    if len(given) == 0:
        raise ValueError("ranks: at least one criterion expected")
    _, group = np.unique(given, return_inverse=True)
    size = np.bincount(group)
    first = np.cumsum(size) - size
    total = np.add.reduceat(weight_of_place, first)
    result: Floats = (total / size)[group]
    return result
