"""Words beside marks without covering each other: where each goes, and which are left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SIZE = 12.0  # font size of the charts on the pages
ADVANCE = 0.68  # of the size: a bold digit or letter
RISE = 0.8  # of the size above the base line; the rest hangs below
GAP = 3.0  # between a mark and its word


@dataclass(frozen=True, slots=True)
class Mark:
    """A disc that wants ``text`` beside it, with its line from ``low`` to ``high`` where drawn."""

    x: float
    y: float
    radius: float
    text: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """Where the text stands: ``anchor`` is start, middle or end, as in SVG; ``y`` the base line."""

    text: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "_Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def covers(self, mark: Mark) -> bool:
        """Whether it reaches into the disc."""
        x = min(max(mark.x, self.left), self.right)
        y = min(max(mark.y, self.top), self.bottom)
        return (x - mark.x) ** 2 + (y - mark.y) ** 2 < mark.radius**2


def place_labels(
    marks: Sequence[Mark], frame: tuple[float, float, float, float], size: float = SIZE
) -> list[Label | None]:
    """A place for the text of each mark, None where there is no room; earlier marks choose first.

    ``frame`` is left, top, right, bottom, with y growing downwards. A text covers no disc
    and no other text. It stays clear of lines as well where it can.
    """
    bounds = _Box(*frame)
    lines = [
        _Box(mark.low, mark.y - 1, mark.high, mark.y + 1)
        for mark in marks
        if mark.low is not None and mark.high is not None
    ]
    taken: list[_Box] = []
    found: list[Label | None] = []
    for mark in marks:
        chosen: tuple[Label, _Box] | None = None
        for label, box in _candidates(mark, size) if mark.text else ():
            if not _within(box, bounds) or any(map(box.meets, taken)):
                continue
            if any(map(box.covers, marks)):
                continue
            clear = not any(map(box.meets, lines))
            if clear or chosen is None:
                chosen = label, box
            if clear:
                break
        found.append(None if chosen is None else chosen[0])
        if chosen is not None:
            taken.append(chosen[1])
    return found


def _candidates(mark: Mark, size: float) -> Iterator[tuple[Label, _Box]]:
    """Beside the upper right first, where the eye looks; then round the mark."""
    side, slant = mark.radius + GAP, 0.7 * mark.radius + GAP
    rise, drop = RISE * size, (1 - RISE) * size
    for x, y, anchor in (
        (mark.x + slant, mark.y - slant, "start"),
        (mark.x - slant, mark.y - slant, "end"),
        (mark.x + slant, mark.y + slant + rise, "start"),
        (mark.x - slant, mark.y + slant + rise, "end"),
        (mark.x, mark.y - side - drop, "middle"),
        (mark.x, mark.y + side + rise, "middle"),
    ):
        width = ADVANCE * size * len(mark.text)
        left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        label = Label(mark.text, round(x, 2), round(y, 2), anchor)
        yield label, _Box(left, y - rise, left + width, y + drop)


def _within(box: _Box, bounds: _Box) -> bool:
    return (
        bounds.left <= box.left
        and box.right <= bounds.right
        and bounds.top <= box.top
        and box.bottom <= bounds.bottom
    )
