"""The smallest change that would have put a proposal inside the budget, by a run's own numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.analysis.explain import fitting_cost, smallest_change
from scoring.forecast.matrix import CriterionColumn
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.ranking.selectors.stored import stored_terms_of
from scoring.what_if.services import Base, base_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Crossing:
    """What alone would have done it; each None where it would not.

    ``criterion`` with the ``value`` of 0 to 100 that it needed, where that was ``now`` (None: not
    scored); ``given`` and ``given_now`` are the same in the criterion's own unit. ``cost`` is the
    highest with which it would have fitted at its rank.
    """

    criterion: CriterionColumn | None
    value: float
    now: float | None
    given: float | None
    given_now: float | None
    cost: float | None


def crossing_of(run: RankingRun, result: RankedProposal) -> Crossing | None:
    """None for what is inside the budget, and for what has no rank and so no place to move from."""
    if result.line != RankedProposal.Line.OUTSIDE or result.cost is None:
        return None
    base = base_of(run)
    row = _row_of(base, result.proposal_id)
    order = np.array([place for place in range(len(base.cost)) if _ranked(base, place)])
    # An unknown cost never fits; one above the budget says the same in numbers.
    cost = np.where(np.isnan(base.cost), base.budget + 1.0, base.cost)
    fits = fitting_cost(order, cost, base.budget, row)
    found = _scored_higher(run, result, base, order, cost, row)
    criterion, value, now, given, given_now = found or (None, 0.0, None, None, None)
    return Crossing(criterion, value, now, given, given_now, fits if fits > 0 else None)


def _scored_higher(
    run: RankingRun,
    result: RankedProposal,
    base: Base,
    order: NDArray[np.int64],
    cost: Floats,
    row: int,
) -> tuple[CriterionColumn, float, float | None, float | None, float | None] | None:
    """The one criterion that needs the least rise, as ``Crossing`` has it."""
    left, above = base.budget, None
    for place in order:
        if place == row:
            break
        if cost[row] <= left:
            above = int(place)  # the lowest place that is early enough, so far
        if cost[place] <= left:
            left -= float(cost[place])
    if above is None:
        return None  # it costs more than all that is there
    target = _score(base, above)
    unit = base.framework["parameters"]["cost_unit"]
    if unit is not None:  # the score is the value of each unit of cost
        target *= float(cost[row]) / float(unit)
    terms = stored_terms_of(run)
    at = int(np.searchsorted(np.sort(list(base.results)), result.proposal_id))
    values, weights = terms.value[at], terms.weight[at] / 100
    needed = smallest_change(values, weights, target)
    if needed is None:
        return None
    column, value = needed
    criterion, now = base.columns[column], values[column]
    given_now = terms.given[at][column]
    return (
        criterion,
        value,
        None if np.isnan(now) else float(now),
        _in_its_unit(criterion, value),
        None if np.isnan(given_now) else float(given_now),
    )


def _row_of(base: Base, proposal: int) -> int:
    return next(place for place, item in enumerate(base.proposals) if item["id"] == proposal)


def _ranked(base: Base, place: int) -> bool:
    return base.results[base.proposals[place]["id"]].rank is not None


def _score(base: Base, place: int) -> float:
    return float(base.results[base.proposals[place]["id"]].score or 0.0)


def _in_its_unit(criterion: CriterionColumn, value: float) -> float | None:
    """What a computed criterion must read for this value; None of a judged one, or on a flat."""
    if criterion.source == "panel":
        return None
    given, values = (
        np.array(axis, dtype=np.float64) for axis in zip(*criterion.knots, strict=True)
    )
    steps = np.diff(values)
    if (steps > 0).all():
        return float(np.interp(value, values, given))
    if (steps < 0).all():
        return float(np.interp(value, values[::-1], given[::-1]))
    return None
