"""Asking for an export that a worker writes, and clearing what is over."""

import time
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from jobs.services.bell import ring
from projects.audit.services import record
from projects.errors import Conflict
from projects.people.models import User
from scoring.exports.models import ExportJob
from scoring.exports.selectors import KEPT, expired, file_of
from scoring.ranking.models import RankingRun

MOST_ACTIVE = 5


def request_export(
    *, actor: User, run: RankingRun, kind: str, query: str, creation_key: UUID
) -> ExportJob:
    """Ask for the backlog of ``run`` as ``kind``; a repeated request gives the same job.

    ``query`` is the filter as an address, such as ``status=submitted&sort=-roi``. Whether the run
    is open to the person is asked again when the file is fetched.
    """
    with transaction.atomic():
        # One at a time for each person, so that the limit holds. Without the key, who only refers
        # to the person, as a worker's audit entry does, need not wait, and nobody deadlocks.
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        made = ExportJob.objects.filter(creation_key=creation_key).first()
        if made is None:
            active = ExportJob.objects.filter(owner=actor, status__in=ExportJob.ACTIVE).count()
            if active >= MOST_ACTIVE:
                raise Conflict(f"{active} of your exports are being written. Wait for one of them.")
            made = _create(actor, run, kind, query, creation_key)
    if made is None or made.owner_id != actor.pk:
        raise Conflict("This request was made already. Load the page again.")
    return made


def _create(
    actor: User, run: RankingRun, kind: str, query: str, creation_key: UUID
) -> ExportJob | None:
    job = ExportJob(owner=actor, run=run, format=kind, query=query, creation_key=creation_key)
    job.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            job.save(force_insert=True)
            record(actor=actor, action="export.request", subject=f"export:{job.pk}", format=kind)
            transaction.on_commit(lambda: ring(ExportJob, job.pk))
    except IntegrityError:
        return ExportJob.objects.filter(creation_key=creation_key).first()
    return job


def clear_exports() -> int:
    """Delete the files and rows whose day is over, and files that a killed worker left."""
    gone = list(expired())
    for job in gone:
        if job.file_name:
            file_of(job).unlink(missing_ok=True)
    ExportJob.objects.filter(pk__in=[job.pk for job in gone]).delete()
    return len(gone) + _clear_orphans()


def _clear_orphans() -> int:
    folder, oldest = Path(settings.EXPORT_ROOT), time.time() - 2 * KEPT.total_seconds()
    if not folder.is_dir():
        return 0
    orphans = [path for path in folder.iterdir() if path.stat().st_mtime < oldest]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)
