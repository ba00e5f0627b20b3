"""What to be careful about in a proposal: a few words for lists, and the sentence behind them.

Nothing here moves a rank.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np

from scoring.analysis.guards import PASS_RATIO, acquisition_guard
from scoring.analysis.pert import pert_mean
from scoring.forecast import matrix
from scoring.ranking.services.pipeline.portfolio import Portfolio
from scoring.ranking.services.pipeline.settled import SLACK

WEAK = "opinion"  # the lowest step of the evidence ladder
OLD = timedelta(days=730)  # ours: what customers said two years ago is to be asked again


def flags_of(portfolio: Portfolio) -> list[list[tuple[str, str]]]:
    """Per proposal (n,) its (words, sentence) pairs, none where there is nothing to say."""
    flags: list[list[tuple[str, str]]] = [[] for _ in portfolio.proposals]
    for row, sentence in _keepable(portfolio):
        flags[row].append(("customers may not stay", sentence))
    # A run that was sealed under schema 1 keeps the flags of then, so that it still replays.
    today = portfolio.date
    for row, sentence in _dear(portfolio) if today else ():
        flags[row].append(("keeping costs too much", sentence))
    for row, item in enumerate(portfolio.proposals):
        coverage = float(portfolio.additive.coverage[row])
        if portfolio.complete[row] and coverage < 1 - SLACK:
            flags[row].append(("partly scored", f"Only {coverage:.0%} of the weight is scored"))
        if item["effects"] and all(effect["evidence"] == WEAK for effect in item["effects"]):
            flags[row].append(("opinion only", "Its customer impact rests on opinion alone"))
    for row, sentence in _old(portfolio, today) if today else ():
        flags[row].append(("old evidence", sentence))
    return flags


def _keepable(portfolio: Portfolio) -> Iterator[tuple[int, str]]:
    """The keepable-customer guard: what won customers bring in their lifetime per cost of winning.

    A stream of new customers bears the share of the cost that it has of the benefit.
    """
    lines = portfolio.lines
    expected = pert_mean(lines.low, lines.likely, lines.high)
    place = -1
    for row, item in enumerate(portfolio.proposals):
        for line in item["money"]:
            place += 1
            benefit, cost = portfolio.benefit[row], portfolio.cost[row]
            if line["kind"] != "acquisition" or not (benefit > 0 and cost > 0):
                continue
            share = float(expected[place] * lines.factor[place] / benefit)
            if share > 0:
                sentence = _verdict(
                    line, float(expected[place]), share * float(cost), portfolio.discount_rate
                )
                if sentence:
                    yield row, sentence


def _dear(portfolio: Portfolio) -> Iterator[tuple[int, str]]:
    """The mirror of that guard, for proposals that live on kept customers: do they pay?

    A stream of kept customers, too, bears the share of the cost that it has of the benefit; so
    keeping them costs as much for each unit they bring as the whole proposal does.
    """
    lines = portfolio.lines
    present = pert_mean(lines.low, lines.likely, lines.high) * lines.factor
    kinds = [line["kind"] for item in portfolio.proposals for line in item["money"]]
    kept = np.array([kind == "retention" for kind in kinds], dtype=np.bool_)
    brought = np.bincount(lines.proposal[kept], present[kept], len(portfolio.proposals))
    dear = (portfolio.cost > portfolio.benefit) & (brought > portfolio.benefit / 2)
    for row in np.flatnonzero(dear & (portfolio.benefit > 0)).tolist():
        ratio = portfolio.cost[row] / portfolio.benefit[row]
        yield row, f"Keeping these customers costs {ratio:.2f} times what they bring"


def _old(portfolio: Portfolio, today: date) -> Iterator[tuple[int, str]]:
    for row, item in enumerate(portfolio.proposals):
        days = [day for effect in item["effects"] if (day := matrix.evidence_day(effect))]
        if days and min(days) < today - OLD:
            oldest = f"Its oldest customer evidence is of {min(days)}"
            yield row, f"{oldest}, more than two years before the run"


def _verdict(line: dict[str, Any], margin: float, cost: float, yearly_rate: float) -> str:
    """What the guard says of one stream, in months; empty where it passes."""
    kept, discount = float(line["yearly_retention"]) ** (1 / 12), (1 + yearly_rate) ** (1 / 12) - 1
    if kept >= 1 + discount:
        return ""  # nobody leaves and nothing is discounted: there is no end to the lifetime value
    guard = acquisition_guard(margin=margin / 12, retention=kept, discount=discount, cac=cost)
    if guard.verdict == "pass" or guard.ratio is None:
        return ""
    name = f"“{line['label']}”" if line["label"] else "New customers"
    if guard.ratio < PASS_RATIO:
        return (
            f"{name}: the customers won bring back {np.round(guard.ratio, 1)} times what they "
            f"cost; {PASS_RATIO:.0f} is the aim"
        )
    months = "never" if guard.payback is None else f"only after {guard.payback} months"
    return f"{name}: the customers won earn their cost back {months}; a year is the aim"
