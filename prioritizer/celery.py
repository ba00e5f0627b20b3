"""The Celery application: a doorbell for rows that already stand in the database."""

import os
from typing import Any

import redis
from celery import Celery
from celery.app.amqp import AMQP
from kombu import Connection
from kombu.transport.redis import Channel, Transport

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prioritizer.settings")

LONGEST_PAUSE = 2.0


class HonestChannel(Channel):
    """Calls a lost connection a lost connection.

    The library trips over its own closed channel when rings of before are acknowledged or handed
    back, and that would end the worker instead of making it connect anew.
    """

    def _connparams(self, *args: Any, **options: Any) -> Any:
        if getattr(self.connection, "client", None) is None:
            raise redis.ConnectionError("The queue was lost.")
        return super()._connparams(*args, **options)  # type: ignore[misc] # not in the stubs


class HonestTransport(Transport):
    Channel = HonestChannel


class PromptConnection(Connection):
    """Looks for a lost queue every two seconds; the library's own pauses grow to half a minute."""

    def ensure_connection(self, *args: Any, **options: Any) -> Any:
        return super().ensure_connection(*args, **{"interval_max": LONGEST_PAUSE, **options})

    def get_transport_cls(self) -> Any:
        found = super().get_transport_cls()
        return HonestTransport if found is Transport else found


class PromptAMQP(AMQP):
    Connection = PromptConnection


app = Celery("prioritizer", amqp=PromptAMQP)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["jobs", "projects.imports", "scoring.ranking", "scoring.exports"])
