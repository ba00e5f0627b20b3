"""The snapshot as numbers: the settled list, the money behind it and what the panel said."""

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from scoring.analysis import impact, money
from scoring.analysis.pert import pert_mean
from scoring.forecast import matrix, returns
from scoring.ranking.services.pipeline.settled import Floats, Settled, inputs_of, settle


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio(Settled):
    """The settled list with what its possible futures are drawn from.

    ``benefit`` (n,) expected present value; ``impact`` (n,) impact points; ``weight_spread``
    standard deviation of a weight of 25 %, as a share; ``date`` the day of the inputs, None in
    snapshots of schema 1, which do not say it.
    """

    seed: int
    draws: int
    date: dt.date | None
    discount_rate: float
    weight_spread: float
    benefit: Floats
    impact: Floats
    lines: money.MoneyLines
    judged: matrix.Judgements


def lines_of(snapshot: dict[str, Any]) -> money.MoneyLines:
    """The money of the snapshot's proposals."""
    return returns.money_lines(snapshot["proposals"], snapshot["framework"]["parameters"])


def read_portfolio(
    snapshot: dict[str, Any],
    *,
    seed: int,
    draws: int,
    lines: money.MoneyLines,
    roi: Floats,
) -> Portfolio:
    """The portfolio with the expected ``roi`` (n,) of its proposals, NaN where there is none."""
    framework, proposals = snapshot["framework"], snapshot["proposals"]
    parameters = framework["parameters"]
    columns = matrix.criterion_columns(framework)
    cost, benefit = expected_money(lines, len(proposals))
    points = impact_of(snapshot)
    judged = matrix.judgements(
        snapshot["scores"],
        columns,
        proposals,
        assumed_spread=float(parameters["single_rater_spread"]),
        first_scores=snapshot.get("first_scores", ()),
        corrected=matrix.corrects_severity(framework),
    )
    settled = settle(
        proposals=proposals,
        columns=columns,
        parameters=parameters,
        budget=float(snapshot["cycle"]["budget"]),
        weights=matrix.weight_rows(framework, proposals),
        inputs=inputs_of(
            proposals,
            columns,
            judged=judged.mean,
            roi=roi,
            points=points,
        ),
        cost=cost,
    )
    return Portfolio(
        **{field.name: getattr(settled, field.name) for field in fields(Settled)},
        seed=seed,
        draws=draws,
        date=_day(snapshot),
        discount_rate=float(parameters["discount_rate"]),
        weight_spread=float(parameters["weight_spread"]) / 100,
        benefit=benefit,
        impact=points,
        lines=lines,
        judged=judged,
    )


def _day(snapshot: dict[str, Any]) -> dt.date | None:
    return dt.date.fromisoformat(snapshot["date"]) if "date" in snapshot else None


def expected_money(lines: money.MoneyLines, n: int) -> tuple[Floats, Floats]:
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


def impact_of(snapshot: dict[str, Any]) -> Floats:
    """Impact points (n,) of the snapshot's proposals, NaN where no effect is stated."""
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
