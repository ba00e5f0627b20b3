"""The plan: three ways to spend a budget under rules, what each costs, and which is adopted."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from projects.errors import Conflict, StaleVersion
from projects.models import AuditEntry, Link, Proposal
from scoring.models import RankedProposal, RankingRun, Scenario
from scoring.portfolio.services import (
    Case,
    Forced,
    PlanQuestion,
    Pool,
    Torn,
    Ways,
    adopt_plan,
    case_of,
    frontier_of,
    lay_out,
    plan_of,
    prices_of,
    rule_prices,
    ways_of,
)
from scoring.what_if.services import answer, base_of
from scoring.what_if.services.scenarios import remove_scenario
from tests.company import Company
from tests.contract import Api, refusal_of
from tests.pages import signed_in, words

PAGE = "/backlog/plan/"
MOST_QUERIES = 20


@pytest.fixture
def run(company: Company) -> RankingRun:
    """Of 250,000 the list spends 150,000 on the best judged one; two others return more."""
    company.scored("Top", money=company.money(cost=150_000, benefit=80_000), pain=100, fit=100)
    company.scored("Left", money=company.money(cost=125_000, benefit=90_000))
    company.scored("Right", money=company.money(cost=125_000, benefit=88_000))
    company.scored("Loss", money=company.money(cost=50_000, benefit=1_000), pain=0)
    return company.rank()


def pk_of(title: str) -> int:
    return Proposal.objects.get(title=title).pk


def case(run: RankingRun, *pools: Pool, forced: tuple[Forced, ...] = (), **kwargs: Any) -> Case:
    base = base_of(run)
    return case_of(base, answer(base, base.plain), PlanQuestion(pools, forced))


def ways(run: RankingRun, *pools: Pool, **kwargs: Any) -> Ways:
    found = ways_of(run, lay_out(case(run, *pools, **kwargs)))
    assert isinstance(found, Ways)
    return found


def titles(asked: Case, chosen: Any) -> list[str]:
    pks = lay_out(asked).ids(chosen)
    return sorted(Proposal.objects.filter(pk__in=pks).values_list("title", flat=True))


def returns(run: RankingRun, *names: str) -> float:
    """Expected ROI times expected cost, as the run has stored both."""
    rows = RankedProposal.objects.filter(run=run, title__in=names)
    return sum((row.roi or 0) * (row.cost or 0) for row in rows)


def tie(company: Company, one: str, kind: str, other: str) -> None:
    Link.objects.create(
        proposal_id=pk_of(one),
        kind=kind,
        other_id=pk_of(other),
        because="So.",
        created_by=company.cx,
    )


def test_the_list_goes_by_rank_and_the_best_mix_by_return(run: RankingRun) -> None:
    found, asked = ways(run), case(run)
    inside = RankedProposal.objects.filter(run=run, line="inside").values_list("title", flat=True)
    assert titles(asked, found.listed.chosen) == sorted(inside) == ["Loss", "Top"]
    assert titles(asked, found.best.chosen) == ["Left", "Right"]
    assert found.best.returns == pytest.approx(returns(run, "Left", "Right"))
    assert (found.best.spent, found.best.left, found.best.gap) == (250_000.0, 0.0, 0.0)
    assert found.best.returns > found.listed.returns == pytest.approx(returns(run, "Top", "Loss"))
    assert found.best.impact == pytest.approx(
        sum(row.impact or 0 for row in run.results.filter(title__in=["Left", "Right"]))
    )


def test_certain_money_holds_in_every_future(run: RankingRun) -> None:
    found = ways(run)
    assert found.shares is not None
    assert sorted(found.shares.round(6).tolist()) == [0.0, 0.0, 1.0, 1.0]
    assert found.sure is not None
    assert found.sure.returns == pytest.approx(found.best.returns)
    assert found.open() == 0
    assert found.best.low == pytest.approx(found.best.returns, rel=1e-6)
    assert found.best.high == pytest.approx(found.best.returns, rel=1e-6)


def test_an_uncertain_return_is_held_in_some_futures_and_has_a_range(company: Company) -> None:
    sure, open_ended = company.money(cost=200_000), company.money(cost=200_000)
    open_ended[1].low, open_ended[1].likely, open_ended[1].high = 0, 150_000, 300_000
    company.scored("Sure", money=sure)
    company.scored("Open", money=open_ended)
    run = company.rank()
    found, asked = ways(run), case(run)
    assert found.shares is not None
    held = dict(zip(lay_out(asked).ids(found.shares > -1), found.shares, strict=True))
    assert 0.2 < held[pk_of("Open")] < 0.8
    # The relaxation spends all 250,000, but on nothing that loses money.
    assert 1.2 < sum(held.values()) <= 1.25
    forced = ways(run, forced=(Forced(pk_of("Open"), inside=True, why="legal"),)).best
    row = RankedProposal.objects.get(run=run, title="Open")
    assert forced.low == pytest.approx((row.roi_p10 or 0) * (row.cost or 0), rel=0.05)
    assert forced.high == pytest.approx((row.roi_p90 or 0) * (row.cost or 0), rel=0.05)


@pytest.mark.parametrize(
    ("kind", "one", "other", "best"),
    [
        ("needs", "Left", "Loss", ["Loss", "Top"]),  # Left with Loss leaves no room for Right
        ("together", "Loss", "Right", ["Loss", "Top"]),
        ("excludes", "Right", "Left", ["Loss", "Top"]),
        ("needs", "Loss", "Left", ["Left", "Right"]),
    ],
)
def test_ties_bind_every_way(
    company: Company, run: RankingRun, kind: str, one: str, other: str, best: list[str]
) -> None:
    tie(company, one, kind, other)
    found, asked = ways(run), case(run)
    chosen = titles(asked, found.best.chosen)
    for mix in (titles(asked, found.listed.chosen), chosen):
        if kind == "needs":
            assert one not in mix or other in mix
        if kind == "together":
            assert (one in mix) == (other in mix)
        if kind == "excludes":
            assert not {one, other} <= set(mix)
    if best == ["Left", "Right"]:
        assert chosen == best
    else:
        assert found.best.returns < returns(run, "Left", "Right")


def test_pools_bind_the_best_mix_and_the_list_says_what_it_misses(run: RankingRun) -> None:
    most = Pool("team:Acquisition", high=130_000)
    found = ways(run, most)
    assert found.best.spent <= 130_000
    assert found.listed.spent <= 130_000
    (used,) = found.best.pools
    assert (used.name, used.spent, used.wrong) == (
        "Team Acquisition", found.best.spent, ""
    )  # fmt: skip
    least = Pool("team:Acquisition", low=240_000)
    under = ways(run, least).listed
    assert (under.spent, under.pools[0].wrong) == (200_000, "too little")


def test_a_pool_is_of_teams_types_streams_stages_and_segments(
    company: Company, run: RankingRun
) -> None:
    form = signed_in(company.leader).get(PAGE).context["form"]
    assert form.groups == [
        "team:Acquisition",
        "team:Insights",
        "stream:Enrichment",
        f"stage:{company.stage}",
        f"segment:{company.segment}",
    ]


def test_a_search_along_the_frontier_that_takes_too_long_draws_none(
    run: RankingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_long(*_args: Any, **_kwargs: Any) -> None:
        raise ValueError("time_limit: no choice that keeps the rules was found in time")

    monkeypatch.setattr("scoring.portfolio.services.prices.frontier", too_long)
    assert frontier_of(lay_out(case(run))) == ()


def test_rules_that_cannot_hold_together_are_named(company: Company, run: RankingRun) -> None:
    tie(company, "Left", "excludes", "Right")
    link = Link.objects.get()
    forced = tuple(Forced(pk_of(name), inside=True, why="legal") for name in ("Left", "Right"))
    found = ways_of(run, lay_out(case(run, forced=forced)))
    assert found == Torn((
        str(link),
        f"{Proposal.objects.get(title='Left').reference} is in: forced in",
        f"{Proposal.objects.get(title='Right').reference} is in: forced in",
    ))  # fmt: skip
    too_much = ways_of(run, lay_out(case(run, Pool("team:Acquisition", low=260_000))))
    assert too_much == Torn(("the budget", "Team Acquisition: at least 260 k"))


def test_a_search_that_ends_without_a_mix_says_so(
    company: Company, run: RankingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_long(*_args: Any, **_kwargs: Any) -> None:
        raise ValueError("time_limit: no choice that keeps the rules was found in time")

    monkeypatch.setattr("scoring.portfolio.services.mixes.choose", too_long)
    assert ways_of(run, lay_out(case(run))) == Torn(())
    page = signed_in(company.leader).get(PAGE)
    assert "No mix that keeps these rules was found in two seconds" in words(page)


def test_what_is_decided_stays_unless_it_is_forced(company: Company, run: RankingRun) -> None:
    Proposal.objects.filter(title="Loss").update(status="greenlit")
    Proposal.objects.filter(title="Left").update(status="declined")
    Proposal.objects.filter(title="Right").update(status="on_hold")
    asked = case(run)
    assert titles(asked, ways(run).best.chosen) == ["Loss", "Top"]
    assert sorted(lay_out(asked).out.values()) == ["declined", "on hold"]
    assert list(lay_out(asked).fixed.values()) == ["greenlit"]
    forced = (
        Forced(pk_of("Left"), inside=True, why="legal"),
        Forced(pk_of("Loss"), inside=False, why="risk"),
    )
    assert titles(case(run, forced=forced), ways(run, forced=forced).best.chosen) == ["Left"]


def test_what_is_missing_is_never_counted_as_nothing(company: Company) -> None:
    company.scored("Known")
    costs_only, benefit_only = company.money()[:1], company.money()[1:]
    company.scored("No benefit", money=costs_only)
    company.scored("No cost", money=benefit_only)
    company.submitted("Unscored")
    run = company.rank()
    layout = lay_out(case(run))
    names = {row: item["title"] for row, item in enumerate(layout.base.proposals)}
    assert {names[row]: words for row, words in layout.out.items()} == {
        "No benefit": "incomplete",
        "No cost": "no cost is stated",
        "Unscored": "incomplete",
    }
    forced = (Forced(pk_of("No benefit"), inside=True, why="legal"),)
    best = ways(run, forced=forced).best
    assert (best.funded, best.unknown) == (2, 1)
    assert best.returns == pytest.approx(returns(run, "Known"))


def test_with_nobody_to_choose_from_nothing_is_funded(company: Company) -> None:
    company.submitted("Unscored")
    run = company.rank()
    found = ways(run, Pool("team:Acquisition", high=1))
    assert (found.best.funded, found.listed.funded, found.best.returns) == (0, 0, 0.0)
    client = signed_in(company.leader)
    assert client.get(f"{PAGE}?of=team:Acquisition&low=&high=1").status_code == 200
    assert client.get(f"{PAGE}costs/").status_code == 200
    assert ways_of(run, lay_out(case(run, Pool("team:Acquisition", low=1)))) == Torn((
        "Team Acquisition: at least 1",
    ))  # fmt: skip


def test_what_needs_something_left_out_is_out_too(company: Company, run: RankingRun) -> None:
    tie(company, "Left", "needs", "Right")
    tie(company, "Top", "needs", "Left")
    forced = (Forced(pk_of("Right"), inside=False, why="risk"),)
    asked = case(run, forced=forced)
    assert titles(asked, ways(run, forced=forced).best.chosen) == []
    names = [Proposal.objects.get(title=title).reference for title in ("Right", "Left")]
    assert set(lay_out(asked).out.values()) == {
        "left out here",
        f"needs {names[0]}, which is not chosen",
        f"needs {names[1]}, which is not chosen",
    }


def test_a_tie_that_a_decision_breaks_is_said(company: Company, run: RankingRun) -> None:
    tie(company, "Loss", "needs", "Left")
    Proposal.objects.filter(title="Loss").update(status="greenlit")
    Proposal.objects.filter(title="Left").update(status="declined")
    layout, left = lay_out(case(run)), Proposal.objects.get(title="Left")
    words = f"greenlit, though it needs {left.reference}, which is not chosen"
    assert list(layout.fixed.values()) == [words]


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


class TestAdopting:
    def adopt(self, company: Company, run: RankingRun, **changed: Any) -> Scenario:
        asked = changed.pop("asked", None) or case(run)
        said: dict[str, Any] = {"actor": company.leader, "name": "Ours", "query": ""}
        said |= {"way": "best", "seen": 0}
        return adopt_plan(run=run, case=asked, **said | changed)

    def test_it_keeps_what_it_funds_and_what_its_exceptions_cost(
        self, company: Company, run: RankingRun
    ) -> None:
        forced = (Forced(pk_of("Top"), inside=True, why="legal", asked="Legal"),)
        asked = case(run, forced=forced)
        plan = self.adopt(company, run, asked=asked)
        (price,) = prices_of(asked)
        best = ways(run, forced=forced).best
        assert plan.outcome == {
            "way": "best",
            "funded": lay_out(asked).ids(best.chosen),
            "spent": best.spent,
            "returns": best.returns,
            "returns_p10": best.low,
            "returns_p90": best.high,
            "impact": best.impact,
            "exceptions": [
                {
                    "proposal": pk_of("Top"),
                    "in": True,
                    "why": "legal",
                    "asked": "Legal",
                    "gain": price.gain,
                    "impact": price.impact,
                }
            ],
        }
        assert plan_of(run.cycle_id) == plan
        assert AuditEntry.objects.filter(action="scenario.adopt").count() == 1

    def test_by_either_way(self, company: Company, run: RankingRun) -> None:
        plan = self.adopt(company, run, way="list")
        inside = run.results.filter(line="inside").values_list("proposal", flat=True)
        assert sorted(plan.outcome["funded"]) == sorted(inside)

    def test_the_second_of_two_leaders_is_told(self, company: Company, run: RankingRun) -> None:
        first = self.adopt(company, run)
        with pytest.raises(StaleVersion):
            self.adopt(company, run, name="Theirs")
        assert not Scenario.objects.filter(name="Theirs").exists()
        assert self.adopt(company, run, name="Theirs", seen=first.pk) == plan_of(run.cycle_id)

    def test_a_scenario_saved_with_this_question_is_the_one(
        self, company: Company, run: RankingRun
    ) -> None:
        client = signed_in(company.leader)
        said = {"name": "Down", "query": "way=list"}
        client.post("/backlog/what-if/keep/", said)
        saved = Scenario.objects.get()
        page = client.get(f"{PAGE}?way=list")
        assert page.context["saved"] == saved
        client.post(f"{PAGE}adopt/", said | {"seen": "0"})
        assert plan_of(run.cycle_id) == saved
        # Its name is taken by another question, or once it was adopted.
        for query in ("budget=1", "way=list"):
            with pytest.raises(ValidationError, match="of this name"):
                self.adopt(company, run, name="Down", query=query, seen=saved.pk)

    def test_what_was_adopted_is_kept(self, company: Company, run: RankingRun) -> None:
        plan = self.adopt(company, run)
        with pytest.raises(Conflict):
            remove_scenario(actor=company.leader, scenario=plan)
        with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
            Scenario.objects.filter(pk=plan.pk).update(outcome={})

    @pytest.mark.parametrize(
        ("said", "error"),
        [
            ({"name": ""}, ValidationError),
            ({"asked": "unexplained"}, ValidationError),
            ({"asked": "torn"}, ValidationError),
            ({"actor": "curator"}, PermissionDenied),
            ({"actor": "admin"}, PermissionDenied),
        ],
    )
    def test_nothing_is_adopted(
        self, company: Company, run: RankingRun, said: dict[str, Any], error: type[Exception]
    ) -> None:
        cases: dict[str, Callable[[], Case]] = {
            "unexplained": lambda: case(run, forced=(Forced(pk_of("Top"), inside=True, why=""),)),
            "torn": lambda: case(run, Pool("team:Acquisition", low=260_000)),
        }
        if "asked" in said:
            said = {"asked": cases[said["asked"]]()}
        if "actor" in said:
            said = {"actor": getattr(company, said["actor"])}
        with pytest.raises(error):
            self.adopt(company, run, **said)
        assert not Scenario.objects.exists()


@pytest.mark.usefixtures("run")
class TestPage:
    def test_it_says_the_difference_in_words(self, company: Company) -> None:
        page = words(signed_in(company.leader).get(PAGE))
        assert "It funds “Left”, “Right”. It leaves out “Top”, “Loss”." in page

    def test_it_is_saved_opened_and_adopted(self, company: Company) -> None:
        client = signed_in(company.leader)
        query = (
            f"of=team:Acquisition&low=&high=130k&force={pk_of('Top')}&side=out&why=risk&asked=CFO"
        )
        page = client.get(f"{PAGE}?{query}")
        address = page.context["address"]
        said = {"name": "Small", "query": address, "seen": "0"}
        answer = client.post("/backlog/what-if/keep/", said, follow=True)
        assert answer.redirect_chain[-1][0] == f"{PAGE}?{address}"
        assert "The scenario “Small” is saved." in words(answer)
        again = client.get(f"{PAGE}?{Scenario.objects.get().query}")
        assert again.context["case"].question == page.context["case"].question
        answer = client.post(f"{PAGE}adopt/", said | {"name": "Mine"}, follow=True)
        assert "“Mine” is the plan." in words(answer)
        assert "It funds 1 for 125 k EUR: 0 greenlit so far, 0 greenlit beside it." in words(answer)

    def test_a_share_is_of_the_budget_that_is_asked_for(self, company: Company) -> None:
        page = signed_in(company.leader).get(
            f"{PAGE}?budget=400k&of=team:Acquisition&low=10%25&high=75%25"
        )
        assert page.context["case"].question.pools == (
            Pool("team:Acquisition", low=40_000.0, high=300_000.0),
        )

    def test_the_rules_go_through_the_page_of_weights(self, company: Company) -> None:
        client = signed_in(company.leader)
        page = client.get(f"{PAGE}?of=team:Acquisition&low=10%25&high=&w--return=50&w--impact=30")
        there = client.get(f"/backlog/what-if/?{page.context['address']}")
        assert there.context["form"].address() == page.context["address"]
        assert "of=team%3AAcquisition&low=10%25&high=" in page.context["address"]
        assert 'name="w--return" value="50"' in page.content.decode()

    @pytest.mark.parametrize(
        ("query", "problem"),
        [
            ("of=team:Nobody&low=1&high=", "Group: Choose from the list; this is not on it."),
            ("of=team:Acquisition&low=&high=", "At least: Give what the group gets at least"),
            ("of=&low=5&high=", "Group: Choose the group that this is for."),
            ("of=team:Acquisition&low=101%25&high=", "At least: Give an amount, or a share"),
            ("of=team:Acquisition&low=&high=-1", "At most: Give an amount, or a share"),
            ("of=team:Acquisition&low=9&high=1", "At least: Give no more than at most."),
            ("of=team:Acquisition&low=lots&high=", "At least: “lots” is not an amount."),
            ("force=0&side=in&why=&asked=", "Proposal: Choose from the list"),
            ("budget=-1", "Budget: A budget is 0 or more."),
            ("way=luck", "Way: Choose from the list"),
        ],
    )
    def test_bad_input_is_named_and_kept(self, company: Company, query: str, problem: str) -> None:
        page = signed_in(company.leader).get(f"{PAGE}?{query}")
        assert page.status_code == 422
        assert problem in words(page)

    def test_exceptions_stay_where_something_else_is_wrong(self, company: Company) -> None:
        forced = f"force={pk_of('Top')}&side=in&why=legal&asked=Legal"
        for wrong in ("budget=-1", "of=team:Acquisition&low=&high=5"):
            page = signed_in(company.leader).get(f"{PAGE}?{forced}&{wrong}").content.decode()
            assert f'name="force" value="{pk_of("Top")}"' in page

    def test_it_asks_as_often_for_few_as_for_many(self, company: Company) -> None:
        client = signed_in(company.leader)
        counted = []
        for number in range(2):
            client.get(PAGE)  # reads the run once
            with CaptureQueriesContext(connection) as queries:
                client.get(PAGE)
            counted.append(len(queries))
            for title in ("One", "Two", "Three"):
                company.scored(f"{title} {number}")
            tie(company, f"One {number}", "needs", f"Two {number}")
            company.rank()
        assert counted[0] == counted[1] <= MOST_QUERIES

    def test_costs_are_a_part_of_the_page(self, company: Company) -> None:
        part = words(
            signed_in(company.leader).get(f"{PAGE}costs/?of=team:Acquisition&low=&high=130k")
        )
        assert "no bounds on Team Acquisition" in part
        assert "The best mix for return is the best for customers too." in part


def test_before_a_run_it_leads_on(company: Company) -> None:
    assert "It needs a finished run." in words(signed_in(company.leader).get(PAGE))


@pytest.mark.usefixtures("run")
def test_the_interface_refuses_by_name(company: Company, run: RankingRun) -> None:
    leader = Api(company.leader)
    refused = leader.send("POST", "/plans/ask/", {"query": "budget=-1"})
    assert refusal_of(refused) == {"query": ["Budget: A budget is 0 or more."]}
    torn = leader.send(
        "POST", "/plans/ask/", {"query": "of=team:Acquisition&low=300k&high="}
    ).json()
    assert (torn["torn"], torn["best"]) == (
        ["the budget", "Team Acquisition: at least 300 k"],
        None,
    )
    assert Api(company.curator).send("POST", "/plans/ask/", {"query": ""}).status_code == 200
    said = {"name": "Theirs", "query": ""}
    assert Api(company.curator).send("POST", "/plans/", said).status_code == 403
