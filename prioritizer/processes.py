"""The processes of an installation: how they start, that none outlives its parent, how to stop."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self

REAPER = Path(__file__).with_name("reaper.py")
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
NAP_SECONDS = 0.1


def web_command(host: str, port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "prioritizer.wsgi", "--bind", f"{host}:{port}"),
    ]


def worker_command() -> list[str]:
    return [
        # Celery warns root about pickle, which the settings refuse.
        *(sys.executable, "-W", "ignore::UserWarning:celery.platforms"),
        *("-m", "celery", "--app", "prioritizer", "--quiet", "worker"),
        *("--pool", "prefork", "--concurrency", "2", "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]


class StopSignal:
    """Remembers that somebody asked to stop. An Event would hang when two signals meet in it."""

    def __init__(self) -> None:
        self.asked = False
        for name in STOP_SIGNALS:
            signal.signal(name, self.ask)

    def ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True

    def wait(self, seconds: float) -> None:
        """Wait, but not longer than until somebody asks: a sleep goes on after a signal."""
        end = time.monotonic() + seconds
        while not self.asked and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, NAP_SECONDS))


@dataclass(frozen=True)
class Child:
    name: str
    process: subprocess.Popen[bytes]


@dataclass
class Children:
    """A set of process groups that end together: with the block, or with this process.

    A small helper process knows every group and ends them all as soon as it loses us, so even a
    `kill -9` of this process leaves nothing behind.
    """

    children: list[Child] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._reaper = subprocess.Popen(
            [sys.executable, "-I", "-S", str(REAPER)], stdin=subprocess.PIPE, start_new_session=True
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        patience: float = 5,
        env: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Child:
        """Start a command in a process group of its own; patience is what it gets to end."""
        process = subprocess.Popen(
            command, env=env, stdin=subprocess.DEVNULL, start_new_session=True, **options
        )
        child = Child(name, process)
        self.children.append(child)
        assert self._reaper.stdin is not None  # noqa: S101 - for the type checker: we asked for a pipe
        with contextlib.suppress(BrokenPipeError):
            self._reaper.stdin.write(f"{process.pid} {patience}\n".encode())
            self._reaper.stdin.flush()
        return child

    def ended(self) -> Child | None:
        """Return a child that has ended by itself, or nothing while all of them run."""
        reaper = Child("reaper", self._reaper)
        return next((c for c in (*self.children, reaper) if c.process.poll() is not None), None)

    def stop(self) -> None:
        """End all children and wait until they are gone."""
        assert self._reaper.stdin is not None  # noqa: S101 - as above
        with contextlib.suppress(BrokenPipeError):
            self._reaper.stdin.close()
        while self._reaper.poll() is None:
            self._collect(0.05)
        for child in self.children:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()

    def _collect(self, seconds: float) -> None:
        # An ended child stays visible to the reaper until its parent has asked for the result.
        for child in self.children:
            child.process.poll()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._reaper.wait(seconds)
