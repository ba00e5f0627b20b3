"""Taking a job row and holding it, the same for every kind of job.

The row is the truth (reliability rules 1 to 3). A claim is one conditional UPDATE that also sets a
fresh owner token; every later write repeats the token in its WHERE, so a worker that was frozen
and thawed cannot write over its successor. Times come from the database clock. A thread of its
own renews the lease, because a single step may take longer than one.
"""

import logging
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Now

from jobs.models import Job
from jobs.selectors import due_now

logger = logging.getLogger(__name__)

BEATS_PER_LEASE = 3


class LostLease(Exception):
    """Another worker holds the job now; whatever this one made is dropped."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on one job, as long as its row carries the token."""

    kind: type[Job]
    pk: int
    token: str

    def write(self, **values: Any) -> None:
        """Change the row, if it is still held; raises LostLease."""
        if self._held().update(**values) != 1:
            raise LostLease

    def finish(self, **values: Any) -> None:
        """Close the job as done; to be called in the transaction of its effects."""
        self.write(
            status=Job.Status.DONE,
            owner_token="",
            lease_until=None,
            stage="",
            progress=100,
            finished_at=Now(),
            **values,
        )

    def drop(self) -> None:
        """Delete the job, if it is still held; raises LostLease."""
        deleted, _ = self._held().delete()
        if not deleted:
            raise LostLease

    def give_back(self, error: Exception, *, said: str = "") -> None:
        """Let another try begin after the kind's pause, or close the job after the last one.

        ``said`` is what people read of a reason that is not our own fault; without it, the kind of
        error is named and its place is logged.
        """
        name = name_of(self.kind)
        if said:
            logger.warning("%s %s failed: %s", name, self.pk, said)
        else:
            logger.error("%s %s failed", name, self.pk, exc_info=error)
        attempt = self._held().values_list("attempt", flat=True).first()
        if attempt is None:
            self._drop_failure()
            return
        over = attempt >= self.kind.tries
        self._held().update(
            status=Job.Status.FAILED if over else Job.Status.RUNNING,
            owner_token="",
            error=f"{self.kind.gave_up} (Technical reason: {said or type(error).__name__})"[:500],
            lease_until=_after(timedelta() if over else self.kind.pause_after(attempt)),
            dispatched_at=None,
        )

    def refuse(self, said: str) -> None:
        """Close the job as failed, with what was said: another try would come to nothing too."""
        logger.error("%s %s refused: %s", name_of(self.kind), self.pk, said)
        closed = self._held().update(
            status=Job.Status.FAILED,
            owner_token="",
            lease_until=None,
            stage="",
            error=f"{self.kind.gave_up} ({said})"[:500],
            finished_at=Now(),
        )
        if not closed:
            self._drop_failure()

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Renew beside the block. In a caller's transaction nobody else sees the claim."""
        if connection.in_atomic_block:
            yield
            return
        over = threading.Event()
        beats = threading.Thread(target=self._renew, args=(over,), daemon=True)
        beats.start()
        try:
            yield
        finally:
            over.set()
            beats.join()

    def _renew(self, over: threading.Event) -> None:
        """Renew until the block is over; a lost lease is found by the block's next write."""
        while not over.wait(settings.RUN_LEASE.total_seconds() / BEATS_PER_LEASE):
            try:
                self.write(lease_until=_after(settings.RUN_LEASE))
            except LostLease:
                return
            except DatabaseError:
                logger.warning(
                    "%s %s: the lease was not renewed; trying again", name_of(self.kind), self.pk
                )
            finally:
                connection.close()  # this thread's own, opened anew for each beat

    def _drop_failure(self) -> None:
        logger.warning("%s %s: lease lost, its failure is dropped", name_of(self.kind), self.pk)

    def _held(self) -> QuerySet[Job]:
        return QuerySet(self.kind).filter(
            pk=self.pk, owner_token=self.token, status=Job.Status.RUNNING
        )


def claim(kind: type[Job], pk: int) -> Lease | None:
    """Take the job if it is due and tries are left; without them it is closed as failed."""
    token = secrets.token_hex(16)
    due: QuerySet[Job] = due_now(QuerySet(kind)).filter(pk=pk)
    with transaction.atomic():
        due.filter(attempt__gte=kind.tries).update(
            status=Job.Status.FAILED, error=kind.gave_up, owner_token="", finished_at=Now()
        )
        claimed = due.update(
            status=Job.Status.RUNNING,
            owner_token=token,
            attempt=F("attempt") + 1,
            lease_until=_after(settings.RUN_LEASE),
            started_at=Coalesce("started_at", Now()),
            stage=kind.first_stage,
            progress=0,
        )
    return Lease(kind, pk, token) if claimed == 1 else None


def name_of(kind: type[Job]) -> str:
    return str(kind._meta.verbose_name)  # noqa: SLF001 - public, by Django's word


def _after(time: timedelta) -> Combinable:
    if not time:
        return Now()  # a sum is written with more digits, which SQLite compares as a later time
    return ExpressionWrapper(Now() + time, output_field=DateTimeField())
