"""Ends process groups when its parent closes the pipe or dies, however it dies.

Run as a script. The parent writes one line for each process group it starts, "GROUP SECONDS": the
leader's id and how long it may take to end by itself. At the end of the input the groups are
ended, the first one last: it is the queue that the others use.
"""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path

POLL_SECONDS = 0.05


def end(groups: list[tuple[int, float]]) -> None:
    """Ask the leaders to finish, wait for each, then kill whatever is left of its group."""
    began = time.monotonic()
    for group, _ in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(group, signal.SIGTERM)
    for group, patience in groups:
        while alive(group) and time.monotonic() < began + patience:
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
    end(groups[1:])
    end(groups[:1])


if __name__ == "__main__":
    main()
