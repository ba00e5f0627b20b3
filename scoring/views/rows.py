"""The lines of the backlog page, ready to draw: words, small pictures and what stands between."""

from dataclasses import dataclass

from scoring.models import RankedProposal, RankingRun
from scoring.selectors.backlog import Term, certainty, terms_of

ROI_SCALE = (-1.0, 5.0)  # ends of the small range picture; beyond them it is cut off
STATES = {"on_hold": "hold"}  # status -> class of the state's picture, where they differ
OPEN_TOP = (0.01, 0.99)  # chances between which "top 10" is worth a word
Line = RankedProposal.Line


@dataclass(frozen=True, slots=True)
class Tie:
    """Neighbours that cannot be told apart: places ``first`` to ``last``."""

    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Bar:
    """SVG paths in a box of 100 by 8, and the same as words."""

    boxes: list[str]
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line. ``tie`` is said, and lines are drawn, above the first line that they concern.

    ``joined`` and ``tied``: not told apart from its neighbours, and of the very same rank.
    """

    result: RankedProposal
    joined: bool
    tied: bool
    tie: Tie | None
    cut_above: bool
    part_above: bool

    @property
    def key(self) -> str:
        """Everything that the line is drawn from: the sealed result, and what is not sealed."""
        result = self.result
        shown = (result.run.result_digest, result.position, result.proposal.status)
        return "-".join(map(str, (*shown, self.moved, self.joined, self.tied)))

    @property
    def moved(self) -> int:
        """Places up (positive) or down since the run before; 0 where either has no rank."""
        before: int | None = getattr(self.result, "rank_before", None)
        return 0 if before is None or self.result.rank is None else before - self.result.rank

    @property
    def certainty(self) -> str:
        return certainty(self.result.p_funded)

    @property
    def state(self) -> str:
        return STATES.get(self.result.proposal.status, self.result.proposal.status)

    @property
    def top_open(self) -> bool:
        chance = self.result.p_top
        return chance is not None and OPEN_TOP[0] < chance < OPEN_TOP[1]

    @property
    def bar(self) -> Bar:
        """The value as boxes of a bar, one for each dimension, and as a sum in words."""
        start, boxes, words = 0.0, [], []
        for _, terms in by_dimension(terms_of(self.result)):
            width = sum(term.contribution or 0.0 for term in terms)
            left, right = round(start), round(start + width)
            boxes.append(f"M{left} 0H{right}V8H{left}")
            words.append(f"{width:.1f}")
            start += width
        return Bar(boxes, " + ".join(words))

    @property
    def roi_range(self) -> list[str]:
        return _roi_range(self.result)


def rows_of(run: RankingRun, results: list[RankedProposal], *, in_order: bool) -> list[Row]:
    ranks = [result.rank for result in results]
    rows: list[Row] = []
    cut_drawn = False
    for place, result in enumerate(results):
        before = results[place - 1] if place else None
        result.run = run  # the facts are on the run we have; no query for each row
        crossed = result.line == Line.OUTSIDE and (before is None or before.line == Line.INSIDE)
        rows.append(
            Row(
                result=result,
                joined=in_order and result.tied_from is not None,
                tied=result.rank is not None and ranks.count(result.rank) > 1,
                tie=_tie(result, before) if in_order else None,
                cut_above=in_order and crossed and not cut_drawn,
                part_above=in_order
                and result.line == Line.INCOMPLETE
                and (before is None or before.line != Line.INCOMPLETE),
            )
        )
        cut_drawn = cut_drawn or crossed
    return rows


def by_dimension(terms: list[Term]) -> list[tuple[str, list[Term]]]:
    grouped: dict[str, list[Term]] = {}
    for term in terms:
        grouped.setdefault(term.dimension, []).append(term)
    return list(grouped.items())


def _tie(result: RankedProposal, before: RankedProposal | None) -> Tie | None:
    """The group that begins here, as far as the page is concerned."""
    if result.tied_from is None or result.tied_to is None:
        return None
    if before is not None and before.tied_from == result.tied_from:
        return None
    return Tie(result.tied_from, result.tied_to)


def _roi_range(result: RankedProposal) -> list[str]:
    """P10 to P90, and P50, as SVG paths on the scale; nothing without a range."""
    if result.roi_p10 is None or result.roi_p90 is None or result.roi_p50 is None:
        return []
    low, high = ROI_SCALE
    start, middle, end = (
        100 * (min(max(value, low), high) - low) / (high - low)
        for value in (result.roi_p10, result.roi_p50, result.roi_p90)
    )
    return [f"M{start:.0f} 4H{end:.0f}", f"M{middle:.0f} 0v8"]
