"""Value against cost: quadrants by the middle of the list, and who stands in which."""

from collections.abc import Callable

import pytest

from scoring.backlog.charts.value_cost import BOTTOM, DRAWN, HEIGHT, LEFT, NAMED, TOP, value_cost
from scoring.models import RankedProposal

Row = Callable[..., RankedProposal]


@pytest.fixture
def four(row: Row) -> list[RankedProposal]:
    """One in each quadrant; the middle is a value of 50 at a cost of 500."""
    return [
        row(1, value=90.0, cost=100.0),
        row(2, value=80.0, cost=900.0, line="outside"),
        row(3, value=20.0, cost=200.0),
        row(4, value=10.0, cost=800.0, line="outside"),
    ]


def test_each_stands_in_its_quadrant(four: list[RankedProposal]) -> None:
    drawn = value_cost(four)
    assert drawn is not None
    assert (drawn.value, drawn.cost) == (50.0, 500.0)
    assert [dot.quadrant for dot in drawn.dots] == [
        "quick win",
        "big bet",
        "fill-in",
        "costs much for little",
    ]
    assert drawn.reading == (
        "1 quick win, 1 inside the budget; 1 big bet, 0 inside the budget; "
        "1 fill-in, 1 inside the budget; 1 costs much for little, 0 inside the budget."
    )
    assert [dot.inside for dot in drawn.dots] == [True, False, True, False]


def test_cheap_is_left_and_worth_more_is_up(four: list[RankedProposal]) -> None:
    drawn = value_cost(four)
    assert drawn is not None
    (across, up), (first, second, third, last) = drawn.middle, drawn.dots
    assert LEFT < first.x < third.x < across < last.x < second.x
    assert TOP < first.y < second.y < up < third.y < last.y < HEIGHT - BOTTOM


def test_the_middle_itself_is_worth_much_and_costs_little(row: Row) -> None:
    """At least the median value is high, at most the median cost is low; so is one alone."""
    for rows in ([row(1, value=5.0, cost=9.0)], [row(n, value=5.0, cost=9.0) for n in (1, 2)]):
        drawn = value_cost(rows)
        assert drawn is not None
        assert {dot.quadrant for dot in drawn.dots} == {"quick win"}


def test_what_has_no_rank_or_no_cost_is_counted(row: Row) -> None:
    rows = [
        row(1, value=5.0, cost=9.0),
        row(2, value=4.0, cost=None),
        row(None, value=1.0, cost=1.0),
    ]
    drawn = value_cost(rows)
    assert drawn is not None
    assert drawn.reading.endswith(". 2 proposals are not drawn: a rank or a cost is missing.")
    assert value_cost(rows[1:]) is None
    assert value_cost([]) is None


def test_only_the_best_are_named_and_a_crowd_is_shades(row: Row) -> None:
    rows = [row(n, value=300.0 - n, cost=float(n * 37 % 203)) for n in range(1, DRAWN + 4)]
    drawn = value_cost(rows)
    assert drawn is not None
    named = [dot.result.rank for dot in drawn.dots if dot.label]
    assert named
    assert all((rank or 0) <= NAMED for rank in named)
    assert (len(drawn.dots), drawn.shades, len(drawn.rest) > 0) == (DRAWN, 3, True)
