"""The numbers as stored rows in list order, and the facts that go with a run."""

from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.analysis.lenses import exchange_rate, undominated
from scoring.analysis.ties import tie_groups
from scoring.models import RankedProposal
from scoring.services.pipeline.flags import flags_of
from scoring.services.pipeline.futures import Futures
from scoring.services.pipeline.portfolio import Portfolio
from scoring.services.pipeline.settled import Ints, ranks_of

Line = RankedProposal.Line
Result = dict[str, Any]
WHY_MISSING = {
    "expected_roi": "no ROI, because cost or benefit is not stated",
    "customer_impact": "no effect on customers is stated",
    "measure": "the measured value is not stated",
}


def write_results(portfolio: Portfolio, futures: Futures) -> list[Result]:
    """One row per proposal: the ranked ones by score, then the incomplete ones."""
    proposals, simulated = portfolio.proposals, portfolio.simulated
    order = portfolio.order(futures.p_funded)
    ranks = portfolio.ranks()
    roi = np.where(portfolio.complete, simulated.roi_mean.filled(np.nan), np.nan)
    points = np.where(portfolio.complete, portfolio.impact, np.nan)
    roi_ranks, impact_ranks = ranks_of(roi), ranks_of(points)
    best = undominated(np.round(roi, 9), np.round(points, 9))
    inside, ties = portfolio.inside(order), _ties(portfolio, futures, order)
    flags = flags_of(portfolio)
    value = portfolio.additive.value.filled(np.nan)
    return [
        {
            "proposal_id": proposals[row]["id"],
            "position": position,
            "rank": _whole(ranks[row]),
            "rank_low": _whole(futures.rank_low[row]),
            "rank_high": _whole(futures.rank_high[row]),
            "p_top": _number(futures.p_top[row]),
            "p_funded": _number(futures.p_funded[row]),
            "tied_from": ties[position - 1][0],
            "tied_to": ties[position - 1][1],
            "line": _line(portfolio, inside, row),
            "score": _number(portfolio.score[row]),
            "value": _number(value[row]),
            "coverage": _number(portfolio.additive.coverage[row]),
            "roi": _masked(simulated.roi_mean, row),
            "roi_p10": _masked(simulated.roi_p10, row),
            "roi_p50": _masked(simulated.roi_p50, row),
            "roi_p90": _masked(simulated.roi_p90, row),
            "p_loss": _masked(simulated.p_loss, row),
            "benefit": _number(portfolio.benefit[row]),
            "cost": _number(portfolio.cost[row]),
            "impact": _number(portfolio.impact[row]),
            "roi_rank": _whole(roi_ranks[row]),
            "impact_rank": _whole(impact_ranks[row]),
            "undominated": bool(best[row]),
            "contributions": _contributions(portfolio, row),
            "missing": _missing(portfolio, row),
            "flags": flags[row],
            "reference": proposals[row]["reference"],
            "title": proposals[row]["title"],
            "marketing_team": proposals[row]["marketing_team"],
            "cx_team": proposals[row]["cx_team"],
        }
        for position, row in enumerate(order, start=1)
    ]


def run_facts(
    snapshot: dict[str, Any], portfolio: Portfolio, futures: Futures, results: list[Result]
) -> dict[str, Any]:
    """What pages and exports say about the run as a whole."""
    inside = [row["cost"] for row in results if row["line"] == Line.INSIDE]
    outside = [row["position"] for row in results if row["line"] == Line.OUTSIDE]
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
            for place, column in enumerate(portfolio.columns)
        ],
        "currency": snapshot["cycle"]["currency"],
        "budget": snapshot["cycle"]["budget"],
        "inside_cost": str(Decimal(str(sum(inside))).quantize(Decimal("0.01"))),
        "inside": len(inside),
        "first_out": min(outside, default=None),
        "ranked": int(portfolio.complete.sum()),
        "incomplete": int((~portfolio.complete).sum()),
        "scores": len(snapshot["scores"]),
        "top": futures.top,
        "teams": sorted({row[side] for row in results for side in ("marketing_team", "cx_team")}),
        "stages": _stages(snapshot),
        "exchange": _exchange(portfolio),
    }


def _stages(snapshot: dict[str, Any]) -> list[str]:
    """The journey stages that the proposals touch, in the order of the journey."""
    touched = {effect["stage"] for item in snapshot["proposals"] for effect in item["effects"]}
    return [name for name in snapshot["journey"] if name in touched]


def _ties(
    portfolio: Portfolio, futures: Futures, order: Ints
) -> list[tuple[int | None, int | None]]:
    """Per position the first and last of those that cannot be told apart, None when alone."""
    ranked = int(portfolio.complete.sum())
    first, last = tie_groups(futures.sample[order[:ranked]])
    found: list[tuple[int | None, int | None]] = [
        (int(top) + 1, int(end) + 1) if top < end else (None, None)
        for top, end in zip(first, last, strict=True)
    ]
    return found + [(None, None)] * (len(order) - ranked)


def _line(portfolio: Portfolio, inside: NDArray[np.bool_], row: int) -> str:
    if not portfolio.complete[row]:
        return Line.INCOMPLETE.value
    return (Line.INSIDE if inside[row] else Line.OUTSIDE).value


def _exchange(portfolio: Portfolio) -> dict[str, float] | None:
    """What one impact point is worth in ROI under the framework, and in money at a typical cost.

    None where the framework does not weigh both, or weighs them otherwise for other proposals.
    """
    places = {column.source: place for place, column in enumerate(portfolio.columns)}
    if "expected_roi" not in places or "customer_impact" not in places or portfolio.cost_unit:
        return None
    roi, impact = places["expected_roi"], places["customer_impact"]
    weights = np.unique(portfolio.weights[portfolio.complete][:, [impact, roi]], axis=0)
    if len(weights) != 1:
        return None
    rate = exchange_rate(
        portfolio.columns[impact].knots,
        float(weights[0, 0]),
        portfolio.columns[roi].knots,
        float(weights[0, 1]),
    )
    if rate is None:
        return None
    cost = float(np.nanmedian(portfolio.cost[portfolio.complete]))
    return {
        "roi_per_point": float(f"{rate:.9g}"),
        "cost": round(cost, 2),
        "money_per_point": round(rate * cost, 9),
    }


def _contributions(portfolio: Portfolio, row: int) -> list[list[float | int | None]]:
    """Per criterion: weight in per cent, input, value, contribution, scores behind it."""
    return [
        [
            _number(portfolio.weights[row, place] * 100),
            _number(portfolio.inputs[row, place]),
            _number(portfolio.values[row, place]),
            _masked(portfolio.additive.contribution[row], place),
            int(portfolio.judged.count[row, place]),
        ]
        for place in range(len(portfolio.columns))
    ]


def _missing(portfolio: Portfolio, row: int) -> list[str]:
    gaps = [
        column
        for place, column in enumerate(portfolio.columns)
        if np.isnan(portfolio.values[row, place]) and portfolio.weights[row, place] > 0
    ]
    unscored = [column.name for column in gaps if column.source == "panel"]
    found = [
        f"{column.name}: {WHY_MISSING[column.source]}"
        for column in gaps
        if column.source != "panel"
    ]
    if unscored:
        found.append(f"No score yet: {', '.join(unscored)}")
    if np.isnan(portfolio.cost[row]):
        found.append("Cost: not stated, so it cannot be placed in the budget")
    return found


def _number(value: float) -> float | None:
    """A plain rounded float, None for NaN, and never a negative zero."""
    number = float(value)
    return None if np.isnan(number) else round(number, 9) + 0.0


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _masked(array: Any, place: int) -> float | None:
    return None if np.ma.getmaskarray(array)[place] else _number(array[place])
