"""Lists through the API: the same reader, the same rules as the pages."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from projects.imports.services import batches
from projects.imports.services.work import work_on_list
from projects.models import Proposal
from tests.company import Company
from tests.pages import signed_in

ROWS = "Idee;Wer;Kundenseite;Kosten in Mio. EUR\nBriefe sparen;marketing;Niemand;1,25\n"


@pytest.fixture
def api(company: Company) -> Client:
    return signed_in(company.admin)


@pytest.fixture
def opened(api: Client, company: Company) -> Callable[..., dict[str, Any]]:
    def open_list(text: str = ROWS) -> dict[str, Any]:
        content = b64encode(text.encode()).decode()
        body = {"name": "liste.csv", "content": content, "cycle": company.cycle.pk}
        answer = api.post("/api/v1/imports/", body, "application/json")
        assert answer.status_code == 201, answer.json()
        return dict(answer.json())

    return open_list


def test_a_list_is_opened_mended_brought_in_and_taken_back(
    api: Client, opened: Callable[..., dict[str, Any]]
) -> None:
    batch = opened()
    address = f"/api/v1/imports/{batch['id']}/"
    assert batch["read_as"]["decimal"] == ","
    assert {error["column"] for error in batch["wrong"]} >= {"Marketing owner", "CX owner"}
    targets = dict.fromkeys(batch["columns"], "") | {
        "Idee": "title",
        "Wer": "marketing_owner",
        "Kundenseite": "cx_owner",
        "Kosten in Mio. EUR": "money.one_off_cost.amount",
    }
    changed = {
        "choices": {"targets": targets, "scales": {"Kosten in Mio. EUR": 1_000_000}},
    }
    answer = api.patch(address, changed, "application/json").json()
    [error] = answer["wrong"]
    assert error == {
        "row": 2,
        "column": "Kundenseite",
        "message": "There is no person “Niemand”.",
    }
    refused = api.post(f"{address}bring-in/")
    assert (refused.status_code, Proposal.objects.count()) == (400, 0)
    assert refused.json()["errors"] == {"2.Kundenseite": ["There is no person “Niemand”."]}

    mended = {"mended": {"2": {"Kundenseite": "cx"}}}
    assert api.patch(address, mended, "application/json").json()["wrong"] == []
    done = api.post(f"{address}bring-in/").json()
    [proposal] = Proposal.objects.all()
    assert (done["state"], done["made"]) == ("imported", [proposal.pk])
    assert proposal.money.get().likely == 1_250_000
    assert api.post(f"{address}undo/").json()["state"] == "undone"
    assert not Proposal.objects.exists()


def test_a_long_list_is_a_workers(
    api: Client, opened: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    rows = "title,marketing_owner,cx_owner\nOne,marketing,cx\nTwo,marketing,cx\n"
    batch = opened(rows)
    address = f"/api/v1/imports/{batch['id']}/"
    assert (batch["status"], batch["rows"]) == ("queued", 2)
    assert api.post(f"{address}bring-in/").status_code == 409
    work_on_list(batch_id=batch["id"])
    assert api.post(f"{address}bring-in/").status_code == 202
    work_on_list(batch_id=batch["id"])
    assert len(api.get(address).json()["made"]) == 2


def test_a_file_that_is_none_is_refused_by_field(api: Client, company: Company) -> None:
    body = {"name": "list.csv", "content": "é", "cycle": company.cycle.pk}
    answer = api.post("/api/v1/imports/", body, "application/json")
    assert answer.json()["errors"] == {"content": ["Send the file in Base64."]}
    body["content"] = b64encode(b"\0\0").decode()
    answer = api.post("/api/v1/imports/", body, "application/json")
    assert (answer.status_code, "file" in str(answer.json()["detail"])) == (400, True)
