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
class Row:
    """One line. ``tie`` is said, and lines are drawn, above the first line that they concern."""

    result: RankedProposal
    certainty: str
    parts: list[str]
    parts_text: str
    roi_range: list[str]
    state: str
    tied: bool
    tie: Tie | None
    cut_above: bool
    part_above: bool
    top_open: bool

    @property
    def moved(self) -> int:
        """Places up (positive) or down since the run before; 0 where either has no rank."""
        before: int | None = getattr(self.result, "rank_before", None)
        return 0 if before is None or self.result.rank is None else before - self.result.rank


def rows_of(run: RankingRun, results: list[RankedProposal], *, in_order: bool) -> list[Row]:
    ranks = [result.rank for result in results]
    rows: list[Row] = []
    cut_drawn = False
    for place, result in enumerate(results):
        before = results[place - 1] if place else None
        result.run = run  # the facts are on the run we have; no query for each row
        parts = _parts(terms_of(result))
        crossed = result.line == Line.OUTSIDE and (before is None or before.line == Line.INSIDE)
        rows.append(
            Row(
                result=result,
                certainty=certainty(result.p_funded),
                parts=[_bar(start, width) for start, width in parts],
                parts_text=" + ".join(f"{width:.1f}" for _, width in parts),
                roi_range=_roi_range(result),
                state=STATES.get(result.proposal.status, result.proposal.status),
                tied=result.rank is not None and ranks.count(result.rank) > 1,
                tie=_tie(result, before) if in_order else None,
                cut_above=in_order and crossed and not cut_drawn,
                part_above=in_order
                and result.line == Line.INCOMPLETE
                and (before is None or before.line != Line.INCOMPLETE),
                top_open=result.p_top is not None and OPEN_TOP[0] < result.p_top < OPEN_TOP[1],
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


def _parts(terms: list[Term]) -> list[tuple[float, float]]:
    """(start, width) of each dimension in a value of 0 to 100."""
    start, parts = 0.0, []
    for _, group in by_dimension(terms):
        width = sum(term.contribution or 0.0 for term in group)
        parts.append((start, width))
        start += width
    return parts


def _bar(start: float, width: float) -> str:
    """A box of the bar as an SVG path; the bar is 100 wide and 8 high."""
    left, right = round(start), round(start + width)
    return f"M{left} 0H{right}V8H{left}"


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
