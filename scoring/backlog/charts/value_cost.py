"""Value against cost: which proposals are quick wins, and which cost much for little."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from scoring.analysis.templates import Quadrant, quadrants
from scoring.backlog.charts.labels import Label, Mark, place_labels
from scoring.backlog.charts.scale import WIDTH, Scale, Shade, counted, shaded, shortened, spanning
from scoring.ranking.models import RankedProposal

HEIGHT = 560
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 48, 44
RADIUS, HOLE = 6.0, 3.7
NAMED = 10  # the best of the list carry rank and title in the chart
LONGEST_NAME = 26
DRAWN = 200  # more dots than this hide each other; the rest are shades
SQUARE = 8  # side of a shade
# A proposal each, or several.
NAMES: dict[Quadrant, tuple[str, str]] = {
    "quick win": ("quick win", "quick wins"),
    "big bet": ("big bet", "big bets"),
    "fill in": ("fill-in", "fill-ins"),
    "drop": ("costs much for little", "cost much for little"),
}


@dataclass(frozen=True, slots=True)
class Dot:
    result: RankedProposal
    x: float
    y: float
    quadrant: str
    inside: bool
    label: Label | None


@dataclass(frozen=True, slots=True)
class ValueCost:
    """Cost (across) against value (up), cut at the middle of both: ``value`` and ``cost``.

    ``rest`` are the dots beyond DRAWN, ``shades`` of how many proposals.
    """

    across: Scale
    up: Scale
    value: float
    cost: float
    dots: list[Dot]
    rest: list[Shade]
    shades: int
    reading: str
    width: int = WIDTH
    height: int = HEIGHT
    radius: float = RADIUS
    hole: float = HOLE

    @property
    def middle(self) -> tuple[float, float]:
        """Where the two cut lines stand."""
        return self.across.place(self.cost), self.up.place(self.value)


def value_cost(results: Sequence[RankedProposal]) -> ValueCost | None:
    """The chart of the ranked proposals with a known cost; None when there is none."""
    shown = [row for row in results if row.rank and row.value is not None and row.cost is not None]
    if not shown:
        return None
    values = [row.value or 0.0 for row in shown]
    costs = [row.cost or 0.0 for row in shown]
    names, (value, cost) = quadrants(values, costs)
    across = spanning([*costs, 0.0], LEFT, WIDTH - RIGHT)
    up = spanning([*values, 0.0], HEIGHT - BOTTOM, TOP)
    places = [
        (across.place(cost), up.place(value)) for value, cost in zip(values, costs, strict=True)
    ]
    marks = [
        Mark(x=x, y=y, radius=RADIUS, text=_text(row))
        for row, (x, y) in zip(shown[:DRAWN], places, strict=False)
    ]
    labels = place_labels(marks, (LEFT, TOP, WIDTH, HEIGHT - BOTTOM))
    return ValueCost(
        across=across,
        up=up,
        value=float(value),
        cost=float(cost),
        dots=[
            Dot(row, x, y, NAMES[name][0], _is_inside(row), label)
            for row, (x, y), name, label in zip(shown, places, names, labels, strict=False)
        ],
        rest=shaded(
            ((int(x // SQUARE), int(y // SQUARE)) for x, y in places[DRAWN:]),
            lambda x, y: f"M{x * SQUARE} {y * SQUARE}h{SQUARE}v{SQUARE}h-{SQUARE}z",
        ),
        shades=len(shown) - len(marks),
        reading=_reading(shown, names, len(results)),
    )


def _is_inside(row: RankedProposal) -> bool:
    return row.line == RankedProposal.Line.INSIDE


def _text(row: RankedProposal) -> str:
    """What stands beside the dot of the best; the others say it on hover and focus."""
    if (row.rank or 0) > NAMED:
        return ""
    return f"{row.rank} {shortened(row.title, LONGEST_NAME)}"


def _reading(shown: Sequence[RankedProposal], names: Sequence[Quadrant], listed: int) -> str:
    """How many are of each kind, and how many of these the budget reaches."""
    of_kind = Counter(names)
    inside = Counter(name for row, name in zip(shown, names, strict=True) if _is_inside(row))
    parts = [
        f"{counted(of_kind[name], *words)}, {inside[name]} inside the budget"
        for name, words in NAMES.items()
        if of_kind[name]
    ]
    text = "; ".join(parts)
    if listed > len(shown):
        missing = counted(listed - len(shown), "proposal is", "proposals are")
        text += f". {missing} not drawn: a rank or a cost is missing"
    return f"{text}."
