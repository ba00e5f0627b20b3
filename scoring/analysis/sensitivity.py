"""What one input alone does to a rank: everything else stays, the other proposals too.

Source: the one-way sensitivity ("tornado") diagram of Howard 1988, "Decision Analysis: Practice
and Promise". Ends are P10 and P90, so that bars of different inputs compare.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from scoring.analysis.arrays import (
    LARGEST,
    Floats,
    Ints,
    extended,
    finite,
    floats,
    indices,
    number,
    same_length,
    weights_sum_to_one,
)
from scoring.analysis.value import FULL_SCALE

_DECIMALS = 9


def score_quantile(
    mean: float, error: float, share: float, *, low: float = 0.0, high: float = FULL_SCALE
) -> float:
    """Value below which ``share`` of the futures of a judged score lie.

    The same distribution that a run draws from: normal(mean, error) cut off at ``low`` and
    ``high``. An ``error`` of 0 is certain. Errors: ``error`` below 0, ``share`` outside 0..1.
    """
    centre, spread, part = number("mean", mean), number("error", error), number("share", share)
    if spread < 0:
        raise ValueError("error: must not be negative")
    if not 0.0 <= part <= 1.0:
        raise ValueError("share: must lie in 0..1")
    if spread == 0:
        return min(max(centre, low), high)
    bottom, top = special.ndtr((np.array([low, high]) - centre) / spread)
    value = centre + spread * float(special.ndtri(bottom + part * (top - bottom)))
    return min(max(value, low), high)


def weight_quantile(mean: float, strength: float, share: float) -> float:
    """Weight below which ``share`` of the futures of a criterion's weight lie.

    One weight of the Dirichlet distribution that a run draws from: Beta(strength x mean,
    strength x (1 - mean)). An infinite ``strength`` is certain. Errors: ``mean`` or ``share``
    outside 0..1, ``strength`` not above 0.
    """
    centre, part = number("mean", mean), number("share", share)
    firm = extended("strength", strength)
    if not 0.0 <= centre <= 1.0:
        raise ValueError("mean: must lie in 0..1")
    if not firm > 0:
        raise ValueError("strength: must be above 0")
    if not 0.0 <= part <= 1.0:
        raise ValueError("share: must lie in 0..1")
    if firm > LARGEST or centre in (0.0, 1.0):
        return centre
    return float(special.betaincinv(firm * centre, firm * (1.0 - centre), part))


def shifted_weights(weights: ArrayLike, place: int, by: float) -> Floats:
    """Move one criterion's weight by ``by`` and scale the others so that they sum to 1 again.

    ``weights`` (m,) or (n, m), each row summing to 1. The moved weight stays within 0..1; a row in
    which no other criterion carries any weight stays as it is. Errors: ``weights``, ``place``.
    """
    given = finite("weights", weights)
    weights_sum_to_one("weights", given)
    (column,) = indices("place", np.array([place]), size=given.shape[-1])
    old = given[..., column, None]
    new = np.clip(old + number("by", by), 0.0, 1.0)
    rest = 1.0 - old
    alone = rest <= 0.0
    moved: Floats = given * np.where(alone, 1.0, (1.0 - new) / np.where(alone, 1.0, rest))
    moved[..., column] = np.where(alone, old, new)[..., 0]
    return moved


def rank_among(score: ArrayLike, others: ArrayLike) -> Ints:
    """Rank that each ``score`` (k,) would take among ``others`` (n,): 1 + how many are better.

    Compared at nine decimals, as the ranks of a run are; NaN in ``others`` has no rank and beats
    nobody. Errors: ``score``, ``others``.
    """
    asked = np.round(finite("score", score, ndim=1), _DECIMALS)
    present = floats("others", others, ndim=1)
    known = np.sort(np.round(present[~np.isnan(present)], _DECIMALS))
    better: Ints = len(known) - np.searchsorted(known, asked, side="right")
    return (better + 1).astype(np.int64)


def widest(low: ArrayLike, high: ArrayLike, most: int) -> Ints:
    """Places of the ``most`` widest bars, widest first; equal ones stay in the order they came.

    ``low`` and ``high`` (k,) are what an input at its low and at its high end leads to, whichever
    of the two is larger. Errors: ``low``, ``high``.
    """
    first, second = finite("low", low, ndim=1), finite("high", high, ndim=1)
    same_length(low=first, high=second)
    span = np.round(np.abs(second - first), _DECIMALS)
    return np.argsort(-span, kind="stable")[:most].astype(np.int64)


def crossing_chance(score: ArrayLike, line: float, error: ArrayLike) -> Floats:
    """Chance that each ``score`` lies on the other side of ``line`` once its error is resolved.

    ``score`` and ``error`` (k,) in the same points: what is not known is normal(0, error). At most
    1/2, which is a score on the very line; an ``error`` of 0 crosses nothing. Errors: ``error``
    below 0, ``score``, ``line``.
    """
    given, spread = finite("score", score, ndim=1), finite("error", error, ndim=1)
    same_length(score=given, error=spread)
    if (spread < 0).any():
        raise ValueError("error: must not be negative")
    distance = np.abs(given - number("line", line))
    open_ones = spread > 0
    chance: Floats = special.ndtr(-distance / np.where(open_ones, spread, 1.0))
    return np.where(open_ones, chance, 0.0)
