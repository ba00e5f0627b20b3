"""Three ways to spend one budget: down the list, the best mix, and what holds in most futures."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from projects.templatetags.figures import short
from scoring.analysis import money
from scoring.analysis.arrays import ROUNDING
from scoring.analysis.portfolio import (
    Choice,
    Conflict,
    Infeasible,
    choose,
    core_shares,
    down_list,
)
from scoring.forecast import returns
from scoring.portfolio.services.layout import Layout, name_of, one_of
from scoring.ranking.models import RankingRun
from scoring.ranking.selectors.snapshot import load_snapshot
from scoring.ranking.services.pipeline.portfolio import lines_of
from scoring.ranking.services.pipeline.settled import Floats
from scoring.what_if.services import base_of

FUTURES = 100  # in which the best mix is looked for
DRAWN = 1_000  # futures of a mix's return
LIVE = 1_000  # more proposals than this are not looked at in so many futures while one waits
SURE, HARDLY = 0.9, 0.1
SECONDS = 2.0
UNKNOWN = -1.0  # what a return that nobody knows adds: so little that only a rule brings it in

Bools = NDArray[np.bool_]
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Used:
    """What a mix takes of one pool, and what is wrong with that: too much, too little, nothing.

    ``unit`` is "days", or empty where it is money; ``unstated``: how many chosen state no days.
    """

    name: str
    spent: float
    low: float | None
    high: float | None
    wrong: str
    unit: str = ""
    unstated: int = 0


@dataclass(frozen=True, slots=True)
class Mix:
    """One way to spend the budget. ``chosen`` (k,) by the places of the layout.

    ``returns`` is the sum of the known ones with its P10 and P90; ``unknown`` how many chosen have
    none; ``impact`` and ``unfelt`` the same of customer impact. ``gap``: how much better, as a
    share, an unknown better mix could be at most; None where nobody asks for the best.
    """

    chosen: Bools
    spent: float
    left: float
    returns: float
    low: float
    high: float
    unknown: int
    impact: float
    unfelt: int
    pools: tuple[Used, ...]
    gap: float | None = None

    @property
    def funded(self) -> int:
        return int(self.chosen.sum())


@dataclass(frozen=True, slots=True)
class Torn:
    """Rules that cannot hold together, in words; none where no mix was found in time."""

    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """``shares`` (k,): in which share of the futures the best mix holds a proposal; None where too
    many proposals are to be chosen from. ``sure`` is the mix of those in at least nine of ten.
    """

    listed: Mix
    best: Mix
    sure: Mix | None
    shares: Floats | None

    def open(self) -> int:
        """How many are in the best mix of some futures and not of others."""
        shares = np.zeros(0) if self.shares is None else self.shares
        return int(((shares > HARDLY) & (shares < SURE)).sum())


def ways_of(run: RankingRun, layout: Layout) -> Ways | Torn:
    """The ways to spend the budget under the rules of ``layout``, or why there is none."""
    best = best_mix(layout)
    if isinstance(best, Infeasible):
        return Torn(tuple(_said(layout, rule) for rule in best.conflict))
    drawn, shares = _drawn(run, layout), None
    if len(layout.rows) <= LIVE:
        worth = np.where(np.isnan(layout.returns)[:, None], UNKNOWN, drawn[:, :FUTURES])
        shares = core_shares(worth, layout.spends, layout.limits, rules=layout.rules)
    return Ways(
        listed=_mix(layout, _walked(layout), drawn),
        best=_mix(layout, best.chosen, drawn, best.gap),
        sure=None if shares is None else _mix(layout, shares >= SURE, drawn),
        shares=shares,
    )


def way_of(run: RankingRun, layout: Layout, way: str) -> Mix | None:
    """The one way that is asked for (best, list); None where the rules cannot hold together."""
    drawn = _drawn(run, layout)
    if way == "list":
        return _mix(layout, _walked(layout), drawn)
    best = best_mix(layout)
    return None if isinstance(best, Infeasible) else _mix(layout, best.chosen, drawn, best.gap)


def best_mix(layout: Layout) -> Choice | Infeasible:
    """The exact best by expected return.

    A proposal without a known return is in it only where it is fixed or needed. Where nothing that
    keeps the rules was found in time, no rule is named.
    """
    return in_time(lambda: choose(**choice_of(layout), time_limit=SECONDS))


def choice_of(layout: Layout) -> dict[str, Any]:
    """The layout as the library takes it."""
    return {
        "value": np.where(np.isnan(layout.returns), UNKNOWN, layout.returns),
        "cost": layout.spends,
        "budget": layout.limits,
        "rules": layout.rules,
        "order": layout.ids(),
    }


def in_time(search: Callable[[], Found | Infeasible]) -> Found | Infeasible:
    """What ``search`` finds; where its time is too short, none, and no rule is to blame."""
    try:
        return search()
    except ValueError as error:
        if not str(error).startswith("time_limit"):
            raise
        return Infeasible(())


def _mix(layout: Layout, chosen: Bools, drawn: Floats, gap: float | None = None) -> Mix:
    known = chosen & ~np.isnan(layout.returns)
    low, high = np.quantile(drawn[known].sum(axis=0), (0.1, 0.9))
    spent = float(layout.cost[chosen].sum())
    return Mix(
        chosen=chosen,
        spent=spent,
        left=layout.budget - spent,
        returns=float(layout.returns[known].sum()),
        low=float(low),
        high=float(high),
        unknown=int(chosen.sum() - known.sum()),
        impact=float(np.nansum(layout.impact[chosen])),
        unfelt=int(np.isnan(layout.impact[chosen]).sum()),
        pools=tuple(_used(layout, number, chosen) for number in range(len(layout.question.pools))),
        gap=gap,
    )


def _used(layout: Layout, number: int, chosen: Bools) -> Used:
    pool = layout.question.pools[number]
    balance = layout.rules.balances[number]
    members = list(balance.members)
    spent = float(layout.spends[members, balance.resource][chosen[members]].sum())
    room = ROUNDING * max(spent, 1.0)
    wrong = ""
    if pool.high is not None and spent > pool.high + room:
        wrong = "too much"
    if pool.low is not None and spent < pool.low - room:
        wrong = "too little"
    used = Used(name_of(pool.of), spent, pool.low, pool.high, wrong)
    if not pool.is_of_people:
        return used
    funded = np.flatnonzero(chosen).tolist()
    silent = sum(not layout.item(place).get("efforts") for place in funded)
    return replace(used, unit="days", unstated=silent)


def _walked(layout: Layout) -> Bools:
    return down_list(
        layout.order,
        layout.spends,
        layout.limits,
        rules=layout.rules,
        misfit="stop" if layout.question.stops else "skip",
    )


def _drawn(run: RankingRun, layout: Layout) -> Floats:
    """Returns (k, d) in the futures of the run; 0 where none is known."""
    roi = _drawn_of(run.pk, run.input_digest, run.result_digest)
    return roi[layout.rows] * layout.cost[:, None]


@lru_cache(maxsize=2)
def _drawn_of(run_id: int, _inputs: str, _result: str) -> Floats:
    """ROI in ``DRAWN`` futures of the run (n, d), by the rows of its base; 0 where it has none."""
    run = RankingRun.objects.get(pk=run_id)
    base = base_of(run)
    snapshot = load_snapshot(run) | {"proposals": base.proposals}
    lines = lines_of(snapshot)
    stated = [base.results[item["id"]].stated_roi for item in base.proposals]
    draw = money.roi_draws(
        lines,
        seed=run.seed,
        belief=returns.belief_of(snapshot, lines),
        stated_mean=np.nan_to_num(np.array(stated, dtype=np.float64)),
    )
    found: Floats = draw(0, min(DRAWN, run.draws)).astype(np.float64)
    return found


def _said(layout: Layout, rule: Conflict) -> str:
    """One of the rules that cannot hold together, in words."""
    named = [layout.item(place)["reference"] for place in rule.items]
    if rule.kind == "mandatory":
        return f"{named[0]} is in: {layout.fixed[rule.items[0]]}"
    if rule.kind == "requires":
        return str(layout.links[rule.number])
    if rule.kind == "excludes":
        number = len(layout.rules.requires) + rule.number
        return str(layout.links[number]) if number < len(layout.links) else one_of(named)
    if rule.kind == "budget":
        return "the budget"
    bound = "at least" if rule.kind == "at_least" else "at most"
    pool = layout.question.pools[rule.number]
    amount = pool.low if rule.kind == "at_least" else pool.high
    unit = " days" if pool.is_of_people else ""
    return f"{name_of(pool.of)}: {bound} {short(amount or 0)}{unit}"
