"""The list as it follows from settled numbers: values, scores, order, ranks and budget line.

No draws and no database. A run, a what-if and the ledger of a rank move all go through here.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.analysis.arrays import ROUNDING
from scoring.analysis.value import (
    AdditiveValue,
    additive_value,
    competition_rank,
    piecewise_linear,
    total_order,
)
from scoring.forecast import matrix

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SLACK = 1e-9  # a coverage that is off the limit by rounding alone still reaches it


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """n proposals over m criteria; NaN means missing.

    ``weights`` (n, m) shares; ``inputs`` (n, m) what each value function reads; ``values`` (n, m)
    0 to 100; ``score`` (n,) what the rank follows; ``complete`` (n,) whether it may be ranked;
    ``cost`` (n,) expected present value.
    """

    proposals: list[dict[str, Any]]
    columns: list[matrix.CriterionColumn]
    budget: float
    cost_unit: float | None
    weights: Floats
    inputs: Floats
    values: Floats
    additive: AdditiveValue
    score: Floats
    complete: NDArray[np.bool_]
    cost: Floats

    @property
    def affordable(self) -> Floats:
        return affordable(self.cost, self.budget)

    @property
    def listed(self) -> Floats:
        """Scores (n,), NaN for those that are not complete enough for a rank."""
        return np.where(self.complete, self.score, np.nan)

    def ranks(self) -> Floats:
        return ranks_of(self.listed)

    def order(self, p_funded: Floats) -> Ints:
        """Rows from the top: by score, then P(funded), lower cost, earlier submission, id."""
        return total_order(
            self.listed,
            -np.nan_to_num(p_funded),
            self.cost,
            np.array([item["submitted_at"] for item in self.proposals]),
            np.array([item["id"] for item in self.proposals], dtype=np.int64),
        )

    def inside(self, order: Ints) -> NDArray[np.bool_]:
        """Walk ``order`` from the top; each complete proposal that still fits is inside (n,).

        Sums such as 0.1 + 0.2 may miss the budget by their rounding, as in ``p_funded``.
        """
        left, costs = self.budget * (1 + ROUNDING), self.affordable
        taken = np.zeros(len(order), dtype=np.bool_)
        for row in order:
            if self.complete[row] and costs[row] <= left:
                left -= costs[row]
                taken[row] = True
        return taken


def settle(
    *,
    proposals: list[dict[str, Any]],
    columns: list[matrix.CriterionColumn],
    parameters: dict[str, Any],
    budget: float,
    weights: Floats,
    inputs: Floats,
    cost: Floats,
) -> Settled:
    """From inputs (n, m) and weights (n, m) to scores. ``parameters`` are the framework's."""
    values = values_of(columns, inputs)
    additive = additive_value(values, weights)
    unit = None if parameters["cost_unit"] is None else float(parameters["cost_unit"])
    score = score_of(additive, cost, unit)
    enough = additive.coverage >= float(parameters["coverage_limit"]) - SLACK
    return Settled(
        proposals=proposals,
        columns=columns,
        budget=budget,
        cost_unit=unit,
        weights=weights,
        inputs=inputs,
        values=values,
        additive=additive,
        score=score,
        complete=enough & ~np.isnan(score),
        cost=cost,
    )


def affordable(cost: Floats, budget: float) -> Floats:
    """Costs for the budget. An unknown one never fits: nobody can promise that it does."""
    return np.where(np.isnan(cost), budget + 1.0, cost)


def inputs_of(
    proposals: list[dict[str, Any]],
    columns: list[matrix.CriterionColumn],
    *,
    judged: Floats,
    roi: Floats,
    points: Floats,
) -> Floats:
    """What each criterion reads (n, m): the panel's mean, ROI, impact points or a measured fact."""
    inputs = judged.copy()
    for place, column in enumerate(columns):
        if column.source == "expected_roi":
            inputs[:, place] = roi
        elif column.source == "customer_impact":
            inputs[:, place] = points
        elif column.source == "measure":
            inputs[:, place] = [item["measures"].get(column.key, np.nan) for item in proposals]
    return inputs


def values_of(columns: list[matrix.CriterionColumn], inputs: Floats) -> Floats:
    """Inputs to values of 0 to 100. Judged criteria are in points already."""
    values = inputs.copy()
    for place, column in enumerate(columns):
        if column.source != "panel":
            values[:, place] = piecewise_linear(inputs[:, place], column.knots).filled(np.nan)
    return values


def score_of(additive: AdditiveValue, cost: Floats, unit: float | None) -> Floats:
    """The value, or the value per ``unit`` of cost; undefined without a cost above 0."""
    value = additive.value.filled(np.nan)
    if unit is not None:
        value = np.divide(value, cost / unit, out=np.full(len(value), np.nan), where=cost > 0)
    rounded: Floats = np.round(value, 9)
    return rounded


def ranks_of(values: Floats) -> Floats:
    """Competition ranks (n,), best first; NaN where there is no value."""
    ranks: Floats = np.ma.filled(competition_rank(values).astype(np.float64), np.nan)
    return ranks
