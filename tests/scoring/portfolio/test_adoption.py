"""One scenario becomes the plan, and is kept as it was."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from projects.errors import Conflict, StaleVersion
from projects.models import AuditEntry
from scoring.models import RankingRun, Scenario
from scoring.portfolio.services import (
    Case,
    Forced,
    Pool,
    adopt_plan,
    lay_out,
    plan_of,
    prices_of,
)
from scoring.what_if.services.scenarios import remove_scenario
from tests.company import Company
from tests.pages import signed_in
from tests.scoring.portfolio.asking import case, pk_of, ways

PAGE = "/backlog/plan/"


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
        assert plan_of(run.cycle_id, None) == plan
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
        assert self.adopt(company, run, name="Theirs", seen=first.pk) == plan_of(run.cycle_id, None)

    def test_the_plan_of_a_run_that_is_closed_to_the_chair_is_hidden(
        self, company: Company, run: RankingRun
    ) -> None:
        first = self.adopt(company, run)
        company.score(company.submitted("Not judged by all"), company.panelist, 50, 25)
        self.adopt(company, company.rank(), name="Closed", seen=first.pk)
        seen = {}
        for person in (company.leader, company.curator):
            client = signed_in(person)
            listed = [row["name"] for row in client.get("/api/v1/plans/").json()["results"]]
            seen[person] = listed, client.get(PAGE).context["adopted"]["plan"].name
        assert seen[company.leader] == (["Closed", "Ours"], "Closed")
        assert seen[company.curator] == (["Ours"], "Ours")

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
        assert plan_of(run.cycle_id, None) == saved
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
