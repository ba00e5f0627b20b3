"""Customer impact in customer units: reach x effect x confidence, weighted by journey stage.

There is no money in it, so nothing that counts in the return on investment counts here again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import (
    Bools,
    Floats,
    Ints,
    MaskedFloats,
    finite,
    indices,
    masked,
    same_length,
)


@dataclass(frozen=True, slots=True)
class ImpactPoints:
    """Impact of n proposals stated in k rows.

    ``total`` (n,) is masked where a proposal states no row; ``rows`` (k,) are the points of each
    row; ``coverage`` (n,) is the share, 0..1, of journey stages with a stated effect (0 where
    nothing is stated), masked where the stages were not given; ``nobody`` (n,) marks proposals
    with rows that reach nobody.
    """

    total: MaskedFloats
    rows: Floats
    coverage: MaskedFloats
    nobody: Bools


def impact_points(
    reach: ArrayLike,
    effect: ArrayLike,
    confidence: ArrayLike,
    stage_weight: ArrayLike,
    proposal: ArrayLike,
    n: int,
    *,
    stage: ArrayLike | None = None,
    stages: int | None = None,
) -> ImpactPoints:
    """I = sum over rows of stage weight x reach x effect x confidence.

    One row per proposal, stage and segment, all (k,): ``reach`` unique customers touched per year
    (>= 0), ``effect`` in standardised units or rubric points (may be negative), ``confidence`` in
    0..1, ``stage_weight`` >= 0, ``proposal`` index 0..n-1. For the coverage, and only together:
    ``stage`` (k,) index 0..stages-1 of each row and ``stages``, how many the journey has. Rows of a
    proposal add up in the order of their points, so the order in which they come does not matter.
    Errors: by the argument's name.
    """
    columns = _columns(reach, effect, confidence, stage_weight)
    home = indices("proposal", proposal, size=n, length=len(columns[0]))
    customers, change, sure, weight = columns
    points = weight * customers * change * sure
    order = np.lexsort((points, home))
    total = np.bincount(home[order], weights=points[order], minlength=n)
    stated = np.bincount(home, minlength=n)
    reached = np.bincount(home, weights=customers, minlength=n)
    return ImpactPoints(
        total=masked(total, stated == 0),
        rows=points,
        coverage=_coverage(home, n, stage, stages),
        nobody=(stated > 0) & (reached == 0),
    )


def _columns(
    reach: ArrayLike, effect: ArrayLike, confidence: ArrayLike, stage_weight: ArrayLike
) -> tuple[Floats, Floats, Floats, Floats]:
    customers, change = finite("reach", reach, ndim=1), finite("effect", effect, ndim=1)
    sure = finite("confidence", confidence, ndim=1)
    weight = finite("stage_weight", stage_weight, ndim=1)
    same_length(reach=customers, effect=change, confidence=sure, stage_weight=weight)
    if (customers < 0).any():
        raise ValueError("reach: must not be negative")
    if (sure < 0).any() or (sure > 1).any():
        raise ValueError("confidence: must lie in 0..1")
    if (weight < 0).any():
        raise ValueError("stage_weight: must not be negative")
    return customers, change, sure, weight


def _coverage(home: Ints, n: int, stage: ArrayLike | None, stages: int | None) -> MaskedFloats:
    """Share of the stages that each proposal states an effect for."""
    if stage is None and stages is None:
        return masked(np.zeros(n), np.ones(n))
    if stage is None:
        raise ValueError("stage: the stage of each row is needed to count stages")
    if stages is None or stages < 1:
        raise ValueError("stages: at least one stage is needed to count them")
    place = indices("stage", stage, size=stages, length=len(home))
    stated = np.zeros((n, stages), dtype=np.bool_)
    stated[home, place] = True
    return masked(stated.mean(axis=1), np.zeros(n))


def funnel_reach(customers: float, *rates: float) -> float:
    """Customers who get through every step of a funnel: customers x rate x rate ..."""
    start = float(finite("customers", customers, ndim=0))
    steps = finite("rates", np.array(rates, dtype=np.float64), ndim=1)
    if start < 0:
        raise ValueError("customers: must not be negative")
    if (steps < 0).any() or (steps > 1).any():
        raise ValueError("rates: must lie in 0..1")
    return float(start * steps.prod())
