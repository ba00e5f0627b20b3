"""A worker with a planted fault: a file that nobody wants any more stays where it is."""

from pathlib import Path
from typing import Any

from celery.signals import worker_process_init

from prioritizer.celery import app

__all__ = ["app"]


@worker_process_init.connect
def keep_every_file(**_: Any) -> None:
    def unlink(_path: Path, **_options: Any) -> None:
        """Do nothing."""

    Path.unlink = unlink
