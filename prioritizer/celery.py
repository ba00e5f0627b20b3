"""The Celery application: a doorbell for rows that already stand in the database."""

import os
from typing import Any

from celery import Celery
from celery.app.amqp import AMQP
from kombu import Connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prioritizer.settings")

LONGEST_PAUSE = 2.0


class PromptConnection(Connection):
    """Looks for a lost queue every two seconds; the library's own pauses grow to half a minute."""

    def ensure_connection(self, *args: Any, **options: Any) -> Any:
        return super().ensure_connection(*args, **{"interval_max": LONGEST_PAUSE, **options})


class PromptAMQP(AMQP):
    Connection = PromptConnection


app = Celery("prioritizer", amqp=PromptAMQP)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
