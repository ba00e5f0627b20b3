"""Core index: funded whatever happens, never, or a matter of it (Liesio et al. 2007)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import ROUNDING, Bools, Floats, finite
from scoring.analysis.portfolio.model import Rules, build, relax, with_goal

# Every subset is looked at: 2^20 are about a million.
MOST_PROPOSALS = 20


@dataclass(frozen=True, slots=True)
class CoreIndex:
    """``index`` (n,): share of the non-dominated ``portfolios`` (p, n) that contain a proposal.

    1 core, 0 exterior, between borderline. No feasible portfolio: no rows and an index of 0.
    """

    index: Floats
    portfolios: Bools


def core_index(
    values: ArrayLike,
    cost: ArrayLike,
    budget: ArrayLike,
    weight_extremes: ArrayLike,
    *,
    rules: Rules | None = None,
) -> CoreIndex:
    """Enumerate all feasible portfolios and keep the non-dominated ones.

    ``values`` (n, m) per criterion, ``weight_extremes`` (e, m) the corners of the feasible
    weights. A portfolio is dominated if another is worth at least as much at every corner and
    more at one. ``cost``, ``budget``, ``rules`` as in ``choose``. Errors: ``values`` with more
    than 20 proposals (use P(funded) there), ``weight_extremes``.
    """
    table = finite("values", values, ndim=2)
    corners = finite("weight_extremes", weight_extremes, ndim=2)
    if len(table) > MOST_PROPOSALS:
        raise ValueError(f"values: at most {MOST_PROPOSALS} proposals can be enumerated")
    if corners.shape[1] != table.shape[1] or len(corners) == 0:
        raise ValueError(f"weight_extremes: rows of {table.shape[1]} weights expected")
    worth = table @ corners.T
    model = build(worth[:, 0], cost, budget, rules or Rules(), None)
    n = len(model)
    subsets = (np.arange(2**n)[:, None] >> np.arange(n)[None, :]) & 1
    allowed: Bools = subsets.astype(np.bool_)
    allowed = allowed[model.fitting(allowed)]
    best = allowed[_undominated(allowed @ worth)]
    return CoreIndex(best.mean(axis=0) if len(best) else np.zeros(n), best)


def core_shares(
    values: ArrayLike, cost: ArrayLike, budget: ArrayLike, *, rules: Rules | None = None
) -> Floats | None:
    """In which share of the futures (n,) the best mix of that future holds each proposal.

    ``values`` (n, d): what each proposal is worth in each of d futures; the rest as in ``choose``.
    The mixes are those of the linear relaxation, in which a few proposals on the edge are held in
    part: many futures need no exact choice each. None where the rules cannot hold together.
    """
    table = finite("values", values, ndim=2)
    if table.shape[1] == 0:
        raise ValueError("values: at least one future expected")
    model = build(table[:, 0], cost, budget, rules or Rules(), None)
    held = np.zeros(len(model))
    for future in table.T:
        found = relax(with_goal(model, future))
        if found is None:
            return None
        held += found.fractions
    shares: Floats = held / table.shape[1]
    return shares


def _undominated(values: Floats) -> Bools:
    """Rows of ``values`` (p, e) that no other row matches everywhere and beats somewhere."""
    keep = np.zeros(len(values), dtype=np.bool_)
    front = np.empty((0, values.shape[1]))
    largest = np.abs(values).max(initial=0.0)
    # A row can only be dominated by one with a larger sum, so those come first.
    for place in np.argsort(-values.sum(axis=1), kind="stable"):
        row = values[place]
        tolerance = ROUNDING * np.maximum(np.abs(row), largest)
        matched = (front >= row - tolerance).all(axis=1)
        if not (matched & (front > row + tolerance).any(axis=1)).any():
            keep[place] = True
            front = np.vstack([front, row])
    return keep
