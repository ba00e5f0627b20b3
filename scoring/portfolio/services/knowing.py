"""Worth finding out first: which one uncertain number could most change what is best to fund."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

import numpy as np

from projects.proposals.models.lines import MoneyLine
from scoring.analysis.portfolio import Choice, relaxation
from scoring.analysis.worth import worth_of_estimate, worth_of_normal
from scoring.forecast import returns
from scoring.portfolio.services.layout import Case, Forced, Layout, lay_out
from scoring.portfolio.services.mixes import best_mix, choice_of
from scoring.what_if.services import Base

NEAR = 60  # proposals whose numbers are tried against the line
LOOKED_AT = 8  # of them; each is an exact choice of its own
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Number:
    """One uncertain number of a proposal, by its name, and what knowing it is worth at most."""

    proposal: int
    reference: str
    title: str
    name: str
    worth: float
    inside: bool

    @property
    def question(self) -> str:
        """What the research register would ask."""
        return f"{self.title}: {self.name}?"


def worth_finding_out(case: Case) -> list[Number]:
    """The numbers that are worth most, under the rules of ``case``; none where they are torn.

    For each of the proposals that could most easily change places, the best mix with it is compared
    with the best without it, exactly; a number is then worth what it could change of that. Costs
    count in the return; in the budget they stay as they are expected.
    """
    layout = lay_out(case)
    best = best_mix(layout)
    if not isinstance(best, Choice):
        return []
    found = []
    for place in _near(layout):
        inside = bool(best.chosen[place])
        margin = _margin(case, layout, best, place, inside=inside)
        if margin is None:
            continue
        item = layout.item(place)
        found += [
            Number(item["id"], item["reference"], item["title"], name, worth, inside)
            for name, worth in _numbers(case.base, item, margin)
            if worth > 0
        ]
    return sorted(found, key=lambda number: -number.worth)[:SHOWN]


def _near(layout: Layout) -> list[int]:
    """Places whose numbers might be worth most, by the prices of the relaxed choice."""
    asked = choice_of(layout)
    asked.pop("order")
    relaxed = relaxation(**asked)
    if relaxed is None:
        return []
    reach = {
        place: float(relaxed.reduced[place]) / width
        for place, width in enumerate(_widths(layout))
        if width > 0 and place not in layout.fixed
    }
    hoped = {}
    for place in sorted(reach, key=lambda place: reach[place])[:NEAR]:
        edge = float(relaxed.reduced[place])
        numbers = _numbers(layout.base, layout.item(place), edge)
        hoped[place] = max((worth for _, worth in numbers), default=0.0)
    likely = sorted(hoped, key=lambda place: -hoped[place])[:LOOKED_AT]
    return [place for place in likely if hoped[place] > 0]


def _widths(layout: Layout) -> list[float]:
    """By place, P10 to P90 of what each brings; 0 where no return is known."""
    results = [layout.base.results[pk] for pk in layout.ids()]
    return [
        (row.roi_p90 - row.roi_p10) * row.cost
        if row.roi_p10 is not None and row.roi_p90 is not None and row.cost is not None
        else 0.0
        for row in results
    ]


def _margin(case: Case, layout: Layout, best: Choice, place: int, *, inside: bool) -> float | None:
    """How much more the best mix without it brings than the best with it; None if one cannot be."""
    pk = layout.item(place)["id"]
    forced = (*case.question.forced, Forced(pk, not inside, ""))
    other = lay_out(replace(case, question=replace(case.question, forced=forced)))
    found = best_mix(other)
    if not isinstance(found, Choice):
        return None
    lost = float(np.nansum(layout.returns[best.chosen]) - np.nansum(other.returns[found.chosen]))
    return -max(lost, 0.0) if inside else max(lost, 0.0)


def _numbers(base: Base, item: dict[str, Any], margin: float) -> Iterator[tuple[str, float]]:
    """Each uncertain number of a proposal and what knowing it is worth at this margin."""
    result = base.results[item["id"]]
    parameters = base.framework["parameters"]
    lines = returns.money_lines([item], parameters)
    # What a believed return takes off each unit of cost besides the unit itself.
    stated = result.roi if result.stated_roi is None else result.stated_roi
    off = 0.0 if result.roi is None or stated is None else stated - result.roi
    for place, line in enumerate(item["money"]):
        each = float(lines.factor[place])
        yield (
            line["label"] or MoneyLine.Kind(line["kind"]).label,
            worth_of_estimate(
                margin,
                float(lines.low[place]),
                float(lines.likely[place]),
                float(lines.high[place]),
                factor=-each * (1 + off) if lines.is_cost[place] else each,
            ),
        )
    if result.believed is not None and result.cost is not None:
        open_part = sqrt(max(1 - result.believed, 0.0)) * float(parameters["prior_spread"])
        yield "whether it brings what it says", worth_of_normal(margin, open_part * result.cost)
