"""What leaders were told to expect by a day, from the sealed inputs of their decision."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import MoneyLine, Proposal
from scoring.analysis.money import simulate
from scoring.forecast.returns import money_lines, paid_by
from scoring.outcomes.selectors import greenlit as listed
from scoring.outcomes.selectors import standings
from scoring.outcomes.services import progress_of
from scoring.ranking.selectors.snapshot import load_part
from tests.company import Company
from tests.scoring.outcomes.greenlit import YEAR, greenlit, progress, reported

KINDS = MoneyLine.Kind


def lines(*given: tuple[str, int, int, str | None]) -> list[dict[str, object]]:
    return [
        {"kind": kind, "starts_month": start, "yearly_retention": kept, "low": low}
        for kind, low, start, kept in given
    ]


def test_how_much_of_each_line_is_paid_by_a_month():
    money = lines(
        ("one_off_cost", 100, 0, None),
        ("running_cost", 60, 0, None),
        ("retention", 120, 6, None),
        ("acquisition", 120, 0, "0.5"),
    )
    item = {"horizon_months": 24, "money": money}
    rules = {"cost_uplift": "0.25"}
    assert paid_by([item], rules, [0.0]).tolist() == [1.25, 0.0, 0.0, 0.0]
    year = paid_by([item], rules, [12.0]).tolist()
    # Won in a year and half of them gone within one: the sum of what was paid in twelve months.
    won = sum(0.5 ** (j / 12) for t in range(12) for j in range(t + 1)) / 144
    assert year == pytest.approx([1.25, 1.25, 0.5, won])
    assert paid_by([item], rules, [9.5]).tolist()[2] == pytest.approx(3.5 / 12)
    late = paid_by([item], rules, [99.0]).tolist()
    assert late[:3] == pytest.approx([1.25, 2.5, 1.5])  # the horizon is over


@pytest.fixture
def proposal(company: Company) -> Proposal:
    """Greenlit a year ago; 100,000 once, 150,000 a year for three years, both for certain."""
    made = company.scored("Certain")
    greenlit(company, made)
    return Proposal.objects.get(pk=made.pk)


@pytest.mark.usefixtures("proposal")
def test_without_a_report_it_is_what_should_have_come_by_today() -> None:
    one = progress()["Certain"]
    assert one.months == pytest.approx(12, abs=0.1)
    assert (one.spent.low, one.spent.high, one.spent.actual) == (100_000, 100_000, None)
    assert one.brought.likely == pytest.approx(150_000, rel=0.01)
    assert (one.spent.word, one.state, one.on_course) == ("", "", None)


def test_with_one_it_is_by_its_day(company: Company, proposal: Proposal) -> None:
    reported(proposal, days_ago=round(YEAR / 2), brought=75, spent=100)
    one = progress()["Certain"]
    assert one.brought.likely == pytest.approx(75_000, rel=0.01)
    assert one.spent.word == "as expected"
    assert not one.has_return  # it is under way


def test_the_return_it_is_on_course_for(company: Company, proposal: Proposal) -> None:
    """Half of the benefits at twice the cost: a quarter of the benefits for each unit of cost."""
    reported(proposal, state="done", spent=200, brought=75)
    one = progress()["Certain"]
    assert one.promised is not None
    assert one.on_course == pytest.approx((one.promised + 1) / 4 - 1, abs=0.005)
    assert one.spent.word == "more than expected"
    assert one.brought.word == "less than expected"


def test_what_was_stopped_has_the_return_it_had(company: Company, proposal: Proposal) -> None:
    reported(proposal, state="stopped", spent=80, brought=20)
    one = progress()["Certain"]
    assert one.on_course == pytest.approx(20 / 80 - 1)
    assert (one.has_return, one.has_cost) == (True, False)


def test_no_return_without_both_sums(company: Company, proposal: Proposal) -> None:
    for spent, brought in ((0, 5), (None, 90), (90, None)):
        reported(proposal, state="done", spent=spent, brought=brought)
        assert progress()["Certain"].on_course is None


def test_costs_are_expected_with_the_uplift_of_their_class(company: Company) -> None:
    company.amend(cost_uplift="0.5")
    made = company.scored("Uplifted")
    greenlit(company, made)
    one = progress()["Uplifted"]
    assert one.spent.likely == pytest.approx(150_000)
    assert one.estimate == pytest.approx(100_000)


def test_benefits_are_expected_as_they_were_believed(company: Company) -> None:
    company.amend(believes_evidence=True, prior_roi="0", prior_spread="0.5")
    made = company.scored("Believed")
    greenlit(company, made)
    one = progress()["Believed"]
    assert one.promised is not None
    assert one.stated is not None
    assert one.promised < one.stated
    believed = (one.promised + 1) / (one.stated + 1)
    assert one.brought.likely == pytest.approx(one.brought.mean * believed, rel=0.02)
    assert one.brought.low < one.brought.likely < one.brought.high


def test_the_futures_are_those_of_the_run(company: Company) -> None:
    """At the end of the horizon, undiscounted, the NPV that the run drew."""
    company.amend(discount_rate="0")
    line = MoneyLine(kind=KINDS.ENRICHMENT, low=20_000, likely=60_000, high=190_000)
    cost = MoneyLine(kind=KINDS.ONE_OFF_COST, low=100_000, likely=100_000, high=100_000)
    made = company.scored("Wide", money=[cost, line])
    run = greenlit(company, made, days_ago=YEAR * 4)
    one, item = progress()["Wide"], load_part(run, made.pk)["proposals"][0]
    rules = {"discount_rate": "0", "cost_uplift": "0"}
    drawn = simulate(money_lines([item], rules), draws=2_000, seed=run.seed)
    found = [one.brought.low, one.brought.likely, one.brought.high]
    npv = [drawn.npv_p10[0], drawn.npv_p50[0], drawn.npv_p90[0]]
    assert found == pytest.approx([100_000 + float(value) for value in npv], rel=1e-5)


def test_what_no_insight_backs_counts_as_a_plan(company: Company) -> None:
    """By the benefit that most is expected of, as in the sum of the believed return."""
    company.amend(believes_evidence=True)
    backed = company.insight("So it was.", kind="test")
    big = MoneyLine(kind=KINDS.ENRICHMENT, low=90_000, likely=90_000, high=90_000)
    small = MoneyLine(kind=KINDS.RETENTION, low=9_000, likely=9_000, high=9_000)
    cost = MoneyLine(kind=KINDS.ONE_OFF_COST, low=100_000, likely=100_000, high=100_000)
    big.evidence, big.evidence_date = "launch", backed.gathered_on
    small.insight = backed
    claimed = company.scored("Claimed", money=[cost, big, small])
    greenlit(company, claimed)
    assert progress()["Claimed"].evidence == "plans"
    cost.pk = big.pk = small.pk = None
    big.evidence, big.evidence_date, big.insight = "", None, backed
    measured = company.scored("Measured", money=[cost, big, small])
    greenlit(company, measured)
    assert progress()["Measured"].evidence == "test"


def test_later_texts_and_rules_change_nothing(company: Company, proposal: Proposal) -> None:
    before = progress()["Certain"]
    MoneyLine.objects.filter(proposal=proposal).update(likely=Decimal(1), low=1, high=1)
    company.amend(discount_rate="0.3", cost_uplift="1")
    after = progress()["Certain"]
    assert (after.spent, after.brought, after.promised) == (
        before.spent,
        before.brought,
        before.promised,
    )


def test_the_newest_yes_counts(company: Company, proposal: Proposal) -> None:
    """Greenlit with conditions first, then for good: month 0 is the later day."""
    greenlit(company, proposal, days_ago=30)
    one = progress()["Certain"]
    assert one.months == pytest.approx(1, abs=0.1)


def test_queries_do_not_grow_with_proposals(company: Company) -> None:
    counts = []
    made: list[Proposal] = []
    for number in (1, 3):
        new = [company.scored(f"P{len(made) + place}") for place in range(number - len(made))]
        greenlit(company, *new)
        made += new
        with CaptureQueriesContext(connection) as found:
            progress_of([row for row in standings(listed()) if row.proposal in new])
        counts.append(len(found))
    assert counts[0] == counts[1]
