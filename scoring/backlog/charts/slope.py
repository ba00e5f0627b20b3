"""The slope chart: ranks then on the left, ranks now on the right, a line for each proposal."""

from collections.abc import Sequence
from dataclasses import dataclass

from projects.templatetags.figures import count
from scoring.backlog.charts.scale import WIDTH, Scale, Shade, counted, shaded, shortened
from scoring.backlog.selectors.moves import Move

TOP, BOTTOM = 40, 24
LEFT, RIGHT = 330, 630  # the two axes; titles stand outside them
EACH = 18  # height of a rank, as long as everybody can be named
TALLEST = 900
NAMED = 40  # with more ranks than this only the farthest movers are named
MOVERS = 12
LETTERS = 36
APART, BAND = 200, 30  # more lines than this are drawn as bands of so many px


@dataclass(frozen=True, slots=True)
class Slope:
    """A named line. Places of the dots, and of the words beside them; None on a side without it."""

    move: Move
    name: str
    left: float | None
    right: float | None
    left_text: float | None
    right_text: float | None


@dataclass(frozen=True, slots=True)
class SlopeChart:
    """``rest`` are the ``others`` without a name: lines, or bands where there are many."""

    slopes: list[Slope]
    rest: list[Shade]
    others: int
    reading: str
    height: int
    width: int = WIDTH


def slope_chart(moves: Sequence[Move]) -> SlopeChart | None:
    """The chart of everybody with a rank in either run; None when there is nobody."""
    ranked = [move for move in moves if move.way]
    if not ranked:
        return None
    last = max(max(move.rank_before or 0, move.rank_now or 0) for move in ranked)
    height = min(TALLEST, EACH * max(last - 1, 1))
    scale = Scale(1, max(last, 2), TOP, TOP + height)
    named = ranked if last <= NAMED else farthest(ranked)
    left, right = (
        _apart({place: scale.place(rank) for place, rank in enumerate(side) if rank})
        for side in (
            [move.rank_before for move in named],
            [move.rank_now for move in named],
        )
    )
    lowest = max([TOP + height, *left.values(), *right.values()])
    chosen = {id(move) for move in named}
    others = [
        (round(scale.place(move.rank_before)), round(scale.place(move.rank_now)))
        for move in ranked
        if id(move) not in chosen and move.rank_before and move.rank_now
    ]
    if len(others) > APART:
        others = [(_middle(then), _middle(now)) for then, now in others]
    return SlopeChart(
        slopes=[
            Slope(
                move=move,
                name=shortened(move.shown.title, LETTERS),
                left=scale.place(move.rank_before) if move.rank_before else None,
                right=scale.place(move.rank_now) if move.rank_now else None,
                left_text=left.get(place),
                right_text=right.get(place),
            )
            for place, move in enumerate(named)
        ],
        rest=shaded(others, _line),
        others=len(others),
        reading=reading(moves),
        height=int(lowest) + BOTTOM,
    )


def _line(then: int, now: int) -> str:
    return f"M{LEFT} {then}L{RIGHT} {now}"


def _middle(y: int) -> int:
    return y // BAND * BAND + BAND // 2


def farthest(moves: Sequence[Move]) -> list[Move]:
    """The MOVERS that went farthest, whichever way; who came and who left after them."""
    moved = [move for move in moves if move.way != "same"]
    return sorted(moved, key=lambda move: (-abs(move.by), move.rank_now or 0))[:MOVERS]


def reading(moves: Sequence[Move]) -> str:
    """``9 moved up, 8 down, 3 came in``, who crossed the line, and who went farthest."""
    ways = [move.way for move in moves]
    words = {
        "up": "moved up",
        "down": "moved down",
        "in": "came in",
        "out": "left the ranking",
        "same": "kept {} rank",
    }
    parts = [
        f"{count(ways.count(way))} {text.format('its' if ways.count(way) == 1 else 'their')}"
        for way, text in words.items()
        if ways.count(way)
    ]
    text = ", ".join(parts) + "."
    crossed = [move for move in moves if move.crossed]
    if crossed:
        text += f" {counted(len(crossed), 'proposal', 'proposals')} crossed the cut line."
    first = [move for move in farthest(moves) if move.by][:2]
    if first:
        far = " and ".join(
            f"“{move.shown.title}”, {'up' if move.by > 0 else 'down'} {count(abs(move.by))} to"
            f" {count(move.rank_now)}"
            for move in first
        )
        text += f" Farthest went {far}."
    return text


def _apart(places: dict[int, float]) -> dict[int, float]:
    """The same places, pushed down where a word would cover the one above."""
    found: dict[int, float] = {}
    lowest = float("-inf")
    for key, place in sorted(places.items(), key=lambda item: (item[1], item[0])):
        lowest = max(place, lowest + EACH)
        found[key] = round(lowest, 2)
    return found
