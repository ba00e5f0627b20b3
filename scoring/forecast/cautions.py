"""What to be careful about in a proposal: a few words for lists, and the sentence behind them.

Nothing here moves a rank. A run says it of a whole portfolio, a form of the text as it stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from scoring.analysis.guards import PASS_RATIO, AcquisitionGuard, acquisition_guard
from scoring.analysis.money import MoneyLines
from scoring.analysis.pert import pert_mean
from scoring.forecast import matrix
from scoring.forecast.matrix import Floats
from scoring.forecast.returns import OPINION

MOST = 0.5  # of the expected benefit, ours
OLD = timedelta(days=730)  # ours: what customers said two years ago is to be asked again


Caution = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What n proposals state, as far as there is something to be careful about.

    ``benefit`` and ``cost`` (n,) expected present values, NaN where not stated; ``believes``
    whether returns are believed by their evidence; ``today`` is None in runs that do not say it,
    and ``moment`` is what the day is called.
    """

    proposals: list[dict[str, Any]]
    lines: MoneyLines
    benefit: Floats
    cost: Floats
    discount_rate: float
    believes: bool
    today: date | None
    moment: str = "the run"


def of_money(stated: Stated) -> list[list[Caution]]:
    """Per proposal (n,) what its costs and benefits say of customers won and kept."""
    found: list[list[Caution]] = [[] for _ in stated.proposals]
    for row, sentence in _keepable(stated):
        found[row].append(("customers may not stay", sentence))
    # A run that was sealed under schema 1 keeps the flags of then, so that it still replays.
    for row, sentence in _dear(stated) if stated.today else ():
        found[row].append(("keeping costs too much", sentence))
    return found


def of_evidence(stated: Stated) -> list[list[Caution]]:
    """Per proposal (n,) how much it rests on opinion, and on what was said long ago."""
    found: list[list[Caution]] = [[] for _ in stated.proposals]
    for row, item in enumerate(stated.proposals):
        if item["effects"] and all(effect["evidence"] == OPINION for effect in item["effects"]):
            found[row].append(("opinion only", "Its customer impact rests on opinion alone"))
    for row, sentence in _guessed(stated) if stated.believes else ():
        found[row].append(("mostly opinion", sentence))
    for row, sentence in _old(stated, stated.today) if stated.today else ():
        found[row].append(("old evidence", sentence))
    return found


def _keepable(stated: Stated) -> Iterator[tuple[int, str]]:
    """The keepable-customer guard: what won customers bring in their lifetime per cost of winning.

    A stream of new customers bears the share of the cost that it has of the benefit.
    """
    for row, line, guard in _guarded(stated):
        if guard.verdict != "pass" and guard.ratio is not None:
            yield row, _words(line, guard)


def never_earned_back(stated: Stated) -> list[list[str]]:
    """Per proposal (n,) the streams of new customers who bring less than they cost, by name."""
    found: list[list[str]] = [[] for _ in stated.proposals]
    for row, line, guard in _guarded(stated):
        if guard.verdict == "block":
            found[row].append(_name(line))
    return found


def _guarded(stated: Stated) -> Iterator[tuple[int, dict[str, Any], AcquisitionGuard]]:
    """Every stream of new customers with what the guard says of it, in months."""
    lines = stated.lines
    expected = pert_mean(lines.low, lines.likely, lines.high)
    discount = (1 + stated.discount_rate) ** (1 / 12) - 1
    place = -1
    for row, item in enumerate(stated.proposals):
        for line in item["money"]:
            place += 1
            benefit, cost = stated.benefit[row], stated.cost[row]
            if line["kind"] != "acquisition" or not (benefit > 0 and cost > 0):
                continue
            share = float(expected[place] * lines.factor[place] / benefit)
            kept = float(line["yearly_retention"]) ** (1 / 12)
            # Where nobody leaves and nothing is discounted there is no end to the lifetime value.
            if share > 0 and kept < 1 + discount:
                yield (
                    row,
                    line,
                    acquisition_guard(
                        margin=float(expected[place]) / 12,
                        retention=kept,
                        discount=discount,
                        cac=share * float(cost),
                    ),
                )


def _dear(stated: Stated) -> Iterator[tuple[int, str]]:
    """The mirror of that guard, for proposals that live on kept customers: do they pay?

    A stream of kept customers, too, bears the share of the cost that it has of the benefit; so
    keeping them costs as much for each unit they bring as the whole proposal does.
    """
    lines = stated.lines
    present = pert_mean(lines.low, lines.likely, lines.high) * lines.factor
    kinds = [line["kind"] for item in stated.proposals for line in item["money"]]
    kept = np.array([kind == "retention" for kind in kinds], dtype=np.bool_)
    brought = np.bincount(lines.proposal[kept], present[kept], len(stated.proposals))
    dear = (stated.cost > stated.benefit) & (brought > stated.benefit / 2)
    for row in np.flatnonzero(dear & (stated.benefit > 0)).tolist():
        ratio = stated.cost[row] / stated.benefit[row]
        yield row, f"Keeping these customers costs {ratio:.2f} times what they bring"


def _guessed(stated: Stated) -> Iterator[tuple[int, str]]:
    """Proposals most of whose expected benefit names no evidence, or an opinion."""
    lines = stated.lines
    present = pert_mean(lines.low, lines.likely, lines.high) * lines.factor
    known = [line.get("evidence", OPINION) for item in stated.proposals for line in item["money"]]
    guessed = np.array([level == OPINION for level in known], dtype=np.bool_) & ~lines.is_cost
    whole = np.where(stated.benefit > 0, stated.benefit, np.inf)
    share = np.bincount(lines.proposal[guessed], present[guessed], len(whole)) / whole
    for row in np.flatnonzero(share > MOST).tolist():
        yield row, f"{share[row]:.0%} of its benefit rests on opinion"


def _old(stated: Stated, today: date) -> Iterator[tuple[int, str]]:
    for row, item in enumerate(stated.proposals):
        days = [day for effect in item["effects"] if (day := matrix.evidence_day(effect))]
        if days and min(days) < today - OLD:
            oldest = f"Its oldest customer evidence is of {min(days)}"
            yield row, f"{oldest}, more than two years before {stated.moment}"


def _name(line: dict[str, Any]) -> str:
    return f"“{line['label']}”" if line["label"] else "New customers"


def _words(line: dict[str, Any], guard: AcquisitionGuard) -> str:
    if guard.ratio is not None and guard.ratio < PASS_RATIO:
        return (
            f"{_name(line)}: the customers won bring back {np.round(guard.ratio, 1)} times what "
            f"they cost; {PASS_RATIO:.0f} is the aim"
        )
    months = "never" if guard.payback is None else f"only after {guard.payback} months"
    return f"{_name(line)}: the customers won earn their cost back {months}; a year is the aim"
