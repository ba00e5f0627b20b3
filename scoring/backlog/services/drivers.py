"""What drives the rank of one proposal: each input moved alone, all else as it is.

Ends are P10 and P90 of what the run itself draws from. The ROI at an end is the run's own, moved by
what the expected amounts say that the end changes; so the middle of every bar is the sealed rank.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projects.proposals.models.lines import MoneyLine
from scoring.analysis.pert import pert_mean, pert_quantile
from scoring.analysis.sensitivity import score_quantile, weight_quantile, widest
from scoring.analysis.uncertainty import strength_of
from scoring.analysis.value import FULL_SCALE, piecewise_linear
from scoring.backlog.services.standing import Standing, State, standing_of
from scoring.forecast import matrix, returns
from scoring.forecast.sums import impact_terms, only
from scoring.ranking.models import RankedProposal, RankingRun

Floats = NDArray[np.float64]

LOW, HIGH = 0.1, 0.9  # P10 and P90
MOST = 10
SAME = 1e-9


class Kind(StrEnum):
    JUDGED = "judged"
    UNJUDGED = "not judged yet"
    MONEY = "money"
    EFFECT = "effect"
    WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class End:
    """The input itself, in its own unit, with the score and the rank that it leads to."""

    given: float
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Driver:
    """One input. ``given`` of its ends is in points, in money, a confidence or a weight in %."""

    kind: Kind
    name: str
    low: End
    high: End


@dataclass(frozen=True, slots=True)
class Drivers:
    """The widest of the inputs that were tried, ``still`` of which change no rank at either end."""

    rank: int
    score: float
    widest: list[Driver]
    tried: int
    still: int

    @property
    def ranks(self) -> tuple[int, int]:
        """The best and the worst rank that one input alone can lead to."""
        found = [end.rank for driver in self.widest for end in (driver.low, driver.high)]
        return min([*found, self.rank]), max([*found, self.rank])


def drivers_of(run: RankingRun, result: RankedProposal, snapshot: dict[str, Any]) -> Drivers | None:
    """The inputs that move ``result`` most; None where it has no rank to move.

    ``snapshot`` is the run's, or the part of it with this proposal alone.
    """
    if result.rank is None or result.score is None:
        return None
    unit = snapshot["framework"]["parameters"]["cost_unit"]
    standing = standing_of(run, result.proposal_id, unit=None if unit is None else float(unit))
    snapshot = only(snapshot, result.proposal_id)
    found = [
        *_judged(run, result, standing),
        *_money(result, standing, snapshot),
        *_effects(result, standing, snapshot),
        *_weights(run, standing, snapshot),
    ]
    low, high = [row.low.score for row in found], [row.high.score for row in found]
    return Drivers(
        rank=result.rank,
        score=result.score,
        widest=[found[place] for place in widest(low, high, MOST) if _moves(found[place])],
        tried=len(found),
        still=sum(row.low.rank == row.high.rank == result.rank for row in found),
    )


def _moves(driver: Driver) -> bool:
    return abs(driver.high.score - driver.low.score) > SAME


def _end(standing: Standing, given: float, state: State) -> End:
    return End(given, *standing.in_state(state))


def _judged(run: RankingRun, result: RankedProposal, standing: Standing) -> Iterator[Driver]:
    """The panel's mean from P10 to P90; a criterion nobody scored yet from worst to best."""
    for place, item in enumerate(run.facts["criteria"]):
        weight, _, value, _, count = result.contributions[place]
        if item["source"] != "panel" or not weight:
            continue
        kind, low, high = Kind.UNJUDGED, 0.0, FULL_SCALE
        if value is not None:
            error = item["spread"] / float(np.sqrt(count))
            kind = Kind.JUDGED
            low, high = (score_quantile(value, error, share) for share in (LOW, HIGH))
        yield Driver(
            kind,
            item["name"],
            _end(standing, low, standing.state.with_value(place, low)),
            _end(standing, high, standing.state.with_value(place, high)),
        )


def _money(
    result: RankedProposal, standing: Standing, snapshot: dict[str, Any]
) -> Iterator[Driver]:
    """Each line of money from P10 to P90 of its three points."""
    framework, (item,) = snapshot["framework"], snapshot["proposals"]
    lines = returns.money_lines([item], framework["parameters"])
    expected = pert_mean(lines.low, lines.likely, lines.high)
    cost, benefit = _sums(expected, lines)
    believed = 1.0 if result.believed is None else result.believed
    bottom, top = (
        pert_quantile(share, lines.low, lines.likely, lines.high) for share in (LOW, HIGH)
    )

    def end(place: int, amount: float) -> End:
        amounts = expected.copy()
        amounts[place] = amount
        new_cost, new_benefit = _sums(amounts, lines)
        state = State(standing.state.values, standing.state.cost + new_cost - cost)
        if result.roi is not None and cost > 0 and new_cost > 0:
            # As far as the evidence supports the figures, they move the return.
            change = (new_benefit / new_cost - benefit / cost) * believed
            state = _with_input(state, "expected_roi", change, result, framework)
        return _end(standing, amount, state)

    for place, line in enumerate(item["money"]):
        name = line["label"] or MoneyLine.Kind(line["kind"]).label
        ends = (end(place, float(bottom[place])), end(place, float(top[place])))
        yield Driver(Kind.MONEY, name, *ends)


def _sums(amounts: Floats, lines: Any) -> tuple[float, float]:
    """Present value of (cost, benefit)."""
    present = amounts * lines.factor
    return float(present[lines.is_cost].sum()), float(present[~lines.is_cost].sum())


def _effects(
    result: RankedProposal, standing: Standing, snapshot: dict[str, Any]
) -> Iterator[Driver]:
    """Each effect with the evidence one step weaker and one step stronger on the ladder."""
    steps = sorted(float(share) for share in snapshot["confidence"].values())
    for term in impact_terms(snapshot):
        weaker = max((step for step in steps if step < term.confidence), default=0.0)
        stronger = min((step for step in steps if step > term.confidence), default=1.0)
        ends = []
        for confidence in (weaker, stronger):
            change = term.reach * term.points / 100 * term.stage_weight
            change *= confidence - term.confidence
            state = _with_input(
                standing.state, "customer_impact", change, result, snapshot["framework"]
            )
            ends.append(_end(standing, confidence, state))
        yield Driver(Kind.EFFECT, f"{term.stage}, {term.segment}", ends[0], ends[1])


def _weights(run: RankingRun, standing: Standing, snapshot: dict[str, Any]) -> Iterator[Driver]:
    """The weight of each criterion from P10 to P90, by as much for everybody.

    Weights that the framework calls firm have no ends.
    """
    spread = float(snapshot["framework"]["parameters"]["weight_spread"]) / 100
    for place, item in enumerate(run.facts["criteria"]):
        mean = float(standing.weights[standing.place, place])
        if mean > 0 and spread > 0:
            ends = []
            for share in (LOW, HIGH):
                by = weight_quantile(mean, strength_of(spread), share) - mean
                weight, score, rank = standing.with_weight(place, by)
                ends.append(End(100 * weight, score, rank))
            yield Driver(Kind.WEIGHT, item["name"], ends[0], ends[1])


def _with_input(
    state: State, source: str, change: float, result: RankedProposal, framework: dict[str, Any]
) -> State:
    """Move what the computed criteria of one source read, and with it their values."""
    for place, column in enumerate(matrix.criterion_columns(framework)):
        given = result.contributions[place][1]
        if column.source == source and given is not None:
            moved = piecewise_linear(given + change, column.knots)
            state = state.with_value(place, float(moved))
    return state
