"""Taking a job row and holding it, the same for every kind of job.

The row is the truth (reliability rules 1 to 3). A claim is one conditional UPDATE that also sets a
fresh owner token; every later write repeats the token in its WHERE, so a worker that was frozen
and thawed cannot write over its successor. Times come from the database clock. A thread of its
own renews the lease, because a single step may take longer than one.
"""

import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Case, DateTimeField, ExpressionWrapper, F, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Now

from jobs.models import Job
from jobs.selectors import due_now, unrung

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
BEATS_PER_LEASE = 3


class LostLease(Exception):
    """Another worker holds the job now; whatever this one made is dropped."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on one job, as long as its row carries the token."""

    jobs: QuerySet[Any]
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

    def give_back(self, error: Exception, *, gave_up: str) -> None:
        """Let another try begin at once, or close the job after the last one."""
        logger.error("%s %s failed", self._name, self.pk, exc_info=error)
        self._held().update(
            status=Case(
                When(attempt__gte=MAX_ATTEMPTS, then=Value(Job.Status.FAILED)),
                default=Value(Job.Status.RUNNING),
            ),
            owner_token="",
            error=f"{gave_up} (Technical reason: {type(error).__name__})"[:500],
            lease_until=Now(),
            dispatched_at=None,
        )

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
                self.write(lease_until=_lease_end())
            except LostLease:
                return
            except DatabaseError:
                logger.warning(
                    "%s %s: the lease was not renewed; trying again", self._name, self.pk
                )
            finally:
                connection.close()  # this thread's own, opened anew for each beat

    @property
    def _name(self) -> str:
        return str(self.jobs.model._meta.verbose_name)  # noqa: SLF001 - public, by Django's word

    def _held(self) -> QuerySet[Any]:
        return self.jobs.filter(pk=self.pk, owner_token=self.token, status=Job.Status.RUNNING)


def claim(jobs: QuerySet[Any], pk: int, *, stage: str, gave_up: str) -> Lease | None:
    """Take the job if it is due and tries are left; without them it is closed as failed."""
    token = secrets.token_hex(16)
    with transaction.atomic():
        due_now(jobs).filter(pk=pk, attempt__gte=MAX_ATTEMPTS).update(
            status=Job.Status.FAILED, error=gave_up, owner_token="", finished_at=Now()
        )
        claimed = (
            due_now(jobs)
            .filter(pk=pk)
            .update(
                status=Job.Status.RUNNING,
                owner_token=token,
                attempt=F("attempt") + 1,
                lease_until=_lease_end(),
                started_at=Coalesce("started_at", Now()),
                stage=stage,
                progress=0,
            )
        )
    return Lease(jobs, pk, token) if claimed == 1 else None


def ring(jobs: QuerySet[Any], pk: int, send: Callable[[], object]) -> bool:
    """Tell the workers about a due job, with one short try: the dispatcher rings again."""
    try:
        send()
    except Exception:  # noqa: BLE001 - whatever the broker raises, the row stays due
        name = jobs.model._meta.verbose_name  # noqa: SLF001 - public, by Django's word
        logger.warning("%s %s: the queue did not answer; the dispatcher will ring again", name, pk)
        return False
    jobs.filter(pk=pk, status__in=Job.ACTIVE).update(dispatched_at=Now())
    return True


def ring_due(
    jobs: QuerySet[Any], *, close: Callable[[int], object], ring_one: Callable[[int], bool]
) -> int:
    """Close the jobs without tries left, ring for those that nobody was told about lately."""
    for pk in due_now(jobs).filter(attempt__gte=MAX_ATTEMPTS).values_list("pk", flat=True):
        close(pk)
    return sum(ring_one(pk) for pk in unrung(jobs).values_list("pk", flat=True))


def _lease_end() -> Combinable:
    return ExpressionWrapper(Now() + settings.RUN_LEASE, output_field=DateTimeField())
