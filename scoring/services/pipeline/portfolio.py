"""The snapshot as numbers: inputs, values, scores, money and impact of every proposal."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring import matrix
from scoring.analysis import impact, money
from scoring.analysis.pert import pert_mean
from scoring.analysis.value import AdditiveValue, additive_value, piecewise_linear

Floats = NDArray[np.float64]
SLACK = 1e-9  # a coverage that is off the limit by rounding alone still reaches it


@dataclass(frozen=True, slots=True)
class Portfolio:
    """n proposals over m criteria; NaN means missing.

    ``weights`` (n, m) shares; ``inputs`` (n, m) what each value function reads; ``values`` (n, m)
    0 to 100; ``score`` (n,) what the rank follows; ``complete`` (n,) whether it may be ranked;
    ``cost``, ``benefit`` (n,) expected present values; ``impact`` (n,) impact points.
    """

    proposals: list[dict[str, Any]]
    columns: list[matrix.CriterionColumn]
    seed: int
    draws: int
    budget: float
    cost_unit: float | None
    weights: Floats
    inputs: Floats
    values: Floats
    additive: AdditiveValue
    score: Floats
    complete: NDArray[np.bool_]
    cost: Floats
    benefit: Floats
    impact: Floats
    simulated: money.MoneyResult
    lines: money.MoneyLines
    judged: matrix.Judgements

    @property
    def affordable(self) -> Floats:
        """Costs for the budget. An unknown one never fits: nobody can promise that it does."""
        return np.where(np.isnan(self.cost), self.budget + 1.0, self.cost)


def read_portfolio(snapshot: dict[str, Any], *, seed: int, draws: int) -> Portfolio:
    framework, proposals = snapshot["framework"], snapshot["proposals"]
    parameters = framework["parameters"]
    columns = matrix.criterion_columns(framework)
    lines = matrix.money_lines(proposals, discount_rate=float(parameters["discount_rate"]))
    simulated = money.simulate(lines, draws=draws, seed=seed)
    cost, benefit = _expected(lines, len(proposals))
    points = _impact(snapshot)
    spread = float(parameters["single_rater_spread"])
    judged = matrix.judgements(snapshot["scores"], columns, proposals, assumed_spread=spread)
    inputs = _inputs(proposals, columns, judged, simulated, points)
    values = _values(columns, inputs)
    weights = matrix.weight_rows(framework, proposals)
    additive = additive_value(values, weights)
    unit = None if parameters["cost_unit"] is None else float(parameters["cost_unit"])
    score = _score(additive, cost, unit)
    enough = additive.coverage >= float(parameters["coverage_limit"]) - SLACK
    return Portfolio(
        proposals=proposals,
        columns=columns,
        seed=seed,
        draws=draws,
        budget=float(snapshot["cycle"]["budget"]),
        cost_unit=unit,
        weights=weights,
        inputs=inputs,
        values=values,
        additive=additive,
        score=score,
        complete=enough & ~np.isnan(score),
        cost=cost,
        benefit=benefit,
        impact=points,
        simulated=simulated,
        lines=lines,
        judged=judged,
    )


def _expected(lines: money.MoneyLines, n: int) -> tuple[Floats, Floats]:
    """Expected present value of cost and of benefit (n,), NaN where no such line is stated.

    A proposal may state one without the other; then it has no ROI, but its cost is still known.
    """
    means = pert_mean(lines.low, lines.likely, lines.high) * lines.factor
    found = []
    for side in (lines.is_cost, ~lines.is_cost):
        stated = np.bincount(lines.proposal[side], minlength=n) > 0
        total = np.bincount(lines.proposal[side], weights=means[side], minlength=n)
        found.append(np.where(stated, total, np.nan))
    return found[0], found[1]


def _impact(snapshot: dict[str, Any]) -> Floats:
    felt = matrix.effects(snapshot)
    points: Floats = impact.impact_points(
        felt.reach,
        felt.effect,
        felt.confidence,
        felt.stage_weight,
        felt.proposal,
        len(snapshot["proposals"]),
    ).total.filled(np.nan)
    return points


def _inputs(
    proposals: list[dict[str, Any]],
    columns: list[matrix.CriterionColumn],
    judged: matrix.Judgements,
    simulated: money.MoneyResult,
    points: Floats,
) -> Floats:
    """What each criterion reads (n, m): the panel's mean, ROI, impact points or a measured fact."""
    inputs = judged.mean.copy()
    for place, column in enumerate(columns):
        if column.source == "expected_roi":
            inputs[:, place] = simulated.roi_mean.filled(np.nan)
        elif column.source == "customer_impact":
            inputs[:, place] = points
        elif column.source == "measure":
            inputs[:, place] = [item["measures"].get(column.key, np.nan) for item in proposals]
    return inputs


def _values(columns: list[matrix.CriterionColumn], inputs: Floats) -> Floats:
    """Inputs to values of 0 to 100. Judged criteria are in points already."""
    values = inputs.copy()
    for place, column in enumerate(columns):
        if column.source != "panel":
            values[:, place] = piecewise_linear(inputs[:, place], column.knots).filled(np.nan)
    return values


def _score(additive: AdditiveValue, cost: Floats, unit: float | None) -> Floats:
    """The value, or the value per ``unit`` of cost; undefined without a cost above 0."""
    value = additive.value.filled(np.nan)
    if unit is not None:
        value = np.divide(value, cost / unit, out=np.full(len(value), np.nan), where=cost > 0)
    rounded: Floats = np.round(value, 9)
    return rounded
