"""The door from the queue: an id comes in, the file is written."""

from celery import shared_task

from scoring.exports.models import ExportJob
from scoring.exports.services import write


@shared_task(name=ExportJob.task)
def write_export(job_id: int) -> None:
    write.write_export(job_id=job_id)
