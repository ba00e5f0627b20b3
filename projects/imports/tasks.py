"""The door from the queue: an id comes in, the list is worked on."""

from celery import shared_task

from projects.imports.models import Batch
from projects.imports.services import work


@shared_task(name=Batch.task)
def work_on_list(batch_id: int) -> None:
    work.work_on_list(batch_id=batch_id)
