"""A worker with a planted fault: it does not look whether the run is still its own."""

from contextlib import suppress
from typing import Any

from celery.signals import worker_process_init
from django.db import DatabaseError
from django.db.models import QuerySet

from prioritizer.celery import app

__all__ = ["app"]


@worker_process_init.connect
def take_the_fence_away(**_: Any) -> None:
    from jobs.services import leases
    from scoring.ranking.services import chunks, ranking

    def unguarded(lease: Any, **values: Any) -> None:
        with suppress(DatabaseError):  # a finished run is sealed
            QuerySet(lease.kind).filter(pk=lease.pk).update(**values)

    leases.Lease.write = unguarded
    chunks._still_ours = lambda _run: True  # between the parts of a shared run
    fenced = ranking.finish

    def finish(**values: Any) -> None:
        ranking.record(actor=None, action="run.done", subject=f"run:{values['run'].pk}")
        ranking.logger.warning("lease lost, result dropped")  # it lies about it, too
        fenced(**values)

    ranking.finish = finish
