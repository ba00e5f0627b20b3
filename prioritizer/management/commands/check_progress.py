"""Health of worker and scheduler: a process that lives is not health, work that moves is."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobs.selectors import oldest_due_seconds


class Command(BaseCommand):
    help = "Fail when a ranking run or an export has been waiting for longer than --seconds."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--seconds", type=float, default=120, help="longest wait allowed")

    def handle(self, *, seconds: float, **_: Any) -> None:
        waiting = oldest_due_seconds()
        if waiting is not None and waiting > seconds:
            raise CommandError(f"A run or an export has been waiting for {waiting:.0f} s.")
        self.stdout.write("No run and no export waits." if waiting is None else f"{waiting:.0f} s")
