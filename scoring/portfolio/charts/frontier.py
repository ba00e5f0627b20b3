"""Return against customer impact: the best that can be had of one for each of the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.analysis.portfolio import FrontierPoint
from scoring.backlog.charts.scale import WIDTH, Scale, spanning
from scoring.portfolio.services import Mix

TOP, BOTTOM, LEFT, RIGHT, HEIGHT = 20, 300, 100, 940, 350


@dataclass(frozen=True, slots=True)
class Dot:
    """A mix of the frontier and its place."""

    point: FrontierPoint
    x: float
    y: float

    @property
    def funded(self) -> int:
        return int(self.point.chosen.sum())


@dataclass(frozen=True, slots=True)
class FrontierChart:
    """``path`` joins the dots; ``listed`` is the place of the list under the same rules."""

    dots: list[Dot]
    path: str
    listed: tuple[float, float]
    across: Scale
    upward: Scale
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    top: int = TOP
    bottom: int = BOTTOM

    @property
    def anchor(self) -> str:
        """Where the words beside the list's own mark end, so that they stay inside."""
        return "end" if self.listed[0] > (LEFT + RIGHT) / 2 else "start"

    @property
    def dearest(self) -> tuple[float, float]:
        """What the most impact costs in return, and how much more impact that is."""
        first, last = self.dots[0].point, self.dots[-1].point
        return first.value - last.value, last.impact - first.impact


def frontier_chart(points: Sequence[FrontierPoint], listed: Mix) -> FrontierChart | None:
    """None where there is nothing to choose from."""
    if not points:
        return None
    across = spanning([listed.impact, *(point.impact for point in points)], LEFT, RIGHT)
    upward = spanning([listed.returns, *(point.value for point in points)], BOTTOM, TOP)
    dots = [Dot(point, across.place(point.impact), upward.place(point.value)) for point in points]
    return FrontierChart(
        dots=dots,
        path="M" + "L".join(f"{dot.x} {dot.y}" for dot in dots),
        listed=(across.place(listed.impact), upward.place(listed.returns)),
        across=across,
        upward=upward,
    )
