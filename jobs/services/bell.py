"""Telling the workers about jobs that are due. A ring may be lost; the row is not."""

import logging

from celery import current_app
from django.db.models import QuerySet
from django.db.models.functions import Now

from jobs.models import Job
from jobs.selectors import due_now, rung_kinds, unrung
from jobs.services.leases import claim, name_of

logger = logging.getLogger(__name__)


def ring(kind: type[Job], pk: int) -> bool:
    """Tell the workers about a due job, with one short try: the dispatcher rings again.

    By the task's name: who does the work stands above whoever asks for it.
    """
    try:
        current_app.send_task(kind.task, (pk,), retry=False)
    except Exception:  # noqa: BLE001 - whatever the broker raises, the row stays due
        name = name_of(kind)
        logger.warning("%s %s: the queue did not answer; the dispatcher will ring again", name, pk)
        return False
    QuerySet(kind).filter(pk=pk, status__in=Job.ACTIVE).update(dispatched_at=Now())
    return True


def dispatch() -> int:
    """Ring for every due job that nobody was told about lately; returns how many rang."""
    return sum(_dispatch(kind) for kind in rung_kinds())


def _dispatch(kind: type[Job]) -> int:
    """Close the jobs without tries left, ring for those that nobody was told about lately."""
    used_up: QuerySet[Job] = due_now(QuerySet(kind)).filter(attempt__gte=kind.tries)
    for pk in used_up.values_list("pk", flat=True):
        claim(kind, pk)
    return sum(ring(kind, pk) for pk in unrung(QuerySet(kind)).values_list("pk", flat=True))
