"""Carrying out an export job: claim the row, write the file under the lease, finish once."""

import logging
import secrets
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper
from django.db.models.expressions import Combinable
from django.db.models.functions import Now
from django.http import QueryDict

from jobs.services.leases import Lease, LostLease, claim
from projects.audit.services import record
from scoring.exports.files import WRITERS, Export
from scoring.exports.files.table import Row
from scoring.exports.models import ExportJob
from scoring.exports.selectors import KEPT
from scoring.exports.services.content import export_of

logger = logging.getLogger(__name__)

BETWEEN_REPORTS = 1.0  # seconds
READ = 95  # per cent; the rest is for closing the file


def write_export(*, job_id: int) -> bool:
    """Carry out one export, if it is due. False when somebody else has it or it is finished."""
    lease = claim(ExportJob, job_id)
    if lease is None:
        return False
    job = ExportJob.objects.select_related(
        "owner", "run__cycle", "run__framework_version__framework"
    ).get(pk=job_id)
    # Each try has a file of its own, so a worker that comes back to life spoils nothing.
    path = _folder() / f"{secrets.token_hex(16)}.{job.suffix}"
    try:
        with lease.kept():
            rows = _write(job, path, lease)
            _finish(job, path, lease, rows)
    except LostLease:
        path.unlink(missing_ok=True)
        logger.warning("export %s: lease lost, file dropped", job_id)
        return False
    except Exception as error:
        path.unlink(missing_ok=True)
        lease.give_back(error)
        raise
    return True


def _write(job: ExportJob, path: Path, lease: Lease) -> int:
    """Write the whole list; the number of rows."""
    export = export_of(job.run, QueryDict(job.query), job.owner)
    watched = replace(export, chunks=_reported(export, lease))
    with path.open("xb") as file:
        path.chmod(0o600)
        WRITERS[job.format](watched, file)
    return export.seal.rows


def _finish(job: ExportJob, path: Path, lease: Lease, rows: int) -> None:
    with transaction.atomic():
        lease.finish(
            file_name=path.name,
            size=path.stat().st_size,
            rows=rows,
            expires_at=_in(KEPT),
        )
        record(actor=job.owner, action="export.done", subject=f"export:{job.pk}", rows=rows)


def _reported(export: Export, lease: Lease) -> Iterator[list[Row]]:
    """The chunks, telling the row how far they are."""
    done, last = 0, time.monotonic()
    for chunk in export.chunks:
        yield chunk
        done += len(chunk)
        if time.monotonic() - last > BETWEEN_REPORTS:
            last = time.monotonic()
            lease.write(stage="Writing rows", progress=READ * done // max(1, export.seal.rows))
    lease.write(stage="Closing the file", progress=READ)


def _folder() -> Path:
    folder = Path(settings.EXPORT_ROOT)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _in(time_from_now: timedelta) -> Combinable:
    return ExpressionWrapper(Now() + time_from_now, output_field=DateTimeField())
