"""What a worker does with a long list: check it, or bring it in; once, under its lease."""

import logging
import time
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction

from jobs.services.leases import Lease, LostLease, claim
from projects.errors import Conflict
from projects.imports.models import Batch
from projects.imports.services.batches import read_batch, table_of, write_batch
from projects.imports.services.mapping import RowError

logger = logging.getLogger(__name__)

BETWEEN_REPORTS = 0.5  # seconds
MOST_FOUND = 1_000  # cells that are kept for the page; nobody mends more by hand


def work_on_list(*, batch_id: int) -> bool:
    """Do what was asked, if it is due. False when somebody else has it or it is done."""
    lease = claim(Batch, batch_id)
    if lease is None:
        return False
    batch = Batch.objects.select_related("cycle", "asked_by", "created_by").get(pk=batch_id)
    try:
        with lease.kept():
            _work(batch, lease)
    except LostLease:
        logger.warning("list %s: lease lost, what was read is dropped", batch_id)
        return False
    except Exception as error:
        lease.give_back(error)
        raise
    return True


def _work(batch: Batch, lease: Lease) -> None:
    actor, table = batch.asked_by or batch.created_by, table_of(batch)
    report = read_batch(
        actor=actor, batch=batch, table=table, reached=_reporter(lease, len(table.rows))
    )
    found = report.errors
    if batch.work == Batch.Work.IMPORT and report.drafts and not found:
        lease.write(stage="Importing", progress=100)
        try:
            with transaction.atomic():
                lease.finish(**write_batch(actor=actor, batch=batch, report=report))
        except (Conflict, ValidationError) as error:
            said = error.messages if isinstance(error, ValidationError) else [str(error)]
            found = [RowError(0, "List", sentence) for sentence in said]
        else:
            return
    kept = [[error.row, error.column, error.message] for error in found[:MOST_FOUND]]
    wrong = len({error.row for error in found})
    lease.finish(work=Batch.Work.CHECK, found={"errors": kept, "wrong": wrong})


def _reporter(lease: Lease, rows: int) -> Callable[[int], None]:
    """Tells the row how far the reading is, now and then."""
    last = time.monotonic()

    def reached(row: int) -> None:
        nonlocal last
        if time.monotonic() - last > BETWEEN_REPORTS:
            last = time.monotonic()
            lease.write(stage="Checking rows", progress=100 * row // rows)

    return reached
