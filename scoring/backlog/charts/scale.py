"""Numbers to places along one axis, and what every chart shares."""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from projects.templatetags.figures import count

WIDTH = 960
TICKS = 5
STEPS = (1, 2, 2.5, 5, 10)
MARGIN = 0.06  # of the range, so that nothing touches the frame
ELLIPSIS = "…"
SHADES = 5


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


def spanning(values: Iterable[float], start: float, stop: float) -> Scale:
    """A scale that holds ``values`` with a margin; below only where they go below 0."""
    found = list(values)
    low, high = min(found), max(found)
    margin = (high - low) * MARGIN or 1.0
    return Scale(low - margin if low < 0 else low, high + margin, start, stop)


def shortened(text: str, most: int) -> str:
    """``text`` within ``most`` characters, cut at a word where one ends near."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    at_word = cut.rpartition(" ")[0]
    return (at_word if len(at_word) > most * 2 // 3 else cut).rstrip() + ELLIPSIS


def counted(number: int, one: str, many: str) -> str:
    """``1 proposal``, ``3 proposals``."""
    return f"{count(number)} {one if number == 1 else many}"


@dataclass(frozen=True, slots=True)
class Shade:
    """All shapes of one strength as one path; ``step`` 1 stands for one proposal, 2 for up to
    three, 3 for up to seven, 4 for up to fifteen, 5 for more.
    """

    step: int
    path: str


def shaded(places: Iterable[tuple[int, int]], shape: Callable[[int, int], str]) -> list[Shade]:
    """Shapes where proposals can't be told apart: the more share a place, the stronger it is."""
    paths: dict[int, list[str]] = {}
    for place, shared in Counter(places).items():
        paths.setdefault(min(shared.bit_length(), SHADES), []).append(shape(*place))
    return [Shade(step, "".join(paths[step])) for step in sorted(paths)]


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return power * next(step for step in STEPS if step * power >= rough)
