"""What a run says of its own uncertainty: weights, ties, the exchange rate and the flags."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from projects.models import CustomerEffect, MoneyLine
from scoring.framework.selectors import spec_of
from scoring.framework.services.versions import save_draft, start_draft
from scoring.models import RankedProposal
from scoring.ranking.selectors.snapshot import load_snapshot
from scoring.ranking.services.pipeline.futures import TOP
from tests.company import Company

pytestmark = pytest.mark.django_db


def ranked(company: Company) -> dict[str, RankedProposal]:
    return {row.title: row for row in company.rank().results.all()}


def rich_and_loved(company: Company) -> None:
    """Certain money and unanimous scores: only the weights can change their order."""
    company.scored("Rich", money=company.money(benefit=400_000), pain=0, fit=100)
    company.scored("Loved", money=company.money(benefit=40_000), pain=100, fit=100)


@pytest.mark.parametrize(("spread", "settled"), [("0", True), ("13", False)])
def test_firm_weights_settle_what_loose_ones_leave_open(
    company: Company, spread: str, settled: bool
) -> None:
    company.amend(weight_spread=spread, single_rater_spread="0")
    rich_and_loved(company)
    rows = ranked(company)
    assert [rows["Rich"].rank, rows["Loved"].rank] == [1, 2]
    sure = (rows["Rich"].rank_low, rows["Rich"].rank_high) == (1, 1)
    assert sure is settled


def test_drawn_weights_leave_value_and_rank_as_they_are(company: Company) -> None:
    """The spread is about the futures; the list follows the weights that the panel set."""
    rich_and_loved(company)
    before = {title: (row.value, row.rank) for title, row in ranked(company).items()}
    company.amend(weight_spread="13")
    assert {title: (row.value, row.rank) for title, row in ranked(company).items()} == before


def test_equal_proposals_cannot_be_told_apart_and_a_worse_one_can(company: Company) -> None:
    for title in ("A", "B", "C"):
        company.scored(title, fit=100)
    company.scored("Poor", pain=0, fit=0, money=company.money(benefit=1_000))
    groups = {title: (row.tied_from, row.tied_to) for title, row in ranked(company).items()}
    assert groups == {"A": (1, 3), "B": (1, 3), "C": (1, 3), "Poor": (None, None)}


def test_the_chance_of_the_best_ten_sums_to_ten(company: Company) -> None:
    for number in range(TOP + 2):
        company.scored(f"P{number}", fit=100 if number else 0, pain=50)
    company.submitted("Not scored")
    run = company.rank()
    chances = {row.title: row.p_top for row in run.results.all()}
    assert run.facts["top"] == TOP
    assert chances.pop("Not scored") is None
    assert sum(filter(None, chances.values())) == pytest.approx(TOP)
    assert chances["P0"] == 0.0  # it is clearly behind the eleven others


def test_the_exchange_rate_is_that_of_the_whole_scales(company: Company) -> None:
    """Impact: 15 % x 100 / 1,000 points = 0.015 a point. ROI: 40 % x 100 / 5 = 8 per 1.0."""
    company.scored("A", money=company.money(cost=100_000))
    company.scored("B", money=company.money(cost=300_000))
    company.submitted("Without a rank", money=company.money(cost=900_000))
    exchange = company.rank().facts["exchange"]
    assert exchange == {"roi_per_point": 0.001875, "cost": 200_000, "money_per_point": 375}


def test_proposals_of_types_that_weigh_otherwise_have_no_common_rate(company: Company) -> None:
    draft = start_draft(actor=company.curator)
    spec = spec_of(draft) | {"summary": "Campaigns weigh the return more."}
    spec["profiles"].append({"key": "Campaign", "name": "Campaign"})
    for dimension, weight in zip(spec["dimensions"], ("60", "20", "20"), strict=True):
        dimension["weights"]["Campaign"] = weight
    draft = save_draft(
        actor=company.curator, version=draft, spec=spec, expected_version=draft.version
    )
    company.version = company.ratified(draft)
    company.scored("A")
    assert company.rank().facts["exchange"] is not None
    company.scored("B", category="Campaign")
    assert company.rank().facts["exchange"] is None


def test_customers_who_do_not_stay_are_flagged_and_those_who_stay_are_not(
    company: Company,
) -> None:
    """LTV = margin x r / (1 + i - r) by month, against the cost of winning."""
    for title, kept, benefit in (
        ("Keep", "0.95", 200_000),
        ("Lose", "0.30", 100_000),
        ("Slow", "0.99", 50_000),
    ):
        lines = [
            MoneyLine(kind="one_off_cost", low=60_000, likely=60_000, high=60_000),
            MoneyLine(
                kind="acquisition",
                label=f"{title} them",
                low=benefit,
                likely=benefit,
                high=benefit,
                yearly_retention=Decimal(kept),
            ),
        ]
        company.scored(title, money=lines)
    rows = ranked(company)
    # Monthly: r = 0.3 ** (1/12) = 0.90454, i = 1.1 ** (1/12) - 1 = 0.00797; M = 8.7448.
    # LTV = 100,000 / 12 x 8.7448 = 72,873, of 60,000: 1.2.
    sentence = "“Lose them”: the customers won bring back 1.2 times what they cost; 3 is the aim"
    assert rows["Lose"].flags == [["customers may not stay", sentence]]
    assert rows["Keep"].flags == []
    # LTV is 7.9 times the cost, but 4,167 a month earn 60,000 back in the 16-th month only.
    sentence = (
        "“Slow them”: the customers won earn their cost back only after 16 months; "
        "a year is the aim"
    )
    assert rows["Slow"].flags == [["customers may not stay", sentence]]


def test_opinion_and_gaps_are_flagged(company: Company) -> None:
    company.amend(coverage_limit="0.6")
    company.scored("Half judged", fit=-1)
    company.scored(
        "Believed",
        effects=[
            CustomerEffect(
                stage=company.stage,
                segment=company.segment,
                reach=10_000,
                points=Decimal(10),
                evidence="opinion",
            )
        ],
    )
    rows = ranked(company)
    assert rows["Half judged"].flags == [["partly scored", "Only 70% of the weight is scored"]]
    assert rows["Believed"].flags == [
        ["opinion only", "Its customer impact rests on opinion alone"]
    ]


def test_keeping_customers_for_more_than_they_bring_is_flagged(company: Company) -> None:
    kinds = MoneyLine.Kind
    for title, cost, kind in (
        ("Dear", 130_000, kinds.RETENTION),
        ("Worth it", 100_000, kinds.RETENTION),
        ("Something else", 130_000, kinds.ENRICHMENT),
    ):
        money = company.money(cost=cost, benefit=40_000)
        money[1].kind = kind
        company.scored(title, money=money)
    rows = ranked(company)
    # 40,000 a year over 36 months at 10 % are worth 104,229 today; 130,000 / 104,229 = 1.247.
    sentence = "Keeping these customers costs 1.25 times what they bring"
    assert rows["Dear"].flags == [["keeping costs too much", sentence]]
    assert rows["Worth it"].flags == rows["Something else"].flags == []


def test_old_evidence_is_flagged_and_moves_nothing(company: Company) -> None:
    today = timezone.localdate()
    for title, days in (("Fresh", 730), ("Old", 731), ("Undated", None)):
        gathered = None if days is None else today - timedelta(days=days)
        effects = company.effects()
        effects[0].evidence_date = gathered
        company.scored(title, effects=effects)
    rows = ranked(company)
    sentence = (
        f"Its oldest customer evidence is of {today - timedelta(days=731)}, "
        "more than two years before the run"
    )
    assert rows["Old"].flags == [["old evidence", sentence]]
    assert rows["Fresh"].flags == rows["Undated"].flags == []
    assert rows["Fresh"].value == rows["Old"].value == rows["Undated"].value


def test_the_spread_is_sealed_with_the_run(company: Company) -> None:
    company.amend(weight_spread="7.5")
    company.scored("A")
    parameters = load_snapshot(company.rank())["framework"]["parameters"]
    assert parameters["weight_spread"] == "7.5"
