"""Many workers on one large run: its draws in chunks, each a job with a lease of its own.

The worker that holds the run cuts the draws into chunks, rings for help, and takes chunks itself
until all are made; then it counts them. A chunk whose worker is lost is taken by another when its
lease runs out. Counting does not depend on who made what when, so the bytes stay the same.
"""

import logging
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import numpy as np
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from jobs.selectors import due_now
from jobs.services.leases import Lease, LostLease, claim
from scoring.analysis.robustness import Block, Ordered, ordered
from scoring.ranking.models import RankingRun, RunChunk
from scoring.ranking.selectors.snapshot import load_snapshot
from scoring.ranking.services.pipeline import THREADS, Draws, draws_for_help

logger = logging.getLogger(__name__)

TASK = "scoring.help_run"
NUMBERS = np.dtype("<u2")  # proposals are numbered up to 20,000 (robustness.MOST_PROPOSALS)
WAIT = 0.1  # seconds between two looks for what others have made


def shared(run: RankingRun, draws: Draws) -> Iterable[Block]:
    """Make the draws of a run: here if they are few, else together with who is free."""
    if len(draws.ranked) * run.draws < settings.RUN_SHARED_FROM:
        return draws.makers
    return _together(run, draws)


def help_run(*, run_id: int) -> int:
    """Make chunks of a run that works, as long as there are any; returns how many."""
    run = RankingRun.objects.filter(pk=run_id).exclude(input_digest="").first()
    if run is None or not _wanted(run):
        return 0
    draws = draws_for_help(load_snapshot(run), seed=run.seed, draws=run.draws)
    made = 0
    while _wanted(run):
        for lease, _, order in _make_some(run, draws):
            try:
                lease.finish(payload=order.places.astype(NUMBERS).tobytes())
            except LostLease:
                logger.warning("run %s: a part of its draws came too late and is dropped", run.pk)
            else:
                made += 1
    return made


def clear_chunks() -> int:
    """Delete what is left of runs that failed or were cancelled; returns how many chunks."""
    return RunChunk.objects.exclude(run__status__in=RankingRun.ACTIVE).delete()[0]


def _wanted(run: RankingRun) -> bool:
    """Whether there are draws to make for a worker that waits for them.

    Whoever helped on after that worker was lost would keep the one who takes up the run waiting.
    """
    held = RankingRun.objects.filter(
        pk=run.pk, status=RankingRun.Status.RUNNING, lease_until__gte=Now()
    )
    return held.exists() and due_now(run.chunks.all()).exists()


def _together(run: RankingRun, draws: Draws) -> Iterator[Block]:
    waiting = set(range(len(draws.makers)))
    _cut(run, waiting)
    _call_for_help(run, len(waiting) - 1)
    while waiting:
        if not _still_ours(run):
            raise LostLease
        for lease, number, order in _make_some(run, draws):
            try:
                lease.drop()  # what is counted here need not go through the database
            except LostLease:  # a helper has it, and will hand it over
                logger.warning("run %s: draws %s came too late and are dropped", run.pk, number)
                continue
            waiting.discard(number)
            yield order
        if run.chunks.filter(status=RunChunk.Status.FAILED).exists():
            raise RuntimeError(RunChunk.gave_up)
        done = run.chunks.filter(status=RunChunk.Status.DONE, number__in=waiting)
        for number, payload in done.values_list("number", "payload").iterator(chunk_size=1):
            waiting.discard(number)
            places = np.frombuffer(bytes(payload or b""), dtype=NUMBERS)
            yield Ordered(places.reshape(len(draws.ranked), -1))
        if waiting and not due_now(run.chunks.all()).exists():
            _cut(run, waiting)  # who held the run before may have counted some, and come to nothing
            time.sleep(WAIT)


def _cut(run: RankingRun, numbers: Iterable[int]) -> None:
    """See that there are chunks of these numbers."""
    chunks = [RunChunk(run=run, number=number) for number in numbers]
    RunChunk.objects.bulk_create(chunks, ignore_conflicts=True)


def _still_ours(run: RankingRun) -> bool:
    """Whether no other worker has taken the run up, nor ended it: then its chunks never come."""
    working = RankingRun.objects.filter(pk=run.pk, status=RankingRun.Status.RUNNING)
    return working.filter(attempt=run.attempt).exists()


def _call_for_help(run: RankingRun, helpers: int) -> None:
    """Ring for free workers. Nobody has to come: whoever holds the run makes what is left."""
    try:
        for _ in range(helpers):
            current_app.send_task(TASK, (run.pk,), retry=False)
    except Exception:  # noqa: BLE001 - whatever the broker raises, the run goes on
        logger.warning("run %s: the queue did not answer; nobody is called for help", run.pk)


def _make_some(run: RankingRun, draws: Draws) -> Iterator[tuple[Lease, int, Ordered]]:
    """Make the next chunks that nobody has, one in each thread; none when all are taken."""
    with ExitStack() as held:
        taken = _take(run, THREADS)
        pool = held.enter_context(ThreadPoolExecutor(THREADS))
        for lease, _ in taken:
            held.enter_context(lease.kept())
        made = [pool.submit(_ordered, draws, number) for _, number in taken]
        try:
            for (lease, number), order in zip(taken, made, strict=True):
                yield lease, number, order.result()
        except Exception as error:
            for lease, _ in taken:
                lease.give_back(error)
            raise


def _take(run: RankingRun, most: int) -> list[tuple[Lease, int]]:
    with transaction.atomic():
        # Not those that another is taking at this moment: who is frozen in the middle of it would
        # let everybody wait. (SQLite locks no rows, and has one writer at a time.)
        free = due_now(run.chunks.all()).select_for_update(skip_locked=True).order_by("number")
        claimed = [
            (claim(RunChunk, pk), number) for pk, number in free.values_list("pk", "number")[:most]
        ]
    # Without a lease, its tries are used up, or another worker was quicker.
    return [(lease, number) for lease, number in claimed if lease is not None]


def _ordered(draws: Draws, number: int) -> Ordered:
    return ordered(draws.makers[number](), tie_order=draws.places)
