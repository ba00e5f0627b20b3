"""The API answers programs like an API: one form of errors, a root, no filter that is ignored."""

import json
from typing import Any

import pytest
from django.test import Client

from projects.problems import problem_of_fields
from tests.company import Company
from tests.contract import document, refusal_of
from tests.pages import come_in


@pytest.fixture
def api(company: Company, client: Client) -> Client:
    come_in(client, company.marketing)
    return client


def body_of(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = json.loads(answer.content)
    assert found["status"] == status
    return found


@pytest.mark.parametrize("path", ["/api/", "/api/v2/", "/api/v1/nothing/", "/api/v1/proposals/x/"])
def test_an_unknown_address_is_a_problem_and_no_page(client: Client, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        found = body_of(client.generic(method, path), 404)
        assert found["detail"] == "There is nothing at this address. /api/v1/ lists what there is."


def test_the_root_lists_what_there_is_and_all_of_it_answers(api: Client) -> None:
    listed = api.get("/api/v1/").json()
    assert {"proposals", "backlog", "runs", "decisions", "schema", "docs"} <= set(listed)
    answers = {name: api.get(address).status_code for name, address in listed.items()}
    assert {name for name, status in answers.items() if status >= 400} == {
        "assignments",
        "conflicts",
        "differences",
        "imports",
        "judgements",
        "plans",
        "queue",
        "scenarios",
    }


@pytest.mark.django_db
def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    for path in ("/api/v1/", "/api/v1/proposals/", "/api/v1/schema/"):
        answer = client.get(path)
        body_of(answer, 401)
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Prioritizer"'


@pytest.mark.parametrize(
    ("path", "wrong", "some"),
    [
        ("/api/v1/backlog/?satus=greenlit", "satus", "status"),
        ("/api/v1/backlog/?limit=5&page=1", "limit", "page"),
        ("/api/v1/proposals/?state=draft", "state", "status"),
        ("/api/v1/teams/?name=x", "name", "page"),
        ("/api/v1/runs/?cycle=1&stauts=done", "stauts", "status"),
    ],
)
def test_a_filter_by_an_unknown_name_is_refused(
    company: Company, api: Client, path: str, wrong: str, some: str
) -> None:
    company.rank()
    answer = api.get(path)
    body_of(answer, 400)
    [(name, [sentence])] = refusal_of(answer).items()
    assert name == wrong
    assert sentence.startswith("There is no such filter. Use some of: ")
    assert some in sentence.rpartition(": ")[2].rstrip(".").split(", ")


def test_every_kind_of_refusal_has_the_one_form(api: Client) -> None:
    path, kind = "/api/v1/proposals/", "application/json"
    refusals = {
        400: api.post(path, "{broken", content_type=kind),
        403: api.post("/api/v1/runs/", content_type=kind),
        404: api.get(f"{path}999999/"),
        405: api.delete(path),
        406: api.get(path, headers={"accept": "text/csv"}),
        415: api.post(path, "<xml/>", content_type="text/xml"),
    }
    for status, answer in refusals.items():
        assert set(body_of(answer, status)) == {"type", "title", "status", "detail"}
    assert "GET" in refusals[405].headers["Allow"]


def test_a_field_within_a_row_is_named_by_its_path() -> None:
    found = problem_of_fields(
        400, {"money": [{}, {"low": ["Too low.", "Whole only."]}], "a": "No."}
    )
    assert found["errors"] == {"money.1.low": ["Too low.", "Whole only."], "a": ["No."]}
    assert found["detail"] == "Needs a change: money.1.low, a."
    assert "errors" not in problem_of_fields(400, ["All of it is wrong."])


def test_the_schema_says_how_every_operation_refuses() -> None:
    described = document()
    assert set(described["components"]["schemas"]["Problem"]["required"]) == {
        *("type", "title", "status", "detail"),
    }
    for item in described["paths"].values():
        for operation in item.values():
            assert "application/problem+json" in operation["responses"]["default"]["content"]
