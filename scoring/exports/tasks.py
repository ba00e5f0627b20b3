"""The door from the queue: an id comes in, the file is written."""

from celery import shared_task

from scoring.exports.services import write
from scoring.exports.services.requests import TASK


@shared_task(name=TASK)
def write_export(job_id: int) -> None:
    write.write_export(job_id=job_id)
