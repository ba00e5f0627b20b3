"""What an exception and a rule cost, and what more impact costs in return."""

from typing import Any

import pytest

from projects.models import Link
from scoring.models import RankingRun
from scoring.portfolio.services import (
    Forced,
    Pool,
    frontier_of,
    lay_out,
    prices_of,
    rule_prices,
)
from tests.company import Company
from tests.scoring.portfolio.asking import case, pk_of, returns, tie, ways


def test_taking_an_exception_back_brings_exactly_its_price(run: RankingRun) -> None:
    one = Forced(pk_of("Top"), inside=True, why="legal", asked="Legal")
    two = Forced(pk_of("Loss"), inside=True, why="risk")
    prices = prices_of(case(run, forced=(one, two)))
    now = ways(run, forced=(one, two)).best
    for price, kept in zip(prices, ((two,), (one,), ()), strict=True):
        then = ways(run, forced=kept).best
        assert price.gain == pytest.approx(then.returns - now.returns)
        assert price.impact == pytest.approx(then.impact - now.impact)
    assert [price.forced for price in prices] == [one, two, None]
    assert prices[0].entering == ("Left",)
    assert set(prices[2].entering) == {"Left", "Right"}
    assert set(prices[2].leaving) == {"Top", "Loss"}


def test_more_money_and_rules_are_priced(company: Company, run: RankingRun) -> None:
    tie(company, "Left", "excludes", "Right")
    pool = Pool("team:Acquisition", high=240_000)
    asked = case(run, pool)
    prices = {(price.rule, price.extra): price for price in rule_prices(asked)}
    link = Link.objects.get()
    assert set(prices) == {
        ("more in the budget", 10_000.0),
        ("more in Team Acquisition", 10_000.0),
        ("no bounds on Team Acquisition", None),
        (f"no tie: {link}", None),
    }
    now = ways(run, pool).best.returns
    free = prices["no bounds on Team Acquisition", None]
    assert free.gain == pytest.approx(ways(run).best.returns - now)
    Link.objects.all().delete()
    assert prices[f"no tie: {link}", None].gain == pytest.approx(ways(run, pool).best.returns - now)


def test_the_frontier_ends_at_the_most_return_and_the_most_impact(company: Company) -> None:
    company.scored(
        "Rich",
        money=company.money(cost=200_000, benefit=300_000),
        effects=company.effects(reach=1_000),
    )
    company.scored("Loved", money=company.money(cost=200_000, benefit=100_000))
    run = company.rank()
    points = frontier_of(lay_out(case(run)))
    stored = {row.title: row for row in run.results.all()}
    for point, name in zip(points, ("Rich", "Loved"), strict=True):
        assert point.value == pytest.approx(returns(run, name))
        assert point.impact == pytest.approx(stored[name].impact)


def test_a_search_along_the_frontier_that_takes_too_long_draws_none(
    run: RankingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_long(*_args: Any, **_kwargs: Any) -> None:
        raise ValueError("time_limit: no choice that keeps the rules was found in time")

    monkeypatch.setattr("scoring.portfolio.services.prices.frontier", too_long)
    assert frontier_of(lay_out(case(run))) == ()
