"""Moves between two runs: ways, words, places."""

from collections.abc import Callable

from scoring.backlog.charts.slope import MOVERS, slope_chart
from scoring.backlog.selectors.moves import Figure, Move, moves_between
from scoring.models import RankedProposal

Row = Callable[..., RankedProposal]


def moves(row: Row, then: dict[int, int | None], now: dict[int, int | None]) -> list[Move]:
    """``then`` and ``now`` are proposal -> rank."""

    def rows(ranks: dict[int, int | None]) -> list[RankedProposal]:
        return [row(rank, proposal_id=pk, title=f"Title {pk}") for pk, rank in ranks.items()]

    return moves_between(rows(then), rows(now))


def test_ways(row: Row) -> None:
    found = moves(
        row, {1: 1, 2: 3, 3: 2, 4: 4, 5: None, 6: None}, {1: 1, 2: 2, 3: 3, 6: 4, 5: None}
    )
    assert [(move.shown.proposal_id, move.way, move.by) for move in found] == [
        (1, "same", 0),
        (2, "up", 1),
        (3, "down", -1),
        (6, "in", 0),
        (5, "", 0),
        (4, "out", 0),
    ]


def test_the_sentence_counts_and_names_the_farthest(row: Row) -> None:
    drawn = slope_chart(moves(row, {1: 1, 2: 2, 3: 3, 4: 4}, {4: 1, 1: 2, 2: 3, 5: 4}))
    assert drawn is not None
    assert drawn.reading == (
        "1 moved up, 2 moved down, 1 came in, 1 left the ranking."
        " Farthest went “Title 4”, up 3 to 1 and “Title 1”, down 1 to 2."
    )


def test_nothing_moved_is_said(row: Row) -> None:
    drawn = slope_chart(moves(row, {1: 1, 2: 2}, {1: 1, 2: 2}))
    assert drawn is not None
    assert drawn.reading == "2 kept their rank."
    assert slope_chart(moves(row, {1: None}, {1: None})) is None
    assert slope_chart([]) is None


def test_who_crosses_the_line_is_counted(row: Row) -> None:
    before = [row(1, line="outside"), row(2)]
    found = moves_between(before, [row(1), row(2)])
    assert [move.crossed for move in found] == ["inside", ""]
    drawn = slope_chart(found)
    assert drawn is not None
    assert drawn.reading == "2 kept their rank. 1 proposal crossed the cut line."


def test_each_rank_has_its_place(row: Row) -> None:
    drawn = slope_chart(moves(row, {1: 1, 2: 2, 3: 3}, {2: 1, 1: 2, 4: 3}))
    assert drawn is not None
    assert [(line.left, line.right, line.left_text, line.right_text) for line in drawn.slopes] == [
        (58.0, 40.0, 58.0, 40.0),
        (40.0, 58.0, 40.0, 58.0),
        (None, 76.0, None, 76.0),
        (76.0, None, 76.0, None),
    ]
    assert drawn.height == 100


def test_equal_ranks_share_a_dot_but_not_a_word(row: Row) -> None:
    drawn = slope_chart(moves(row, {1: 1, 2: 1, 3: 3}, {1: 1, 2: 1, 3: 3}))
    assert drawn is not None
    assert [line.right for line in drawn.slopes] == [40.0, 40.0, 76.0]
    assert [line.right_text for line in drawn.slopes] == [40.0, 58.0, 76.0]


def test_in_a_long_list_only_the_farthest_are_named(row: Row) -> None:
    ranks = list(range(1, 501))
    drawn = slope_chart(moves(row, dict(enumerate(ranks)), dict(enumerate([500, *ranks[:-1]]))))
    assert drawn is not None
    assert len(drawn.slopes) == MOVERS
    assert drawn.others == 500 - MOVERS
    assert sum(shade.path.count("M") for shade in drawn.rest) < 100
    assert drawn.slopes[0].move.by == -499
    assert drawn.height <= 40 + 900 + 24 + 18 * MOVERS


def test_numbers_of_both_runs(row: Row) -> None:
    (move,) = moves_between([], [row(1, value=50.0, roi=None, impact=7.0)])
    assert move.figures == [
        Figure("Value", None, 50.0),
        Figure("ROI", None, None),
        Figure("Impact", None, 7.0),
    ]
