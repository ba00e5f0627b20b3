"""ROI against impact: places, areas, slices, and the sentence."""

from collections.abc import Callable

import pytest

from scoring.backlog.charts.scatter import DRAWN, HEIGHT, LEFT, TOP, scatter, slices
from scoring.models import RankedProposal

Row = Callable[..., RankedProposal]


def money(roi: float | None, impact: float | None, cost: float) -> dict[str, float | None]:
    return {"roi": roi, "roi_p10": roi, "roi_p90": roi, "impact": impact, "cost": cost}


def test_area_follows_cost_and_large_dots_lie_below(row: Row) -> None:
    drawn = scatter([row(1, **money(1.0, 10.0, 100.0)), row(2, **money(2.0, 20.0, 400.0))])
    assert drawn is not None
    assert [dot.radius for dot in drawn.dots] == [22.0, 11.0]
    assert [dot.hole for dot in drawn.dots] == [13.6, 6.8]
    small = drawn.dots[1]
    assert LEFT < small.x < drawn.dots[0].x
    assert HEIGHT > small.y > drawn.dots[0].y > TOP
    assert [dot.result.rank for dot in drawn.listed] == [1, 2]


def test_slices_go_round_from_twelve_o_clock() -> None:
    found = slices([0.25, 0.0, 0.75, 0.0], 100, 100, 10)
    assert [(piece.stream, piece.path) for piece in found] == [
        (0, "M100.00 100.00L100.00 90.00A10 10 0 0 1 110.00 100.00Z"),
        (2, "M100.00 100.00L110.00 100.00A10 10 0 1 1 100.00 90.00Z"),
    ]


def test_one_stream_alone_is_a_whole_dot(row: Row) -> None:
    drawn = scatter([row(1, **money(1.0, 1.0, 1.0))], {1: [0.0, 1.0, 0.0, 0.0]})
    assert drawn is not None
    (dot,) = drawn.dots
    assert (dot.whole, dot.slices, dot.text, dot.words) == (
        1,
        [],
        f"1 {dot.result.title}",
        "100 % retention",
    )


def test_the_best_ten_carry_rank_and_short_title(row: Row) -> None:
    long = "A proposal whose title is longer than a chart has room for"
    rows = [
        row(10, title=long, **money(1.0, 1.0, 1.0)),
        row(11, title="Eleventh", **money(2.0, 2.0, 1.0)),
    ]
    drawn = scatter(rows, {rows[0].proposal_id: [0.3, 0.0, 0.0, 0.7]})
    assert drawn is not None
    assert [dot.text for dot in drawn.listed] == ["10 A proposal whose title…", ""]
    assert drawn.listed[0].words == "70 % cost to serve, 30 % acquisition"
    assert drawn.listed[1].words == ""


@pytest.mark.parametrize(
    ("rank", "numbers"),
    [(None, money(1.0, 1.0, 1.0)), (1, money(None, 1.0, 1.0)), (1, money(1.0, None, 1.0))],
)
def test_what_has_not_both_numbers_is_not_drawn(row: Row, rank, numbers) -> None:
    assert scatter([row(rank, **numbers)]) is None
    assert scatter([]) is None


def test_one_proposal_and_equal_ones_can_be_drawn(row: Row) -> None:
    for rows in ([row(1, **money(0.0, 0.0, 0.0))], [row(1, **money(2.0, 5.0, 3.0))] * 3):
        drawn = scatter(rows)
        assert drawn is not None
        assert len(drawn.dots) == len(rows)


def test_beyond_what_can_be_told_apart_dots_are_shades(row: Row) -> None:
    rows = [row(rank, **money(rank / 100, rank, 1.0)) for rank in range(1, DRAWN + 31)]
    drawn = scatter(rows)
    assert drawn is not None
    assert (len(drawn.dots), drawn.shades) == (DRAWN, 30)
    assert sum(shade.path.count("M") for shade in drawn.rest) <= drawn.shades
    assert drawn.crowded
    assert [dot.whisker for dot in drawn.listed[8:12]] == [True, True, False, False]
    assert {dot.radius for dot in drawn.dots} == {11.0}


def test_the_sentence_counts(row: Row) -> None:
    both = {"undominated": True}
    rows = [
        row(1, **money(3.0, 1.0, 1.0), **both),
        row(2, **money(1.0, 9.0, 1.0), **both, line="outside"),
        row(3, **money(0.5, 0.5, 1.0), line="outside"),
        row(None, **money(1.0, 1.0, 1.0)),
    ]
    drawn = scatter(rows)
    assert drawn is not None
    assert drawn.reading == (
        "2 proposals hold under both lenses, 1 of them inside the budget; 1 is beaten in return and"
        " impact at once. 1 proposal is not drawn: a rank, an ROI or an impact is missing."
    )
    alone = scatter(rows[:1])
    assert alone is not None
    assert alone.reading == "1 proposal holds under both lenses, and it is inside the budget."
