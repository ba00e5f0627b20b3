"""The backlog, its runs and its decisions through the API."""

from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from projects.models import Notification
from scoring.models import Decision, RankingRun
from tests.company import Company
from tests.contract import Api, refusal_of
from tests.kept import kept


@pytest.fixture
def ranked(company: Company) -> Company:
    return kept("API's ranked list", partial(make_ranked, company))


def make_ranked(company: Company) -> Company:
    company.scored("Alpha", fit=100, money=company.money(cost=200_000, benefit=200_000))
    company.scored("Beta", fit=25, marketing=company.other_marketing)
    company.draft("Gamma")
    company.submitted("Delta", money=[])
    company.rank()
    return company


def result(company: Company, title: str) -> dict[str, Any]:
    rows = Api(company.leader).read("/backlog/")["results"]
    found: dict[str, Any] = next(row for row in rows if row["title"] == title)
    return found


def test_a_line_of_the_list_says_what_the_proposal_alone_says(ranked: Company) -> None:
    """The list is laid out from the columns, one proposal by the serializer: word for word."""
    api = Api(ranked.leader)
    rows = api.read("/backlog/")["results"]
    assert len(rows) > 1
    for row in rows:
        alone = api.read(f"/backlog/{row['proposal']}/")
        assert list(row) == [key for key in alone if key != "terms"]
        assert row == {key: alone[key] for key in row}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Alpha", "Beta", "Delta"]),
        ("?q=BET", ["Beta"]),
        ("?status=submitted", ["Alpha", "Beta", "Delta"]),
        ("?status=greenlit", []),
        ("?sort=-cost", ["Alpha", "Beta", "Delta"]),
        ("?sort=cost", ["Beta", "Alpha", "Delta"]),
    ],
)
def test_backlog_filters_keep_the_ranks(ranked: Company, query: str, expected: list[str]) -> None:
    rows = Api(ranked.marketing).read(f"/backlog/{query}")["results"]
    assert [row["title"] for row in rows] == expected
    ranks = {"Alpha": 1, "Beta": 2, "Delta": None}
    assert {row["title"]: row["rank"] for row in rows} == {name: ranks[name] for name in expected}


def test_what_is_missing_is_null_and_named(ranked: Company) -> None:
    row = result(ranked, "Delta")
    assert (row["rank"], row["roi"], row["cost"], row["line"]) == (None, None, None, "incomplete")
    assert row["missing"]


def test_departing_from_the_ranking_needs_a_code(ranked: Company) -> None:
    leader, run = Api(ranked.leader), RankingRun.objects.get()
    outside = result(ranked, "Delta")["proposal"]
    yes = {"proposal": outside, "run": run.pk, "outcome": "greenlight", "reason": "The law."}
    refused = leader.send("POST", "/decisions/", yes)
    assert (refused.status_code, list(refusal_of(refused))) == (400, ["override_code"])
    made = leader.send("POST", "/decisions/", yes | {"override_code": "legal"}, key=str(uuid4()))
    assert (made.status_code, made.json()["override_code"]) == (201, "legal")
    told = Notification.objects.filter(text__contains="greenlight").values_list(
        "recipient__username", flat=True
    )
    assert sorted(told) == ["cx", "marketing"]


def test_a_repeated_decision_is_one(ranked: Company) -> None:
    leader, run, key = Api(ranked.leader), RankingRun.objects.get(), str(uuid4())
    body = {
        "proposal": result(ranked, "Alpha")["proposal"],
        "run": run.pk,
        "outcome": "greenlight",
        "reason": "It pays.",
    }
    answers = [leader.send("POST", "/decisions/", body, key=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"outcome": "maybe"}, "outcome"),
        ({"reason": " "}, "reason"),
        ({"outcome": "conditional"}, "conditions"),
        ({"conditions": [{"text": "Legal agrees.", "owner": 1, "due": None}]}, "conditions"),
        ({"hold_until": "2099-01-31"}, "hold_until"),
        ({"run": 999_999}, "run"),
        ({"proposal": 999_999}, "proposal"),
        ({"proposal": "x"}, "proposal"),
        ({"override_code": "whim", "outcome": "hold"}, "override_code"),
    ],
)
def test_a_wrong_decision_is_named_by_its_field(
    ranked: Company, changed: dict[str, Any], field: str
) -> None:
    body = {
        "proposal": result(ranked, "Alpha")["proposal"],
        "run": RankingRun.objects.get().pk,
        "outcome": "greenlight",
        "reason": "It pays.",
    }
    answer = Api(ranked.leader).send("POST", "/decisions/", body | changed)
    assert (answer.status_code, list(refusal_of(answer))) == (400, [field])
    assert not Decision.objects.exists()


def test_a_decision_on_an_old_run_is_stale(ranked: Company) -> None:
    old = RankingRun.objects.get()
    ranked.rank()
    body = {
        "proposal": result(ranked, "Alpha")["proposal"],
        "run": old.pk,
        "outcome": "greenlight",
        "reason": "It pays.",
    }
    assert Api(ranked.leader).send("POST", "/decisions/", body).status_code == 412


def test_without_a_run_the_backlog_is_empty(company: Company) -> None:
    api = Api(company.leader)
    assert api.read("/backlog/") == {"count": 0, "next": None, "previous": None, "results": []}
    assert api.send("GET", "/backlog/1/").status_code == 404


def test_a_run_needs_a_cycle_and_a_framework(company: Company) -> None:
    company.cycle.is_current = False
    company.cycle.save(update_fields=["is_current"])
    answer = Api(company.admin).send("POST", "/runs/")
    assert (answer.status_code, refusal_of(answer)) == (
        409,
        {"detail": "No cycle is current. Make one current first."},
    )
