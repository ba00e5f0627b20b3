"""A client that a generator makes from the published schema does the whole path with tokens."""

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args
from uuid import uuid4

import httpx
import openapi_python_client as generator
import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from openapi_python_client.config import Config, ConfigFile, MetaType

from projects.models import User
from projects.tokens.services import issue_token
from scoring.exports.services.write import write_export
from scoring.ranking.services.ranking import rank_run
from tests.company import TEXTS, Company
from tests.contract import document
from tests.pages import give_second_factor

PACKAGE = "generated_prioritizer"


@dataclass
class Generated:
    """One person's client: ``call("runs.runs_create")`` asks and expects to be let through."""

    client: Any

    def call(self, operation: str, *args: Any, body: Any = None, **inputs: Any) -> Any:
        module = importlib.import_module(f"{PACKAGE}.api.{operation}")
        if body is not None:
            kind = module.sync_detailed.__annotations__["body"]
            inputs["body"] = next(iter(get_args(kind)), kind).from_dict(body)
        answer = module.sync_detailed(*args, client=self.client, **inputs)
        assert answer.status_code < 300, answer.content
        return answer.parsed


@pytest.fixture
def generated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[User], Any]]:
    schema = tmp_path / "schema.json"
    schema.write_text(json.dumps(document()))
    config = Config.from_sources(
        ConfigFile(post_hooks=[]),
        MetaType.NONE,
        document_source=schema,
        file_encoding="utf-8",
        overwrite=False,
        output_path=tmp_path / PACKAGE,
    )
    complaints = generator.generate(config=config)
    assert [f"{error.header} {error.detail}" for error in complaints] == []
    monkeypatch.syspath_prepend(tmp_path)
    made = importlib.import_module(PACKAGE)
    site = httpx.WSGITransport(app=get_wsgi_application())

    def client_of(person: User) -> Generated:
        give_second_factor(person)
        _, key = issue_token(actor=person, person=person, name="Client", scope="write", days=30)
        return Generated(
            made.AuthenticatedClient(
                base_url="http://localhost", token=key, httpx_args={"transport": site}
            )
        )

    # The test's own connection serves the requests too, so it outlives them.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield client_of
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def test_the_whole_path(company: Company, generated: Callable[[User], Generated]) -> None:
    marketing, cx, panelist, leader = (
        generated(person)
        for person in (company.marketing, company.cx, company.panelist, company.leader)
    )
    proposal = marketing.call(
        "proposals.proposals_create",
        body={
            "title": "Stop the double offer",
            "marketing_owner": company.marketing.pk,
            "cx_owner": company.cx.pk,
            "money": [
                {"kind": "one_off_cost", "low": "90", "likely": "100", "high": "110"},
                {"kind": "retention", "low": "50", "likely": "80", "high": "90"},
            ],
            "effects": [
                {
                    "stage": "Use",
                    "segment": "Families",
                    "reach": 9,
                    "points": "5",
                    "evidence": "user",
                }
            ],
        }
        | TEXTS,
        idempotency_key=str(uuid4()),
    )
    proposal = cx.call(
        "proposals.proposals_partial_update",
        proposal.id,
        body={"title": "Stop it"},
        if_match=str(proposal.version),
    )
    for owner in (marketing, cx):
        proposal = owner.call(
            "proposals.proposals_sign_create", proposal.id, body={"digest": proposal.digest}
        )
    submitted = cx.call(
        "proposals.proposals_submit_create", proposal.id, if_match=str(proposal.version)
    )
    assert submitted.status.value == "submitted"

    (waiting,) = panelist.call("queue.queue_list").results
    answers = [
        {"criterion": "pain", "level": "50"},
        {"criterion": "strategic-fit", "level": "25"},
    ]
    card = panelist.call(
        "queue.queue_scorecard_update",
        waiting.id,
        body={"answers": answers, "submit": True},
        if_match="0",
    )
    assert card.status.value == "submitted"

    run = leader.call("runs.runs_create")
    assert rank_run(run_id=run.id)
    (line,) = leader.call("backlog.backlog_list").results
    assert (line.rank, line.title) == (1, "Stop it")
    decision = leader.call(
        "decisions.decisions_create",
        body={
            "proposal": proposal.id,
            "run": run.id,
            "outcome": "greenlight",
            "reason": "It pays.",
        },
        idempotency_key=str(uuid4()),
    )
    assert (decision.rank, decision.line) == (1, "inside")

    export = leader.call(
        "exports.exports_create", body={"format": "json"}, idempotency_key=str(uuid4())
    )
    assert write_export(job_id=export.id)
    file = leader.call("exports.exports_file_retrieve", export.id)
    (exported,) = json.loads(file.payload.read())["proposals"]
    assert (exported["title"], exported["status"]) == ("Stop it", "Greenlit")
