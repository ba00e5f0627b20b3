"""The ranking job: claim the run row, compute with a lease, finish once.

The row is the truth (reliability rules 1 to 3). A claim is one conditional UPDATE that also sets a
fresh owner token; every later write repeats the token in its WHERE, so a worker that was frozen
and thawed cannot write over its successor. Times come from the database clock. A thread of its
own renews the lease, because reading, drawing and writing may each take longer than one.
"""

import json
import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Case, DateTimeField, ExpressionWrapper, F, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Now

from projects.services.audit import record
from scoring.models import RankedProposal, RankingRun, RunSnapshot
from scoring.selectors.runs import due
from scoring.selectors.snapshot import canonical, digest, pack, read_snapshot, unpack
from scoring.services.pipeline import ENGINE_VERSION, Result, compute, result_digest

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
BEATS_PER_LEASE = 3
GAVE_UP = (
    "The ranking stopped three times before it was done. The previous run is still the backlog. "
    "Ask for a new run; if that fails too, tell your administrator."
)


class LostLease(Exception):
    """Another worker holds the run now; whatever this one computed is dropped."""


def rank_run(*, run_id: int) -> bool:
    """Carry out one run, if it is due. False when somebody else has it or it is finished."""
    token = claim(run_id=run_id)
    if token is None:
        return False
    run = RankingRun.objects.select_related("cycle", "framework_version").get(pk=run_id)
    try:
        with _lease_kept(run, token):
            snapshot = _sealed_snapshot(run, token)
            results, facts = compute(
                snapshot, seed=run.seed, draws=run.draws, on_progress=_reporter(run, token)
            )
            finish(run=run, token=token, results=results, facts=facts)
    except LostLease:
        logger.warning("run %s: lease lost, result dropped", run_id)
        return False
    except Exception as error:
        _fail(run, token, error)
        raise
    return True


def claim(*, run_id: int) -> str | None:
    """Take the run if it is due and tries are left; returns the owner token."""
    token = secrets.token_hex(16)
    with transaction.atomic():
        due().filter(pk=run_id, attempt__gte=MAX_ATTEMPTS).update(
            status=RankingRun.Status.FAILED, error=GAVE_UP, owner_token="", finished_at=Now()
        )
        claimed = (
            due()
            .filter(pk=run_id)
            .update(
                status=RankingRun.Status.RUNNING,
                owner_token=token,
                attempt=F("attempt") + 1,
                lease_until=_lease_end(),
                started_at=Coalesce("started_at", Now()),
                stage="Reading the portfolio",
                progress=0,
            )
        )
    return token if claimed == 1 else None


def finish(*, run: RankingRun, token: str, results: list[Result], facts: dict[str, Any]) -> None:
    """Write results, seal and audit entry in one transaction, if the token still holds the run."""
    with transaction.atomic():
        # Results first: once the run is done, the database refuses to change it.
        RankedProposal.objects.bulk_create(
            [RankedProposal(run=run, **result) for result in results], batch_size=500
        )
        sealed = result_digest(results)
        done = RankingRun.objects.filter(
            pk=run.pk, owner_token=token, status=RankingRun.Status.RUNNING
        ).update(
            status=RankingRun.Status.DONE,
            owner_token="",
            lease_until=None,
            stage="",
            progress=100,
            finished_at=Now(),
            engine_version=ENGINE_VERSION,
            result_digest=sealed,
            facts=facts,
        )
        if done != 1:
            raise LostLease
        record(
            actor=run.requested_by,
            action="run.done",
            subject=f"run:{run.pk}",
            result_digest=sealed,
        )


def load_snapshot(run: RankingRun) -> dict[str, Any]:
    """The sealed inputs of a run, refused when they are not the ones the run was sealed with."""
    payload = unpack(bytes(run.snapshot.payload))
    if digest(payload) != run.input_digest:
        raise ValueError(f"The inputs of run {run.pk} do not match their digest.")
    snapshot: dict[str, Any] = json.loads(payload)
    return snapshot


def replay(run: RankingRun) -> bool:
    """Compute a finished run again from its sealed inputs; True when every byte is the same."""
    results, _ = compute(load_snapshot(run), seed=run.seed, draws=run.draws)
    return result_digest(results) == run.result_digest


def _sealed_snapshot(run: RankingRun, token: str) -> dict[str, Any]:
    """Freeze the inputs at the first try; later tries compute from the same bytes."""
    if not RunSnapshot.objects.filter(run=run).exists():
        payload = canonical(_read_at_one_moment(run))
        with transaction.atomic():
            _guarded(run, token, input_digest=digest(payload))
            RunSnapshot.objects.create(run=run, payload=pack(payload))
    run.refresh_from_db()
    return load_snapshot(run)


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


@contextmanager
def _lease_kept(run: RankingRun, token: str) -> Iterator[None]:
    """Renew the lease beside the block. In a caller's transaction nobody else sees the claim."""
    if connection.in_atomic_block:
        yield
        return
    over = threading.Event()
    beats = threading.Thread(target=_renew, args=(run, token, over), daemon=True)
    beats.start()
    try:
        yield
    finally:
        over.set()
        beats.join()


def _renew(run: RankingRun, token: str, over: threading.Event) -> None:
    """Renew until the block is over; when the lease is lost, the block's next write finds out."""
    while not over.wait(settings.RUN_LEASE.total_seconds() / BEATS_PER_LEASE):
        try:
            _guarded(run, token, lease_until=_lease_end())
        except LostLease:
            return
        except DatabaseError:
            logger.warning("run %s: the lease was not renewed; trying again", run.pk)
        finally:
            connection.close()  # this thread's own, opened anew for each beat


def _reporter(run: RankingRun, token: str) -> Callable[[str, int], None]:
    def report(stage: str, progress: int) -> None:
        _guarded(run, token, stage=stage, progress=progress)

    return report


def _guarded(run: RankingRun, token: str, **values: Any) -> None:
    held = RankingRun.objects.filter(
        pk=run.pk, owner_token=token, status=RankingRun.Status.RUNNING
    ).update(**values)
    if held != 1:
        raise LostLease


def _fail(run: RankingRun, token: str, error: Exception) -> None:
    """Give the run back at once, or close it after the last try."""
    logger.error("run %s failed", run.pk, exc_info=error)
    RankingRun.objects.filter(
        pk=run.pk, owner_token=token, status=RankingRun.Status.RUNNING
    ).update(
        status=Case(
            When(attempt__gte=MAX_ATTEMPTS, then=Value(RankingRun.Status.FAILED)),
            default=Value(RankingRun.Status.RUNNING),
        ),
        owner_token="",
        error=f"{GAVE_UP} (Technical reason: {type(error).__name__})"[:500],
        lease_until=Now(),
        dispatched_at=None,
    )


def _lease_end() -> Combinable:
    return ExpressionWrapper(Now() + settings.RUN_LEASE, output_field=DateTimeField())
