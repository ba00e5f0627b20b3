"""The numbers as stored rows in list order, and the facts that go with a run."""

from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.analysis.lenses import undominated
from scoring.analysis.value import competition_rank, total_order
from scoring.models import RankedProposal
from scoring.services.pipeline.futures import Futures
from scoring.services.pipeline.portfolio import Floats, Portfolio

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
    listed = np.where(portfolio.complete, portfolio.score, np.nan)
    order = total_order(
        listed,
        -np.nan_to_num(futures.p_funded),
        portfolio.cost,
        np.array([item["submitted_at"] for item in proposals]),
        np.array([item["id"] for item in proposals], dtype=np.int64),
    )
    ranks = _ranks(listed)
    roi = np.where(portfolio.complete, simulated.roi_mean.filled(np.nan), np.nan)
    points = np.where(portfolio.complete, portfolio.impact, np.nan)
    roi_ranks, impact_ranks = _ranks(roi), _ranks(points)
    best = undominated(np.round(roi, 9), np.round(points, 9))
    lines = _lines(portfolio, order)
    value = portfolio.additive.value.filled(np.nan)
    return [
        {
            "proposal_id": proposals[row]["id"],
            "position": position,
            "rank": _whole(ranks[row]),
            "rank_low": _whole(futures.rank_low[row]),
            "rank_high": _whole(futures.rank_high[row]),
            "p_funded": _number(futures.p_funded[row]),
            "line": lines[int(row)],
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
            "reference": proposals[row]["reference"],
            "title": proposals[row]["title"],
            "marketing_team": proposals[row]["marketing_team"],
            "cx_team": proposals[row]["cx_team"],
        }
        for position, row in enumerate(order, start=1)
    ]


def run_facts(
    snapshot: dict[str, Any], portfolio: Portfolio, results: list[Result]
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
    }


def _ranks(values: Floats) -> Floats:
    """Competition ranks (n,), best first; NaN where there is no value."""
    ranks: Floats = np.ma.filled(competition_rank(values).astype(np.float64), np.nan)
    return ranks


def _lines(portfolio: Portfolio, order: NDArray[np.int64]) -> dict[int, str]:
    """Walk the list from the top; each proposal that still fits the budget is inside."""
    left = portfolio.budget
    costs = portfolio.affordable
    lines: dict[int, str] = {}
    for row in map(int, order):
        if not portfolio.complete[row]:
            lines[row] = Line.INCOMPLETE.value
        elif costs[row] <= left:
            left -= costs[row]
            lines[row] = Line.INSIDE.value
        else:
            lines[row] = Line.OUTSIDE.value
    return lines


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
