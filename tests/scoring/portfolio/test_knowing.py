"""Worth finding out first: the number that could most change what is funded."""

from decimal import Decimal

import pytest

from projects.models import MoneyLine
from scoring.analysis.worth import worth_of_estimate, worth_of_normal
from scoring.models import RankedProposal, RankingRun
from scoring.portfolio.services import Forced, Pool, worth_finding_out
from tests.company import Company
from tests.contract import Api
from tests.pages import signed_in, words
from tests.scoring.portfolio.asking import case, pk_of, returns, tie

KINDS = MoneyLine.Kind


def money(cost: int, low: int, likely: int, high: int) -> list[MoneyLine]:
    """A certain cost, and one benefit a year whose name is "Benefit"."""
    return [
        MoneyLine(kind=KINDS.ONE_OFF_COST, low=cost, likely=cost, high=cost),
        MoneyLine(
            kind=KINDS.ENRICHMENT,
            label="Benefit",
            low=Decimal(low),
            likely=Decimal(likely),
            high=Decimal(high),
        ),
    ]


@pytest.fixture
def run(company: Company) -> RankingRun:
    """250,000 are for one of the two dear ones; the small one always fits and is certain."""
    company.scored("Sure", money=money(200_000, 150_000, 150_000, 150_000))
    company.scored("Wide", money=money(200_000, 20_000, 140_000, 260_000))
    company.scored("Small", money=money(40_000, 60_000, 60_000, 60_000))
    return company.rank()


def factor(run: RankingRun, title: str) -> float:
    """Present value of a benefit of 1 a year."""
    row = run.results.get(title=title)
    assert row.benefit is not None
    lines = {"Sure": 150_000, "Wide": 140_000, "Small": 60_000}
    return row.benefit / lines[title]


def test_the_only_uncertain_number_near_the_line(run: RankingRun) -> None:
    (number,) = worth_finding_out(case(run))
    assert (number.title, number.name, number.inside) == ("Wide", "Benefit", False)
    margin = returns(run, "Sure") - returns(run, "Wide")
    by_hand = worth_of_estimate(margin, 20_000, 140_000, 260_000, factor=factor(run, "Wide"))
    assert number.worth == pytest.approx(by_hand, rel=1e-6)
    assert number.worth > 0


def test_one_that_is_in_may_turn_out_worse(company: Company) -> None:
    company.scored("Sure", money=money(200_000, 130_000, 130_000, 130_000))
    company.scored("Wide", money=money(200_000, 20_000, 140_000, 260_000))
    run = company.rank()
    (number,) = worth_finding_out(case(run))
    assert (number.title, number.inside) == ("Wide", True)
    margin = returns(run, "Sure") - returns(run, "Wide")
    assert margin < 0
    row = run.results.get(title="Wide")
    assert row.benefit is not None
    by_hand = worth_of_estimate(margin, 20_000, 140_000, 260_000, factor=row.benefit / 140_000)
    assert number.worth == pytest.approx(by_hand, rel=1e-6)


def test_where_money_is_for_all_nothing_that_pays_for_certain_is_worth_knowing(
    company: Company,
) -> None:
    company.scored("Good", money=money(100_000, 90_000, 140_000, 260_000))
    assert worth_finding_out(case(company.rank())) == []


def test_a_loss_that_may_pay_is(company: Company) -> None:
    company.scored("May pay", money=money(100_000, 5_000, 30_000, 90_000))
    run = company.rank()
    (number,) = worth_finding_out(case(run))
    assert number.inside is False
    row = run.results.get(title="May pay")
    assert row.benefit is not None
    assert row.roi is not None
    mean = (5_000 + 4 * 30_000 + 90_000) / 6
    by_hand = worth_of_estimate(
        -row.roi * 100_000, 5_000, 30_000, 90_000, factor=row.benefit / mean
    )
    assert number.worth == pytest.approx(by_hand, rel=1e-4)


def test_how_far_its_evidence_holds_is_a_number_too(company: Company) -> None:
    company.amend(believes_evidence=True, prior_roi="0", prior_spread="0.5")
    company.scored("Sure", money=money(200_000, 150_000, 150_000, 150_000))
    company.scored("Doubtful", money=money(200_000, 149_000, 149_000, 149_000))
    run = company.rank()
    numbers = worth_finding_out(case(run))
    assert {number.name for number in numbers} == {"whether it brings what it says"}
    doubtful = run.results.get(title="Doubtful")
    assert doubtful.believed is not None
    margin = returns(run, "Sure") - returns(run, "Doubtful")
    by_hand = worth_of_normal(margin, (1 - doubtful.believed) ** 0.5 * 0.5 * 200_000)
    found = {number.title: number.worth for number in numbers}
    assert found["Doubtful"] == pytest.approx(by_hand, rel=1e-6)


def test_what_is_decided_forced_or_bound_cannot_change(run: RankingRun) -> None:
    pinned = Forced(pk_of("Wide"), False, "strategy")
    assert worth_finding_out(case(run, forced=(pinned,))) == []
    none = Pool("stage:Use", high=0.0)
    assert worth_finding_out(case(run, none)) == []


def test_ties_count(company: Company, run: RankingRun) -> None:
    """Where the wide one brings the small one along, less is missing."""
    tie(company, "Small", "needs", "Wide")
    (number,) = worth_finding_out(case(run))
    margin = returns(run, "Sure") - returns(run, "Wide", "Small")
    by_hand = worth_of_estimate(margin, 20_000, 140_000, 260_000, factor=factor(run, "Wide"))
    assert number.worth == pytest.approx(by_hand, rel=1e-6)
    assert number.inside is (margin < 0)


def test_rules_that_cannot_hold_together_say_nothing(run: RankingRun) -> None:
    torn = Pool("stage:Use", low=240_001.0)
    assert worth_finding_out(case(run, torn)) == []


def test_the_page_leads_to_the_register_and_the_api_says_the_same(
    company: Company, run: RankingRun
) -> None:
    page = signed_in(company.leader).get("/backlog/plan/costs/")
    assert "Knowing “Benefit” of" in words(page)
    assert "/research/new/?question=Wide%3A%20Benefit%3F" in page.content.decode()
    (number,) = worth_finding_out(case(run))
    (row,) = Api(company.leader).send("POST", "/plans/worth/", {"query": ""}).json()
    assert row == {
        "proposal": RankedProposal.objects.get(run=run, title="Wide").proposal_id,
        "name": "Benefit",
        "worth": number.worth,
        "inside": False,
    }
    assert Api(company.marketing).send("POST", "/plans/worth/", {"query": ""}).status_code == 403
