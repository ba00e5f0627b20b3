"""Two leaders for one decision: when it takes them, who may agree, and what becomes of it."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from projects.customers.services import agree_to_deliver, make_promise
from projects.errors import Conflict, StaleVersion
from projects.immutability import unsealed
from projects.models import AuditEntry, Notification, Promise, Proposal, User
from scoring.decisions.selectors import prepared_for
from scoring.decisions.services import decide, second, turn_down
from scoring.framework.selectors import spec_of, with_structure
from scoring.framework.services.versions import save_draft, start_draft
from scoring.models import Decision, FrameworkVersion, PreparedDecision, RankingRun
from tests.company import Company, a_condition
from tests.pages import signed_in, text

pytestmark = pytest.mark.django_db
COST = 100_000


def limited(company: Company, above: object) -> None:
    with unsealed():
        FrameworkVersion.objects.update(second_above=above)
    company.version = with_structure(FrameworkVersion.objects.all()).get(pk=company.version.pk)


@pytest.fixture
def proposal(company: Company) -> Proposal:
    """One that costs 100,000, where two leaders greenlight above 99,999."""
    limited(company, COST - 1)
    return company.scored("One")


@pytest.fixture
def run(company: Company, proposal: Proposal) -> RankingRun:
    assert proposal.pk
    return company.rank()


@pytest.fixture
def chief(company: Company) -> User:
    return company.chief()


def ask(company: Company, proposal: Proposal, run: RankingRun, **values: Any) -> Any:
    said: dict[str, Any] = {
        "actor": company.leader,
        "outcome": "greenlight",
        "reason": " It pays. ",
        "creation_key": uuid4(),
    }
    return decide(proposal=proposal, run=run, **said | values)


@pytest.mark.parametrize(
    ("above", "outcome", "waits"),
    [
        (None, "greenlight", False),
        (COST, "greenlight", False),
        (COST - 1, "greenlight", True),
        (0, "conditional", True),
        (0, "hold", False),
        (0, "decline", False),
    ],
)
@pytest.mark.usefixtures("chief")
def test_only_a_yes_above_the_amount_takes_two(
    company: Company, proposal: Proposal, above: int | None, outcome: str, waits: bool
) -> None:
    limited(company, above)
    made = ask(
        company,
        proposal,
        company.rank(),
        outcome=outcome,
        override_code="" if outcome in Decision.YES else "risk",
        conditions=[a_condition(company.cx)],
    )
    assert isinstance(made, PreparedDecision) is waits
    assert Decision.objects.exists() is not waits


@pytest.mark.usefixtures("chief")
def test_an_unknown_cost_may_be_above_any_amount(company: Company) -> None:
    limited(company, 10_000_000)
    proposal = company.scored("Unknown", money=company.money()[1:])
    made = ask(company, proposal, company.rank(), override_code="strategy")
    assert made.why == "It takes two leaders: it costs an unknown amount."


def test_what_is_prepared_changes_nothing_and_asks_the_others(
    company: Company, proposal: Proposal, run: RankingRun, chief: User
) -> None:
    owner = company.other_cx
    owner.is_leader = True
    owner.save()
    Proposal.objects.update(cx_owner=owner)  # a leader who owns it is not asked
    User.objects.filter(pk=company.other_marketing.pk).update(is_leader=True, is_active=False)
    made = ask(company, proposal, run)
    assert made.why == "It takes two leaders: it costs more than 99,999 EUR."
    assert (made.reason, made.decision) == ("It pays.", None)
    proposal.refresh_from_db()
    assert (proposal.status, Decision.objects.count()) == ("submitted", 0)
    told = Notification.objects.filter(text__contains="takes a second leader")
    assert [note.recipient for note in told] == [chief]
    assert told[0].url == f"/decisions/prepared/{made.pk}/"
    assert prepared_for(chief) == [made]
    assert prepared_for(company.leader) == prepared_for(company.cx) == []


def test_the_second_leader_s_word_records_it_as_it_was_prepared(
    company: Company, proposal: Proposal, run: RankingRun, chief: User
) -> None:
    key = uuid4()
    waiting = ask(
        company,
        proposal,
        run,
        outcome="conditional",
        conditions=[a_condition(company.cx, "By May.")],
        creation_key=key,
    )
    made = second(actor=chief, waiting=waiting)
    assert (made.decided_by, made.seconded_by, made.creation_key) == (company.leader, chief, key)
    assert (made.outcome, made.reason) == ("conditional", "It pays.")
    condition = made.conditions.get()
    asked = a_condition(company.cx, "By May.")
    assert (condition.text, condition.owner, condition.due) == ("By May.", company.cx, asked.due)
    assert f"Ask {company.leader}, who decided, or {chief}, who agreed." in made.letter
    proposal.refresh_from_db()
    assert proposal.status == "conditional"
    waiting.refresh_from_db()
    assert (waiting.decision, waiting.ended_by, waiting.ended_because) == (made, chief, "")
    # The very request that prepared it finds the decision.
    assert ask(company, proposal, run, creation_key=key) == made
    with pytest.raises(Conflict):
        second(actor=chief, waiting=waiting)
    page = text(signed_in(company.marketing).get(f"/proposals/{proposal.pk}/"))
    assert f"by {company.leader} and {chief}" in page


def test_who_may_agree(company: Company, proposal: Proposal, run: RankingRun, chief: User) -> None:
    waiting = ask(company, proposal, run)
    same = User.objects.create_user("same", team=company.leader.team, is_leader=True)
    nowhere = User.objects.create_user("nowhere", is_leader=True)
    owner = company.marketing
    owner.is_leader = True
    owner.save()
    for person in (company.leader, same, nowhere, owner, company.admin, company.panelist):
        with pytest.raises(PermissionDenied):
            second(actor=person, waiting=waiting)
    assert not Decision.objects.exists()
    # Who prepared it must still be a leader, and here.
    for gone, back in (({"is_leader": False}, {"is_leader": True}), ({"is_active": False}, {})):
        User.objects.filter(pk=company.leader.pk).update(**gone)
        with pytest.raises(Conflict, match="no leader any more"):
            second(actor=chief, waiting=waiting)
        User.objects.filter(pk=company.leader.pk).update(**back or {"is_active": True})
    assert second(actor=chief, waiting=waiting).seconded_by == chief


def test_a_gate_that_closed_meanwhile_stops_it(company: Company, chief: User) -> None:
    """Prepared for its cost alone; then the deliverer hands the promise on."""
    limited(company, 0)
    with unsealed():
        FrameworkVersion.objects.update(gates=["promise"])
    promise = Promise(words="We answer today", where="App", deliverer=company.other_cx)
    promise = make_promise(actor=company.marketing, promise=promise)
    agree_to_deliver(actor=company.other_cx, promise=promise)
    proposal = company.scored("One", promise=promise)
    waiting = ask(company, proposal, company.rank())
    assert waiting.exception == ""
    Promise.objects.update(agreed_at=None)
    with pytest.raises(ValidationError, match="has not agreed to deliver"):
        second(actor=chief, waiting=waiting)
    assert not Decision.objects.exists()


def test_a_condition_whose_day_is_over_stops_it(
    company: Company, proposal: Proposal, run: RankingRun, chief: User
) -> None:
    asked = [a_condition(company.cx, days=0)]
    waiting = ask(company, proposal, run, outcome="conditional", conditions=asked)
    with unsealed():
        rows = [row | {"due": "2020-01-01"} for row in waiting.conditions]
        PreparedDecision.objects.update(conditions=rows)
    with pytest.raises(ValidationError, match="from today on"):
        second(actor=chief, waiting=waiting)
    assert not Decision.objects.exists()


def test_without_somebody_to_ask_it_is_refused(
    company: Company, proposal: Proposal, run: RankingRun
) -> None:
    with pytest.raises(ValidationError, match="no leader of another function"):
        ask(company, proposal, run)
    User.objects.create_user("same", team=company.leader.team, is_leader=True)
    with pytest.raises(ValidationError, match="no leader of another function"):
        ask(company, proposal, run)
    assert not PreparedDecision.objects.exists()


def test_it_is_turned_down_with_a_reason(
    company: Company, proposal: Proposal, run: RankingRun, chief: User
) -> None:
    waiting = ask(company, proposal, run)
    for because in ("  ", "x" * 501):
        with pytest.raises(ValidationError, match="Say why"):
            turn_down(actor=chief, waiting=waiting, because=because)
    with pytest.raises(PermissionDenied):
        turn_down(actor=company.curator, waiting=waiting, because="No.")
    turn_down(actor=chief, waiting=waiting, because=" Too dear. ")
    waiting.refresh_from_db()
    assert (waiting.ended_because, waiting.ended_by) == ("Too dear.", chief)
    assert Notification.objects.filter(
        recipient=company.leader, text__endswith="“One”: Too dear."
    ).exists()
    assert AuditEntry.objects.filter(action="decision.turn-down").exists()
    with pytest.raises(Conflict):
        second(actor=chief, waiting=waiting)
    # Now it can be decided on anew, and who prepared it may end it, too.
    again = ask(company, proposal, run)
    turn_down(actor=company.leader, waiting=again, because="My mistake.")
    assert not Decision.objects.exists()


@pytest.mark.usefixtures("chief")
def test_one_waits_at_a_time_until_the_next_run(
    company: Company, proposal: Proposal, run: RankingRun
) -> None:
    waiting = ask(company, proposal, run)
    for outcome in ("greenlight", "hold"):
        with pytest.raises(Conflict, match="waits for a second leader"):
            ask(company, proposal, run, outcome=outcome, override_code="risk")
    newer = company.rank()
    with pytest.raises(StaleVersion):
        second(actor=User.objects.get(username="chief"), waiting=waiting)
    made = ask(company, proposal, newer, outcome="hold", override_code="risk")
    waiting.refresh_from_db()
    assert (waiting.decision, waiting.ended_because) == (None, "The backlog was ranked anew.")
    assert made.outcome == "hold"


def test_a_key_is_one_s_own(
    company: Company, proposal: Proposal, run: RankingRun, chief: User
) -> None:
    key = UUID(int=5)
    waiting = ask(company, proposal, run, creation_key=key)
    assert ask(company, proposal, run, creation_key=key) == waiting
    with pytest.raises(Conflict):
        ask(company, proposal, run, creation_key=key, actor=chief)


def test_the_database_keeps_it(company: Company, proposal: Proposal, run: RankingRun) -> None:
    company.chief()
    waiting = ask(company, proposal, run)
    rows = PreparedDecision.objects.filter(pk=waiting.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(outcome="decline")
    turn_down(actor=company.leader, waiting=waiting, because="No.")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(ended_because="Yes.")
    other = ask(company, proposal, run)
    with pytest.raises(DatabaseError), transaction.atomic():
        PreparedDecision.objects.filter(pk=other.pk).update(
            ended_at=other.prepared_at
        )  # neither reason nor decision


def test_the_page(company: Company, proposal: Proposal, run: RankingRun, chief: User) -> None:
    client = signed_in(company.leader)
    path = f"/backlog/{proposal.pk}/decide/"
    assert "It takes two leaders: it costs more than 99,999 EUR." in text(client.get(path))
    form = {"run": run.pk, "outcome": "greenlight", "reason": "Yes.", "creation_key": uuid4()}
    assert "were asked" in text(client.post(path, form, follow=True))
    page = f"/decisions/prepared/{PreparedDecision.objects.get().pk}/"
    shown = client.get(path).content.decode()
    assert page in shown
    assert 'name="reason"' not in shown
    mine = client.get(page)
    assert 'name="agree"' not in mine.content.decode()
    assert client.post(page, {"agree": "1"}).status_code == 403
    other = signed_in(chief)
    assert "Waiting for a second leader" in text(other.get("/outcomes/due/"))
    wrong = other.post(page, {"because": " "})
    assert (wrong.status_code, "Say why" in text(wrong)) == (422, True)
    assert "Greenlight recorded for “One”." in text(other.post(page, {"agree": "1"}, follow=True))
    assert f"with the word of {chief}" in text(other.get(page))
    gone = other.post(page, {"agree": "1"})
    assert (gone.status_code, "ended already" in text(gone)) == (422, True)
    assert signed_in(company.marketing).get(page).status_code == 403


def test_the_first_page_asks_as_often_for_three_as_for_one(
    company: Company, proposal: Proposal, run: RankingRun, chief: User
) -> None:
    others = [company.scored(title, money=company.money(cost=COST)) for title in ("Two", "Three")]
    run = company.rank()
    client = signed_in(chief)
    ask(company, proposal, run, override_code="strategy")
    client.get("/outcomes/due/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/outcomes/due/")
    for other in others:
        ask(company, other, run, override_code="strategy")
    with CaptureQueriesContext(connection) as three:
        page = client.get("/outcomes/due/")
    assert len(page.context["prepared"]) == 3
    assert len(three) == len(one)


def test_the_amount_is_amended_by_the_panel_and_frozen(company: Company) -> None:
    draft = start_draft(actor=company.curator)
    spec = spec_of(draft) | {"summary": "Two above a million."}
    spec["charter"] |= {"second_above": "1000000"}
    draft = save_draft(
        actor=company.curator, version=draft, spec=spec, expected_version=draft.version
    )
    company.version = company.ratified(draft)
    assert company.version.second_above == Decimal(1_000_000)
    assert spec_of(company.version)["charter"]["second_above"] == "1000000.00"
    page = text(signed_in(company.marketing).get("/framework/"))
    assert "A greenlight that costs more than 1,000,000 takes two leaders" in page
    for amount in (None, 2_000_000):
        with pytest.raises(DatabaseError), transaction.atomic():
            FrameworkVersion.objects.filter(pk=company.version.pk).update(second_above=amount)


@pytest.mark.parametrize("amount", ["-1", "much", "1e30", [1]])
def test_what_is_no_amount_is_refused(company: Company, amount: object) -> None:
    draft = start_draft(actor=company.curator)
    spec = spec_of(draft) | {"summary": "Two."}
    spec["charter"] |= {"second_above": amount}
    with pytest.raises(ValidationError) as refused:
        save_draft(actor=company.curator, version=draft, spec=spec, expected_version=draft.version)
    assert any("second_above" in name for name in refused.value.message_dict)
