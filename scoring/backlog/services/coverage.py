"""Where money and customer effects of a run fall: journey stage by segment, and what is empty."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring.analysis import impact
from scoring.analysis.coverage import split_by_impact
from scoring.forecast import matrix


@dataclass(frozen=True, slots=True)
class Cell:
    """What is proposed for one stage and segment.

    ``money`` expected cost, None where no proposal in the cell states one; ``unpriced`` how many do
    not; ``points`` impact points.
    """

    stage: str
    segment: str
    proposals: int
    money: float | None
    unpriced: int
    points: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """``stages`` and ``segments`` in reading order; ``apart`` are the proposals without effects."""

    stages: list[str]
    segments: list[str]
    cells: list[Cell]
    apart: list[int]

    @property
    def empty_stages(self) -> list[str]:
        used = {cell.stage for cell in self.cells}
        return [stage for stage in self.stages if stage not in used]

    @property
    def empty_segments(self) -> list[str]:
        used = {cell.segment for cell in self.cells}
        return [segment for segment in self.segments if segment not in used]


def coverage_of(
    snapshot: dict[str, Any],
    costs: Mapping[int, float | None],
    *,
    stages: Iterable[str],
    segments: Iterable[str],
) -> Coverage:
    """Spread the proposals named in ``costs`` (id -> expected cost) over stages and segments.

    ``stages`` and ``segments`` give the order; what only the snapshot knows stands at the end.
    """
    shown = snapshot | {
        "proposals": [item for item in snapshot["proposals"] if item["id"] in costs]
    }
    felt = matrix.effects(shown)
    items = shown["proposals"]
    rows = impact.impact_points(
        felt.reach, felt.effect, felt.confidence, felt.stage_weight, felt.proposal, len(items)
    ).rows
    amount = [costs[item["id"]] for item in items]
    money = split_by_impact(
        [np.nan if cost is None else cost for cost in amount], rows, felt.proposal
    )
    places: dict[tuple[str, str], list[int]] = {}
    for place, line in enumerate(line for item in items for line in item["effects"]):
        places.setdefault((line["stage"], line["segment"]), []).append(place)
    return Coverage(
        stages=_ordered(stages, snapshot["stages"]),
        segments=_ordered(segments, sorted(segment for _, segment in places)),
        cells=[_cell(key, found, money, rows) for key, found in places.items()],
        apart=[item["id"] for item in items if not item["effects"]],
    )


def _cell(key: tuple[str, str], places: Sequence[int], money: Any, rows: Any) -> Cell:
    """One proposal has at most one effect per stage and segment, so places are proposals."""
    priced = [float(money[place]) for place in places if not np.isnan(money[place])]
    return Cell(
        stage=key[0],
        segment=key[1],
        proposals=len(places),
        money=sum(priced) if priced else None,
        unpriced=len(places) - len(priced),
        points=float(np.sum(rows[places])),
    )


def _ordered(known: Iterable[str], used: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*known, *used]))
