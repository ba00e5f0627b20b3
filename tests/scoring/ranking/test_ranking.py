"""The numbers of a run, exact to the last one that counts."""

from decimal import Decimal

import pytest

from projects.models import Cycle, MoneyLine
from scoring.backlog.selectors.backlog import certainty, cut_line, terms_of
from scoring.ranking.selectors.snapshot import load_snapshot
from scoring.ranking.services.pipeline import compute
from tests.company import Company


def test_the_value_is_the_sum_that_the_framework_says(company: Company) -> None:
    """ROI and impact by hand; the certain money of the test company makes both exact."""
    company.scored("Only one", pain=50, fit=25)
    result = company.rank().results.get()
    # 150,000 a year in monthly instalments at 10 % over three years.
    benefit = 150_000 / 12 * sum(1.1 ** (-month / 12) for month in range(1, 37))
    roi = (benefit - 100_000) / 100_000
    assert result.benefit == pytest.approx(benefit, abs=1e-6)
    assert result.cost == 100_000
    # Draws are single precision.
    assert result.roi == pytest.approx(roi, rel=1e-6)
    assert result.roi_p10 == result.roi_p90 == pytest.approx(roi, rel=1e-6)
    # 10,000 customers x 10 points of 100 x confidence 0.6
    assert result.impact == pytest.approx(600)
    terms = {term.key: term for term in terms_of(result)}
    assert [term.weight for term in terms.values()] == [40, 15, 15, 30]
    assert terms["expected-roi"].value == pytest.approx(20 + 20 * roi, rel=1e-5)
    assert terms["impact-points"].value == pytest.approx(60)
    assert terms["pain"].value == 50
    assert terms["strategic-fit"].value == 25
    value = 0.4 * (20 + 20 * roi) + 0.15 * 60 + 0.15 * 50 + 0.3 * 25
    assert result.value == pytest.approx(value, rel=1e-6)
    assert sum(term.contribution or 0 for term in terms.values()) == pytest.approx(
        result.value, abs=1e-9
    )


def test_a_panel_score_is_the_mean_of_who_judged(company: Company) -> None:
    proposal = company.submitted()
    company.score(proposal, company.curator, 0, 100)
    company.score(proposal, company.panelist, 100, -1)
    terms = {term.key: term for term in terms_of(company.rank().results.get())}
    assert (terms["pain"].value, terms["pain"].scores) == (50, 2)
    assert (terms["strategic-fit"].value, terms["strategic-fit"].scores) == (100, 1)


def test_a_draft_scorecard_does_not_count(company: Company) -> None:
    proposal = company.submitted()
    company.score(proposal, company.curator, 0, 0)
    company.score(proposal, company.panelist, 100, 100, submit=False)
    terms = {term.key: term.value for term in terms_of(company.rank().results.get())}
    assert terms["pain"] == 0


@pytest.mark.parametrize(
    ("kinds", "roi", "missing"),
    [
        (["one_off_cost"], None, "Expected ROI: no ROI, because cost or benefit is not stated"),
        (["enrichment"], None, "Expected ROI: no ROI, because cost or benefit is not stated"),
    ],
)
def test_a_missing_side_of_the_money_is_missing_and_not_zero(
    company: Company, kinds: list[str], roi: None, missing: str
) -> None:
    lines = [MoneyLine(kind=kind, low=5, likely=5, high=5) for kind in kinds]
    company.scored("Half costed", money=lines)
    result = company.rank().results.get()
    assert result.roi is roi
    assert missing in result.missing
    assert (result.line, result.rank, result.p_funded) == ("incomplete", None, None)
    # The value over what is known is shown, with how much of the weight it covers.
    assert result.coverage == pytest.approx(0.6)


def test_a_missing_criterion_within_the_limit_is_shared_out_and_said(company: Company) -> None:
    company.scored("No effect", effects=[], pain=100, fit=100)
    result = company.rank().results.get()
    assert result.coverage == pytest.approx(0.85)
    assert result.impact is None
    assert result.missing == ["Impact points: no effect on customers is stated"]
    assert result.rank == 1
    terms = {term.key: term for term in terms_of(result)}
    assert terms["impact-points"].contribution is None
    assert terms["pain"].contribution == pytest.approx(15 / 0.85)


def test_equal_proposals_tie_and_share_their_chances(company: Company) -> None:
    """The money fits only one of two equal proposals: about 50/50 each."""
    ranges = [
        MoneyLine(kind="one_off_cost", low=100_000, likely=150_000, high=200_000),
        MoneyLine(kind="retention", low=50_000, likely=150_000, high=300_000),
    ]
    for title in ("First", "Second"):
        lines = [
            MoneyLine(kind=row.kind, low=row.low, likely=row.likely, high=row.high)
            for row in ranges
        ]
        company.scored(title, money=lines)
    first, second = company.rank().results.order_by("position")
    # Their ROI is drawn independently, so it differs a little; the true means are equal.
    assert first.roi == pytest.approx(second.roi, rel=0.1)
    assert sum([first.p_funded or 0, second.p_funded or 0]) == pytest.approx(1.0)
    assert first.p_funded == pytest.approx(0.5, abs=0.07)
    assert (first.rank_low, first.rank_high) == (second.rank_low, second.rank_high) == (1, 2)


def test_identical_certain_proposals_share_a_rank(company: Company) -> None:
    for title in ("A", "B", "C"):
        company.scored(title, fit=100 if title == "A" else 25)
    # Their order within the tie follows the futures, so it is not fixed here.
    ranks = dict(company.rank().results.values_list("title", "rank"))
    assert ranks == {"A": 1, "B": 2, "C": 2}


def test_adding_a_proposal_changes_nobodys_numbers(company: Company) -> None:
    ranges = [
        MoneyLine(kind="one_off_cost", low=10_000, likely=15_000, high=90_000),
        MoneyLine(kind="acquisition", low=1, likely=50_000, high=70_000, yearly_retention="0.6"),
    ]
    company.scored("Alone", money=ranges)
    company.scored("Rich and loved", pain=100, fit=100, money=company.money(benefit=900_000))
    run = company.rank()
    snapshot = load_snapshot(run)
    first = snapshot["proposals"][0]["id"]
    alone = snapshot | {
        "proposals": [row for row in snapshot["proposals"] if row["id"] == first],
        "scores": [row for row in snapshot["scores"] if row[0] == first],
    }
    [single], _ = compute(alone, seed=run.seed, draws=run.draws)
    own = ("value", "roi", "roi_p10", "roi_p50", "roi_p90", "impact", "cost", "contributions")
    assert {key: single[key] for key in own} == run.results.values(*own).get(title="Alone")


def test_each_lens_has_its_own_rank_and_names_who_is_beaten_by_none(company: Company) -> None:
    """ROI and impact by hand: Rich wins the one, Loved the other, Third loses to Rich in both."""
    for title, benefit, reach in (
        ("Rich", 900_000, 1_000),
        ("Loved", 100_000, 9_000),
        ("Third", 90_000, 900),
    ):
        company.scored(
            title, money=company.money(benefit=benefit), effects=company.effects(reach=reach)
        )
    company.scored("No money", money=[])
    lenses = {
        row.title: (row.roi_rank, row.impact_rank, row.undominated)
        for row in company.rank().results.all()
    }
    assert lenses == {
        "Rich": (1, 2, True),
        "Loved": (2, 1, True),
        "Third": (3, 3, False),
        "No money": (None, None, False),
    }


def test_acquired_customers_who_leave_are_worth_less(company: Company) -> None:
    """The same campaign with 5 % and with 40 % churn."""
    values = {}
    for kept in ("0.95", "0.60"):
        lines = [
            MoneyLine(kind="one_off_cost", low=100_000, likely=100_000, high=100_000),
            MoneyLine(
                kind="acquisition",
                low=120_000,
                likely=120_000,
                high=120_000,
                yearly_retention=kept,
            ),
        ]
        company.scored(f"Kept {kept}", money=lines)
    for row in company.rank().results.all():
        values[row.title] = row.roi
    cohorts = {
        kept: sum(
            120_000 / 144 * kept ** ((month - start) / 12) * 1.1 ** (-month / 12)
            for start in range(1, 37)
            for month in range(start, 37)
        )
        for kept in (0.95, 0.60)
    }
    assert values["Kept 0.95"] == pytest.approx(cohorts[0.95] / 100_000 - 1, rel=1e-5)
    assert values["Kept 0.60"] == pytest.approx(cohorts[0.60] / 100_000 - 1, rel=1e-5)
    assert cohorts[0.95] > cohorts[0.60]


def test_the_cut_line_takes_in_rank_order_what_still_fits(company: Company) -> None:
    """Budget 250: 150 fits, 120 does not any more, 90 fits in what is left."""
    for title, cost, fit in (("Big", 150_000, 100), ("Misfit", 120_000, 25), ("Small", 90_000, 0)):
        company.scored(title, fit=fit, money=company.money(cost=cost, benefit=cost))
    run = company.rank()
    lines = list(run.results.order_by("position").values_list("title", "line", "p_funded"))
    assert [(title, line) for title, line, _ in lines] == [
        ("Big", "inside"),
        ("Misfit", "outside"),
        ("Small", "inside"),
    ]
    line = cut_line(run)
    assert (line.spent, line.left, line.inside) == (Decimal(240_000), Decimal(10_000), 2)
    assert line.first_out == 2


def test_costs_that_fill_the_budget_to_the_cent_are_inside(company: Company) -> None:
    """0.10 + 0.20 is a little over 0.30 in binary; draws let it pass, and so does the line."""
    Cycle.objects.update(budget="0.30")
    for title, cost, fit in (("Ten", "0.10", 100), ("Twenty", "0.20", 25)):
        kinds = MoneyLine.Kind
        money = [
            MoneyLine(kind=kinds.ONE_OFF_COST, low=cost, likely=cost, high=cost),
            MoneyLine(kind=kinds.ENRICHMENT, low=1, likely=1, high=1),
        ]
        company.scored(title, fit=fit, money=money)
    rows = company.rank().results.order_by("position")
    assert list(rows.values_list("title", "line", "p_funded")) == [
        ("Ten", "inside", 1.0),
        ("Twenty", "inside", 1.0),
    ]


@pytest.mark.parametrize(
    ("chance", "word"),
    [
        (None, ""),
        (1.0, "safe"),
        (0.9, "safe"),
        (0.8999, "near the line"),
        (0.1, "near the line"),
        (0.0999, "out"),
        (0.0, "out"),
    ],
)
def test_chances_in_words(chance: float | None, word: str) -> None:
    assert certainty(chance) == word


def test_an_empty_portfolio_ranks_to_nothing(company: Company) -> None:
    run = company.rank()
    assert run.results.count() == 0
    assert (run.facts["ranked"], run.facts["incomplete"], run.facts["inside"]) == (0, 0, 0)
