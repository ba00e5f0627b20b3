"""Cancelling a run, and how long a working one still takes."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import F

from jobs.services.bell import dispatch
from projects.errors import Conflict
from projects.models import AuditEntry
from scoring.models import RankedProposal, RankingRun
from scoring.ranking.selectors.runs import seconds_left
from scoring.ranking.services import ranking
from scoring.ranking.services.runs import cancel_run, request_run
from tests.company import Company
from tests.contract import Api
from tests.pages import signed_in, text

pytestmark = pytest.mark.django_db

Status = RankingRun.Status


def asked(company: Company) -> RankingRun:
    return request_run(actor=company.leader, trigger=RankingRun.Trigger.BUTTON)


def test_a_cancelled_run_is_taken_by_nobody_and_rung_for_no_more(company: Company) -> None:
    company.scored("One")
    run = asked(company)
    cancel_run(actor=company.leader, run=run)
    assert ranking.rank_run(run_id=run.pk) is False
    assert dispatch() == 0
    run.refresh_from_db()
    assert (run.status, run.attempt) == (Status.CANCELLED, 0)
    entry = AuditEntry.objects.get(action="run.cancel")
    assert (entry.actor, entry.subject) == (company.leader, f"run:{run.pk}")
    assert asked(company).pk != run.pk  # and it does not stand in the way of the next


def test_a_worker_drops_its_result_when_its_run_is_cancelled(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.scored("One")
    run = asked(company)
    honest = ranking.compute  # type: ignore[attr-defined] # what the worker calls

    def cancelled_meanwhile(*args: object, **kwargs: object) -> object:
        computed = honest(*args, **kwargs)  # type: ignore[arg-type]
        cancel_run(actor=company.curator, run=run)
        return computed

    monkeypatch.setattr(ranking, "compute", cancelled_meanwhile)
    assert ranking.rank_run(run_id=run.pk) is False
    run.refresh_from_db()
    assert (run.status, run.result_digest) == (Status.CANCELLED, "")
    assert not RankedProposal.objects.exists()
    assert not AuditEntry.objects.filter(action="run.done").exists()


def test_only_who_may_ask_may_cancel_and_only_what_is_not_over(company: Company) -> None:
    run = asked(company)
    with pytest.raises(PermissionDenied):
        cancel_run(actor=company.marketing, run=run)
    done = company.rank()
    with pytest.raises(Conflict, match="over already"):
        cancel_run(actor=company.leader, run=done)
    run.refresh_from_db()
    assert run.status == Status.DONE


def test_the_page_and_the_api_cancel(company: Company) -> None:
    leader = signed_in(company.leader)
    run = asked(company)
    assert "Cancel" in text(leader.get(f"/runs/{run.pk}/"))
    page = text(leader.post(f"/runs/{run.pk}/cancel/", follow=True))
    assert "was cancelled before it was done" in page
    assert "Cancelled" in text(leader.get("/runs/"))
    again = asked(company)
    answer = Api(company.leader).send("POST", f"/runs/{again.pk}/cancel/")
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    refused = Api(company.leader).send("POST", f"/runs/{again.pk}/cancel/")
    assert refused.status_code == 409


def test_the_time_left_is_the_share_of_what_the_last_run_took(company: Company) -> None:
    company.scored("One")
    first = asked(company)
    ranking.claim(run_id=first.pk)
    first.refresh_from_db()
    assert seconds_left(first) is None  # the first one: nobody knows
    RankingRun.objects.update(lease_until=F("lease_until") - timedelta(minutes=10))
    RankingRun.objects.update(started_at=F("started_at") - timedelta(seconds=20))
    assert ranking.rank_run(run_id=first.pk)
    run = asked(company)
    assert seconds_left(run) is None  # it waits for a worker
    ranking.claim(run_id=run.pk)
    RankingRun.objects.filter(pk=run.pk).update(progress=70)
    run.refresh_from_db()
    assert seconds_left(run) in (6, 7)  # 30 % of 20 seconds and a little
    part = signed_in(company.leader).get(f"/runs/{run.pk}/", headers={"HX-Request": "true"})
    assert f"about {seconds_left(run)} s left" in text(part)
