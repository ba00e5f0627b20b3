"""The smallest change that would have put a proposal inside the budget, by a run's own numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.analysis.explain import fitting_cost, smallest_change
from scoring.forecast.matrix import CriterionColumn
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.ranking.selectors.stored import stored_of, stored_terms_of
from scoring.what_if.services import Base, base_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Needed:
    """A criterion with the ``value`` of 0 to 100 that it needed, where that was ``now``.

    ``given`` and ``given_now`` are the same in the criterion's own unit; None of a judged one.
    ``now`` is None where nothing was scored yet.
    """

    criterion: CriterionColumn
    value: float
    now: float | None
    given: float | None
    given_now: float | None


@dataclass(frozen=True, slots=True)
class Crossing:
    """What alone would have done it, each None where it would not: the one criterion that needed
    the least rise, and the highest ``cost`` with which it would have fitted at its rank."""

    needed: Needed | None
    cost: float | None


def crossing_of(run: RankingRun, result: RankedProposal) -> Crossing | None:
    """None for what is inside the budget, and for what has no rank and so no place to move from."""
    if result.line != RankedProposal.Line.OUTSIDE or result.cost is None:
        return None
    base = base_of(run)
    rows = {item["id"]: row for row, item in enumerate(base.proposals)}
    row = rows[result.proposal_id]
    order = [at for pk, at in rows.items() if base.results[pk].rank is not None]
    # An unknown cost never fits; one above the budget says the same in numbers.
    cost = np.where(np.isnan(base.cost), base.budget + 1.0, base.cost)
    fits = fitting_cost(order, cost, base.budget, row)
    above = _lowest_place(order, cost, base.budget, row)
    needed = None if above is None else _needed(run, base, row, above)
    return Crossing(needed, fits if fits > 0 else None)


def _lowest_place(order: Sequence[int], cost: Floats, budget: float, row: int) -> int | None:
    """Who stands at the lowest place at which the proposal would fit; None: it never would."""
    left, above = budget, None
    for place in order:
        if place == row:
            break
        if cost[row] <= left:
            above = place
        if cost[place] <= left:
            left -= float(cost[place])
    return above


def _needed(run: RankingRun, base: Base, row: int, above: int) -> Needed | None:
    """The criterion that needs the least rise for the proposal to pass who stands ``above``."""
    ids = [item["id"] for item in base.proposals]
    target = float(base.results[ids[above]].score or 0.0)
    unit = base.framework["parameters"]["cost_unit"]
    if unit is not None:  # the score is the value of each unit of cost
        target *= float(base.cost[row]) / float(unit)
    terms, at = stored_terms_of(run), stored_of(run).row_of(ids[row])
    values, given = terms.value[at], terms.given[at]
    found = smallest_change(values, terms.weight[at] / 100, target)
    if found is None:
        return None
    column, value = found
    criterion = base.columns[column]
    return Needed(
        criterion=criterion,
        value=value,
        now=_known(values[column]),
        given=_in_its_unit(criterion, value),
        given_now=_known(given[column]),
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


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
