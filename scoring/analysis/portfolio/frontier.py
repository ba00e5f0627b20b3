"""The frontier of two goals: how much of one the other costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import ROUNDING, Bools, Floats, finite, number
from scoring.analysis.portfolio.choice import Choice, Infeasible, Status
from scoring.analysis.portfolio.model import Model, Rules, build, with_goal, with_row
from scoring.analysis.portfolio.solve import solve

STEPS = 15
_GAP = 1e-3
_TIME_PER_POINT = 5.0
_LEAST_STEPS = 2


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """One choice that no other found choice beats in both goals, with the gap it was solved to."""

    chosen: Bools
    value: float
    impact: float
    cost: Floats
    gap: float
    status: Status


def frontier(
    value: ArrayLike,
    impact: ArrayLike,
    cost: ArrayLike,
    budget: ArrayLike,
    *,
    rules: Rules | None = None,
    order: ArrayLike | None = None,
    steps: int = STEPS,
    gap: float = _GAP,
    time_per_point: float = _TIME_PER_POINT,
) -> tuple[FrontierPoint, ...] | Infeasible:
    """Best value at rising least impact (epsilon constraint), non-dominated points only.

    ``value`` and ``impact`` (n,) add up over the chosen; the rest as in ``choose``. The floors run
    in ``steps`` equal steps from the impact of the most valuable choice to the largest impact.
    The points rise in impact and fall in value.
    """
    if steps < _LEAST_STEPS:
        raise ValueError("steps: at least two expected")
    if not number("time_per_point", time_per_point) > 0:
        raise ValueError("time_per_point: must be above 0")
    if not number("gap", gap) >= 0:
        raise ValueError("gap: must not be negative")
    model = build(value, cost, budget, rules or Rules(), order)
    effect = finite("impact", impact, ndim=1)
    if len(effect) != len(model):
        raise ValueError(f"impact: {len(model)} entries expected, got {len(effect)}")
    worthiest = solve(model, gap=gap, time_limit=time_per_point, settle=False)
    if isinstance(worthiest, Infeasible):
        return worthiest
    strongest = solve(with_goal(model, effect), gap=gap, time_limit=time_per_point, settle=False)
    if isinstance(strongest, Infeasible):
        return strongest
    points = [_point(model, effect, worthiest)]
    low, high = points[0].impact, float(effect[strongest.chosen].sum())
    for floor in np.linspace(low, high, steps)[1:] if high > low else ():
        # The largest impact is known to be reachable: ease its floor by rounding only.
        eased = float(floor) - ROUNDING * abs(high)
        found = solve(
            with_row(model, -effect, -eased), gap=gap, time_limit=time_per_point, settle=False
        )
        if isinstance(found, Choice):
            points.append(_point(model, effect, found))
    return _nondominated(points)


def _point(model: Model, effect: Floats, found: Choice) -> FrontierPoint:
    return FrontierPoint(
        chosen=found.chosen,
        value=float(model.value[found.chosen].sum()),
        impact=float(effect[found.chosen].sum()),
        cost=found.cost,
        gap=found.gap,
        status=found.status,
    )


def _nondominated(points: list[FrontierPoint]) -> tuple[FrontierPoint, ...]:
    kept: list[FrontierPoint] = []
    for point in sorted(points, key=lambda p: (-p.impact, -p.value)):
        if not kept or point.value > kept[-1].value:
            kept.append(point)
    return tuple(reversed(kept))
