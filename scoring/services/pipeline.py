"""From a sealed snapshot to ranked results. No database: the same snapshot gives the same bytes.

What is computed and why is told in docs/method. Values are rounded to 1e-9 before anything is
compared, stored or digested.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring import matrix
from scoring.analysis import impact, money, robustness, uncertainty
from scoring.analysis.pert import pert_mean
from scoring.analysis.value import (
    AdditiveValue,
    additive_value,
    competition_rank,
    piecewise_linear,
    total_order,
)
from scoring.models import RankedProposal
from scoring.selectors.snapshot import canonical, digest

ENGINE_VERSION = "1.0"
BLOCK = 1_000  # draws at a time: bounds memory and paces the progress bar
KEPT_BYTES = 256 * 1024 * 1024
Result = dict[str, Any]
Progress = Callable[[str, int], None]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """n proposals as arrays; NaN means missing."""

    weights: Floats  # (n, m)
    inputs: Floats  # (n, m) what each value function reads
    values: Floats  # (n, m) 0..100
    additive: AdditiveValue
    score: Floats  # (n,) what the rank follows
    complete: NDArray[np.bool_]
    cost: Floats
    benefit: Floats
    impact: Floats
    simulated: money.MoneyResult
    lines: money.MoneyLines
    judged: matrix.Judgements


def compute(
    snapshot: dict[str, Any],
    *,
    seed: int,
    draws: int,
    on_progress: Progress = lambda _stage, _percent: None,
) -> tuple[list[Result], dict[str, Any]]:
    """Rank the snapshot's proposals: (one result per proposal in list order, facts of the run)."""
    started = time.perf_counter()
    framework = snapshot["framework"]
    columns = matrix.criterion_columns(framework)
    on_progress("Drawing costs and benefits", 10)
    portfolio = _portfolio(snapshot, columns, seed=seed, draws=draws)
    valued = time.perf_counter()

    ranked = np.flatnonzero(portfolio.complete)
    tie_order = _tie_order(snapshot, portfolio, ranked)

    def futures() -> Iterable[NDArray[np.float32]]:
        return _futures(snapshot, columns, portfolio, ranked, seed=seed, draws=draws)

    bands, p_funded = None, np.zeros(0)
    if len(ranked):
        # Both counts read the same futures: keep them when they are small, else draw them twice.
        small = len(ranked) * draws * 4 <= KEPT_BYTES
        kept = list(futures()) if small else None
        bands = robustness.rank_bands(
            _reported(kept or futures(), on_progress, "Ranking possible futures", 40, 70, draws),
            tie_order=tie_order,
        )
        p_funded = robustness.p_funded(
            _reported(kept or futures(), on_progress, "Funding possible futures", 70, 95, draws),
            _affordable(snapshot, portfolio)[ranked],
            float(snapshot["cycle"]["budget"]),
            tie_order=tie_order,
        )
    on_progress("Writing the backlog", 95)
    results = _results(snapshot, columns, portfolio, ranked, bands, p_funded)
    facts = _facts(snapshot, columns, portfolio, results)
    done = time.perf_counter()
    facts["seconds"] = {
        "values": round(valued - started, 3),
        "futures": round(done - valued, 3),
        "all": round(done - started, 3),
    }
    return results, facts


def result_digest(results: list[Result]) -> str:
    """SHA-256 over all results in list order, by the proposals' ids."""
    plain = [
        {"proposal": row["proposal_id"]}
        | {key: value for key, value in row.items() if key != "proposal_id"}
        for row in results
    ]
    return digest(canonical(plain))


def _portfolio(
    snapshot: dict[str, Any], columns: list[matrix.CriterionColumn], *, seed: int, draws: int
) -> Portfolio:
    framework, proposals = snapshot["framework"], snapshot["proposals"]
    parameters, n = framework["parameters"], len(proposals)
    lines = matrix.money_lines(proposals, discount_rate=float(parameters["discount_rate"]))
    simulated = money.simulate(lines, draws=draws, seed=seed)
    cost, benefit = _expected(lines, n)
    felt = matrix.effects(snapshot)
    impact_total = impact.impact_points(
        felt.reach, felt.effect, felt.confidence, felt.stage_weight, felt.proposal, n
    ).total.filled(np.nan)
    judged = matrix.judgements(
        snapshot["scores"],
        columns,
        proposals,
        assumed_spread=float(parameters["single_rater_spread"]),
    )
    inputs = judged.mean.copy()
    for place, column in enumerate(columns):
        if column.source == "expected_roi":
            inputs[:, place] = simulated.roi_mean.filled(np.nan)
        elif column.source == "customer_impact":
            inputs[:, place] = impact_total
        elif column.source == "measure":
            inputs[:, place] = [
                float(item["measures"].get(column.key, "nan")) for item in proposals
            ]
    values = np.column_stack(
        [_value(column, inputs[:, place]) for place, column in enumerate(columns)]
    ).reshape(n, len(columns))
    weights = matrix.weight_rows(framework, proposals)
    additive = additive_value(values, weights)
    score = additive.value.filled(np.nan)
    if parameters["cost_unit"] is not None:
        unit = float(parameters["cost_unit"])
        score = np.divide(score, cost / unit, out=np.full(n, np.nan), where=cost > 0)
    score = np.round(score, 9)
    enough = additive.coverage >= float(parameters["coverage_limit"]) - 1e-9
    return Portfolio(
        weights=weights,
        inputs=inputs,
        values=values,
        additive=additive,
        score=score,
        complete=enough & ~np.isnan(score),
        cost=cost,
        benefit=benefit,
        impact=impact_total,
        simulated=simulated,
        lines=lines,
        judged=judged,
    )


def _value(column: matrix.CriterionColumn, x: Floats) -> Floats:
    """Inputs to values of 0 to 100. Judged criteria are in points already."""
    if column.source == "panel":
        return x
    mapped: Floats = piecewise_linear(x, column.knots).filled(np.nan)
    return mapped


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


def _tie_order(
    snapshot: dict[str, Any], portfolio: Portfolio, ranked: NDArray[np.intp]
) -> NDArray[np.int64]:
    """Place of each ranked proposal among equals: lower cost, earlier submission, id."""
    proposals = snapshot["proposals"]
    order = total_order(
        np.zeros(len(ranked)),
        portfolio.cost[ranked],
        np.array([proposals[row]["submitted_at"] for row in ranked]),
        np.array([proposals[row]["id"] for row in ranked]),
    )
    places = np.empty(len(ranked), dtype=np.int64)
    places[order] = np.arange(len(ranked))
    return places


def _affordable(snapshot: dict[str, Any], portfolio: Portfolio) -> Floats:
    """Costs for the budget; an unknown cost never fits, because nobody can promise it does."""
    beyond = float(snapshot["cycle"]["budget"]) + 1.0
    return np.where(np.isnan(portfolio.cost), beyond, portfolio.cost)


def _futures(
    snapshot: dict[str, Any],
    columns: list[matrix.CriterionColumn],
    portfolio: Portfolio,
    ranked: NDArray[np.intp],
    *,
    seed: int,
    draws: int,
) -> Iterator[NDArray[np.float32]]:
    """The score of every ranked proposal in possible futures, (n, up to BLOCK) at a time.

    In each future, money is drawn from its three-point ranges and each judged criterion from a
    normal distribution around the panel's mean with its standard error, cut off at the ends of
    the scale. What is measured or stated stays as it is.
    """
    keys = portfolio.lines.key[ranked]
    computed: dict[int, uncertainty.ComputedDraws] = {}
    for place, column in enumerate(columns):
        if column.source == "expected_roi":
            computed[place] = _roi_values(column, portfolio, ranked, seed)
        elif column.source == "panel":
            judged = portfolio.judged
            computed[place] = uncertainty.score_draws(
                portfolio.inputs[ranked, place],
                judged.spread[place] / np.sqrt(np.maximum(judged.count[ranked, place], 1)),
                uncertainty.proposal_criterion_keys(keys, matrix.stream_key(column.key)),
                seed,
            )
    blocks = uncertainty.value_blocks(
        portfolio.values[ranked],
        portfolio.weights[ranked],
        draws=draws,
        block=BLOCK,
        computed=computed,
    )
    unit = snapshot["framework"]["parameters"]["cost_unit"]
    if unit is None:
        return iter(blocks)
    divisor = (portfolio.cost[ranked] / float(unit)).astype(np.float32)[:, None]
    return (block / divisor for block in blocks)


def _roi_values(
    column: matrix.CriterionColumn, portfolio: Portfolio, ranked: NDArray[np.intp], seed: int
) -> uncertainty.ComputedDraws:
    xs, ys = zip(*column.knots, strict=True)
    roi = money.roi_draws(portfolio.lines, seed=seed)

    def draw(start: int, stop: int) -> NDArray[np.float32]:
        values: NDArray[np.float32] = np.interp(roi(start, stop)[ranked], xs, ys).astype(np.float32)
        return values

    return draw


def _reported(
    blocks: Iterable[NDArray[np.float32]],
    on_progress: Progress,
    stage: str,
    first: int,
    last: int,
    draws: int,
) -> Iterator[NDArray[np.float32]]:
    """The blocks, with a word about the progress after each."""
    done = 0
    for block in blocks:
        yield block
        done += block.shape[1]
        on_progress(stage, first + (last - first) * done // draws)


def _results(
    snapshot: dict[str, Any],
    columns: list[matrix.CriterionColumn],
    portfolio: Portfolio,
    ranked: NDArray[np.intp],
    bands: robustness.RankBands | None,
    p_funded: Floats,
) -> list[Result]:
    proposals, n = snapshot["proposals"], len(snapshot["proposals"])
    funded = np.zeros(n)
    funded[ranked] = p_funded
    listed = np.where(portfolio.complete, portfolio.score, np.nan)
    order = total_order(
        listed,
        -funded,
        portfolio.cost,
        np.array([item["submitted_at"] for item in proposals]),
        np.array([item["id"] for item in proposals], dtype=np.int64),
    )
    ranks = competition_rank(listed)
    place_of = {int(row): place for place, row in enumerate(ranked)}
    lines = _line_of(snapshot, portfolio, order)
    results = []
    for position, row in enumerate(order, start=1):
        item, place = proposals[row], place_of.get(int(row))
        sure = place is not None and bands is not None
        results.append(
            {
                "proposal_id": item["id"],
                "position": position,
                "rank": None if place is None else int(ranks[row]),
                "rank_low": int(bands.p10[place]) if sure and bands else None,
                "rank_high": int(bands.p90[place]) if sure and bands else None,
                "p_funded": None if place is None else _number(p_funded[place]),
                "line": lines[int(row)],
                "score": _number(portfolio.score[row]),
                "value": _number(portfolio.additive.value.filled(np.nan)[row]),
                "coverage": _number(portfolio.additive.coverage[row]),
                "roi": _masked(portfolio.simulated.roi_mean, row),
                "roi_p10": _masked(portfolio.simulated.roi_p10, row),
                "roi_p50": _masked(portfolio.simulated.roi_p50, row),
                "roi_p90": _masked(portfolio.simulated.roi_p90, row),
                "p_loss": _masked(portfolio.simulated.p_loss, row),
                "benefit": _number(portfolio.benefit[row]),
                "cost": _number(portfolio.cost[row]),
                "impact": _number(portfolio.impact[row]),
                "contributions": _contributions(columns, portfolio, int(row)),
                "missing": _missing(columns, portfolio, int(row)),
                "reference": item["reference"],
                "title": item["title"],
                "marketing_team": item["marketing_team"],
                "cx_team": item["cx_team"],
            }
        )
    return results


def _line_of(
    snapshot: dict[str, Any], portfolio: Portfolio, order: NDArray[np.int64]
) -> dict[int, str]:
    """Walk the list from the top; each proposal that still fits the budget is inside."""
    left = float(snapshot["cycle"]["budget"])
    costs = _affordable(snapshot, portfolio)
    lines: dict[int, str] = {}
    for row in map(int, order):
        if not portfolio.complete[row]:
            lines[row] = RankedProposal.Line.INCOMPLETE.value
        elif costs[row] <= left:
            left -= costs[row]
            lines[row] = RankedProposal.Line.INSIDE.value
        else:
            lines[row] = RankedProposal.Line.OUTSIDE.value
    return lines


def _contributions(
    columns: list[matrix.CriterionColumn], portfolio: Portfolio, row: int
) -> list[list[float | int | None]]:
    """Per criterion: weight in per cent, input, value, contribution, scores behind it."""
    terms = portfolio.additive.contribution
    return [
        [
            _number(portfolio.weights[row, place] * 100),
            _number(portfolio.inputs[row, place]),
            _number(portfolio.values[row, place]),
            _masked(terms[row], place),
            int(portfolio.judged.count[row, place]),
        ]
        for place in range(len(columns))
    ]


def _missing(columns: list[matrix.CriterionColumn], portfolio: Portfolio, row: int) -> list[str]:
    words = {
        "expected_roi": "no ROI, because cost or benefit is not stated",
        "customer_impact": "no effect on customers is stated",
        "measure": "the measured value is not stated",
    }
    gaps = [
        column
        for place, column in enumerate(columns)
        if np.isnan(portfolio.values[row, place]) and portfolio.weights[row, place] > 0
    ]
    unscored = [column.name for column in gaps if column.source == "panel"]
    found = [
        f"{column.name}: {words[column.source]}" for column in gaps if column.source != "panel"
    ]
    if unscored:
        found.append(f"No score yet: {', '.join(unscored)}")
    if np.isnan(portfolio.cost[row]):
        found.append("Cost: not stated, so it cannot be placed in the budget")
    return found


def _facts(
    snapshot: dict[str, Any],
    columns: list[matrix.CriterionColumn],
    portfolio: Portfolio,
    results: list[Result],
) -> dict[str, Any]:
    inside = [row["cost"] for row in results if row["line"] == RankedProposal.Line.INSIDE]
    cycle = snapshot["cycle"]
    return {
        "criteria": [
            {
                "key": column.key,
                "name": column.name,
                "dimension": column.dimension,
                "source": column.source,
                "spread": _number(portfolio.judged.spread[place]),
                "spread_measured": bool(portfolio.judged.measured[place]),
            }
            for place, column in enumerate(columns)
        ],
        "currency": cycle["currency"],
        "budget": cycle["budget"],
        "inside_cost": str(Decimal(str(sum(inside))).quantize(Decimal("0.01"))),
        "inside": len(inside),
        "first_out": next(
            (row["position"] for row in results if row["line"] == RankedProposal.Line.OUTSIDE), None
        ),
        "ranked": int(portfolio.complete.sum()),
        "incomplete": int((~portfolio.complete).sum()),
        "scores": len(snapshot["scores"]),
    }


def _number(value: float) -> float | None:
    """A plain rounded float, None for NaN, and never a negative zero."""
    number = float(value)
    return None if np.isnan(number) else round(number, 9) + 0.0


def _masked(array: Any, place: int) -> float | None:
    return None if np.ma.getmaskarray(array)[place] else _number(array[place])
