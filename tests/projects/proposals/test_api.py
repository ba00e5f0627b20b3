"""Intake through the API: the same rules as the pages, and errors a program can read."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Cycle, Proposal
from tests.company import TEXTS, Company
from tests.contract import Api, refusal_of


def whole(company: Company, **changed: Any) -> dict[str, Any]:
    return {
        "title": "Stop the double offer",
        "marketing_owner": company.marketing.pk,
        "cx_owner": company.cx.pk,
        **TEXTS,
        "horizon_months": 24,
        "money": [
            {"kind": "one_off_cost", "low": "90000", "likely": "100000", "high": "120000"},
            {
                "kind": "acquisition",
                "label": "New customers",
                "low": "10000",
                "likely": "20000",
                "high": "30000",
                "starts_month": 3,
                "yearly_retention": "0.8",
            },
        ],
        "effects": [
            {
                "stage": "Use",
                "segment": "Families",
                "reach": 1000,
                "points": "5",
                "evidence": "test",
                "evidence_date": "2025-03-31",
            }
        ],
        "measures": [{"key": "complaints", "value": 12.5}],
    } | changed


@pytest.fixture
def api(company: Company) -> Api:
    return Api(company.marketing)


def made(api: Api, company: Company, **changed: Any) -> dict[str, Any]:
    response = api.send("POST", "/proposals/", whole(company, **changed))
    assert response.status_code == 201, response.content
    answer: dict[str, Any] = response.json()
    return answer


def test_what_is_sent_is_what_is_kept(api: Api, company: Company) -> None:
    proposal = made(api, company)
    kept = api.read(f"/proposals/{proposal['id']}/")
    assert kept == proposal
    assert (kept["status"], kept["version"], kept["reference"]) == (
        "draft",
        1,
        f"P-{kept['id']}",
    )
    assert kept["money"][1]["yearly_retention"] == "0.8000"
    assert kept["effects"][0]["stage"] == "Use"
    assert kept["effects"][0]["evidence_date"] == "2025-03-31"
    assert kept["measures"] == [{"key": "complaints", "value": 12.5}]
    assert kept["gaps"] == []


def test_a_repeated_creation_is_the_same_proposal(api: Api, company: Company) -> None:
    key = str(uuid4())
    answers = [api.send("POST", "/proposals/", whole(company), key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Proposal.objects.count() == 1
    other = Api(company.cx).send("POST", "/proposals/", whole(company), key=key)
    assert other.status_code == 409
    wrong = api.send("POST", "/proposals/", whole(company), key="once")
    assert (wrong.status_code, refusal_of(wrong)) == (400, {"Idempotency-Key": ["Send a UUID."]})


def test_editing_demands_the_version_that_was_read(api: Api, company: Company) -> None:
    path = f"/proposals/{made(api, company)['id']}/"
    bare = api.send("PATCH", path, {"title": "Other"})
    assert (bare.status_code, list(refusal_of(bare))) == (428, ["detail"])
    edited = api.send("PATCH", path, {"title": "Other"}, version=1)
    assert (edited.status_code, edited.headers["ETag"]) == (200, '"2"')
    stale = api.send("PATCH", path, {"title": "Third"}, version=1)
    assert (stale.status_code, stale.json()["detail"][:35]) == (
        412,
        "This proposal was changed by someon",
    )
    for text in ("x", "-1", "1.5", "9" * 30):
        answer = api.generic(
            "PATCH", f"/api/v1{path}", "{}", "application/json", headers={"If-Match": text}
        )
        assert answer.status_code == 412
    assert api.read(path)["title"] == "Other"


def test_a_list_that_is_sent_replaces_the_stored_one(api: Api, company: Company) -> None:
    path = f"/proposals/{made(api, company)['id']}/"
    kept = api.send("PATCH", path, {"title": "Other"}, version=1).json()
    assert len(kept["money"]) == 2
    emptied = api.send("PATCH", path, {"money": [], "effects": []}, version=2).json()
    assert (emptied["money"], emptied["effects"]) == ([], [])
    assert emptied["gaps"] == [
        "No cost is stated, so there is no ROI.",
        "No benefit is stated, so there is no ROI.",
        "No effect on customers is stated, so there is no customer impact.",
    ]


def test_two_keys(api: Api, company: Company) -> None:
    proposal = made(api, company)
    path, cx = f"/proposals/{proposal['id']}/", Api(company.cx)
    digest = {"digest": proposal["digest"]}
    refused = api.send("POST", f"{path}sign/", {"digest": "0" * 64})
    assert refused.status_code == 412
    signed = api.send("POST", f"{path}sign/", digest).json()
    assert [row["signer"] for row in signed["signatures"]] == ["marketing"]
    alone = api.send("POST", f"{path}submit/", version=1)
    assert (alone.status_code, refusal_of(alone)) == (
        400,
        {"signatures": ["Two signatures are needed. The CX owner has not signed this text yet."]},
    )
    assert cx.send("POST", f"{path}sign/", digest).status_code == 200
    edited = cx.send("PATCH", path, {"problem": "Another."}, version=1).json()
    assert edited["signatures"] == []
    digest = {"digest": edited["digest"]}
    for person in (api, cx):
        person.send("POST", f"{path}sign/", digest)
    assert api.send("POST", f"{path}submit/").status_code == 428
    submitted = api.send("POST", f"{path}submit/", version=2)
    assert (submitted.status_code, submitted.json()["status"]) == (200, "submitted")
    locked = api.send("PATCH", path, {"title": "Late"}, version=3)
    assert (locked.status_code, refusal_of(locked)) == (
        409,
        {"detail": "The proposal is submitted. Take it back to draft to change it."},
    )
    back = cx.send("POST", f"{path}recall/", version=3)
    assert (back.json()["status"], back.json()["signatures"]) == ("draft", [])


def test_a_text_with_gaps_is_not_signed(api: Api, company: Company) -> None:
    proposal = made(api, company, problem="", cx_part=" ")
    answer = api.send("POST", f"/proposals/{proposal['id']}/sign/", {"digest": proposal["digest"]})
    assert (answer.status_code, sorted(refusal_of(answer))) == (400, ["cx_part", "problem"])


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"horizon_months": 0}, "horizon_months"),
        ({"horizon_months": 121}, "horizon_months"),
        ({"marketing_owner": 999_999}, "marketing_owner"),
        ({"money": [{"kind": "bribe", "low": 1, "likely": 1, "high": 1}]}, "money.0.kind"),
        ({"money": [{"kind": "one_off_cost", "low": 1, "likely": 1}]}, "money.0.high"),
        ({"money": [{"kind": "one_off_cost", "low": 2, "likely": 1, "high": 3}]}, "money.0.likely"),
        (
            {"money": [{"kind": "acquisition", "low": 1, "likely": 1, "high": 1}]},
            "money.0.yearly_retention",
        ),
        ({"effects": [{"stage": "Nowhere"}]}, "effects.0.stage"),
        ({"measures": [{"key": "a b", "value": 1}]}, "measures.0.key"),
        ({"measures": [{"key": "a", "value": 10**400}]}, "measures.0.value"),
        ({"measures": [{"key": "a", "value": "inf"}]}, "measures.0.value"),
        ({"horizon_months": 10**40}, "horizon_months"),
        ({"cx_owner": 10**40}, "cx_owner"),
        (
            {"money": [{"kind": "one_off_cost", "low": "1e20", "likely": "1e20", "high": "1e20"}]},
            "money.0.low",
        ),
        ({"measures": [{"key": "a", "value": 1}, {"key": "a", "value": 2}]}, "measures.1.key"),
    ],
)
def test_wrong_input_is_named_by_its_field(
    api: Api, company: Company, changed: dict[str, Any], field: str
) -> None:
    answer = api.send("POST", "/proposals/", whole(company, **changed))
    assert (answer.status_code, next(iter(refusal_of(answer)))) == (400, field)
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("field", ["stage", "segment"])
def test_a_name_with_a_nul_is_not_looked_for(api: Api, company: Company, field: str) -> None:
    body = whole(company)
    body["effects"][0][field] += "\0"
    response = api.send("POST", "/proposals/", body)
    refusal = f"Object with name={body['effects'][0][field][:-1]} does not exist."
    assert (response.status_code, refusal_of(response)) == (
        400,
        {f"effects.0.{field}": [refusal]},
    )


def test_owners_hold_their_own_side(api: Api, company: Company) -> None:
    swapped = whole(company, marketing_owner=company.cx.pk, cx_owner=company.marketing.pk)
    assert list(refusal_of(api.send("POST", "/proposals/", swapped))) == [
        "marketing_owner",
        "cx_owner",
    ]
    foreign = whole(company, marketing_owner=company.other_marketing.pk)
    assert api.send("POST", "/proposals/", foreign).status_code == 403


@pytest.mark.parametrize("body", ["", "{", "[]", '"x"', "null", '{"title": {"a": 1}}'])
def test_a_body_that_is_no_proposal_is_refusal_of(api: Api, body: str) -> None:
    answer = api.generic("POST", "/api/v1/proposals/", body, content_type="application/json")
    assert answer.status_code == 400


def test_other_types_of_body_are_refusal_of(api: Api) -> None:
    answer = api.post("/api/v1/proposals/", {"title": "A form"})
    assert answer.status_code == 415


def test_intake_is_closed_without_an_open_cycle(api: Api, company: Company) -> None:
    Cycle.objects.update(is_current=False)
    answer = api.send("POST", "/proposals/", whole(company))
    assert (answer.status_code, refusal_of(answer)) == (
        409,
        {"detail": "Intake is closed: no current cycle takes proposals today."},
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Gamma", "Beta", "Alpha"]),
        ("?q=alp", ["Alpha"]),
        ("?status=draft", ["Beta"]),
        ("?status=submitted", ["Gamma", "Alpha"]),
        ("?mine=true", ["Beta", "Alpha"]),
        ("?q=nothing", []),
    ],
)
def test_the_list_filters(api: Api, company: Company, query: str, expected: list[str]) -> None:
    company.submitted("Alpha")
    company.draft("Beta")
    company.submitted("Gamma", marketing=company.other_marketing)
    assert [row["title"] for row in api.read(f"/proposals/{query}")["results"]] == expected


def test_the_list_filters_by_team_and_refuses_what_it_does_not_know(
    api: Api, company: Company
) -> None:
    company.submitted("Alpha")
    company.submitted("Gamma", marketing=company.other_marketing)
    brand = company.other_marketing.team_id
    assert [row["title"] for row in api.read(f"/proposals/?team={brand}")["results"]] == ["Gamma"]
    assert api.send("GET", "/proposals/?status=lost").status_code == 400
    assert api.send("GET", "/proposals/?team=0").status_code == 400


def test_long_lists_come_in_pages_with_a_fixed_number_of_queries(
    api: Api, company: Company
) -> None:
    for number in range(3):
        company.submitted(f"Number {number}")
    with CaptureQueriesContext(connection) as few:
        api.read("/proposals/")
    for number in range(3, 52):
        company.draft(f"Number {number}")
    with CaptureQueriesContext(connection) as many:
        first = api.read("/proposals/")
    assert len(many) == len(few)
    second = api.read("/proposals/?page=2")
    assert (first["count"], len(first["results"]), len(second["results"])) == (52, 50, 2)
    assert api.send("GET", "/proposals/?page=3").status_code == 404


def test_registers_to_choose_from(api: Api, company: Company) -> None:
    assert [row["name"] for row in api.read("/teams/")["results"]][:2] == ["Acquisition", "Brand"]
    people = api.read("/people/")["results"]
    assert {"id": company.cx.pk, "username": "cx", "name": "cx", "team": "Insights"} in people
    assert api.read("/cycles/")["results"][0]["is_current"]
    assert [row["name"] for row in api.read("/stages/")["results"]] == ["Use"]
    assert [row["name"] for row in api.read("/segments/")["results"]] == ["Families"]


def test_a_switched_off_person_is_not_offered_and_not_taken(api: Api, company: Company) -> None:
    company.cx.is_active = False
    company.cx.save(update_fields=["is_active"])
    assert company.cx.pk not in [row["id"] for row in api.read("/people/")["results"]]
    assert list(refusal_of(api.send("POST", "/proposals/", whole(company)))) == ["cx_owner"]


def test_notifications_are_ones_own(api: Api, company: Company) -> None:
    proposal = made(api, company)
    cx = Api(company.cx)
    notes = cx.read("/notifications/")["results"]
    assert [(note["text"], note["url"], note["read_at"]) for note in notes] == [
        (
            "marketing started “Stop the double offer” with you.",
            f"/proposals/{proposal['id']}/",
            None,
        )
    ]
    assert api.read("/notifications/")["results"] == []
    assert cx.send("POST", "/notifications/read/").status_code == 204
    assert cx.read("/notifications/")["results"][0]["read_at"] is not None


def test_nobody_else_gets_in(company: Company) -> None:
    answer = Api(None).send("GET", "/proposals/")
    assert (answer.status_code, list(refusal_of(answer))) == (401, ["detail"])
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Prioritizer"'


def test_a_session_needs_the_csrf_token(company: Company) -> None:
    api = Api(company.marketing)
    api.handler.enforce_csrf_checks = True
    answer = api.send("POST", "/proposals/", whole(company))
    assert answer.status_code == 403
    assert not Proposal.objects.exists()
