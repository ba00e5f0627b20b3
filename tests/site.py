"""The whole product as people start it, for tests that look at it from outside."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")
START_SECONDS = 90.0
STOP_SECONDS = 30.0


@dataclass(frozen=True)
class Site:
    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self, name: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal to the command alone and return its exit status."""
        self.process.send_signal(name)
        return self.process.wait(STOP_SECONDS)


def bare_environment(folder: Path) -> dict[str, str]:
    """Return the environment of somebody who has set nothing, with data in the folder."""
    env = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**env, "VAR_DIR": str(folder / "var"), "PYTHONUNBUFFERED": "1"}


@contextmanager
def running_site(
    folder: Path, port: int, *options: str, env: Mapping[str, str] | None = None
) -> Iterator[Site]:
    """Run `manage.py up` until the block ends; it has greeted when the block begins."""
    command = [sys.executable, "manage.py", "up", "--port", str(port), *options]
    log = folder / "up.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**bare_environment(folder), **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    site = Site(f"http://127.0.0.1:{port}", process, log)
    try:
        wait_for_greeting(site)
        yield site
    finally:
        if process.poll() is None:
            site.stop()


def wait_for_greeting(site: Site) -> None:
    deadline = time.monotonic() + START_SECONDS
    while f"Prioritizer: {site.url}/" not in site.log.read_text():
        if site.process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"Prioritizer did not start:\n{site.log.read_text()}")
        time.sleep(0.1)
