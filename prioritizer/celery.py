"""The Celery application: a doorbell for rows that already stand in the database."""

import os
from contextlib import suppress
from typing import Any

from celery import Celery, Task
from celery.app.amqp import AMQP
from celery.worker.request import Request
from kombu import Connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prioritizer.settings")

LONGEST_PAUSE = 2.0


class PromptConnection(Connection):
    """Looks for a lost queue every two seconds; the library's own pauses grow to half a minute."""

    def ensure_connection(self, *args: Any, **options: Any) -> Any:
        return super().ensure_connection(*args, **{"interval_max": LONGEST_PAUSE, **options})


class PromptAMQP(AMQP):
    Connection = PromptConnection


class Ring(Request):
    """A ring that came before the queue was lost cannot be acknowledged, and need not be.

    The library trips over its own closed channel then, and would end the worker.
    """

    def acknowledge(self) -> None:
        with suppress(AttributeError):
            super().acknowledge()

    def reject(self, requeue: bool = False) -> None:
        with suppress(AttributeError):
            super().reject(requeue=requeue)


class RingTask(Task):  # type: ignore[type-arg] # generic in the types only
    Request = f"{__name__}:{Ring.__name__}"


app = Celery("prioritizer", amqp=PromptAMQP, task_cls=RingTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
