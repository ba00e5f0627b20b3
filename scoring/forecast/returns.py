"""Costs and benefits to arrays, and how far their evidence lets them be believed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from scoring.analysis.arrays import Floats
from scoring.analysis.belief import Belief
from scoring.analysis.cashflow import flow_factor, flow_profile
from scoring.analysis.evidence import aged_reliability, uplift_cost
from scoring.analysis.money import MoneyLines
from scoring.analysis.pert import pert_mean
from scoring.forecast import matrix

COSTS = ("one_off_cost", "running_cost")
OPINION = "opinion"  # the lowest step of the ladder; what names no evidence counts as one
YEAR = 365.25


def cost_uplift(parameters: dict[str, Any]) -> float:
    """Share by which costs run over, as the framework expects it; not before engine 1.5."""
    return float(parameters.get("cost_uplift", 0))


def money_lines(proposals: Sequence[dict[str, Any]], parameters: dict[str, Any]) -> MoneyLines:
    """All money lines with their present-value factors and their stable random streams.

    ``parameters`` are the framework's; the factor of a cost holds the uplift of its class.
    """
    discount_rate = float(parameters["discount_rate"])
    overrun = float(uplift_cost(1.0, cost_uplift(parameters)))
    rows = [
        (index, place, item["horizon_months"], line)
        for index, item in enumerate(proposals)
        for place, line in enumerate(item["money"])
    ]
    factors: dict[tuple[Any, ...], float] = {}

    def factor(horizon: int, line: dict[str, Any]) -> float:
        if line["kind"] == "one_off_cost":
            return 1.0
        flow = _flow(line)
        key = (horizon, *flow.values())
        if key not in factors:
            factors[key] = flow_factor(yearly_rate=discount_rate, horizon_months=horizon, **flow)
        return factors[key]

    return MoneyLines(
        low=np.array([float(line["low"]) for *_, line in rows], dtype=np.float64),
        likely=np.array([float(line["likely"]) for *_, line in rows], dtype=np.float64),
        high=np.array([float(line["high"]) for *_, line in rows], dtype=np.float64),
        factor=np.array(
            [
                factor(horizon, line) * (overrun if line["kind"] in COSTS else 1.0)
                for _, _, horizon, line in rows
            ],
            dtype=np.float64,
        ),
        is_cost=np.array([line["kind"] in COSTS for *_, line in rows], dtype=np.bool_),
        proposal=np.array([index for index, *_ in rows], dtype=np.int64),
        key=np.array([matrix.stream_key(item["id"]) for item in proposals], dtype=np.uint64),
        line_key=np.array([place for _, place, *_ in rows], dtype=np.uint64),
    )


def _flow(line: dict[str, Any]) -> dict[str, Any]:
    """When a yearly amount is paid. Ramps and ends came with engine 1.8."""
    kept = line["yearly_retention"]
    return {
        "start_month": line["starts_month"],
        "yearly_retention": None if kept is None else float(kept),
        "ramp_months": line.get("ramp_months", 0),
        "end_month": line.get("ends_month"),
    }


def believes_evidence(framework: dict[str, Any]) -> bool:
    """Whether stated returns are believed by their evidence; not before engine 1.5."""
    return bool(framework["parameters"].get("believes_evidence", False))


def belief_of(snapshot: dict[str, Any], lines: MoneyLines) -> Belief | None:
    """How far each proposal's return is believed, by the evidence of its benefits.

    ``k`` is the mean of the benefits' reliabilities, weighted by what each is expected to bring.
    None where the framework takes returns as they are stated.
    """
    if not believes_evidence(snapshot["framework"]):
        return None
    parameters, n = snapshot["framework"]["parameters"], len(snapshot["proposals"])
    shares = np.array(
        [reliability(snapshot, line) for item in snapshot["proposals"] for line in item["money"]],
        dtype=np.float64,
    )
    gain = ~lines.is_cost
    home, share = lines.proposal[gain], shares[gain]
    size = np.abs(pert_mean(lines.low, lines.likely, lines.high) * lines.factor)[gain]
    # Benefits of nothing count alike.
    size = np.where(np.bincount(home, size, n)[home] > 0, size, 1.0)
    whole = np.bincount(home, size, n)
    k = np.divide(np.bincount(home, size * share, n), whole, out=np.zeros(n), where=whole > 0)
    return Belief(
        k=np.minimum(k, 1.0),
        prior=float(parameters["prior_roi"]),
        spread=float(parameters["prior_spread"]),
    )


def reliability(snapshot: dict[str, Any], line: dict[str, Any]) -> float:
    """What the evidence of a benefit supports on the day of the snapshot, 0 to 1.

    Evidence without a day does not age: an opinion has none. What names no insight is only claimed,
    and supports what a plan does at most; not before engine 1.6.
    """
    parameters = snapshot["framework"]["parameters"]
    share = _named(snapshot, line)
    if is_claimed(snapshot, line):
        share = float(parameters["most_unbacked"])
    half_life, day = parameters["evidence_half_life"], matrix.evidence_day(line)
    if half_life is None or day is None:
        return share
    age = (date.fromisoformat(snapshot["date"]) - day).days / YEAR
    return float(aged_reliability(share, max(age, 0.0), float(half_life)))


def is_claimed(snapshot: dict[str, Any], line: dict[str, Any]) -> bool:
    """Whether a benefit names evidence of more weight than its text backs by an insight."""
    most = float(snapshot["framework"]["parameters"].get("most_unbacked", 1))
    return "insight" not in line and _named(snapshot, line) > most


def _named(snapshot: dict[str, Any], line: dict[str, Any]) -> float:
    return float(snapshot["confidence"][line.get("evidence", OPINION)])


def paid_by(
    proposals: Sequence[dict[str, Any]], parameters: dict[str, Any], months: Sequence[float]
) -> Floats:
    """How many times the amount of each of ``money_lines`` is paid by then, nothing discounted.

    ``months`` since the decision, one of each proposal. Costs hold the uplift of their class.
    """
    overrun = float(uplift_cost(1.0, cost_uplift(parameters)))
    paid = []
    for item, month in zip(proposals, months, strict=True):
        for line in item["money"]:
            share = 1.0
            if line["kind"] != "one_off_cost":
                profile = flow_profile(horizon_months=item["horizon_months"], **_flow(line))
                share = float(np.interp(month, np.arange(len(profile)), np.cumsum(profile)))
            paid.append(share * (overrun if line["kind"] in COSTS else 1.0))
    return np.array(paid, dtype=np.float64)


def rests_on(snapshot: dict[str, Any], item: dict[str, Any]) -> str:
    """The kind of evidence behind most of what a proposal says it brings; "" without a benefit.

    What no insight backs counts as a plan at most, as in the sum.
    """
    sizes: dict[str, float] = {}
    lines = money_lines([item], snapshot["framework"]["parameters"])
    size = np.abs(pert_mean(lines.low, lines.likely, lines.high) * lines.factor)
    for place, line in enumerate(item["money"]):
        if not lines.is_cost[place]:
            kind = "plans" if is_claimed(snapshot, line) else line.get("evidence") or OPINION
            sizes[kind] = sizes.get(kind, 0.0) + float(size[place])
    return max(sizes, key=lambda kind: sizes[kind], default="")
