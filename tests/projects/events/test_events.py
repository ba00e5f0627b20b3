"""Events: what happened, by names that stay, for programs that ask."""

from uuid import uuid4

import jsonschema
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.audit.services import record
from projects.events.selectors import BY_TYPE, KINDS, entries_after, event_of
from projects.models import AuditEntry
from tests.company import Company, recorded
from tests.contract import Api

pytestmark = pytest.mark.django_db


def test_a_submission_a_judgement_a_run_and_a_decision_are_told_in_order(company: Company) -> None:
    proposal = company.scored("One")
    run = company.rank()
    decision = recorded(
        actor=company.leader,
        proposal=proposal,
        run=run,
        outcome="greenlight",
        reason="It pays.",
        creation_key=uuid4(),
    )
    company.draft("Still secret")
    api = Api(company.marketing)
    found = api.read("/events/?after=0")
    told = [(event["type"], event["data"]) for event in found["results"]]
    about = {"proposal": proposal.pk}
    assert told[-5:] == [
        ("proposal.submitted", about),
        ("proposal.judged", about),
        ("proposal.judged", about),
        ("run.finished", {"run": run.pk}),
        (
            "decision.recorded",
            about | {"decision": decision.pk, "run": run.pk, "outcome": "greenlight"},
        ),
    ]
    assert found["next"] == AuditEntry.objects.filter(action="decision.record").get().number
    assert api.read(f"/events/?after={found['next']}") == {"results": [], "next": found["next"]}
    first = api.read("/events/?after=0&limit=1")
    assert [first["results"][0]["id"]] == [f"evt_{first['next']}"]
    rest = api.read(f"/events/?after={first['next']}")
    assert first["results"] + rest["results"] == found["results"]
    for event in found["results"]:
        jsonschema.validate(event, BY_TYPE[event["type"]][1].schema)


def test_who_judged_and_what_is_in_no_event(company: Company) -> None:
    company.scored("One")
    entry = AuditEntry.objects.filter(action="scorecard.submit").first()
    assert entry is not None
    assert {"scores", "entry"} <= set(entry.data)
    event = event_of(entry)
    assert set(event) == {"id", "type", "version", "timestamp", "data"}
    assert set(event["data"]) == {"proposal"}


def test_the_types_say_their_schema(company: Company) -> None:
    types = Api(company.marketing).read("/events/types/")
    assert [row["type"] for row in types] == [kind.type for kind in KINDS.values()]
    for row in types:
        jsonschema.Draft202012Validator.check_schema(row["schema"])
    assert types[0]["schema"]["properties"]["type"] == {"const": "proposal.submitted"}


@pytest.mark.parametrize("query", ["after=-1", "after=x", "limit=0", "limit=101", "after=1e30"])
def test_what_is_no_number_is_refused_by_name(company: Company, query: str) -> None:
    refused = Api(company.marketing).get(f"/api/v1/events/?{query}")
    name = query.partition("=")[0]
    assert (refused.status_code, set(refused.json()["errors"])) == (400, {name})


def test_asking_costs_the_same_however_long_the_trail(company: Company) -> None:
    api = Api(company.marketing)
    api.read("/events/?after=0")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            api.read("/events/?after=0")
        return len(queries)

    one = asked()
    for number in range(150):
        record(actor=None, action="run.done", subject=f"run:{number}")
    assert asked() == one
    assert len(api.read("/events/?after=0")["results"]) == 100
    assert entries_after(0, ["kpi.reported"]).count() == 0
