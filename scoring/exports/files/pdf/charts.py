"""Two charts as vectors: return against impact, and what each value is made of."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from projects.templatetags.figures import one, short, times
from scoring.backlog.charts.labels import Mark, place_labels
from scoring.exports.files.content import Content, Line
from scoring.exports.files.pdf.listing import INSIDE
from scoring.exports.files.pdf.paper import (
    BOLD,
    DIMENSIONS,
    DOT,
    INK,
    INK_2,
    INK_3,
    LEFT,
    LINE,
    RIGHT,
    SMALL,
    WHISKER,
    WHITE,
    Paper,
)

SMALLEST, LARGEST = 2.0, 11.0  # radius; the area of a dot follows the cost
NAMED = 12  # the best of the list carry their rank
BARS = 20
STEPS = (1, 2, 2.5, 5, 10)
TICKS = 5


@dataclass(frozen=True, slots=True)
class Axis:
    """Numbers to places between ``start`` and ``stop``, with round ticks."""

    low: float
    high: float
    start: float
    stop: float

    @classmethod
    def over(cls, values: Sequence[float], start: float, stop: float) -> "Axis":
        low, high = min(values), max(values)
        margin = (high - low) * 0.05 or 1.0
        return cls(low - margin if low < 0 else low, high + margin, start, stop)

    def place(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.stop - self.start)

    def ticks(self) -> list[float]:
        rough = (self.high - self.low) / TICKS
        power = 10.0 ** math.floor(math.log10(rough))
        step = power * next(size for size in STEPS if size * power >= rough)
        return [
            number * step
            for number in range(math.ceil(self.low / step), math.floor(self.high / step) + 1)
        ]


def charts(paper: Paper, content: Content) -> None:
    lines = content.lines
    drawn = [line for line in lines if None not in (line["rank"], line["roi"], line["impact"])]
    valued = [line for line in lines if line["value"] is not None][:BARS]
    if not drawn and not valued:
        return
    y = paper.heading("Charts", f"Of the first {len(lines)} proposals of the list.")
    if drawn:
        y = _scatter(paper, drawn, y - 8, 300)
    if valued:
        _bars(paper, content, valued, y - 34)
    paper.turn()


def _scatter(paper: Paper, lines: list[Line], top: float, height: float) -> float:
    paper.text(LEFT, top, "Expected ROI against customer impact", size=11, font=BOLD)
    words = (
        "Right is more return, up is more impact. A dot's area is its cost, its line the range of "
        "its ROI in eight of ten futures. Filled is inside the budget."
    )
    bottom = top - height
    upper = paper.prose(LEFT, top - 14, words, size=SMALL, ink=INK_2) - 14
    across = Axis.over(
        [0.0, *(line[key] or 0.0 for line in lines for key in ("roi_p10", "roi_p90", "roi"))],
        LEFT + 44,
        RIGHT - 8,
    )
    up = Axis.over([0.0, *(line["impact"] for line in lines)], bottom + 28, upper)
    _grid(paper, across, up)
    dearest = max(line["cost"] or 0.0 for line in lines) or 1.0
    marks = {id(line): _mark(line, across, up, dearest) for line in lines}
    for line in sorted(lines, key=lambda line: -(line["cost"] or 0.0)):
        _dot(paper, line, marks[id(line)])
    frame = (across.start, -up.stop, across.stop, -up.start)
    for label in filter(None, place_labels(list(marks.values()), frame, SMALL)):
        align = {"start": "left", "middle": "middle", "end": "right"}[label.anchor]
        paper.text(label.x, -label.y, label.text, size=SMALL, font=BOLD, align=align)
    return bottom


def _grid(paper: Paper, across: Axis, up: Axis) -> None:
    for value in up.ticks():
        y = up.place(value)
        paper.line(across.start, y, across.stop, y, ink=LINE, weight=0.5)
        paper.text(across.start - 6, y - 2.5, short(value), size=SMALL, ink=INK_3, align="right")
    for value in across.ticks():
        x = across.place(value)
        paper.line(x, up.start, x, up.start - 3, ink=INK_3, weight=0.5)
        paper.text(x, up.start - 12, times(value), size=SMALL, ink=INK_3, align="middle")
    paper.line(across.start, up.start, across.stop, up.start, ink=INK_3, weight=0.5)
    even = across.place(0.0)
    paper.line(even, up.start, even, up.stop, ink=INK_2, weight=0.75, dash=(2.0, 2.0))
    paper.text(even + 3, up.stop + 2, "cost earned back", size=6.5, ink=INK_3)
    paper.text(across.stop, up.start - 22, "expected ROI", size=SMALL, ink=INK_3, align="right")
    paper.text(LEFT, up.stop + 2, "impact points", size=SMALL, ink=INK_3)


def _mark(line: Line, across: Axis, up: Axis, dearest: float) -> Mark:
    """The dot of a line; on paper y grows upwards, so it is turned."""
    ranged = line["roi_p10"] is not None
    return Mark(
        x=across.place(line["roi"]),
        y=-up.place(line["impact"]),
        radius=max(SMALLEST, LARGEST * math.sqrt((line["cost"] or 0.0) / dearest)),
        text=str(line["rank"]) if line["rank"] <= NAMED else "",
        low=across.place(line["roi_p10"]) if ranged else None,
        high=across.place(line["roi_p90"]) if ranged else None,
    )


def _dot(paper: Paper, line: Line, mark: Mark) -> None:
    x, y = mark.x, -mark.y
    if mark.low is not None and mark.high is not None:
        paper.line(mark.low, y, mark.high, y, ink=WHISKER, weight=0.75)
    filled = line["line"] == INSIDE
    paper.canvas.setStrokeColor(WHITE if filled else DOT)
    paper.canvas.setFillColor(DOT if filled else WHITE)
    paper.canvas.setLineWidth(0.75)
    paper.canvas.circle(x, y, mark.radius, stroke=1, fill=1)


def _bars(paper: Paper, content: Content, lines: list[Line], top: float) -> None:
    paper.text(LEFT, top, f"What the value is made of, first {len(lines)}", size=11, font=BOLD)
    x, y = LEFT, top - 18
    for place, name in enumerate(content.dimensions):
        paper.box(x, y - 0.5, 7, 7, DIMENSIONS[place % len(DIMENSIONS)])
        x = paper.text(x + 11, y, name, size=SMALL, ink=INK_2) + 16
    y -= 18
    start, full = LEFT + 208, RIGHT - LEFT - 208 - 30
    for line in lines:
        _bar(paper, content, line, y, start, full)
        y -= 13.5


def _bar(paper: Paper, content: Content, line: Line, y: float, start: float, full: float) -> None:
    name: dict[str, Any] = {"size": SMALL, "ink": INK}
    paper.text(LEFT + 14, y, str(line["rank"] or ""), align="right", **name)
    paper.text(LEFT + 20, y, line["title"], width=start - LEFT - 28, **name)
    x = start
    for place, keys in enumerate(content.dimensions.values()):
        part = max(0.0, line.parts(keys)) / 100 * full
        paper.box(x, y - 1.5, part, 8, DIMENSIONS[place % len(DIMENSIONS)])
        x += part
    paper.text(x + 4, y, one(line["value"]), size=SMALL, ink=INK_2)
