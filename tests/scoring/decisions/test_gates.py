"""Gates of the framework: what stops a greenlight, and the exception that is kept."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from projects.customers.services import agree_to_deliver, make_promise
from projects.immutability import unsealed
from projects.models import CustomField, FieldValue, MoneyLine, Promise, Proposal
from scoring.decisions.gates import unmet_gates
from scoring.decisions.services import decide, second
from scoring.framework.forms import NeededAnswersField
from scoring.framework.selectors import spec_of, with_structure
from scoring.framework.services.versions import save_draft, start_draft
from scoring.models import Decision, FrameworkVersion, PreparedDecision, RankingRun
from tests.company import Company, a_condition, recorded
from tests.contract import Api
from tests.pages import signed_in, text


def gated(company: Company, *gates: str) -> None:
    with unsealed():
        FrameworkVersion.objects.update(gates=list(gates))
    company.version = with_structure(FrameworkVersion.objects.all()).get(pk=company.version.pk)


def promised(company: Company) -> Promise:
    promise = Promise(words="We answer today", where="App", deliverer=company.other_cx)
    return make_promise(actor=company.marketing, promise=promise)


def take(company: Company, proposal: Proposal, run: RankingRun, **values: Any) -> Decision:
    said = {
        "outcome": "greenlight",
        "reason": "It pays.",
        "conditions": [a_condition(company.cx, "By May.")],
    } | values
    return recorded(actor=company.leader, proposal=proposal, run=run, creation_key=uuid4(), **said)


def excepted(company: Company, proposal: Proposal, run: RankingRun, **values: Any) -> Decision:
    """Past a gate, with the word of a second leader."""
    chief, said = company.chief(), {"outcome": "greenlight", "reason": "It pays."} | values
    waiting = decide(actor=company.leader, proposal=proposal, run=run, creation_key=uuid4(), **said)
    assert isinstance(waiting, PreparedDecision)
    return second(actor=chief, waiting=waiting)


def test_a_promise_that_nobody_delivers_is_not_greenlit(company: Company) -> None:
    gated(company, "promise")
    promise = promised(company)
    proposal, run = company.scored("One", promise=promise), company.rank()
    message = (
        f"{company.other_cx} has not agreed to deliver the promise “We answer today”. "
        "Hold it until that is mended, or say why it goes ahead."
    )
    for outcome in ("greenlight", "conditional"):
        with pytest.raises(ValidationError) as refused:
            take(company, proposal, run, outcome=outcome)
        assert refused.value.message_dict == {"exception": [message]}
    assert not Decision.objects.exists()
    proposal.refresh_from_db()
    assert proposal.status == "submitted"
    assert take(company, proposal, run, outcome="hold", override_code="risk").exception == ""
    agree_to_deliver(actor=company.other_cx, promise=promise)
    assert take(company, proposal, run, exception="Not needed").exception == ""


def test_an_exception_is_recorded_with_the_decision_and_kept(company: Company) -> None:
    gated(company, "promise")
    proposal, run = company.scored("One", promise=promised(company)), company.rank()
    made = excepted(company, proposal, run, exception=" The board decided so. ")
    assert made.exception == "The board decided so."
    page = text(signed_in(company.marketing).get(f"/proposals/{proposal.pk}/"))
    assert "The board decided so." in page
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.update(exception="")


def test_without_the_gate_a_promise_stops_nothing(company: Company) -> None:
    proposal, run = company.scored("One", promise=promised(company)), company.rank()
    assert unmet_gates(proposal, run) == []
    assert take(company, proposal, run).exception == ""


def bought(margin: int, kept: str = "0.5") -> list[MoneyLine]:
    """100,000 once to win customers who bring ``margin`` a year."""
    said = {"low": margin, "likely": margin, "high": margin}
    cost = MoneyLine(kind="one_off_cost", low=100_000, likely=100_000, high=100_000)
    won = MoneyLine(kind="acquisition", label="Students", yearly_retention=Decimal(kept), **said)
    return [cost, won]


def test_customers_who_never_earn_their_cost_back_are_not_greenlit(company: Company) -> None:
    """A lifetime value below the cost stops it; one between one and three times is only flagged."""
    gated(company, "keepable")
    dear = company.scored("Dear", money=bought(60_000))
    slow = company.scored("Slow", money=bought(90_000))
    run = company.rank()
    (unmet,) = unmet_gates(dear, run)
    assert unmet == ("“Students”: the customers won never bring back what winning them costs")
    assert unmet_gates(slow, run) == []
    flags = dict(run.results.get(proposal=slow).flags)
    assert "bring back 1." in flags["customers may not stay"]
    with pytest.raises(ValidationError, match="never bring back"):
        take(company, dear, run)
    assert take(company, slow, run).outcome == "greenlight"


def test_the_page_of_the_decision_names_the_gate(company: Company) -> None:
    gated(company, "promise")
    proposal, run = company.scored("One", promise=promised(company)), company.rank()
    client, path = signed_in(company.leader), f"/backlog/{proposal.pk}/decide/"
    page = text(client.get(path))
    assert "has not agreed to deliver the promise “We answer today”" in page
    form = {
        "run": run.pk,
        "outcome": "greenlight",
        "reason": "Yes.",
        "creation_key": str(uuid4()),
    }
    refused = client.post(path, form)
    assert refused.status_code == 422
    assert "or say why it goes ahead." in text(refused)
    company.chief()
    sent = client.post(path, form | {"exception": "The board said so."}, follow=True)
    assert "It takes two leaders: it goes ahead past a gate of the framework." in text(sent)
    assert PreparedDecision.objects.get().exception == "The board said so."
    other = company.scored("Two")
    company.rank()
    assert "goes ahead all the same" not in text(client.get(f"/backlog/{other.pk}/decide/"))


def test_the_api_refuses_and_records_the_same(company: Company) -> None:
    gated(company, "promise")
    proposal, run = company.scored("One", promise=promised(company)), company.rank()
    api = Api(company.leader)
    body = {"proposal": proposal.pk, "run": run.pk, "outcome": "greenlight", "reason": "Yes."}
    refused = api.send("POST", "/decisions/", body, key=str(uuid4()))
    assert (refused.status_code, set(refused.json()["errors"])) == (400, {"exception"})
    body |= {"exception": "The board said so."}
    company.chief()
    made = api.send("POST", "/decisions/", body, key=str(uuid4()))
    assert (made.status_code, made.json()["exception"]) == (202, "The board said so.")


def test_gates_are_amended_by_the_panel_and_frozen(company: Company) -> None:
    draft = start_draft(actor=company.curator)
    spec = spec_of(draft) | {"summary": "Promises need a deliverer."}
    spec["charter"] |= {"gates": ["promise"]}
    draft = save_draft(
        actor=company.curator, version=draft, spec=spec, expected_version=draft.version
    )
    company.version = company.ratified(draft)
    assert company.version.gates == ["promise"]
    page = text(signed_in(company.marketing).get("/framework/"))
    assert "A promise that nobody agreed to deliver" in page
    with pytest.raises(DatabaseError), transaction.atomic():
        FrameworkVersion.objects.filter(pk=company.version.pk).update(gates=[])


@pytest.mark.parametrize("gates", [["mood"], "promise", [{}], ["promise", "promise"], None])
def test_unknown_gates_are_refused(company: Company, gates: object) -> None:
    draft = start_draft(actor=company.curator)
    spec = spec_of(draft) | {"summary": "Other gates."}
    spec["charter"] |= {"gates": gates}
    with pytest.raises(ValidationError) as refused:
        save_draft(actor=company.curator, version=draft, spec=spec, expected_version=draft.version)
    assert any("gates" in name for name in refused.value.message_dict)


ASKED = {"readiness": ["Prototyped", "Tested"]}


@pytest.fixture
def readiness(company: Company) -> CustomField:
    options = "Idea\nPrototyped\nTested"
    field = CustomField(key="readiness", name="Design readiness", kind="choice", choices=options)
    field.save()
    return field


def needing(company: Company, needed: dict[str, list[str]]) -> None:
    with unsealed():
        FrameworkVersion.objects.update(needed_answers=needed)
    company.version = with_structure(FrameworkVersion.objects.all()).get(pk=company.version.pk)


def answered(company: Company, field: CustomField, value: str) -> Proposal:
    proposal = company.scored(f"Said {value}")
    with unsealed():
        FieldValue.objects.create(proposal=proposal, field=field, value=value)
    return proposal


@pytest.mark.parametrize(
    ("value", "needed", "sentences"),
    [
        ("Tested", ASKED, []),
        (
            "Idea",
            ASKED,
            ["“Design readiness” is “Idea”, and a greenlight needs Prototyped or Tested"],
        ),
        ("", ASKED, ["“Design readiness” is not answered"]),
        ("Idea", {"readiness": []}, []),
        ("", {"readiness": []}, ["“Design readiness” is not answered"]),
        ("", {}, []),
    ],
)
def test_a_greenlight_needs_the_answers_that_the_framework_names(
    company: Company,
    readiness: CustomField,
    value: str,
    needed: dict[str, list[str]],
    sentences: list[str],
) -> None:
    needing(company, needed)
    proposal = answered(company, readiness, value) if value else company.scored("Silent")
    run = company.rank()
    assert unmet_gates(proposal, run) == sentences
    page = text(signed_in(company.marketing).get(f"/proposals/{proposal.pk}/"))
    told = [f"{sentence}. The framework does not greenlight that." for sentence in sentences]
    assert all(sentence in page for sentence in told)
    assert ("The framework does not greenlight that." in page) == bool(told)
    if not sentences:
        assert take(company, proposal, run).outcome == "greenlight"
        return
    with pytest.raises(ValidationError) as refused:
        take(company, proposal, run)
    message = f"{sentences[0]}. Hold it until that is mended, or say why it goes ahead."
    assert refused.value.message_dict == {"exception": [message]}
    kept = excepted(company, proposal, run, exception="The design follows in May.")
    assert kept.exception == "The design follows in May."


def test_what_is_not_asked_of_this_type_is_not_needed_of_it(
    company: Company, readiness: CustomField
) -> None:
    CustomField.objects.filter(pk=readiness.pk).update(category="campaign")
    needing(company, ASKED)
    proposal = company.scored("Of no type")
    assert unmet_gates(proposal, company.rank()) == []


def test_needed_answers_are_ratified_shown_and_frozen(
    company: Company, readiness: CustomField
) -> None:
    draft = start_draft(actor=company.curator)
    spec = spec_of(draft) | {"summary": "Designs are tested."}
    spec["charter"] |= {"needed_answers": ASKED}
    draft = save_draft(
        actor=company.curator, version=draft, spec=spec, expected_version=draft.version
    )
    curator = signed_in(company.curator)
    page = text(curator.get("/admin/framework/"))
    assert "There are: readiness: Idea; Prototyped; Tested." in page
    assert "readiness: Prototyped; Tested" in text(curator.get("/admin/framework/"))
    company.version = company.ratified(draft)
    assert company.version.needed_answers == ASKED
    page = text(signed_in(company.marketing).get("/framework/"))
    assert "“Design readiness” not answered with Prototyped or Tested" in page
    with pytest.raises(DatabaseError), transaction.atomic():
        FrameworkVersion.objects.filter(pk=company.version.pk).update(needed_answers={})


@pytest.mark.parametrize(
    ("needed", "told"),
    [
        ({"mood": []}, "There is no custom field “mood”. There are: readiness."),
        ({"readiness": ["Lovely"]}, "readiness: “Lovely” is none of Idea, Prototyped, Tested."),
        ({"readiness": ["Idea", "Idea"]}, "readiness: give a list of answers, each once"),
        ({"readiness": "Idea"}, "readiness: give a list of answers, each once"),
        ([], "There is no custom field “”"),
    ],
)
def test_answers_that_cannot_be_given_are_refused(
    company: Company, readiness: CustomField, needed: object, told: str
) -> None:
    draft = start_draft(actor=company.curator)
    spec = spec_of(draft) | {"summary": "Others."}
    spec["charter"] |= {"needed_answers": needed}
    with pytest.raises(ValidationError) as refused:
        save_draft(actor=company.curator, version=draft, spec=spec, expected_version=draft.version)
    assert refused.value.message_dict["needed_answers"][0].startswith(told)


def test_the_form_reads_a_field_a_line() -> None:
    field = NeededAnswersField(required=False)
    typed = "readiness: Prototyped; Tested\n\nsystems:\n"
    said = {"readiness": ["Prototyped", "Tested"], "systems": []}
    assert field.clean(typed) == said
    assert field.prepare_value(said) == "readiness: Prototyped; Tested\nsystems: "
    assert field.clean("") == {}
    with pytest.raises(ValidationError, match="twice"):
        field.clean("readiness: A\nreadiness: B")
