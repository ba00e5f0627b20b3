"""Deciding along the plan: many decisions seen together, recorded at once or not at all."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.customers.services import make_promise
from projects.immutability import unsealed
from projects.models import Notification, Promise, Proposal
from scoring.decisions.services import decide_together
from scoring.models import Decision, FrameworkVersion, PreparedDecision, RankingRun, Scenario
from scoring.portfolio.services import PlanQuestion, adopt_plan, case_of
from scoring.what_if.services import answer, base_of
from tests.company import Company
from tests.pages import signed_in, words

PAGE = "/backlog/plan/decide/"


@pytest.fixture
def run(company: Company) -> RankingRun:
    """The list funds Top; the best mix Left and Right."""
    company.scored("Top", money=company.money(cost=150_000, benefit=80_000), pain=100, fit=100)
    company.scored("Left", money=company.money(cost=125_000, benefit=90_000))
    company.scored("Right", money=company.money(cost=125_000, benefit=88_000))
    return company.rank()


@pytest.fixture
def plan(company: Company, run: RankingRun) -> Scenario:
    base = base_of(run)
    case = case_of(base, answer(base, base.plain), PlanQuestion())
    said: dict[str, Any] = {"name": "Ours", "query": "", "case": case, "way": "best", "seen": 0}
    return adopt_plan(actor=company.leader, run=run, **said)


def sent(run: RankingRun, **outcomes: str) -> dict[str, Any]:
    """A form with a row for each title: "outcome" or "outcome:override"."""
    form: dict[str, Any] = {"run": run.pk, "reason": "As planned."}
    form |= {"form-TOTAL_FORMS": len(outcomes), "form-INITIAL_FORMS": len(outcomes)}
    for place, (title, said) in enumerate(outcomes.items()):
        outcome, _, override = said.partition(":")
        row = {"proposal": Proposal.objects.get(title=title).pk, "creation_key": str(uuid4())}
        row |= {"outcome": outcome, "override_code": override, "exception": ""}
        form |= {f"form-{place}-{name}": value for name, value in row.items()}
    return form


def statuses() -> dict[str, str]:
    return dict(Proposal.objects.values_list("title", "status"))


@pytest.mark.usefixtures("plan")
def test_the_plan_is_laid_before_the_leader(company: Company) -> None:
    page = signed_in(company.leader).get(PAGE)
    shown = {result.title: row["outcome"].value() for row, result in page.context["listed"]}
    assert shown == {"Left": "greenlight", "Right": "greenlight", "Top": ""}
    assert [*shown][-1] == "Top"  # what the plan funds comes first
    assert "As planned in “Ours”." in words(page)


@pytest.mark.usefixtures("plan")
def test_what_is_not_listed_is_counted(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.decisions.views.deciding.MOST_AT_ONCE", 2)
    page = signed_in(company.leader).get(PAGE)
    assert [result.title for _, result in page.context["listed"]] == ["Left", "Right"]
    assert "1 more not listed here" in words(page)


@pytest.mark.usefixtures("plan")
def test_all_are_recorded_at_once_and_told(company: Company, run: RankingRun) -> None:
    form = sent(run, Top="hold:strategy", Left="greenlight:strategy", Right="")
    page = signed_in(company.leader).post(PAGE, form, follow=True)
    assert "2 decisions recorded. The owners were told." in words(page)
    assert "0 greenlit beside it" in words(page)
    assert statuses() == {"Top": "on_hold", "Left": "greenlit", "Right": "submitted"}
    made = Decision.objects.get(proposal__title="Left")
    assert (made.run, made.reason, made.override_code) == (run, "As planned.", "strategy")
    for title in ("Top", "Left"):
        told = Notification.objects.filter(text__startswith=f"“{title}”:")
        assert {note.recipient for note in told} == {company.marketing, company.cx}


@pytest.mark.usefixtures("plan")
def test_one_that_is_wrong_stops_them_all(company: Company, run: RankingRun) -> None:
    form = sent(run, Left="greenlight:strategy", Right="greenlight")
    page = signed_in(company.leader).post(PAGE, form)
    assert page.status_code == 422
    rows = [row for row, _ in page.context["listed"]]
    assert [list(row.errors) for row in rows] == [[], ["override_code"]]
    assert rows[0]["outcome"].value() == "greenlight"  # what was chosen stays
    assert not Decision.objects.exists()
    assert set(statuses().values()) == {"submitted"}
    assert not Notification.objects.filter(text__contains="greenlight").exists()


def test_errors_name_the_place_and_the_field(company: Company, run: RankingRun) -> None:
    with pytest.raises(ValidationError) as caught:
        decide_together(
            actor=company.leader,
            run=run,
            decisions=[
                {
                    "proposal": Proposal.objects.get(title=title),
                    "outcome": "greenlight",
                    "reason": reason,
                    "creation_key": uuid4(),
                }
                for title, reason in (("Top", "It fits."), ("Left", ""))
            ],
        )
    assert set(caught.value.message_dict) == {"1.reason", "1.override_code"}
    assert not Decision.objects.exists()


@pytest.mark.usefixtures("plan")
def test_a_repeated_form_decides_once(company: Company, run: RankingRun) -> None:
    form, client = sent(run, Left="greenlight:strategy"), signed_in(company.leader)
    client.post(PAGE, form)
    again = client.post(PAGE, form)
    assert "One of these is decided already" in words(again)
    assert Decision.objects.count() == 1


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize("damaged", [{"form-0-proposal": "²"}, {"form-TOTAL_FORMS": "999"}])
def test_a_damaged_form_decides_nothing(
    company: Company, run: RankingRun, damaged: dict[str, str]
) -> None:
    form = sent(run, Left="greenlight:strategy") | damaged
    assert signed_in(company.leader).post(PAGE, form).status_code == 422
    assert not Decision.objects.exists()


@pytest.mark.usefixtures("plan")
def test_a_newer_run_refuses_the_form(company: Company, run: RankingRun) -> None:
    form = sent(run, Left="greenlight:strategy")
    company.rank()
    page = signed_in(company.leader).post(PAGE, form)
    assert page.status_code == 422
    assert not Decision.objects.exists()


@pytest.mark.usefixtures("plan")
def test_a_gate_asks_for_its_reason_in_the_row(company: Company) -> None:
    with unsealed():
        FrameworkVersion.objects.update(gates=["promise"])
    promise = Promise(words="We answer today", where="App", deliverer=company.other_cx)
    make_promise(actor=company.marketing, promise=promise)
    company.scored("Shaky", promise=promise)
    run = company.rank()
    page = signed_in(company.leader).post(PAGE, sent(run, Shaky="greenlight:strategy"))
    ((row, _),) = page.context["listed"]
    assert list(row.errors) == ["exception"]
    assert 'name="form-0-exception"' in page.content.decode()
    form = sent(run, Shaky="greenlight:strategy") | {"form-0-exception": "A test year."}
    company.chief()
    page = signed_in(company.leader).post(PAGE, form, follow=True)
    assert "1 waits for a second leader." in words(page)
    assert PreparedDecision.objects.get().exception == "A test year."
    listed = signed_in(company.leader).get(PAGE).context["listed"]
    assert "Shaky" not in [result.title for _, result in listed]


@pytest.mark.usefixtures("plan")
def test_ones_own_and_the_decided_are_not_offered(company: Company) -> None:
    Proposal.objects.filter(title="Top").update(status="declined")
    Proposal.objects.filter(title="Left").update(marketing_owner=company.leader)
    page = signed_in(company.leader).get(PAGE)
    assert [result.title for _, result in page.context["listed"]] == ["Right"]
    Proposal.objects.filter(title="Right").update(status="greenlit")
    page = signed_in(company.leader).get(PAGE)
    assert "Everything that you can decide on is decided." in words(page)


@pytest.mark.usefixtures("run")
def test_without_a_plan_there_is_no_such_page(company: Company) -> None:
    assert signed_in(company.leader).get(PAGE).status_code == 404
    assert signed_in(company.curator).get(PAGE).status_code == 403


@pytest.mark.usefixtures("plan")
def test_it_asks_as_often_for_few_as_for_many(company: Company) -> None:
    client, counted = signed_in(company.leader), []
    for number in range(2):
        client.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counted.append(len(queries))
        for title in ("One", "Two"):
            company.scored(f"{title} {number}")
        company.rank()
    assert counted[0] == counted[1]
