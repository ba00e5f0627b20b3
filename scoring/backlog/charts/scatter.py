"""Expected ROI against customer impact: one pie per proposal, its slices the life cycle."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from projects.templatetags.figures import count
from scoring.backlog.charts.labels import Label, Mark, place_labels
from scoring.backlog.charts.scale import WIDTH, Scale, Shade, counted, shaded, shortened, spanning
from scoring.forecast.lifecycle import NAMES
from scoring.ranking.models import RankedProposal

HEIGHT = 560
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 48, 44
SMALLEST, LARGEST = 5.0, 22.0  # radius; the area of a dot follows the cost
CROWDED = 0.5  # of both radii, where there are many
HOLE = 0.62  # of the radius: a ring is outside the budget, a full pie inside
NAMED = 10  # the best of the list carry rank and title in the chart
LONGEST_NAME = 26
DRAWN = 200  # more pies than this hide each other; the rest are shades
SQUARE = 8  # side of a shade
MANY = 60  # dots beyond which whiskers would cover them
WHOLE = 0.9995  # a slice that an arc cannot draw any more

Shares = Sequence[float]


@dataclass(frozen=True, slots=True)
class Stream:
    """A part of the life cycle with the place of its mark in the legend."""

    name: str
    x: int


LEGEND = [Stream(name, x) for name, x in zip(NAMES, (0, 120, 225, 340), strict=True)]


@dataclass(frozen=True, slots=True)
class Slice:
    stream: int
    path: str


@dataclass(frozen=True, slots=True)
class Dot:
    """``leading`` is the stream with the largest share, None where no benefit is positive."""

    result: RankedProposal
    x: float
    y: float
    radius: float
    hole: float
    low: float
    high: float
    inside: bool
    named: bool
    whole: int | None
    slices: list[Slice]
    shares: Shares | None
    leading: int | None
    crowded: bool
    label: Label | None = None

    @property
    def whisker(self) -> bool:
        """In a crowd only the best show their range."""
        return self.named or not self.crowded

    @property
    def lead(self) -> Stream | None:
        return None if self.leading is None else LEGEND[self.leading]

    @property
    def text(self) -> str:
        """What stands beside the dot of the best; the others say it on hover and focus."""
        if not self.named:
            return ""
        return f"{self.result.rank} {shortened(self.result.title, LONGEST_NAME)}"

    @property
    def words(self) -> str:
        """The shares in words, largest first: ``70 % retention, 30 % acquisition``."""
        if self.shares is None:
            return ""
        found = sorted(zip(self.shares, NAMES, strict=True), key=lambda part: -part[0])
        return ", ".join(f"{100 * share:.0f} % {name.lower()}" for share, name in found if share)


@dataclass(frozen=True, slots=True)
class Scatter:
    """Expected ROI (across) against customer impact (up); ``rest`` are the dots beyond DRAWN."""

    across: Scale
    up: Scale
    even: float
    dots: list[Dot]
    rest: list[Shade]
    shades: int  # how many proposals the rest are
    reading: str
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def crowded(self) -> bool:
        return len(self.dots) > MANY

    @property
    def listed(self) -> list[Dot]:
        """The dots in the order of the list, for the table."""
        return sorted(self.dots, key=lambda dot: dot.result.position)


def scatter(
    results: Sequence[RankedProposal], shares: Mapping[int, Shares] | None = None
) -> Scatter | None:
    """The chart of the ranked proposals that have both numbers; None when there is none.

    ``shares`` are each proposal's shares of its benefit by stream; without them dots are plain.
    """
    shown = [row for row in results if row.rank and row.roi is not None and row.impact is not None]
    if not shown:
        return None
    drawn = shown[:DRAWN]
    across = spanning(
        [value for row in shown for value in (row.roi_p10 or 0.0, row.roi_p90 or 0.0)] + [0.0],
        LEFT,
        WIDTH - RIGHT,
    )
    up = spanning([row.impact or 0.0 for row in shown] + [0.0], HEIGHT - BOTTOM, TOP)
    dearest = max(row.cost or 0.0 for row in drawn) or 1.0
    dots = [
        _dot(
            row,
            across,
            up,
            dearest,
            (shares or {}).get(row.proposal_id),
            crowded=len(drawn) > MANY,
        )
        for row in drawn
    ]
    return Scatter(
        across=across,
        up=up,
        even=across.place(0.0),
        # Large ones first, so that no dot hides a smaller one.
        dots=sorted(_labelled(dots), key=lambda dot: -dot.radius),
        rest=shaded(
            (
                (
                    int(across.place(row.roi or 0.0) // SQUARE),
                    int(up.place(row.impact or 0.0) // SQUARE),
                )
                for row in shown[DRAWN:]
            ),
            lambda x, y: f"M{x * SQUARE} {y * SQUARE}h{SQUARE}v{SQUARE}h-{SQUARE}z",
        ),
        shades=len(shown) - len(drawn),
        reading=_reading(results, shown),
    )


def _dot(
    row: RankedProposal,
    across: Scale,
    up: Scale,
    dearest: float,
    shares: Shares | None,
    *,
    crowded: bool,
) -> Dot:
    x, y = across.place(row.roi or 0.0), up.place(row.impact or 0.0)
    size = max(SMALLEST, LARGEST * math.sqrt((row.cost or 0.0) / dearest))
    radius = round(size * CROWDED if crowded else size, 1)
    leading = None if shares is None else max(range(len(shares)), key=lambda place: shares[place])
    only = leading is not None and shares is not None and shares[leading] >= WHOLE
    return Dot(
        result=row,
        x=x,
        y=y,
        radius=radius,
        hole=round(radius * HOLE, 1),
        low=across.place(row.roi_p10 or 0.0),
        high=across.place(row.roi_p90 or 0.0),
        inside=row.line == RankedProposal.Line.INSIDE,
        named=(row.rank or 0) <= NAMED,
        whole=leading if only else None,
        slices=[] if only or shares is None else slices(shares, x, y, radius),
        shares=shares,
        leading=leading,
        crowded=crowded,
    )


def _labelled(dots: Sequence[Dot]) -> list[Dot]:
    """The dots with their words, the best of the list first to choose a place."""
    marks = [
        Mark(
            x=dot.x,
            y=dot.y,
            radius=dot.radius,
            text=dot.text,
            low=dot.low if dot.whisker else None,
            high=dot.high if dot.whisker else None,
        )
        for dot in dots
    ]
    places = place_labels(marks, (LEFT, TOP - 12, WIDTH, HEIGHT - BOTTOM))
    return [replace(dot, label=label) for dot, label in zip(dots, places, strict=True)]


def slices(shares: Shares, x: float, y: float, radius: float) -> list[Slice]:
    """Slices of a pie from twelve o'clock on, clockwise, in the order of the streams."""
    found, start = [], 0.0
    for stream, share in enumerate(shares):
        if share <= 0:
            continue
        end = start + share
        (ax, ay), (bx, by) = (_on_circle(turn, x, y, radius) for turn in (start, end))
        large = int(share > 0.5)  # noqa: PLR2004 - half a turn
        arc = f"A{radius} {radius} 0 {large} 1 {bx:.2f} {by:.2f}"
        found.append(Slice(stream, f"M{x:.2f} {y:.2f}L{ax:.2f} {ay:.2f}{arc}Z"))
        start = end
    return found


def _on_circle(turn: float, x: float, y: float, radius: float) -> tuple[float, float]:
    angle = 2 * math.pi * turn
    return x + radius * math.sin(angle), y - radius * math.cos(angle)


def _reading(results: Sequence[RankedProposal], shown: Sequence[RankedProposal]) -> str:
    best = [row for row in shown if row.undominated]
    funded = sum(row.line == RankedProposal.Line.INSIDE for row in best)
    hold = counted(len(best), "proposal holds", "proposals hold")
    text = f"{hold} under both lenses, {_funded(funded, len(best))} inside the budget"
    beaten = len(shown) - len(best)
    if beaten:
        verb = "is" if beaten == 1 else "are"
        text += f"; {count(beaten)} {verb} beaten in return and impact at once"
    left_out = len(results) - len(shown)
    if left_out:
        missing = counted(left_out, "proposal is", "proposals are")
        text += f". {missing} not drawn: a rank, an ROI or an impact is missing"
    return f"{text}."


def _funded(funded: int, best: int) -> str:
    if funded == best:
        return "all of them" if best > 1 else "and it is"
    return f"{count(funded)} of them" if funded else "none of them"
