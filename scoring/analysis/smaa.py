"""SMAA-2: which preferences and futures put a proposal where.

Sources: Lahdelma, Hokkanen & Salminen 1998; Lahdelma & Salminen 2001; Tervonen & Lahdelma 2007.
For long lists use ``robustness.rank_bands``, which never holds all draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.analysis.arrays import Floats, MaskedFloats, finite, floats, masked
from scoring.analysis.orders import order_of_draws, tie_places

Label: TypeAlias = Literal["robust", "discuss", "out"]

ROBUST = 0.9
OUT = 0.1


@dataclass(frozen=True, slots=True)
class Indices:
    """n proposals over d draws.

    ``acceptability`` (n, n): b[i, r] share of draws with i at place r + 1; rows and columns sum to
    1. ``central_weights`` (n, m): mean weights of the draws that i wins, masked where i never wins
    or no weights were drawn. ``winning`` (n, n): share of draws in which i is before j, 0 on the
    diagonal. ``entropy`` in bits of the whole ranking: 0 means that it is decided.
    """

    acceptability: Floats
    central_weights: MaskedFloats
    winning: Floats
    entropy: float


def values_of_draws(measurements: ArrayLike, weights: ArrayLike) -> Floats:
    """Additive values (n, d) from ``measurements`` (d, n, m) and ``weights`` (d, m) or (m,)."""
    scores, shares = finite("measurements", measurements, ndim=3), finite("weights", weights)
    if shares.shape not in ((scores.shape[0], scores.shape[2]), (scores.shape[2],)):
        raise ValueError("weights: one row of weights per draw, or one for all, expected")
    spread = np.broadcast_to(shares, (scores.shape[0], scores.shape[2]))
    values: Floats = (scores * spread[:, None, :]).sum(axis=2).T
    return np.ascontiguousarray(values)


def smaa(
    values: ArrayLike, *, weights: ArrayLike | None = None, tie_order: ArrayLike | None = None
) -> Indices:
    """All indices of the draws ``values`` (n, d), higher is better, with the ``weights`` (d, m).

    Ties in a draw go by ``tie_order`` (n,), by default the order given. Errors: ``values`` (no
    draw, not finite), ``weights``, ``tie_order``.
    """
    table = finite("values", values, ndim=2)
    n, draws = table.shape
    if draws == 0:
        raise ValueError("values: at least one draw expected")
    places = tie_places(np.arange(n) if tie_order is None else tie_order)
    if len(places) != n:
        raise ValueError(f"tie_order: {n} entries expected, got {len(places)}")
    order = order_of_draws(table, places)
    counts = np.array([np.bincount(row, minlength=n) for row in order]).reshape(n, n)
    return Indices(
        acceptability=counts.T / draws,
        central_weights=_central(order, weights, n, draws),
        winning=_winning(order),
        entropy=ranking_entropy(order),
    )


def confidence_factors(
    measurements: ArrayLike, central_weights: ArrayLike, *, tie_order: ArrayLike | None = None
) -> MaskedFloats:
    """P(i is first | its own central weights) over ``measurements`` (d, n, m), shape (n,).

    Masked where the central weights (n, m) are masked.
    """
    scores = finite("measurements", measurements, ndim=3)
    n = scores.shape[1]
    if len(scores) == 0:
        raise ValueError("measurements: at least one draw expected")
    places = tie_places(np.arange(n) if tie_order is None else tie_order)
    if len(places) != n:
        raise ValueError(f"tie_order: {n} entries expected, got {len(places)}")
    centre = floats("central_weights", central_weights, ndim=2)
    if centre.shape != scores.shape[1:]:
        raise ValueError(f"central_weights: shape {scores.shape[1:]} expected")
    unknown = np.isnan(centre).any(axis=1)
    chance = np.zeros(n)
    for i in np.flatnonzero(~unknown):
        values = values_of_draws(scores, centre[i])
        chance[i] = (order_of_draws(values, places)[0] == i).mean()
    return masked(chance, unknown)


def ranking_entropy(order: NDArray[Any]) -> float:
    """-sum p log2 p over the distinct rankings (columns of ``order`` (n, d))."""
    if order.size == 0:
        return 0.0
    share = np.unique(order, axis=1, return_counts=True)[1] / order.shape[1]
    return float(max(-(share * np.log2(share)).sum(), 0.0))


def label(p_funded: float) -> Label:
    """Robust from 0.9 on, out below 0.1, else to be discussed."""
    chance = float(finite("p_funded", p_funded, ndim=0))
    if not 0.0 <= chance <= 1.0:
        raise ValueError("p_funded: must lie in 0..1")
    return "robust" if chance >= ROBUST else "out" if chance < OUT else "discuss"


def _central(
    order: NDArray[np.intp], weights: ArrayLike | None, n: int, draws: int
) -> MaskedFloats:
    if weights is None:
        return masked(np.zeros((n, 0)), np.zeros((n, 0)))
    shares = finite("weights", weights, ndim=2)
    if len(shares) != draws:
        raise ValueError(f"weights: {draws} rows expected, got {len(shares)}")
    first = order[0] if n else np.empty(0, dtype=np.intp)
    wins = np.bincount(first, minlength=n)
    sums = np.array([np.bincount(first, weights=w, minlength=n) for w in shares.T])
    mean = sums.reshape(-1, n).T / np.maximum(wins, 1)[:, None]
    return masked(mean, np.broadcast_to((wins == 0)[:, None], mean.shape))


def _winning(order: NDArray[np.intp]) -> Floats:
    """Share of draws in which the row proposal is before the column proposal."""
    n, draws = order.shape
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(n)[:, None], axis=0)
    before = [(rank[i] < rank).sum(axis=1) for i in range(n)]
    share: Floats = np.array(before, dtype=np.float64).reshape(n, n) / draws
    return share
