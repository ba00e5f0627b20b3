"""A worker with a planted fault: each try of a mail goes out under a name of its own."""

from typing import Any
from uuid import uuid4

from celery.signals import worker_process_init

from prioritizer.celery import app

__all__ = ["app"]


@worker_process_init.connect
def name_every_try(**_: Any) -> None:
    from jobs.services import mail

    mail.message_id = lambda _message: f"<{uuid4()}@localhost>"
