"""Rank intervals and contributions: one line for each proposal, placed exactly."""

from collections.abc import Callable

import numpy as np

from scoring.backlog.charts.contributions import contributions
from scoring.backlog.charts.intervals import intervals
from scoring.models import RankedProposal
from scoring.ranking.selectors.stored import StoredTerms

Row = Callable[..., RankedProposal]


def ranked(row: Row) -> list[RankedProposal]:
    return [
        row(1, rank_low=1, rank_high=2),
        row(2, rank_low=1, rank_high=4),
        row(3, rank_low=2, rank_high=4, line="outside"),
        row(4, rank_low=4, rank_high=4, line="outside"),
    ]


def terms(*rows: RankedProposal) -> StoredTerms:
    """What the rows' sums are as arrays."""
    table = np.array([row.contributions for row in rows], dtype=np.float64)
    return StoredTerms(*(table[:, :, place] for place in range(4)))


def test_ranks_have_equal_room_and_the_cut_lies_between_two(row: Row) -> None:
    drawn = intervals(ranked(row), ranked(row), 3)
    assert drawn is not None
    assert [line.at for line in drawn.lines] == [432.0, 576.0, 720.0, 864.0]
    assert [(line.low, line.high) for line in drawn.lines][1] == (432.0, 864.0)
    assert [line.y for line in drawn.lines] == [55.0, 77.0, 99.0, 121.0]
    assert (drawn.cut_x, drawn.cut_y) == (648.0, 88)
    assert [line.crosses for line in drawn.lines] == [False, True, True, False]
    assert drawn.ticks == [(1, 432.0), (2, 576.0), (3, 720.0), (4, 864.0)]
    assert drawn.height == 144
    assert drawn.reading == (
        "2 of 4 proposals stay on one side of the cut line in eight of ten futures; 2 cross it."
        " The least certain is “Title 2”, from rank 1 to 4."
    )


def test_who_cannot_be_told_apart_is_joined_and_said(row: Row) -> None:
    rows = ranked(row)
    for tied in rows[1:]:
        tied.tied_from, tied.tied_to = 2, 4
    drawn = intervals(rows, rows, 3)
    assert drawn is not None
    assert drawn.ties == [(69, 129)]
    assert " Places 2 to 4 are too close to call. " in drawn.reading
    second = intervals(rows[2:], rows, 3)
    assert second is not None
    assert second.ties == [(47, 85)]


def test_a_page_below_the_cut_has_no_line_between_its_rows(row: Row) -> None:
    everyone = ranked(row)
    drawn = intervals(everyone[3:], everyone, 3)
    assert drawn is not None
    assert (drawn.cut_x, drawn.cut_y) == (None, None)
    assert drawn.ticks == [(4, 648.0)]


def test_everything_fits_and_nothing_moves(row: Row) -> None:
    one = [row(1, rank_low=1, rank_high=1)]
    drawn = intervals(one, one, None)
    assert drawn is not None
    assert (drawn.cut_x, drawn.cut_y, drawn.lines[0].at) == (None, None, 648.0)
    assert drawn.reading == (
        "Everything fits the budget, so no interval crosses a cut line."
        " No rank moves in eight of ten futures."
    )
    assert intervals([row(None)], [], None) is None


def test_bars_are_sums_and_what_is_missing_is_apart(row: Row) -> None:
    full = row(1, value=70.0, contributions=[
        [50.0, 3.0, 80.0, 40.0, 0], [25.0, 60.0, 60.0, 15.0, 2], [25.0, 60.0, 60.0, 15.0, 2],
    ])  # fmt: skip
    gap = row(None, value=40.0, coverage=0.5, contributions=[
        [50.0, 3.0, 40.0, 40.0, 0], [25.0, None, None, None, 0], [25.0, None, None, None, 0],
    ])  # fmt: skip
    drawn = contributions([full, gap], terms(full, gap))
    assert drawn is not None
    assert drawn.dimensions == [("Return", 1), ("Customers", 2)]
    first, second = drawn.bars
    assert [(part.x, part.width, part.ink) for part in first.parts] == [
        (360.0, 160.0, 1),
        (520.0, 60.0, 2),
        (580.0, 60.0, 2),
    ]
    assert (first.end, first.gap, first.missing) == (640.0, 0, [])
    assert first.words == "Return 40.0, Customers 30.0"
    assert [(part.x, part.width) for part in second.parts] == [(360.0, 160.0)]
    assert second.sums == [("Return", 40.0), ("Customers", None)]
    assert (second.gap, second.gap_width) == (50.0, 52.0)
    assert second.words == "Return 40.0; not scored: Pain (25 %), Fit (25 %)"
    assert drawn.reading == (
        "“Return” brings most: 40 of the 55 points that a proposal has on average. 1 proposal lacks"
        " a score or a number; what is missing is drawn apart and never counts as 0."
    )


def test_nothing_scored_is_said(row: Row) -> None:
    blank = row(
        None, contributions=[[50.0, None, None, None, 0]] * 2 + [[0.0, None, None, None, 0]]
    )
    drawn = contributions([blank], terms(blank))
    assert drawn is not None
    assert drawn.bars[0].words == "nothing scored; not scored: Expected ROI (50 %), Pain (50 %)"
    assert drawn.reading == "Nothing is scored yet, so no value has any part."
    assert contributions([], terms(blank)) is None
