"""Conditions of a greenlight: somebody sees to each by a day, and says that it is met."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from projects.errors import Conflict
from projects.events.selectors import event_of
from projects.immutability import unsealed
from projects.models import AuditEntry, Notification, Proposal, User
from scoring.decisions.selectors import open_conditions
from scoring.decisions.services import meet_condition, remind_of_conditions
from scoring.models import Condition, Decision, RankingRun
from tests.company import Company, a_condition, recorded
from tests.contract import Api, refusal_of
from tests.pages import signed_in, words

TODAY = timezone.localdate()


@pytest.fixture
def proposal(company: Company) -> Proposal:
    return company.scored("One")


@pytest.fixture
def run(company: Company, proposal: Proposal) -> RankingRun:
    return company.rank()


def yes_if(company: Company, proposal: Proposal, run: RankingRun, *asked: Condition) -> Decision:
    made = recorded(
        actor=company.leader,
        proposal=proposal,
        run=run,
        outcome="conditional",
        reason="It pays.",
        conditions=asked,
        creation_key=uuid4(),
    )
    Notification.objects.all().delete()
    return made


def told() -> dict[str, str]:
    found = dict(Notification.objects.values_list("recipient__username", "text"))
    Notification.objects.all().delete()
    return found


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"owner": None}, "owner"),
        ({"due": None}, "due"),
        ({"due": TODAY - timedelta(days=1)}, "due"),
        ({"text": ""}, "text"),
    ],
)
def test_each_says_what_who_and_when(
    company: Company, proposal: Proposal, run: RankingRun, values: dict[str, Any], field: str
) -> None:
    wrong = a_condition(company.cx)
    for name, value in values.items():
        setattr(wrong, name, value)
    with pytest.raises(ValidationError) as caught:
        yes_if(company, proposal, run, a_condition(company.cx), wrong)
    assert set(caught.value.message_dict) == {f"conditions.1.{field}"}
    assert not Decision.objects.exists()


def test_a_closed_account_sees_to_nothing(
    company: Company, proposal: Proposal, run: RankingRun
) -> None:
    User.objects.filter(pk=company.cx_mate.pk).update(is_active=False)
    company.cx_mate.refresh_from_db()
    with pytest.raises(ValidationError) as caught:
        yes_if(company, proposal, run, a_condition(company.cx_mate))
    assert set(caught.value.message_dict) == {"conditions.0.owner"}


def test_who_sees_to_it_or_a_leader_says_that_it_is_met(
    company: Company, proposal: Proposal, run: RankingRun
) -> None:
    asked = [a_condition(company.other_cx, f"Number {place}") for place in range(2)]
    first, second = yes_if(company, proposal, run, *asked).conditions.all()
    for actor in (company.marketing, company.panelist, company.curator):
        with pytest.raises(PermissionDenied):
            meet_condition(actor=actor, condition=first, how="")
    meet_condition(actor=company.other_cx, condition=first, how="In the report.")
    text = "“One”: a condition is met, “Number 0”."
    assert told() == dict.fromkeys(("marketing", "cx", "leader"), f"{text} 1 still open.")
    meet_condition(actor=company.leader, condition=second, how="")
    assert set(told().values()) == {
        "“One”: a condition is met, “Number 1”. All are met: decide for good."
    }
    with pytest.raises(Conflict):
        meet_condition(actor=company.other_cx, condition=first, how="Again.")
    assert AuditEntry.objects.filter(action="condition.meet").count() == 2


def test_one_of_before_conditions_had_somebody_is_met_by_a_leader(
    company: Company, proposal: Proposal, run: RankingRun
) -> None:
    decision = yes_if(company, proposal, run, a_condition(company.cx))
    old = Condition.objects.create(decision=decision, text="Written long ago.")
    with pytest.raises(PermissionDenied):
        meet_condition(actor=company.cx, condition=old, how="")
    assert meet_condition(actor=company.leader, condition=old, how="Seen.").how == "Seen."
    page = words(signed_in(company.marketing).get(f"/proposals/{proposal.pk}/"))
    assert "Written long ago. nobody named: met" in page.replace(" : ", ": ")


def test_only_those_of_the_decision_that_stands_are_open(
    company: Company, proposal: Proposal, run: RankingRun
) -> None:
    (old,) = yes_if(company, proposal, run, a_condition(company.cx, "Old")).conditions.all()
    yes_if(company, proposal, run, a_condition(company.cx, "New"))
    assert [row.text for row in open_conditions()] == ["New"]
    with pytest.raises(Conflict, match="decided on anew"):
        meet_condition(actor=company.cx, condition=old, how="")


def test_it_is_met_once_and_nothing_else_changes(
    company: Company, proposal: Proposal, run: RankingRun
) -> None:
    (kept,) = yes_if(company, proposal, run, a_condition(company.cx)).conditions.all()
    for change in ({"text": "Other"}, {"due": TODAY}, {"owner": company.marketing}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Condition.objects.filter(pk=kept.pk).update(**change)
    meet_condition(actor=company.cx, condition=kept, how="")
    with pytest.raises(DatabaseError), transaction.atomic():
        Condition.objects.filter(pk=kept.pk).update(met_at=None, met_by=None)


def test_reminders_come_before_and_after_the_day(
    company: Company, proposal: Proposal, run: RankingRun
) -> None:
    decision = yes_if(company, proposal, run, a_condition(company.other_cx, days=8))
    assert remind_of_conditions() == 0
    said = []
    for days in (7, 6, 1, 0):
        with unsealed():
            decision.conditions.update(due=TODAY + timedelta(days=days))
        remind_of_conditions()
        remind_of_conditions()
        said += list(Notification.objects.values_list("recipient__username", "text"))
        Notification.objects.filter(cause="").delete()
    texts = {text for name, text in said if name == "other-cx"}
    assert {text.split(": ")[0] for text in texts} == {
        "A condition of “One” is due in 7 days",
        "A condition of “One” is due tomorrow",
        "A condition of “One” is due today",
    }
    assert Notification.objects.count() == 3
    with unsealed():
        decision.conditions.update(due=TODAY - timedelta(days=1))
    remind_of_conditions()
    [due] = AuditEntry.objects.filter(action="condition.due")
    assert event_of(due)["data"] == {
        "condition": decision.conditions.get().pk,
        "proposal": proposal.pk,
    }
    over = Notification.objects.filter(text__contains="was due on")
    assert set(over.values_list("recipient__username", flat=True)) == {
        "other-cx",
        "leader",
        "marketing",
        "cx",
    }


class TestPages:
    def form(self, run: RankingRun, **rows: Any) -> dict[str, Any]:
        empty = {"conditions-TOTAL_FORMS": 2, "conditions-INITIAL_FORMS": 0}
        said = {"run": run.pk, "outcome": "conditional", "reason": "It pays."}
        return said | {"creation_key": str(uuid4())} | empty | rows

    def test_a_wrong_row_is_named_and_kept(
        self, company: Company, proposal: Proposal, run: RankingRun
    ) -> None:
        person, page = signed_in(company.leader), f"/backlog/{proposal.pk}/decide/"
        answer = person.post(page, self.form(run, **{"conditions-1-text": "Legal agrees."}))
        assert answer.status_code == 422
        assert "Choose who sees to it." in words(answer)
        assert "Legal agrees." in answer.content.decode()
        answer = person.post(page, self.form(run))
        assert answer.status_code == 422
        assert "Say what must be true first, by when, and who sees to it." in words(answer)
        good = {"text": "Legal agrees.", "owner": company.cx.pk, "due": str(TODAY)}
        rows = {f"conditions-1-{name}": value for name, value in good.items()}
        answer = person.post(page, self.form(run, **rows), follow=True)
        assert "Conditions Legal agrees. cx, by" in words(answer)
        assert Condition.objects.get().owner == company.cx

    def test_who_sees_to_it_finds_it_and_meets_it(
        self, company: Company, proposal: Proposal, run: RankingRun
    ) -> None:
        decision = yes_if(company, proposal, run, a_condition(company.other_cx))
        (condition,) = decision.conditions.all()
        person = signed_in(company.other_cx)
        assert "Conditions to meet Legal agrees." in words(person.get("/outcomes/due/"))
        meet = f"/decisions/conditions/{condition.pk}/meet/"
        assert meet in person.get(f"/proposals/{proposal.pk}/").content.decode()
        other = signed_in(company.marketing).get(f"/proposals/{proposal.pk}/")
        assert meet not in other.content.decode()
        page = person.post(meet, {"how": "Signed."}, follow=True)
        assert "says other-cx (Signed.)" in words(page)
        assert "Conditions to meet" not in words(person.get("/outcomes/due/"))

    def test_by_api(self, company: Company, proposal: Proposal, run: RankingRun) -> None:
        api = Api(company.leader)
        body: dict[str, Any] = {"proposal": proposal.pk, "run": run.pk}
        body |= {"outcome": "conditional", "reason": "It pays."}
        row = {"text": "Legal agrees.", "owner": company.cx.pk, "due": str(TODAY)}
        refused = api.send("POST", "/decisions/", body | {"conditions": [row | {"due": None}]})
        assert "conditions.0.due" in refusal_of(refused)
        made = api.send("POST", "/decisions/", body | {"conditions": [row]}).json()
        (condition,) = made["conditions"]
        assert (condition["text"], condition["met_at"]) == ("Legal agrees.", None)
        assert api.read(f"/conditions/?owner={company.cx.pk}")["count"] == 1
        met = Api(company.cx).send("POST", f"/conditions/{condition['id']}/meet/", {"how": "So."})
        assert (met.json()["met_by"], met.json()["how"]) == ("cx", "So.")
