"""Which jobs want a worker, whatever they do."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest, Now

from jobs.models import Job

RESEND_AFTER = timedelta(seconds=10)
J = TypeVar("J", bound=Job)


def due_now(jobs: QuerySet[J]) -> QuerySet[J]:
    """Those that a worker may take now: waiting, or running with a lease that has run out."""
    return jobs.filter(
        Q(status=Job.Status.QUEUED) | Q(status=Job.Status.RUNNING, lease_until__lte=Now())
    )


def unrung(jobs: QuerySet[J]) -> QuerySet[J]:
    """Due ones that no ring is on its way for.

    Never rung; or rung long enough ago for the ring to be lost; or taken and lost by a worker, who
    had used the ring up.
    """
    never = Q(dispatched_at=None)
    overdue = Q(dispatched_at__lt=Now() - RESEND_AFTER)
    used_up = Q(status=Job.Status.RUNNING, dispatched_at__lt=F("lease_until"))
    return due_now(jobs).filter(never | overdue | used_up).order_by("id")


def rung_kinds() -> list[type[Job]]:
    """The kinds of jobs that workers are told about one by one."""
    return [kind for kind in Job.__subclasses__() if kind.task]


def oldest_due_seconds() -> float | None:
    """How long the longest-waiting job of any kind has been waiting; None if none waits."""
    return max(_longest_waits(), default=None)


def _longest_waits() -> Iterator[float]:
    for kind in rung_kinds():
        since = Greatest("created_at", "lease_until")
        oldest = due_now(QuerySet(kind)).annotate(since=since, now=Now()).order_by("id").first()
        if oldest is not None:
            began: datetime = oldest.since or oldest.created_at
            now: datetime = oldest.now
            yield max(0.0, (now - began).total_seconds())
