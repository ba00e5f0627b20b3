"""Ends process groups when its parent closes the pipe or dies, however it dies.

Run as a script. The parent writes one line for each process group it starts, "GROUP SECONDS": the
leader's id and how long it may take to end by itself. At the end of the input the groups are ended,
newest first, so that the queue started first outlives those who use it.
"""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path

POLL_SECONDS = 0.05


def end(group: int, patience: float) -> None:
    """Ask the leader to finish, wait for it, then kill whatever is left of its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(group, signal.SIGTERM)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and alive(group):
            time.sleep(POLL_SECONDS)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # An orphan that has ended stays listed until init asks for its result, which may take long.
    with contextlib.suppress(OSError), Path(f"/proc/{process}/stat").open() as status:
        return status.read().rpartition(")")[2].split()[0] != "Z"
    return True


def main() -> None:
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    groups: list[tuple[int, float]] = []
    for line in sys.stdin:
        group, patience = line.split()
        groups.append((int(group), float(patience)))
    for group, patience in reversed(groups):
        end(group, patience)


if __name__ == "__main__":
    main()
