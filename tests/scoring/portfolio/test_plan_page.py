"""The page of the plan, and the same through the API."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoring.models import RankingRun, Scenario
from scoring.portfolio.services import (
    Pool,
    Torn,
    lay_out,
    ways_of,
)
from tests.company import Company
from tests.contract import Api, refusal_of
from tests.pages import signed_in, words
from tests.scoring.portfolio.asking import case, pk_of, tie

PAGE = "/backlog/plan/"
MOST_QUERIES = 20


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


def test_a_search_that_ends_without_a_mix_says_so(
    company: Company, run: RankingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_long(*_args: Any, **_kwargs: Any) -> None:
        raise ValueError("time_limit: no choice that keeps the rules was found in time")

    monkeypatch.setattr("scoring.portfolio.services.mixes.choose", too_long)
    assert ways_of(run, lay_out(case(run))) == Torn(())
    page = signed_in(company.leader).get(PAGE)
    assert "No mix that keeps these rules was found in two seconds" in words(page)
