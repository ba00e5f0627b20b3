"""Figures for spreadsheets and reporting tools: what is in them, for whom, by which address."""

import csv
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from projects.models import Cycle, Proposal, User
from projects.tokens.services import issue_token, revoke_token
from scoring.figures.selectors import TABLES
from scoring.models import Decision, RankingRun
from tests.company import Company, recorded
from tests.pages import signed_in, text
from tests.scoring.outcomes.greenlit import greenlit, reported


@pytest.fixture
def run(company: Company) -> RankingRun:
    """One greenlit and reported on twice, one held; beside them a draft that nobody else sees."""
    paid, held = company.scored("Paid", pain=100), company.scored("=Held", pain=0)
    company.draft("Hidden")
    run = greenlit(company, paid)
    said: dict[str, Any] = {"outcome": "hold", "reason": "Not now.", "override_code": "capacity"}
    recorded(actor=company.leader, proposal=held, run=run, creation_key=uuid4(), **said)
    reported(paid, days_ago=3, spent=10)
    reported(paid, spent=20, link="https://tracker.example.com/1")
    return run


def address_of(user: User, name: str, scope: str = "figures") -> str:
    unlike = f"{name} {uuid4()}"
    _, key = issue_token(actor=user, person=user, name=unlike, scope=scope, days=90)
    return f"/figures/{key}/{name}.csv"


def table(user: User, name: str) -> list[dict[str, str]]:
    answer = Client().get(address_of(user, name))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    return list(csv.DictReader(answer.content.decode().splitlines()))


def some(row: dict[str, str], *names: str) -> list[str]:
    return [row[name] for name in names]


class TestTables:
    def test_they_say_what_is_handed_in_ranked_decided_and_reported(
        self, company: Company, run: RankingRun
    ) -> None:
        today = f"{timezone.now():%Y-%m-%d}"
        paid, held = table(company.leader, "proposals")
        assert list(paid.values()) == [
            *(Proposal.objects.get(title="Paid").reference, "Paid", "This year", "EUR", ""),
            *("greenlit", str(company.marketing.team), str(company.cx.team), today),
        ]
        assert some(held, "title", "status") == ["'=Held", "on_hold"]
        [ranked] = table(company.leader, "runs")
        assert list(ranked.values()) == [str(run.pk), "This year", today, "1", run.result_digest]
        first, second = table(company.leader, "results")
        stored = run.results.get(rank=1)
        assert some(first, "run", "title", "rank", "rank_p10", "line") == [
            *(str(run.pk), "Paid", "1", str(stored.rank_low), "inside")
        ]
        assert [float(cell) for cell in some(first, "value", "roi", "cost", "impact")] == [
            *(stored.value, stored.roi, stored.cost, stored.impact)
        ]
        assert some(second, "title", "rank") == ["'=Held", "2"]
        parts = [
            part
            for part in table(company.leader, "contributions")
            if part["reference"] == paid["reference"]
        ]
        assert [part["criterion"] for part in parts] == [
            criterion["name"] for criterion in run.facts["criteria"]
        ]
        assert sum(float(part["weight"]) for part in parts) == pytest.approx(100)
        total = sum(float(part["contribution"]) for part in parts)
        assert total == pytest.approx(stored.value)
        yes, hold = table(company.leader, "decisions")
        assert some(yes, "reference", "outcome", "why_not_the_ranking", "reason") == [
            *(paid["reference"], "greenlight", "", "Worth it.")
        ]
        assert some(hold, "outcome", "decided_on", "reason") == ["hold", today, "Not now."]
        [outcome] = table(company.leader, "outcomes")
        assert list(outcome.values()) == [
            *(paid["reference"], "This year", f"{timezone.localdate()}", "under_way", "20000.00"),
            *("", "", "https://tracker.example.com/1"),
        ]

    def test_a_run_that_is_not_open_to_its_person_stays_out(
        self, company: Company, run: RankingRun
    ) -> None:
        company.score(company.submitted("Not judged by all"), company.curator, 50, 25)
        later = company.rank()
        assert [row["run"] for row in table(company.leader, "runs")] == [str(later.pk)]
        assert [row["run"] for row in table(company.panelist, "runs")] == [str(run.pk)]
        assert len(table(company.leader, "results")) == 3
        assert len(table(company.panelist, "results")) == 2
        assert {row["run"] for row in table(company.panelist, "contributions")} == {str(run.pk)}

    def test_they_ask_as_often_for_few_as_for_many(
        self, company: Company, django_assert_num_queries: Any
    ) -> None:
        company.scored("One")
        company.rank()
        asked = {name: address_of(company.leader, name) for name in TABLES}
        counts = {"contributions": 3}
        for address in asked.values():
            Client().get(address)  # that it was used is noted once a minute
        for number in range(3):
            for name, address in asked.items():
                with django_assert_num_queries(counts.get(name, 2)):
                    Client().get(address)
            Cycle.objects.update(is_current=False)
            company.cycle = Cycle.objects.get(pk=company.cycle.pk)
            company.cycle.pk, company.cycle.name = None, f"Next {number}"
            company.cycle.is_current = True
            company.cycle.save(force_insert=True)
            company.scored("One more")
            company.rank()


def test_the_address_opens_its_figures_and_nothing_else(company: Company, run: RankingRun) -> None:
    address = address_of(company.cx, "results")
    key = address.split("/")[2]
    bearer = {"Authorization": f"Bearer {key}"}
    assert Client().get(address).status_code == 200
    assert Client().get("/api/v1/proposals/", headers=bearer).status_code == 401
    assert Client().get(f"/calendar/{key}.ics").status_code == 404
    assert Client().get(f"/figures/{key}/scores.csv").status_code == 404
    for scope in ("read", "write", "calendar"):
        assert Client().get(address_of(company.cx, "results", scope)).status_code == 404
    assert Client().post(address).status_code == 405
    revoke_token(actor=company.cx, token=company.cx.tokens.get(scope="figures"))
    assert Client().get(address).status_code == 404


def test_the_page_of_tokens_gives_the_address_once(company: Company, run: RankingRun) -> None:
    client = signed_in(company.cx)
    form = {"name": "Monday sheet", "person": company.cx.pk, "scope": "figures", "days": 90}
    page = client.post("/tokens/", form)
    said = text(page)
    assert [name for name in TABLES if f"<code>{name}</code>" not in said] == []
    address = page.context["feed"]
    assert b"Paid" in Client().get(address).content
    assert address not in client.get("/tokens/").content.decode()


@pytest.mark.postgres
class TestViews:
    def rows(self, name: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM bi_{name}")  # noqa: S608 - our own name
            return [column.name for column in cursor.description], cursor.fetchall()

    @pytest.mark.usefixtures("run")
    def test_they_are_the_tables(self, company: Company) -> None:
        for name, found in TABLES.items():
            columns, rows = self.rows(name)
            assert tuple(columns) == found.columns
            assert sorted(rows, key=str) == sorted(found.rows(company.leader), key=str)
            assert rows

    def test_a_run_with_something_still_to_judge_is_in_none(
        self, company: Company, run: RankingRun
    ) -> None:
        company.scored("Open")
        company.rank()
        [shown] = self.rows("runs")[1]
        assert shown[0] == run.pk
        titles = {row[4] for row in self.rows("results")[1]}
        assert titles == {"Paid", "=Held"}
        assert {row[0] for row in self.rows("contributions")[1]} == {run.pk}

    @pytest.mark.usefixtures("run")
    def test_a_role_of_its_own_sees_them_alone(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE ROLE reporting NOLOGIN")
            for name in TABLES:
                cursor.execute(f"GRANT SELECT ON bi_{name} TO reporting")
            cursor.execute("SET LOCAL ROLE reporting")
            for name in TABLES:
                cursor.execute(f"SELECT count(*) FROM bi_{name}")  # noqa: S608 - our own name
                assert cursor.fetchone()[0] > 0
            for hidden in ("scoring_score", "scoring_decision", "projects_user"):
                with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                    cursor.execute(f"SELECT * FROM {hidden}")  # noqa: S608 - our own name
            cursor.execute("RESET ROLE")


def test_decisions_and_outcomes_are_of_what_they_name(company: Company, run: RankingRun) -> None:
    assert {row["decision"] for row in table(company.cx, "decisions")} == {
        str(pk) for pk in Decision.objects.values_list("pk", flat=True)
    }
