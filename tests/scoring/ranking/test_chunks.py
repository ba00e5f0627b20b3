"""One large run made by many: every draw once, the bytes the same, lost chunks taken again."""

from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import connection
from django.db.models import F

from jobs.selectors import due_now
from jobs.services import leases
from scoring.analysis.robustness import Ordered
from scoring.models import RankingRun, RunChunk
from scoring.ranking.services import chunks, pipeline, ranking
from scoring.ranking.services.chunks import clear_chunks, help_run
from scoring.ranking.services.pipeline import THREADS, Draws, draws_for_help, futures
from scoring.ranking.services.runs import cancel_run, request_run
from tests.company import Company

pytestmark = pytest.mark.django_db

Status = RunChunk.Status
DRAWS, CHUNKS = 7_000, 4  # 2,048 draws to a chunk


@pytest.fixture
def run(company: Company, settings: Any) -> RankingRun:
    """A waiting run that is to be shared."""
    settings.RUN_SHARED_FROM = 1
    for number in range(4):
        proposal = company.submitted(f"Number {number}")
        company.score(proposal, company.panelist, 100, 25)
        company.score(proposal, company.curator, 0, 100)
    made = request_run(actor=company.leader, trigger=RankingRun.Trigger.BUTTON)
    made.draws = DRAWS
    made.save(update_fields=["draws"])
    return made


def carry_out(run: RankingRun) -> RankingRun:
    assert ranking.rank_run(run_id=run.pk)
    run.refresh_from_db()
    assert not RunChunk.objects.exists()  # nothing is left of the work
    return run


def test_a_shared_run_has_the_bytes_of_one_made_alone(run: RankingRun, settings: Any) -> None:
    carry_out(run)
    settings.RUN_SHARED_FROM = 10**12
    assert ranking.replay(run)


def test_a_helper_makes_what_nobody_has(
    run: RankingRun, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    made = []

    def helpers_come(asked: RankingRun, helpers: int) -> None:
        assert helpers == CHUNKS - 1
        made.append(help_run(run_id=asked.pk))

    monkeypatch.setattr(chunks, "_call_for_help", helpers_come)
    carry_out(run)
    assert made == [CHUNKS]
    settings.RUN_SHARED_FROM = 10**12
    assert ranking.replay(run)


def test_a_chunk_of_a_lost_worker_is_made_by_another(
    run: RankingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts: list[int] = []

    def a_helper_dies(asked: RankingRun, _helpers: int) -> None:
        first = asked.chunks.get(number=0)
        lost = leases.claim(RunChunk, first.pk)
        assert lost is not None
        asked.chunks.filter(pk=first.pk).update(lease_until=F("lease_until") - timedelta(hours=1))
        assert help_run(run_id=asked.pk) == CHUNKS
        attempts.extend(asked.chunks.values_list("attempt", flat=True))
        with pytest.raises(leases.LostLease):
            lost.finish(payload=b"late")

    monkeypatch.setattr(chunks, "_call_for_help", a_helper_dies)
    assert ranking.replay(carry_out(run))
    assert attempts == [2, 1, 1, 1]


def test_a_second_try_of_the_run_takes_up_what_was_made(
    run: RankingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = ranking.claim(run_id=run.pk)
    assert token is not None
    snapshot = ranking._sealed_snapshot(run, token)
    draws = draws_for_help(snapshot, seed=run.seed, draws=run.draws)
    RunChunk.objects.bulk_create(RunChunk(run=run, number=place) for place in range(CHUNKS))
    for lease, number, order in chunks._make_some(run, draws):
        assert number < THREADS
        lease.finish(payload=order.places.astype(chunks.NUMBERS).tobytes())
    RankingRun.objects.update(lease_until=F("lease_until") - timedelta(hours=1))
    honest, made = chunks._ordered, []

    def counted(of: Draws, number: int) -> Ordered:
        made.append(number)
        return honest(of, number)

    monkeypatch.setattr(chunks, "_ordered", counted)
    assert ranking.replay(carry_out(run))
    assert sorted(made) == list(range(THREADS, CHUNKS))


def test_a_thawed_worker_gives_up_a_run_that_another_finished(
    run: RankingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished: list[bool] = []

    def another_finishes(asked: RankingRun, _helpers: int) -> None:
        monkeypatch.setattr(chunks, "_call_for_help", Mock())
        RankingRun.objects.update(lease_until=F("lease_until") - timedelta(hours=1))
        finished.append(ranking.rank_run(run_id=asked.pk))

    monkeypatch.setattr(chunks, "_call_for_help", another_finishes)
    assert ranking.rank_run(run_id=run.pk) is False
    run.refresh_from_db()
    assert (finished, run.status, run.attempt) == ([True], RankingRun.Status.DONE, 2)
    assert ranking.replay(run)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_chunk_in_a_frozen_hand_keeps_nobody_waiting(run: RankingRun) -> None:
    """A worker that stops in the middle of taking a chunk still locks its row."""
    RunChunk.objects.bulk_create(RunChunk(run=run, number=place) for place in range(2))
    frozen = connection.copy()
    with frozen.cursor() as cursor:
        frozen.set_autocommit(False)
        cursor.execute("UPDATE scoring_runchunk SET attempt = 1 WHERE number = 0")
        taken = [[number for _, number in chunks._take(run, 2)] for _ in range(2)]
        frozen.rollback()
    frozen.close()
    assert taken == [[1], []]


def test_a_chunk_that_a_lost_worker_counted_is_made_again(
    run: RankingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def the_one_before_counts(asked: RankingRun, _helpers: int) -> None:
        asked.chunks.get(number=CHUNKS - 1).delete()

    monkeypatch.setattr(chunks, "_call_for_help", the_one_before_counts)
    assert ranking.replay(carry_out(run))


def test_nobody_helps_a_run_that_waits_is_lost_or_cancelled(
    company: Company, run: RankingRun
) -> None:
    assert help_run(run_id=run.pk) == 0  # it waits
    token = ranking.claim(run_id=run.pk)
    assert token is not None
    ranking._sealed_snapshot(run, token)
    RunChunk.objects.create(run=run, number=0)
    RankingRun.objects.update(lease_until=F("lease_until") - timedelta(hours=1))
    assert help_run(run_id=run.pk) == 0  # whoever held it is lost
    cancel_run(actor=company.leader, run=run)
    assert help_run(run_id=run.pk) == 0
    assert help_run(run_id=10**9) == 0
    assert RunChunk.objects.get().status == Status.QUEUED


def test_the_scheduler_deletes_the_draws_of_a_run_that_was_cancelled(
    company: Company, run: RankingRun
) -> None:
    RunChunk.objects.create(run=run, number=0)
    assert clear_chunks() == 0
    cancel_run(actor=company.leader, run=run)
    assert clear_chunks() == 1
    assert RunChunk.objects.count() == 0


def test_draws_that_cannot_be_made_fail_the_run_in_words(
    run: RankingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_values: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr(chunks, "ordered", broken)
    for _ in range(3):
        with pytest.raises((ArithmeticError, RuntimeError)):
            ranking.rank_run(run_id=run.pk)
    run.refresh_from_db()
    assert run.status == RankingRun.Status.FAILED
    assert run.error.startswith("The ranking stopped three times")


def test_a_run_given_back_is_due_within_the_same_millisecond(run: RankingRun) -> None:
    for _ in range(100):
        RankingRun.objects.update(status=RankingRun.Status.QUEUED, attempt=0)
        lease = leases.claim(RankingRun, run.pk)
        assert lease is not None
        lease.give_back(ArithmeticError())
        assert due_now(RankingRun.objects.all()).exists()


def test_small_runs_are_not_cut(
    run: RankingRun, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(chunks, "_call_for_help", lambda _run, helpers: asked.append(helpers))
    settings.RUN_SHARED_FROM = 4 * DRAWS + 1
    assert ranking.replay(carry_out(run))
    assert asked == []


def test_the_size_of_chunks_and_the_number_of_threads_change_no_byte(
    run: RankingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry_out(run)
    for block, threads in ((1_001, 1), (3_000, 3), (7_000, 2)):
        monkeypatch.setattr(futures, "BLOCK", block)
        monkeypatch.setattr(futures, "THREADS", threads)
        assert ranking.replay(run)


def test_draws_of_money_are_the_same_kept_or_made_again(
    run: RankingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry_out(run)
    monkeypatch.setattr(pipeline, "MOST_KEPT", 0)
    assert ranking.replay(run)
