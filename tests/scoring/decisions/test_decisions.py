"""Decisions: pinned to run and version, with a reason, told to the owners."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from projects.errors import Conflict, StaleVersion
from projects.models import Notification, Proposal, User
from scoring.models import Decision, RankingRun
from tests.company import Company, a_condition, recorded


def take(
    company: Company,
    proposal: Proposal,
    run: RankingRun,
    outcome: str = "greenlight",
    **values: Any,
) -> Decision:
    return recorded(
        **{
            "actor": company.leader,
            "proposal": proposal,
            "run": run,
            "outcome": outcome,
            "reason": "It pays and customers want it.",
            "creation_key": uuid4(),
            **values,
        }
    )


def second_leader(company: Company) -> User:
    leader = User.objects.get(pk=company.leader.pk)
    leader.pk, leader.username, leader._state.adding = None, "second-leader", True
    leader.save()
    return leader


def test_a_greenlight_is_pinned_and_told(company: Company) -> None:
    proposal = company.scored("One")
    run = company.rank()
    made = take(company, proposal, run)
    assert (made.run, made.framework_version, made.rank, made.line, made.override_code) == (
        run,
        company.version,
        1,
        "inside",
        "",
    )
    assert made.budget == Decimal(250_000)
    proposal.refresh_from_db()
    assert proposal.status == "greenlit"
    told = Notification.objects.filter(text__startswith="“One”: greenlight.")
    assert {note.recipient for note in told} == {company.marketing, company.cx}


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("greenlight", "greenlit"),
        ("conditional", "conditional"),
        ("hold", "on_hold"),
        ("decline", "declined"),
    ],
)
def test_each_outcome_sets_its_status(company: Company, outcome: str, status: str) -> None:
    proposal = company.scored("One")
    run = company.rank()
    take(
        company,
        proposal,
        run,
        outcome,
        conditions=[a_condition(company.cx, "Legal agrees.")],
        override_code="risk",
    )
    proposal.refresh_from_db()
    assert proposal.status == status


@pytest.mark.parametrize(
    ("cost", "outcome", "departs"),
    [
        (100_000, "greenlight", False),
        (100_000, "conditional", False),
        (100_000, "hold", True),
        (100_000, "decline", True),
        (300_000, "greenlight", True),
        (300_000, "conditional", True),
        (300_000, "hold", False),
        (300_000, "decline", False),
    ],
)
def test_departing_from_the_order_needs_a_coded_reason(
    company: Company, cost: int, outcome: str, departs: bool
) -> None:
    proposal = company.scored("One", money=company.money(cost=cost))
    run = company.rank()
    if departs:
        with pytest.raises(ValidationError) as caught:
            take(
                company,
                proposal,
                run,
                outcome,
                conditions=[a_condition(company.cx, "If legal agrees.")],
            )
        assert list(caught.value.message_dict) == ["override_code"]
        assert Decision.objects.count() == 0
    made = take(
        company,
        proposal,
        run,
        outcome,
        conditions=[a_condition(company.cx, "If legal agrees.")],
        override_code="legal",
    )
    assert made.override_code == ("legal" if departs else "")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"outcome": "maybe", "override_code": "risk"}, "outcome"),
        ({"outcome": "conditional"}, "conditions"),
        ({"outcome": "hold", "override_code": "because"}, "override_code"),
    ],
)
def test_what_is_missing_is_named(company: Company, values: dict[str, str], field: str) -> None:
    proposal = company.scored("One")
    run = company.rank()
    with pytest.raises(ValidationError) as caught:
        take(company, proposal, run, **values)
    assert list(caught.value.message_dict) == [field]


@pytest.mark.parametrize("who", ["marketing", "panelist", "curator", "admin"])
def test_only_leaders_decide(company: Company, who: str) -> None:
    proposal = company.scored("One")
    run = company.rank()
    with pytest.raises(PermissionDenied):
        take(company, proposal, run, actor=getattr(company, who))


def test_nobody_decides_on_an_own_proposal(company: Company) -> None:
    company.marketing.is_leader = True
    company.marketing.save(update_fields=["is_leader"])
    proposal = company.scored("One")
    run = company.rank()
    with pytest.raises(PermissionDenied, match="somebody else decides"):
        take(company, proposal, run, actor=company.marketing)


def test_a_decision_on_an_old_run_is_refused(company: Company) -> None:
    proposal = company.scored("One")
    old = company.rank()
    company.rank()
    with pytest.raises(StaleVersion):
        take(company, proposal, old)
    assert Decision.objects.count() == 0


def test_a_proposal_outside_the_run_cannot_be_decided(company: Company) -> None:
    company.scored("One")
    run = company.rank()
    with pytest.raises(Conflict):
        take(company, company.submitted("Later"), run)


def test_a_repeated_request_decides_once(company: Company) -> None:
    proposal = company.scored("One")
    run = company.rank()
    key = uuid4()
    assert take(company, proposal, run, creation_key=key) == take(
        company, proposal, run, creation_key=key
    )
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("first", ["earlier", "later"])
def test_a_key_is_for_one_person_and_one_proposal(company: Company, first: str) -> None:
    one, other = company.scored("One"), company.scored("Other")
    earlier, later = company.leader, second_leader(company)
    run, key = company.rank(), uuid4()
    (proposal, another), (actor, stranger) = (
        ((one, other), (earlier, later)) if first == "earlier" else ((other, one), (later, earlier))
    )
    take(company, proposal, run, actor=actor, creation_key=key, override_code="strategy")
    for person, about in ((actor, another), (stranger, proposal)):
        with pytest.raises(Conflict):
            take(company, about, run, actor=person, creation_key=key)


@pytest.mark.parametrize("outcome", ["greenlight", "hold", "decline"])
def test_only_a_conditional_greenlight_keeps_conditions(company: Company, outcome: str) -> None:
    proposal = company.scored("One")
    made = take(
        company,
        proposal,
        company.rank(),
        outcome,
        conditions=[a_condition(company.cx, "Legal agrees by June.")],
        override_code="strategy",
    )
    assert not made.conditions.exists()


def test_what_has_no_rank_is_not_inside_the_budget(company: Company) -> None:
    proposal = company.submitted("Not scored")
    with pytest.raises(ValidationError, match="departs from the ranked order"):
        take(company, proposal, company.rank())


def test_a_declined_proposal_leaves_the_backlog_and_history_stays(company: Company) -> None:
    proposal = company.scored("One", money=company.money(cost=300_000))
    run = company.rank()
    take(company, proposal, run, "decline")
    assert company.rank().results.count() == 0
    assert run.results.get().title == "One"


def test_a_decision_is_never_changed(company: Company) -> None:
    proposal = company.scored("One")
    take(company, proposal, company.rank())
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic():
        Decision.objects.update(reason="Other")
