"""Scenarios beside each other: what each funds, who moves, and where the money goes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoring.models import RankingRun, Scenario
from scoring.portfolio.services import (
    PlanQuestion,
    Side,
    case_of,
    differing,
    money_by_group,
    side_of,
)
from scoring.what_if.services import Question, answer, base_of
from scoring.what_if.services.scenarios import keep_scenario
from tests.company import Company
from tests.pages import signed_in, words
from tests.scoring.portfolio.asking import case, pk_of, returns

PAGE = "/backlog/plan/compare/"


def kept(company: Company, run: RankingRun, name: str, query: str) -> Scenario:
    return keep_scenario(actor=company.leader, run=run, name=name, query=query)


def test_each_side_says_what_it_funds_and_where_the_money_goes(run: RankingRun) -> None:
    best, listed = side_of(run, case(run), "best"), side_of(run, case(run), "list")
    assert best.funded == {pk_of("Left"), pk_of("Right")}
    assert listed.funded == {pk_of("Top"), pk_of("Loss")}
    assert best.mix
    assert best.mix.returns == pytest.approx(returns(run, "Left", "Right"))
    assert best.money["Team Acquisition"] == 250_000.0
    money = dict(money_by_group([best, listed]))
    assert money["Team Acquisition"] == [250_000.0, 200_000.0]
    assert all(any(amounts) for amounts in money.values())


def test_who_is_funded_otherwise_comes_before_who_only_moved(run: RankingRun) -> None:
    base = base_of(run)
    one = side_of(run, case(run), "list")
    # Without the one judged criterion in which they differ most, the order is another.
    moved = answer(base, Question(base.plain.weights, base.budget, criteria=frozenset({"pain"})))
    other = side_of(run, case_of(base, moved, PlanQuestion()), "list")
    rows = differing(base.proposals, [one, other])
    inside = [len({place[0] for place in row.sides}) for row in rows]
    assert inside == sorted(inside, reverse=True)
    for row in rows:
        pk = row.item["id"]
        assert row.sides == (
            (pk in one.funded, one.rank[pk]),
            (pk in other.funded, other.rank[pk]),
        )
    unlisted = {item["id"] for item in base.proposals} - {row.item["id"] for row in rows}
    assert all(one.rank[pk] == other.rank[pk] for pk in unlisted)
    assert differing(base.proposals, [one, one]) == []


def test_in_and_out_stand_above_moves_in_the_order_of_the_list() -> None:
    def side(funded: set[int], **ranks: int) -> Side:
        rank: dict[int, int | None] = {int(name[1:]): place for name, place in ranks.items()}
        return Side(None, 0.0, frozenset(funded), rank, {})

    items = [{"id": number} for number in (1, 2, 3, 4)]
    one = side({1, 2}, p1=1, p2=2, p3=3, p4=4)
    other = side({1, 3}, p1=1, p2=3, p3=2, p4=5)
    assert [row.item["id"] for row in differing(items, [one, other])] == [2, 3, 4]
    assert differing(items, [one, other])[-1].sides == ((False, 4), (False, 5))


class TestPage:
    def test_two_are_compared_in_the_order_they_were_chosen(
        self, company: Company, run: RankingRun
    ) -> None:
        mixed = kept(company, run, "Mixed", "budget=250000&way=best")
        listed = kept(company, run, "Listed", "way=list")
        page = signed_in(company.leader).get(PAGE, {"scenario": [listed.pk, mixed.pk]})
        assert [scenario.name for scenario, _ in page.context["sides"]] == ["Listed", "Mixed"]
        backlog = page.content.decode().split('<a href="/backlog/"')[1]
        assert backlog.split(">")[0].strip() == 'aria-current="true"'
        shown = " ".join(words(page).split())
        assert "Top funded rank 1 no rank 1" in shown
        assert "Team Acquisition 200 k EUR 250 k EUR" in shown

    @pytest.mark.parametrize("chosen", [[], ["x"], ["0"], ["one"]])
    def test_fewer_than_two_lead_back(
        self, company: Company, run: RankingRun, chosen: list[str]
    ) -> None:
        one = kept(company, run, "One", "way=list")
        asked = [str(one.pk) if text == "one" else text for text in chosen]
        page = signed_in(company.leader).get(PAGE, {"scenario": asked})
        assert "Choose two or three scenarios on the page of the plan." in words(page)

    def test_one_that_no_longer_fits_is_named(self, company: Company, run: RankingRun) -> None:
        rows = [
            kept(company, run, "Good", "way=list"),
            kept(company, run, "Also", "way=list&budget=1000"),
            kept(company, run, "Old", "of=team:Nobody&low=&high=5"),
        ]
        page = signed_in(company.leader).get(PAGE, {"scenario": [row.pk for row in rows]})
        assert "“Old” no longer fits this run" in words(page)
        assert [scenario.name for scenario, _ in page.context["sides"]] == ["Good", "Also"]

    def test_of_four_the_first_three_are_compared_and_it_says_so(
        self, company: Company, run: RankingRun
    ) -> None:
        rows = [kept(company, run, f"S{number}", f"budget={number}000") for number in range(4)]
        client = signed_in(company.leader)
        page = client.get(PAGE, {"scenario": [row.pk for row in rows]})
        assert [scenario.name for scenario, _ in page.context["sides"]] == ["S0", "S1", "S2"]
        assert "Three fit beside each other" in words(page)
        page = client.get(PAGE, {"scenario": [row.pk for row in rows[:3]]})
        assert "Three fit beside each other" not in words(page)

    def test_torn_rules_are_said(self, company: Company, run: RankingRun) -> None:
        rows = [
            kept(company, run, "Good", "way=list"),
            kept(company, run, "Torn", "of=team:Acquisition&low=900000&high="),
        ]
        page = signed_in(company.leader).get(PAGE, {"scenario": [row.pk for row in rows]})
        assert "rules cannot hold together" in words(page)

    def test_it_asks_as_often_for_few_as_for_many(self, company: Company, run: RankingRun) -> None:
        client, counted = signed_in(company.leader), []
        rows = [kept(company, run, f"S{number}", f"budget={number}000") for number in range(1, 3)]
        for number in range(2):
            client.get(PAGE, {"scenario": [row.pk for row in rows]})
            with CaptureQueriesContext(connection) as queries:
                client.get(PAGE, {"scenario": [row.pk for row in rows]})
            counted.append(len(queries))
            for title in ("One", "Two", "Three"):
                company.scored(f"{title} {number}")
            company.rank()
        assert counted[0] == counted[1]
