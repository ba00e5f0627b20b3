"""How the panel judges: figures from what is open to the reader, and from nothing else."""

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import User
from scoring.analysis.severity import adjust
from scoring.framework.selectors import published_version
from scoring.models import Seat
from scoring.scorecards.selectors.agreement import Judgements, judgements
from scoring.scorecards.services import recuse, save_scorecard
from tests.company import Company
from tests.pages import signed_in, text

PAGE = "/admin/judgements/"


def of(company: Company, who: str = "panelist") -> Judgements:
    version = published_version()
    assert version is not None
    return judgements(getattr(company, who), version)


def test_figures_and_ones_own_mildness(company: Company) -> None:
    for number in range(12):
        proposal = company.submitted(f"Idea {number}")
        level = 50 * (number % 3)
        company.score(proposal, company.curator, pain=level, fit=25)
        company.score(proposal, company.panelist, pain=level, fit=100)
    found = of(company)
    assert (found.proposals, found.judges) == (12, 2)
    pain, fit = found.findings
    assert (pain.health.mean, pain.health.top_share, pain.agreement) == (50.0, 1 / 3, "well")
    assert pain.remarks == []
    assert (fit.health.mean, fit.health.top_share, fit.agreement) == (62.5, 0.5, "little")
    assert fit.remarks == ["Proposals hardly differ on it."]
    assert (found.own.scores, found.own.at_top) == (24, 2 / 3)
    # The panelist's scores are 37.5 points higher in the mean: half of it each way, shrunk.
    questions, judges = np.repeat(np.arange(24), 2), np.tile([0, 1], 24)
    points = [50.0 * (number % 3) for number in range(12) for _ in range(2)] + [25.0, 100.0] * 12
    alone = adjust(questions, judges, points, 24, 2).effect[1]
    assert found.own.severity is not None
    assert found.own.severity == pytest.approx(float(alone))
    assert 12.0 < found.own.severity < 18.75
    other = of(company, "curator").own.severity
    assert other == pytest.approx(-found.own.severity)


def test_functions_are_shown_where_nobody_alone_is_meant(company: Company) -> None:
    judges = [company.curator, company.panelist]
    for name in ("ina", "olaf"):
        user = User.objects.create_user(name, team=company.panelist.team)
        Seat.objects.create(user=user)
        judges.append(User.objects.get(pk=user.pk))
    for number in range(8):
        proposal = company.submitted(f"Idea {number}")
        for judge in judges:
            company.score(proposal, judge, 100 if judge.username == "ina" else 50, 25)
    shown = {
        who: [(row.function, row.judges) for row in of(company, who).functions]
        for who in ("curator", "panelist")
    }
    # Three of IT/Data: two others for one of them. Of Finance there is one.
    assert shown == {"curator": [("IT/Data", 3)], "panelist": [("IT/Data", 3)]}
    [row] = of(company).functions
    own = of(company).own.severity
    assert own is not None
    assert row.severity > 0 > own
    assert "By function" in text(signed_in(company.panelist).get(PAGE))
    Seat.objects.filter(user__username="olaf").delete()
    User.objects.filter(username="olaf").update(team=company.curator.team)
    assert [row.function for row in of(company).functions] == ["Finance"]


def test_remarks_on_criteria_that_tell_nothing_apart(company: Company) -> None:
    for number in range(6):
        company.scored(f"Idea {number}", pain=100, fit=100)
    pain, fit = of(company).findings
    sentence = "Nearly everything gets the highest level: it tells no proposal from another."
    assert pain.remarks == fit.remarks == [sentence]
    assert pain.agreement == "too few to say"  # equal everywhere


def test_two_criteria_that_ask_the_same_are_named(company: Company) -> None:
    for number in range(12):
        pain_level, fit_level = ((0, 0), (50, 25), (100, 100))[number % 3]
        company.scored(f"Idea {number}", pain=pain_level, fit=fit_level)
    pain, fit = of(company).findings
    assert pain.remarks == [
        f"Moves as {fit.criterion.name} does: the two may ask the same, and count it twice."
    ]


def test_nothing_of_a_proposal_shows_before_the_own_scorecard_is_in(company: Company) -> None:
    open_one, closed = company.submitted("Judged by both"), company.submitted("Not yet")
    for proposal in (open_one, closed):
        company.score(proposal, company.curator, pain=100, fit=25)
    company.score(open_one, company.panelist, pain=50, fit=25)
    before = of(company)
    assert (before.proposals, before.findings[0].health.mean) == (1, 75.0)
    assert "1 proposal that you have judged" in text(signed_in(company.panelist).get(PAGE))
    # A draft opens nothing; one's own submitted scorecard does.
    company.score(closed, company.panelist, pain=0, fit=25, submit=False)
    assert of(company) == before
    recuse(actor=company.panelist, proposal=open_one, reason="A friend's.", expected_version=1)
    assert of(company).proposals == 0
    assert "Nothing to show yet." in text(signed_in(company.panelist).get(PAGE))


def test_the_first_score_counts_as_it_was_given_blind(company: Company) -> None:
    proposal = company.scored("One", pain=50, fit=25)
    before = of(company)
    save_scorecard(
        actor=company.panelist,
        proposal=proposal,
        answers=company.answers(100, 100),
        submit=True,
        expected_version=1,
        change_reason="The others convinced me.",
    )
    assert of(company) == before


def test_the_page_is_for_the_panel(company: Company) -> None:
    company.scored("One")
    for who, status in (("panelist", 200), ("curator", 200), ("admin", 403)):
        assert signed_in(getattr(company, who)).get(PAGE).status_code == status


def test_queries_do_not_grow(company: Company) -> None:
    client = signed_in(company.panelist)
    company.scored("One", pain=0, fit=25)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE)
    for title in ("Two", "Three"):
        company.scored(title, pain=100, fit=0)
    with CaptureQueriesContext(connection) as three:
        client.get(PAGE)
    assert len(three) == len(one) <= 12


def test_of_very_many_scores_every_second_proposal_is_read(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        company.scored(f"Idea {number}", pain=100 * (number % 2), fit=25)
    monkeypatch.setattr("scoring.scorecards.selectors.agreement.MOST_SCORES", 8)
    found = of(company)
    assert (found.proposals, found.every) == (2, 2)
    assert found.findings[0].health.mean == 0.0
    page = text(signed_in(company.panelist).get(PAGE))
    assert "2 proposals that you have judged, every 2nd of them" in page
