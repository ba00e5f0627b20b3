"""A plan that keeps within the days that teams have."""

import pytest
from django.http import QueryDict

from projects.models import Effort, Function, Team
from scoring.models import RankingRun
from scoring.portfolio.forms import PlanForm
from scoring.portfolio.services import Pool, Torn, lay_out, rule_prices, ways_of
from scoring.what_if.services import base_of
from tests.company import Company
from tests.pages import signed_in, words
from tests.scoring.portfolio.asking import case, returns, titles, ways

SPRING = "people:Data Platform, 2027-Q1"


def days(likely: int, *, team: str = "Data Platform", quarter: str = "2027-Q1") -> list[Effort]:
    named = Team.objects.get(name=team)
    return [Effort(team=named, quarter=quarter, low=likely, likely=likely, high=likely)]


@pytest.fixture
def busy(company: Company) -> RankingRun:
    """For 250,000 all three are affordable; together they take 100 days, and one says none."""
    for name, benefit, taken in (
        ("Long", 90_000, 60),
        ("Short", 50_000, 30),
        ("Quick", 40_000, 10),
    ):
        money = company.money(cost=50_000, benefit=benefit)
        company.scored(name, money=money, efforts=days(taken))
    company.scored("Silent", money=company.money(cost=50_000, benefit=45_000))
    return company.rank()


def test_days_bind_the_best_mix_and_the_list(busy: RankingRun) -> None:
    assert len(titles(case(busy), ways(busy).best.chosen)) == 4
    pool = Pool(SPRING, high=75)
    found, asked = ways(busy, pool), case(busy, pool)
    assert titles(asked, found.best.chosen) == ["Long", "Quick", "Silent"]
    (used,) = found.best.pools
    assert (used.name, used.spent, used.unit, used.unstated, used.wrong) == (
        "Days of Data Platform, 2027-Q1", 70.0, "days", 1, ""
    )  # fmt: skip
    assert found.best.spent == 150_000.0
    assert found.listed.pools[0].spent <= 75
    assert found.shares is not None
    held = dict(zip(lay_out(asked).ids(), found.shares, strict=True))
    assert sum(held.values()) == pytest.approx(3 + 5 / 30)  # a sixth of Short in every future


def test_days_of_another_quarter_or_team_are_others(company: Company, busy: RankingRun) -> None:
    Team.objects.create(name="Else", function=Function.IT)
    company.scored("Later", money=company.money(cost=1_000), efforts=days(500, quarter="2027-Q2"))
    company.scored("Other", money=company.money(cost=1_000), efforts=days(500, team="Else"))
    run = company.rank()
    found = ways(run, Pool(SPRING, high=70), Pool("people:Else, 2027-Q1", high=500)).best
    assert [used.spent for used in found.pools] == [70.0, 500.0]
    assert {"Later", "Other"} <= set(titles(case(run), found.chosen))


def test_money_and_days_of_one_pool_each_keep_their_own_unit(busy: RankingRun) -> None:
    money, people = Pool("team:Acquisition", high=100_000), Pool(SPRING, low=60, high=65)
    found = ways(busy, money, people).best
    assert [(used.unit, used.spent) for used in found.pools] == [("", 100_000.0), ("days", 60.0)]


def test_rules_that_cannot_hold_are_said_in_days(busy: RankingRun) -> None:
    torn = ways_of(busy, lay_out(case(busy, Pool(SPRING, low=101))))
    assert torn == Torn(("Days of Data Platform, 2027-Q1: at least 101 days",))


def test_more_days_are_priced_as_the_difference_of_two_choices(busy: RankingRun) -> None:
    prices = {price.rule: price for price in rule_prices(case(busy, Pool(SPRING, high=95)))}
    more = prices["10 more days of Data Platform, 2027-Q1"]
    assert more.extra is None
    assert more.entering == ("Quick",)
    assert more.gain == pytest.approx(returns(busy, "Quick"))
    assert prices["no bounds on Days of Data Platform, 2027-Q1"].gain == more.gain


@pytest.mark.parametrize("part", ["low", "high"])
def test_days_are_no_share_of_the_budget(busy: RankingRun, part: str) -> None:
    query = QueryDict(mutable=True)
    query.update({"of": SPRING, "low": "", "high": ""} | {part: "30 %"})
    form = PlanForm(query, base=base_of(busy), choices=[])
    assert form.case() is None
    label = {"low": "At least", "high": "At most"}[part]
    assert form.problems() == [f"{label}: Give days: a share is one of the budget."]


def test_the_page_shows_them(company: Company, busy: RankingRun) -> None:
    asked = {"of": SPRING, "low": "", "high": "75"}
    page = " ".join(words(signed_in(company.leader).get("/backlog/plan/", asked)).split())
    assert "Days of Data Platform, 2027-Q1 at most 75 days" in page
    assert "70 days 1 funded state no days" in page


# C. C. Petersen 1967, Management Science 13: R&D projects under ten limits, the first problem.
WORTH = (100, 600, 1200, 2400, 500, 2000)
TAKES = (
    (8, 12, 13, 64, 22, 41),
    (8, 12, 13, 75, 22, 41),
    (3, 6, 4, 18, 6, 4),
    (5, 10, 8, 32, 6, 12),
    (5, 13, 8, 42, 6, 20),
    (5, 13, 8, 48, 6, 20),
    (0, 0, 0, 0, 8, 0),
    (3, 0, 4, 0, 8, 0),
    (3, 2, 4, 0, 8, 4),
    (3, 2, 4, 8, 8, 4),
)
LIMITS = (80, 96, 20, 36, 44, 48, 10, 18, 22, 24)


def test_petersens_projects_are_chosen_as_published(company: Company) -> None:
    teams = [Team.objects.create(name=f"T{k}", function=Function.IT) for k in range(10)]
    for number, worth in enumerate(WORTH):
        money = company.money(cost=1, benefit=worth * 1000)
        taken = [(team, row[number]) for team, row in zip(teams, TAKES, strict=True)]
        company.scored(
            f"R&D {number}",
            money=money,
            efforts=[
                Effort(team=team, quarter="2027-Q1", low=day, likely=day, high=day)
                for team, day in taken
            ],
        )
    run = company.rank()
    pools = [
        Pool(f"people:{team}, 2027-Q1", high=most) for team, most in zip(teams, LIMITS, strict=True)
    ]
    chosen = titles(case(run, *pools), ways(run, *pools).best.chosen)
    assert sum(WORTH[int(name[-1])] for name in chosen) == 3800
    assert chosen == ["R&D 1", "R&D 2", "R&D 5"]
