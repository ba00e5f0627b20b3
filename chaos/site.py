"""The product's processes on a real PostgreSQL and a real Valkey, each to be hurt one by one."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psutil
import psycopg

from prioritizer.processes import Child, Children, web_command, worker_command
from prioritizer.queue_server import start_queue
from tests import services

ROOT = Path(__file__).resolve().parent.parent
FIRST_PORT, LAST_PORT = 24_000, 32_000
POLL_SECONDS = 0.02
T = TypeVar("T")


def until(found: Callable[[], T], seconds: float, what: str) -> T:
    """Ask again and again until the answer is true; fail with what was waited for."""
    deadline = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain for {what}"
        time.sleep(POLL_SECONDS)
    return answer


def free_port() -> int:
    for port in range(FIRST_PORT + os.getpid() % 4_000, LAST_PORT):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise SystemExit("No port is free.")


class Site:
    def __init__(self, children: Children, *, lease: int) -> None:
        self.children, self.lease = children, lease
        self.folder = services.scratch("prioritizer-chaos")
        self.data = services.scratch("prioritizer-pg")
        self.cluster, self.how = services.make_cluster(self.data)
        self.database = self.start_database()
        self.queue = self.start_queue()
        self.env = os.environ | {
            "DATABASE_URL": self.address,
            "QUEUE_URL": self.queue_address,
            "VAR_DIR": str(self.folder),
            "SECRET_KEY": "only-for-chaos",
            "ALLOWED_HOSTS": "localhost",
            "SECOND_FACTOR": "nobody",
            "SECURE": "0",
            "LOG_LEVEL": "WARNING",
            "LOG_FORMAT": "console",
            "WEB_CONCURRENCY": "2",
            "RUN_LEASE_SECONDS": str(lease),
            "DATABASE_IDLE_TIMEOUT_MS": str(1000 * lease),  # in the ratio of the defaults
            "OPENBLAS_NUM_THREADS": "1",
            "DJANGO_SETTINGS_MODULE": "prioritizer.settings",
        }
        self.url = ""

    # ------------------------------------------------------------ database

    @property
    def address(self) -> str:
        return f"postgres://postgres@/postgres?host={self.data}"

    def start_database(self) -> Child:
        """Start it, again if the memory of a killed one is still in use; return when it answers."""
        child = self.children.start("postgres", self.cluster, stderr=subprocess.DEVNULL, **self.how)
        deadline = time.monotonic() + services.START_SECONDS
        while time.monotonic() < deadline:
            try:
                psycopg.connect(self.address, connect_timeout=2).close()
            except psycopg.OperationalError:
                if child.process.poll() is not None:
                    return self.start_database()
                time.sleep(POLL_SECONDS)
            else:
                return child
        raise AssertionError("PostgreSQL did not start")

    def stop_database(self, number: signal.Signals) -> None:
        """SIGINT: the server ends all connections and stops. SIGKILL: it just disappears."""
        self.database.process.send_signal(number)
        self.database.process.wait()

    # ------------------------------------------------------------ queue

    def start_queue(self) -> Child:
        self.queue_address = start_queue(self.children, self.folder)
        return self.children.children[-1]

    # ------------------------------------------------------------ the product

    def manage(self, *arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, cwd=ROOT, env=self.env, check=True, stdout=subprocess.DEVNULL)

    def start(self, name: str, command: list[str]) -> Child:
        with self.log(name).open("ab") as log:
            return self.children.start(
                name, command, cwd=ROOT, env=self.env, stdout=log, stderr=subprocess.STDOUT
            )

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def start_worker(self, name: str = "worker", app: str = "prioritizer") -> Child:
        return self.start(
            name, [app if part == "prioritizer" else part for part in worker_command()]
        )

    def end_product(self) -> None:
        """End everything but the database and the queue."""
        for child in self.children.children:
            if child not in (self.database, self.queue) and child.process.poll() is None:
                end(child)

    def start_dispatcher(self) -> Child:
        return self.start("dispatcher", [sys.executable, "manage.py", "dispatch"])

    def start_web(self, app: str = "prioritizer.wsgi") -> Child:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = web_command("127.0.0.1", port)
        web = self.start("web", [app if part == "prioritizer.wsgi" else part for part in command])

        def listens() -> bool:
            assert web.process.poll() is None, self.log("web").read_text()
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        until(listens, 30, "the web server")
        return web


def end(child: Child) -> None:
    """Kill a child with all its processes, as the kernel does when memory runs out."""
    os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait()


def kill_pool(child: Child) -> None:
    """Kill the processes that do a worker's work and leave the one that hands it out."""
    for process in psutil.Process(child.process.pid).children():
        process.kill()


def kill_one(child: Child) -> None:
    """Kill one of those processes."""
    random.choice(psutil.Process(child.process.pid).children()).kill()


def freeze(child: Child) -> None:
    os.killpg(child.process.pid, signal.SIGSTOP)


def thaw(child: Child) -> None:
    os.killpg(child.process.pid, signal.SIGCONT)
