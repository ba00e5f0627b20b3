"""Everything on one machine: database, demo company, queue, web, worker and scheduler."""

import argparse
import fcntl
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from prioritizer.processes import Child, Children, StopSignal, web_command, worker_command
from prioritizer.queue_server import QueueError, start_queue
from projects.people.services import first_path

START_SECONDS = 60.0
POLL_SECONDS = 0.1
DEMO_PEOPLE = ("marketing", "cx", "panelist", "curator", "leader", "admin")
DEMO_PASSWORD = "demo"  # noqa: S105 - meant to be known


class Command(BaseCommand):
    help = "Run Prioritizer here: web, worker, scheduler and, unless QUEUE_URL is set, a queue."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on")
        parser.add_argument("--no-demo", action="store_true", help="start without the demo company")

    def handle(self, *, host: str, port: int, no_demo: bool, **_: Any) -> None:
        stop = StopSignal()
        settings.VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        with only_one(), Children() as children:
            require_free(host, port)
            self.stdout.write("Preparing the database ...")
            call_command("migrate", interactive=False, verbosity=0)
            demo = not no_demo and self.seed()
            if not stop.asked:
                start_all(children, host, port, demo=demo)
            self.watch(children, stop, host, port, demo=demo)
            self.stdout.write("Stopping ...")

    def seed(self) -> bool:
        """Fill in the demo company, unless this database is a real company's."""
        try:
            call_command("seed_demo", stdout=StringIO())
        except CommandError as error:
            self.stdout.write(f"Without the demo company: {error}")
            return False
        return True

    def watch(
        self, children: Children, stop: StopSignal, host: str, port: int, *, demo: bool
    ) -> None:
        deadline = time.monotonic() + START_SECONDS
        greeted = False
        while not stop.asked:
            time.sleep(POLL_SECONDS)
            if child := children.ended():
                raise CommandError(farewell(child))
            if greeted:
                continue
            if answers(host, port):
                self.greet(host, port, demo=demo)
                greeted = True
            elif time.monotonic() > deadline:
                raise CommandError(f"The web server did not answer within {START_SECONDS:.0f} s.")

    def greet(self, host: str, port: int, *, demo: bool) -> None:
        self.stdout.write(self.style.SUCCESS(f"\nPrioritizer: http://{host}:{port}/"))
        if demo:
            names = ", ".join(DEMO_PEOPLE)
            self.stdout.write(f"Sign in as {names} (password: {DEMO_PASSWORD}).")
        elif path := first_path():
            self.stdout.write("Nobody is here yet. Open this within the hour to move in:")
            self.stdout.write(f"http://{host}:{port}{path}")
        self.stdout.write("Ctrl-C stops everything.\n")


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the installation's lock: two sets of processes on one database would fight."""
    path = settings.VAR_DIR / "up.lock"
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(
                f"Prioritizer already runs from {settings.VAR_DIR}. Stop it first, "
                "or set VAR_DIR to another folder for a second one."
            ) from None
        yield


def require_free(host: str, port: int) -> None:
    try:
        with socket.create_server((host, port)):
            pass
    except (OSError, OverflowError) as error:
        raise CommandError(
            f"Port {port} on {host} cannot be used ({error}). "
            f"Stop the other program, or choose another port: make run PORT={port + 1}"
        ) from None


def start_all(children: Children, host: str, port: int, *, demo: bool) -> None:
    env = {"SITE_URL": f"http://{host}:{port}", **os.environ}
    if demo and host in settings.LOOPBACK:
        env["DEMO_SIGN_INS"] = ",".join(DEMO_PEOPLE)
    if settings.QUEUE_URL is None:
        try:
            env["QUEUE_URL"] = start_queue(children, settings.VAR_DIR)
        except QueueError as error:
            raise CommandError(str(error)) from None
    options: dict[str, Any] = {"env": env, "cwd": settings.BASE_DIR}
    children.start("web", web_command(host, port), **options)
    children.start("worker", worker_command(), **options)
    children.start("scheduler", [sys.executable, "manage.py", "dispatch"], **options)


def answers(host: str, port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{host}:{port}/healthz", timeout=2) as response:
            return bool(response.status == 200)  # noqa: PLR2004 - HTTP's OK
    except (urllib.error.URLError, OSError):
        return False


def farewell(child: Child) -> str:
    status = child.process.returncode
    how = f"signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
    return f"The {child.name} ended by itself ({how}), so everything is stopped."
