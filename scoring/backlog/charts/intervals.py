"""Rank intervals: from P10 to P90 of the rank, the rank itself, and where the budget ends."""

from collections.abc import Sequence
from dataclasses import dataclass

from projects.templatetags.figures import count
from scoring.backlog.charts.scale import WIDTH, Scale, counted, shortened
from scoring.ranking.models import RankedProposal

ROW, TOP, BOTTOM = 22, 44, 12
LEFT, RIGHT = 360, 24  # where ranks start, what stays free
LONGEST_NAME = 48
TIE = 3  # a bracket leaves this much of its first and last row free


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal: its interval from ``low`` to ``high``, its rank ``at``; ``crosses`` the cut."""

    result: RankedProposal
    name: str
    y: float
    low: float
    high: float
    at: float
    inside: bool
    crosses: bool


@dataclass(frozen=True, slots=True)
class Intervals:
    """``cut_x`` is the cut line on the scale of ranks, ``cut_y`` its place between the rows.

    ``ties`` (top, bottom) are the brackets of those that are too close to call.
    """

    across: Scale
    lines: list[Line]
    cut_x: float | None
    cut_y: float | None
    ties: list[tuple[float, float]]
    reading: str
    height: int
    width: int = WIDTH

    @property
    def ticks(self) -> list[tuple[int, float]]:
        """Whole ranks only, and never a rank 0."""
        whole = {round(value) for value, _ in self.across.ticks() if value % 1 == 0}
        return [(rank, self.across.place(rank)) for rank in sorted(whole - {0})]


def intervals(
    results: Sequence[RankedProposal], everyone: Sequence[RankedProposal], first_out: int | None
) -> Intervals | None:
    """``results`` of one page, drawn; ``everyone`` is who the sentence speaks of.

    ``first_out`` is the position of the first proposal outside the budget. None without a rank.
    """
    shown = [row for row in results if row.rank and row.rank_low and row.rank_high]
    if not shown:
        return None
    first = min(min(row.rank_low or 0, row.rank or 0) for row in shown)
    last = max(max(row.rank_high or 0, row.rank or 0) for row in shown)
    across = Scale(first - 0.5, last + 0.5, LEFT, WIDTH - RIGHT)
    cut = None if first_out is None else first_out - 0.5
    lines = [
        Line(
            result=row,
            name=shortened(row.title, LONGEST_NAME),
            y=TOP + place * ROW + ROW / 2,
            low=across.place(row.rank_low or 0),
            high=across.place(row.rank_high or 0),
            at=across.place(row.rank or 0),
            inside=row.line == RankedProposal.Line.INSIDE,
            crosses=crosses(row, cut),
        )
        for place, row in enumerate(shown)
    ]
    above = sum(row.position < first_out for row in shown) if first_out is not None else 0
    return Intervals(
        across=across,
        lines=lines,
        cut_x=across.place(cut) if cut is not None and first - 0.5 <= cut <= last + 0.5 else None,
        cut_y=TOP + above * ROW if 0 < above < len(shown) else None,
        ties=_brackets(shown),
        reading=_reading([row for row in everyone if row.rank], cut),
        height=TOP + len(shown) * ROW + BOTTOM,
    )


def _brackets(shown: Sequence[RankedProposal]) -> list[tuple[float, float]]:
    """From the first to the last row of each group, as far as the page shows it."""
    found: dict[int, list[int]] = {}
    for place, row in enumerate(shown):
        if row.tied_from:
            found.setdefault(row.tied_from, []).append(place)
    return [
        (TOP + min(places) * ROW + TIE, TOP + (max(places) + 1) * ROW - TIE)
        for places in found.values()
    ]


def crosses(row: RankedProposal, cut: float | None) -> bool:
    """Whether eight of ten futures put it now above the cut, now below."""
    return cut is not None and (row.rank_low or 0) < cut < (row.rank_high or 0)


def _reading(ranked: Sequence[RankedProposal], cut: float | None) -> str:
    widest = max(ranked, key=lambda row: (row.rank_high or 0) - (row.rank_low or 0))
    moving = sum(crosses(row, cut) for row in ranked)
    if cut is None:
        text = "Everything fits the budget, so no interval crosses a cut line."
    else:
        stay = len(ranked) - moving
        text = (
            f"{count(stay)} of {counted(len(ranked), 'proposal stays', 'proposals stay')}"
            f" on one side of the cut line in eight of ten futures; {count(moving)}"
            f" {'crosses' if moving == 1 else 'cross'} it."
        )
    largest = max(ranked, key=lambda row: (row.tied_to or 0) - (row.tied_from or 0))
    if largest.tied_from and largest.tied_to:
        text += (
            f" Places {count(largest.tied_from)} to {count(largest.tied_to)} are too close to call."
        )
    if widest.rank_low == widest.rank_high:
        return text + " No rank moves in eight of ten futures."
    return text + (
        f" The least certain is “{widest.title}”, from rank {count(widest.rank_low)}"
        f" to {count(widest.rank_high)}."
    )
