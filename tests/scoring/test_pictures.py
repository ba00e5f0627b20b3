"""The picture of the two lenses: geometry that a reader can check, and the same as a table."""

import pytest
from django.test import Client

from scoring.models import RankedProposal
from scoring.views.pictures import HEIGHT, LEFT, Scale, scatter
from tests.company import Company


def test_ticks_are_round_and_within_the_scale() -> None:
    scale = Scale(low=-0.7, high=3.4, start=0, stop=410)
    assert [value for value, _ in scale.ticks()] == [0.0, 1.0, 2.0, 3.0]
    assert scale.place(-0.7) == 0
    assert scale.place(3.4) == 410
    assert Scale(0, 36_000, 500, 0).ticks()[1] == (10_000.0, 361.11)


def row(rank: int | None, roi: float | None, impact: float | None, cost: float) -> RankedProposal:
    return RankedProposal(
        rank=rank, roi=roi, roi_p10=roi, roi_p90=roi, impact=impact, cost=cost, line="inside"
    )


def test_area_follows_cost_and_large_dots_lie_below() -> None:
    drawn = scatter([row(1, 1.0, 10.0, 100.0), row(2, 2.0, 20.0, 400.0)])
    assert drawn is not None
    assert [dot.radius for dot in drawn.dots] == [22.0, 11.0]
    small = drawn.dots[1]
    assert LEFT < small.x < drawn.dots[0].x
    assert HEIGHT > small.y > drawn.dots[0].y


@pytest.mark.parametrize(
    "missing", [row(None, 1.0, 1.0, 1.0), row(1, None, 1.0, 1.0), row(1, 1.0, None, 1.0)]
)
def test_what_has_not_both_numbers_is_not_drawn(missing: RankedProposal) -> None:
    assert scatter([missing]) is None
    assert scatter([]) is None


def test_one_proposal_and_equal_ones_can_be_drawn() -> None:
    for rows in ([row(1, 0.0, 0.0, 0.0)], [row(1, 2.0, 5.0, 3.0)] * 3):
        drawn = scatter(rows)
        assert drawn is not None
        assert len(drawn.dots) == len(rows)


def test_the_page_says_the_same_in_a_table(company: Company) -> None:
    company.scored("Drawn")
    company.scored("No money", money=[])
    company.rank()
    client = Client()
    client.force_login(company.leader)
    html = client.get("/backlog/picture/").content.decode()
    assert "Expected ROI against customer impact, 1 proposals" in html
    assert html.count("Drawn") == 3
    assert "No money" not in html


def test_a_panelist_does_not_see_an_unjudged_dot(company: Company) -> None:
    hidden = company.submitted("Not judged yet")
    company.score(hidden, company.curator, 50, 25)
    company.rank()
    client = Client()
    client.force_login(company.panelist)
    assert "Not judged yet" not in client.get("/backlog/picture/").content.decode()
