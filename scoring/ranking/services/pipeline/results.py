"""The numbers as stored rows in list order, and the facts that go with a run."""

import math
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.analysis.lenses import exchange_rate, undominated
from scoring.analysis.money import Belief, MoneyResult
from scoring.analysis.ties import tie_groups
from scoring.forecast import cautions, returns
from scoring.ranking.models import RankedProposal
from scoring.ranking.services.pipeline.futures import Futures
from scoring.ranking.services.pipeline.portfolio import Portfolio
from scoring.ranking.services.pipeline.settled import SLACK, Floats, Ints, ranks_of

Line = RankedProposal.Line
Result = dict[str, Any]
WHY_MISSING = {
    "expected_roi": "no ROI, because cost or benefit is not stated",
    "customer_impact": "no effect on customers is stated",
    "measure": "the measured value is not stated",
}


def write_results(
    portfolio: Portfolio, simulated: MoneyResult, futures: Futures, belief: Belief | None
) -> list[Result]:
    """One row per proposal: the ranked ones by score, then the incomplete ones."""
    proposals = portfolio.proposals
    order = portfolio.order(futures.p_funded)
    ranks = portfolio.ranks()
    roi = np.where(portfolio.complete, simulated.roi_mean.filled(np.nan), np.nan)
    points = np.where(portfolio.complete, portfolio.impact, np.nan)
    roi_ranks, impact_ranks = ranks_of(roi), ranks_of(points)
    best = undominated(np.round(roi, 9), np.round(points, 9))
    inside, ties = portfolio.inside(order), _ties(portfolio, futures, order)
    flags = _flags(portfolio, believes=belief is not None)
    columns = (
        _columns(portfolio, simulated, futures)
        | _stated(simulated, belief)
        | {
            "rank": _wholes(ranks),
            "roi_rank": _wholes(roi_ranks),
            "impact_rank": _wholes(impact_ranks),
            "contributions": _contributions(portfolio),
        }
    )
    return [
        {
            "proposal_id": proposals[row]["id"],
            "position": position,
            "tied_from": ties[position - 1][0],
            "tied_to": ties[position - 1][1],
            "line": _line(portfolio, inside, row),
            "undominated": bool(best[row]),
            "missing": _missing(portfolio, row),
            "flags": flags[row],
            "reference": proposals[row]["reference"],
            "title": proposals[row]["title"],
            "marketing_team": proposals[row]["marketing_team"],
            "cx_team": proposals[row]["cx_team"],
            **{name: column[row] for name, column in columns.items()},
        }
        for position, row in enumerate(order.tolist(), start=1)
    ]


def _columns(
    portfolio: Portfolio, simulated: MoneyResult, futures: Futures
) -> dict[str, list[Any]]:
    """The stored numbers of all proposals, in the portfolio's order."""
    return {
        "rank_low": _wholes(futures.rank_low),
        "rank_high": _wholes(futures.rank_high),
        "p_top": _numbers(futures.p_top),
        "p_funded": _numbers(futures.p_funded),
        "score": _numbers(portfolio.score),
        "value": _numbers(portfolio.additive.value),
        "coverage": _numbers(portfolio.additive.coverage),
        "roi": _numbers(simulated.roi_mean),
        "roi_p10": _numbers(simulated.roi_p10),
        "roi_p50": _numbers(simulated.roi_p50),
        "roi_p90": _numbers(simulated.roi_p90),
        "p_loss": _numbers(simulated.p_loss),
        "benefit": _numbers(portfolio.benefit),
        "cost": _numbers(portfolio.cost),
        "impact": _numbers(portfolio.impact),
    }


def _flags(portfolio: Portfolio, *, believes: bool) -> list[list[cautions.Caution]]:
    """What to be careful about in each proposal, and how little of it may be scored."""
    stated = cautions.Stated(
        proposals=portfolio.proposals,
        lines=portfolio.lines,
        benefit=portfolio.benefit,
        cost=portfolio.cost,
        discount_rate=portfolio.discount_rate,
        believes=believes,
        today=portfolio.date,
    )
    coverage = portfolio.additive.coverage
    partly = portfolio.complete & (coverage < 1 - SLACK)
    scored = [
        [("partly scored", f"Only {share:.0%} of the weight is scored")] if some else []
        for some, share in zip(partly, coverage, strict=True)
    ]
    parts = (cautions.of_money(stated), scored, cautions.of_evidence(stated))
    return [[*one, *two, *three] for one, two, three in zip(*parts, strict=True)]


def _stated(simulated: MoneyResult, belief: Belief | None) -> dict[str, list[Any]]:
    """The return as it is stated, where the run believes another one."""
    # Nothing is written otherwise: runs of before have the same results as ever.
    if belief is None:
        return {}
    unknown = np.ma.getmaskarray(simulated.roi_mean)
    return {
        "believed": _numbers(np.ma.array(belief.k, mask=unknown)),
        "stated_roi": _numbers(simulated.stated_mean),
        "stated_roi_p10": _numbers(simulated.stated_p10),
        "stated_roi_p90": _numbers(simulated.stated_p90),
    }


def run_facts(
    snapshot: dict[str, Any], portfolio: Portfolio, futures: Futures, results: list[Result]
) -> dict[str, Any]:
    """What pages and exports say about the run as a whole."""
    believes = returns.believes_evidence(snapshot["framework"])
    inside = [row["cost"] for row in results if row["line"] == Line.INSIDE]
    outside = [row["position"] for row in results if row["line"] == Line.OUTSIDE]
    return {
        "criteria": [
            {
                "key": column.key,
                "name": column.name,
                "dimension": column.dimension,
                "source": column.source,
                "spread": spread,
                "spread_measured": bool(portfolio.judged.measured[place]),
                # Said only where it is so: runs of before have the same facts as ever.
                **({"corrected": True} if portfolio.judged.corrected[place] else {}),
                **({"believed": True} if column.source == "expected_roi" and believes else {}),
            }
            for place, (column, spread) in enumerate(
                zip(portfolio.columns, _numbers(portfolio.judged.spread), strict=True)
            )
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

    None where the framework does not weigh both, or weighs them otherwise for other proposals,
    and where no ranked proposal states a cost.
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
    costs = portfolio.cost[portfolio.complete & ~np.isnan(portfolio.cost)]
    if rate is None or not len(costs):
        return None
    cost = float(np.median(costs))
    return {
        "roi_per_point": float(f"{rate:.9g}"),
        "cost": round(cost, 2),
        "money_per_point": round(rate * cost, 9),
    }


def _contributions(portfolio: Portfolio) -> list[list[list[float | int | None]]]:
    """Per proposal and criterion: weight in per cent, input, value, contribution, scores."""
    by_criterion = [
        list(
            zip(
                _numbers(portfolio.weights[:, place] * 100),
                _numbers(portfolio.inputs[:, place]),
                _numbers(portfolio.values[:, place]),
                _numbers(portfolio.additive.contribution[:, place]),
                portfolio.judged.count[:, place].tolist(),
                strict=True,
            )
        )
        for place in range(len(portfolio.columns))
    ]
    return [[list(cells) for cells in row] for row in zip(*by_criterion, strict=True)]


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


def _numbers(values: Any) -> list[float | None]:
    """Plain rounded floats, None for NaN and for masked, and never a negative zero."""
    plain = np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan).tolist()
    return [None if math.isnan(number) else round(number, 9) + 0.0 for number in plain]


def _wholes(values: Floats) -> list[int | None]:
    return [None if number is None else int(number) for number in _numbers(values)]
