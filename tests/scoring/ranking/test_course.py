"""One result whatever happens to workers: asking, claiming, finishing, and the schedule."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from jobs.selectors import oldest_due_seconds, unrung
from jobs.services import leases
from jobs.services.bell import dispatch
from projects.errors import Conflict
from projects.models import AuditEntry, Cycle, Proposal
from scoring.models import RankedProposal, RankingRun, Scorecard
from scoring.ranking.selectors.runs import current_run
from scoring.ranking.services import ranking, runs
from scoring.ranking.services.pipeline import compute
from scoring.ranking.services.runs import schedule_runs
from tests.company import Company, make_company, without_seal
from tests.runs import expire, waiting

Status = RankingRun.Status


def test_two_requests_make_one_waiting_run(company: Company) -> None:
    assert waiting(company) == waiting(company)
    assert RankingRun.objects.count() == 1
    copy = RankingRun.objects.get()
    copy.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


def test_a_run_needs_a_cycle_and_a_framework(company: Company) -> None:
    Cycle.objects.update(is_current=False)
    with pytest.raises(Conflict, match="No cycle is current"):
        waiting(company)


def test_one_claim_wins(company: Company) -> None:
    run = waiting(company)
    first = ranking.claim(run_id=run.pk)
    assert first is not None
    assert ranking.claim(run_id=run.pk) is None
    run.refresh_from_db()
    assert (run.status, run.attempt, run.owner_token) == (Status.RUNNING, 1, first)


def test_a_lost_lease_lets_another_worker_take_over_and_shuts_the_first_out(
    company: Company,
) -> None:
    company.scored("One")
    run = waiting(company)
    zombie = ranking.claim(run_id=run.pk)
    assert zombie is not None
    snapshot = ranking._sealed_snapshot(run, zombie)
    results, facts = compute(snapshot, seed=run.seed, draws=run.draws)
    expire(run)
    assert ranking.rank_run(run_id=run.pk) is True
    with pytest.raises(leases.LostLease):
        ranking.lease_of(run, zombie).write(progress=50)
    # The database would refuse the doubled rows too; both ways nothing is written.
    with pytest.raises((leases.LostLease, DatabaseError)), transaction.atomic():
        ranking.finish(run=run, token=zombie, results=results, facts=facts)
    run.refresh_from_db()
    assert (run.status, run.attempt) == (Status.DONE, 2)
    assert RankedProposal.objects.filter(run=run).count() == 1
    assert AuditEntry.objects.filter(action="run.done").count() == 1


def test_the_inputs_are_frozen_at_the_first_try(company: Company) -> None:
    company.scored("One")
    run = waiting(company)
    token = ranking.claim(run_id=run.pk)
    assert token is not None
    ranking._sealed_snapshot(run, token)
    sealed = RankingRun.objects.get(pk=run.pk).input_digest
    company.scored("Submitted in between")
    expire(run)
    ranking.rank_run(run_id=run.pk)
    run.refresh_from_db()
    assert run.input_digest == sealed
    assert [row.title for row in run.results.all()] == ["One"]


def test_three_lost_tries_end_in_a_message_people_can_read(company: Company) -> None:
    run = waiting(company)
    for _ in range(3):
        assert ranking.claim(run_id=run.pk) is not None
        expire(run)
    dispatch()
    run.refresh_from_db()
    assert run.status == Status.FAILED
    assert run.error.startswith("The ranking stopped three times before it was done.")
    assert ranking.rank_run(run_id=run.pk) is False


def test_a_crash_in_the_computation_is_tried_again_and_then_given_up(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.scored("One")
    run = waiting(company)
    # A snapshot that cannot be computed stands for any defect.
    token = ranking.claim(run_id=run.pk)
    assert token is not None
    broken = ranking._sealed_snapshot(run, token)
    expire(run)

    def explode(*_args: object, **_values: object) -> None:
        raise RuntimeError(broken["cycle"]["name"])

    monkeypatch.setattr(ranking, "compute", explode)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            ranking.rank_run(run_id=run.pk)
        RankingRun.objects.filter(pk=run.pk, status=Status.RUNNING).update(
            lease_until=F("lease_until") - timedelta(seconds=1)
        )
    run.refresh_from_db()
    assert (run.status, run.attempt) == (Status.FAILED, 3)
    assert "RuntimeError" in run.error
    assert run.results.count() == 0


def test_the_dispatcher_rings_again_after_ten_seconds(company: Company) -> None:
    run = waiting(company)
    assert list(unrung(RankingRun.objects.all())) == [run]
    RankingRun.objects.update(dispatched_at=Now())
    assert list(unrung(RankingRun.objects.all())) == []
    RankingRun.objects.update(dispatched_at=Now() - timedelta(seconds=11))
    assert list(unrung(RankingRun.objects.all())) == [run]
    assert oldest_due_seconds() is not None
    ranking.rank_run(run_id=run.pk)
    assert list(unrung(RankingRun.objects.all())) == []
    assert oldest_due_seconds() is None


def test_the_dispatcher_rings_at_once_for_a_run_that_a_worker_lost(company: Company) -> None:
    run = waiting(company)
    RankingRun.objects.update(dispatched_at=Now() - timedelta(seconds=2))
    ranking.claim(run_id=run.pk)
    assert list(unrung(RankingRun.objects.all())) == []
    expire(run)
    assert list(unrung(RankingRun.objects.all())) == [run]
    RankingRun.objects.update(dispatched_at=Now())
    assert list(unrung(RankingRun.objects.all())) == []


def test_a_framework_published_meanwhile_is_the_one_to_rank_by(company: Company) -> None:
    from tests.scoring.framework.test_frameworks import amended

    run = waiting(company)
    second = amended(company, **{"return": "50", "impact": "25", "fit": "25"})
    assert waiting(company) == run
    run.refresh_from_db()
    assert run.framework_version == second


def at(hour: int, *, days: int = 0) -> Any:
    base = timezone.localtime() + timedelta(days=days)
    return base.replace(hour=hour, minute=30, second=0, microsecond=0)


@pytest.fixture
def by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Far from the nightly hour, whenever the tests run."""
    monkeypatch.setattr(runs, "NIGHTLY_HOUR", (timezone.localtime().hour + 12) % 24)


def test_the_nightly_run_comes_once_a_night(company: Company) -> None:
    company.scored("One")
    tomorrow = at(3, days=1)
    [run] = schedule_runs(now=tomorrow)
    assert run.trigger == RankingRun.Trigger.NIGHTLY
    assert run.nightly_date == tomorrow.date()
    ranking.rank_run(run_id=run.pk)
    assert schedule_runs(now=tomorrow + timedelta(minutes=5)) == []


@pytest.mark.usefixtures("by_day")
def test_changes_are_ranked_when_they_are_over(company: Company) -> None:
    company.scored("One")
    company.rank()
    now = timezone.now()
    assert schedule_runs(now=now) == []
    company.submitted("Two")
    assert schedule_runs(now=timezone.now() + timedelta(seconds=30)) == []
    [run] = schedule_runs(now=timezone.now() + timedelta(seconds=90))
    assert run.trigger == RankingRun.Trigger.CHANGE
    ranking.rank_run(run_id=run.pk)
    assert schedule_runs(now=timezone.now() + timedelta(seconds=90)) == []


@pytest.mark.usefixtures("by_day")
def test_a_long_burst_of_changes_does_not_wait_for_ever(company: Company) -> None:
    company.scored("One")
    company.rank()
    company.submitted("Two")
    late = timezone.now() + timedelta(minutes=11)
    without_seal("scoring_scorecard")
    Scorecard.objects.update(submitted_at=late - timedelta(seconds=5))
    assert [run.trigger for run in schedule_runs(now=late)] == [RankingRun.Trigger.CHANGE]


def test_the_command_ranks_here_and_now(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    company.scored("One")
    call_command("rank")
    run = current_run(None)
    assert run is not None
    assert run.trigger == RankingRun.Trigger.COMMAND
    assert f"Run {run.pk}: 1 ranked, 0 incomplete" in capsys.readouterr().out


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_inputs_are_read_at_one_moment() -> None:
    """A proposal that is submitted between two of the reading queries is in none of them."""
    company = make_company()
    company.scored("There in time")
    run = waiting(company)
    late: list[str] = []

    def submit_meanwhile(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if not late and "scoring_frameworkversion" in sql and sql.startswith("SELECT"):
            late.append("Too late")
            worker = threading.Thread(
                target=another_connection, args=(company.submitted, "Too late")
            )
            worker.start()
            worker.join()
        return answer

    with connection.execute_wrapper(submit_meanwhile):
        snapshot = ranking._read_at_one_moment(run)
    assert late == ["Too late"]
    assert Proposal.objects.filter(title="Too late").exists()
    assert [row["title"] for row in snapshot["proposals"]] == ["There in time"]


def another_connection(act: Any, *args: Any) -> None:
    try:
        act(*args)
    finally:
        connection.close()
