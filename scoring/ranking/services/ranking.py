"""The ranking job: take the run, compute under its lease, finish once (see ``leases``)."""

import json
import logging
import math
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection, transaction

from jobs.services import leases
from jobs.services.leases import Lease, LostLease
from projects.audit.services import record
from scoring.ranking.models import RankedProposal, RankingRun, RunChunk, RunSnapshot
from scoring.ranking.selectors.snapshot import canonical, digest, load_snapshot, pack, read_snapshot
from scoring.ranking.services.chunks import shared
from scoring.ranking.services.pipeline import ENGINE_VERSION, Result, compute, result_digest

logger = logging.getLogger(__name__)
IN_ONE_ORDER = (1, 7)  # the first engine whose bytes are the same on every kind of processor
LAST_DIGITS = 1e-12  # of a number, as a share of it


def rank_run(*, run_id: int) -> bool:
    """Carry out one run, if it is due. False when somebody else has it or it is finished."""
    token = claim(run_id=run_id)
    if token is None:
        return False
    run = RankingRun.objects.select_related("cycle", "framework_version").get(pk=run_id)
    try:
        with lease_of(run, token).kept():
            snapshot = _sealed_snapshot(run, token)
            results, facts = compute(
                snapshot,
                seed=run.seed,
                draws=run.draws,
                on_progress=_reporter(run, token),
                share=partial(shared, run),
            )
            finish(run=run, token=token, results=results, facts=facts)
    except LostLease:
        logger.warning("run %s: lease lost, result dropped", run_id)
        return False
    except Exception as error:
        lease_of(run, token).give_back(error)
        raise
    return True


def claim(*, run_id: int) -> str | None:
    """Take the run if it is due and tries are left; returns the owner token."""
    lease = leases.claim(RankingRun, run_id)
    return lease.token if lease else None


def lease_of(run: RankingRun, token: str) -> Lease:
    return Lease(RankingRun, run.pk, token)


def finish(*, run: RankingRun, token: str, results: list[Result], facts: dict[str, Any]) -> None:
    """Write results, seal and audit entry in one transaction, if the token still holds the run."""
    with transaction.atomic():
        # Results first: once the run is done, the database refuses to change it.
        RankedProposal.objects.bulk_create(
            [RankedProposal(run=run, **result) for result in results], batch_size=500
        )
        sealed = result_digest(results)
        RunChunk.objects.filter(run=run).delete()
        lease_of(run, token).finish(
            engine_version=ENGINE_VERSION, result_digest=sealed, facts=facts
        )
        record(
            actor=run.requested_by,
            action="run.done",
            subject=f"run:{run.pk}",
            result_digest=sealed,
        )


def replay(run: RankingRun) -> bool:
    """Compute a finished run again from its sealed inputs; True when every byte is the same.

    Engines before 1.7 added up money as the processor liked: of their runs the last digits of a
    number may be others here, and nothing else.
    """
    results, _ = compute(load_snapshot(run), seed=run.seed, draws=run.draws)
    if result_digest(results) == run.result_digest:
        return True
    if tuple(map(int, run.engine_version.split("."))) >= IN_ONE_ORDER:
        return False
    stored = list(run.results.order_by("position").values(*results[0]))
    return result_digest(stored) == run.result_digest and agree(plain(results), plain(stored))


def plain(results: list[Result]) -> Any:
    """Results as they are sealed."""
    return json.loads(canonical(results))


def agree(one: Any, other: Any) -> bool:
    """Whether two plain values are the same but for the last digits of their numbers."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(agree(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(agree, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=LAST_DIGITS)
    return bool(one == other)


def _sealed_snapshot(run: RankingRun, token: str) -> dict[str, Any]:
    """Freeze the inputs at the first try; later tries compute from the same bytes."""
    if RunSnapshot.objects.filter(run=run).exists():
        run.refresh_from_db()
        return load_snapshot(run)
    snapshot = _read_at_one_moment(run)
    payload = canonical(snapshot)
    with transaction.atomic():
        lease_of(run, token).write(input_digest=digest(payload))
        RunSnapshot.objects.create(run=run, payload=pack(payload))
    run.refresh_from_db()
    return snapshot


def _read_at_one_moment(run: RankingRun) -> dict[str, Any]:
    """All inputs as they stand at one moment, whatever is written meanwhile.

    PostgreSQL shows each query its own moment unless asked; SQLite's transaction is one by itself.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return read_snapshot(run)


def _reporter(run: RankingRun, token: str) -> Callable[[str, int], None]:
    def report(stage: str, progress: int) -> None:
        lease_of(run, token).write(stage=stage, progress=progress)

    return report
