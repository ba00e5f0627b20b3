"""The door from the queue: an id comes in, a message goes out."""

from celery import shared_task

from jobs.models import Message
from jobs.services import outbox


@shared_task(name=Message.task)
def deliver(message_id: int) -> None:
    outbox.deliver(message_id=message_id)
