"""Where the panel differs: live answers, and the chance that settling one moves the line."""

from math import sqrt

import pytest
from scipy.stats import norm

from projects.models import Proposal
from scoring.meetings.selectors.differences import differences
from scoring.scorecards.services import save_scorecard
from tests.company import Company
from tests.pages import signed_in, text

PAGE = "/admin/differences/"


def judged(company: Company, title: str, *pains: int) -> Proposal:
    """Judged by curator and panelist on pain; fit is 25 by both."""
    proposal = company.submitted(title)
    for judge, pain in zip((company.curator, company.panelist), pains, strict=False):
        company.score(proposal, judge, pain, 25)
    return proposal


def test_the_widest_gap_comes_first_without_a_run(company: Company) -> None:
    judged(company, "Alike", 50, 50)
    judged(company, "Apart", 0, 100)
    judged(company, "Near", 50, 100)
    judged(company, "Alone", 100)
    found = differences(company.panelist, company.version)
    assert [row.proposal.title for row in found.rows] == ["Apart", "Near", "Alike"]
    assert not found.has_worth
    pain, fit = found.rows[0].cells
    assert pain is not None
    assert fit is not None
    assert (pain.low, pain.high, pain.judges, pain.step, pain.worth) == (0, 100, 2, 4, None)
    assert (fit.gap, fit.step) == (0, 0)
    assert [(row.title, cell.criterion.key) for row, cell in found.questions] == [
        ("Apart", "pain"),
        ("Near", "pain"),
    ]


def test_the_chance_to_cross_the_line_is_that_of_the_panels_error(company: Company) -> None:
    """Three of 100 a piece, 250 to spend: two are in, and the line lies between two and three."""
    for title, pains in (("High", (100, 100)), ("Middle", (50, 100)), ("Low", (0, 100))):
        judged(company, title, *pains)
    run = company.rank()
    score = {row.title: float(row.score or 0) for row in run.results.all()}
    assert [row.title for row in run.results.all()] == ["High", "Middle", "Low"]
    line = (score["Middle"] + score["Low"]) / 2
    found = differences(company.panelist, company.version)
    assert found.has_worth
    assert [row.proposal.title for row in found.rows] == ["Low", "Middle", "High"]
    for title, deviation in (("Low", 100 / sqrt(2)), ("Middle", 50 / sqrt(2))):
        row = next(row for row in found.rows if row.proposal.title == title)
        assert row.cells[0] is not None
        error = 0.15 * deviation / sqrt(2)
        expected = norm.cdf(-abs(score[title] - line) / error)
        assert row.cells[0].worth == pytest.approx(expected)


def test_the_latest_answers_are_compared(company: Company) -> None:
    proposal = judged(company, "Alpha", 0, 100)
    save_scorecard(
        actor=company.curator,
        proposal=proposal,
        answers=company.answers(100, 25),
        change_reason="Read it again.",
        submit=True,
        expected_version=1,
    )
    [row] = differences(company.panelist, company.version).rows
    assert row.cells[0] is not None
    assert row.cells[0].gap == 0


def test_nothing_of_what_one_has_not_judged_or_may_not_see(company: Company) -> None:
    judged(company, "Alpha", 0)
    assert differences(company.panelist, company.version).rows == []
    page = text(signed_in(company.panelist).get(PAGE))
    assert "Nothing to show yet." in page
    assert "Alpha" not in page
    assert signed_in(company.admin).get(PAGE).status_code == 403


def test_the_page_says_how_far_apart_and_opens_a_meeting(company: Company) -> None:
    judged(company, "Alpha", 0, 100)
    company.rank()
    page = text(signed_in(company.curator).get(PAGE))
    assert "0–100" in page
    assert "all 25" in page
    assert "Begin a meeting" in page
    assert "Begin a meeting" not in text(signed_in(company.panelist).get(PAGE))


@pytest.mark.parametrize("proposals", [1, 3])
def test_the_queries_stay_as_many(
    company: Company, proposals: int, django_assert_max_num_queries: object
) -> None:
    for number in range(proposals):
        judged(company, f"P{number}", 0, 100)
    company.rank()
    client = signed_in(company.panelist)
    client.get(PAGE)
    with django_assert_max_num_queries(17):  # type: ignore[operator]
        client.get(PAGE)
