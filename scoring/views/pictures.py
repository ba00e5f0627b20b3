"""Pictures of the backlog as geometry: what the templates draw, with the list as their table."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scoring.models import RankedProposal

WIDTH, HEIGHT = 960, 520
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 16, 44
SMALLEST, LARGEST = 4.0, 22.0  # radius; the area of a dot follows the cost
TICKS = 5
NAMED = 8  # the best of the list carry their rank in the picture
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers to places along one axis, with round ticks."""

    low: float
    high: float
    start: float
    stop: float

    def place(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.stop - self.start), 2)

    def ticks(self) -> list[tuple[float, float]]:
        """(value, place) of round numbers within the scale."""
        step = _round_step((self.high - self.low) / TICKS)
        first = math.ceil(self.low / step)
        last = math.floor(self.high / step)
        return [(number * step, self.place(number * step)) for number in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class Dot:
    result: RankedProposal
    x: float
    y: float
    radius: float
    low: float
    high: float
    inside: bool
    named: bool


@dataclass(frozen=True, slots=True)
class Scatter:
    """Expected ROI (across) against customer impact (up), one dot per ranked proposal."""

    across: Scale
    up: Scale
    even: float
    dots: list[Dot]


def scatter(results: Sequence[RankedProposal]) -> Scatter | None:
    """The picture of the ranked proposals that have both numbers; None when there is none."""
    shown = [row for row in results if row.rank and row.roi is not None and row.impact is not None]
    if not shown:
        return None
    across = _scale(
        [value for row in shown for value in (row.roi_p10 or 0.0, row.roi_p90 or 0.0)] + [0.0],
        LEFT,
        WIDTH - RIGHT,
    )
    up = _scale([row.impact or 0.0 for row in shown] + [0.0], HEIGHT - BOTTOM, TOP)
    dearest = max(row.cost or 0.0 for row in shown) or 1.0
    dots = [
        Dot(
            result=row,
            x=across.place(row.roi or 0.0),
            y=up.place(row.impact or 0.0),
            radius=round(max(SMALLEST, LARGEST * math.sqrt((row.cost or 0.0) / dearest)), 1),
            low=across.place(row.roi_p10 or 0.0),
            high=across.place(row.roi_p90 or 0.0),
            inside=row.line == RankedProposal.Line.INSIDE,
            named=(row.rank or 0) <= NAMED,
        )
        for row in shown
    ]
    # Large ones first, so that no dot hides a smaller one.
    dots.sort(key=lambda dot: -dot.radius)
    return Scatter(across=across, up=up, even=across.place(0.0), dots=dots)


def _scale(values: list[float], start: float, stop: float) -> Scale:
    low, high = min(values), max(values)
    margin = (high - low) * 0.06 or 1.0
    return Scale(low - margin if low < 0 else low, high + margin, start, stop)


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return power * next(step for step in STEPS if step * power >= rough)
