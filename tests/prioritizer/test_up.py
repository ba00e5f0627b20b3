"""One command starts everything, and nothing outlives it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import psutil
import pytest

from prioritizer.processes import Children
from prioritizer.queue_server import LONGEST_SOCKET_PATH, QueueError, private, socket_path
from tests.site import ROOT, bare_environment, running_site

# The embedded installation is the same whatever database the suite runs on.
pytestmark = pytest.mark.sqlite


def get(url):
    with urllib.request.urlopen(url, timeout=10) as response:
        return response.status, response.read()


def family(site):
    return psutil.Process(site.process.pid).children(recursive=True)


def named(processes, word):
    return next(found for found in processes if word in " ".join(found.cmdline()))


def gone(processes, seconds=15):
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    return [found for found in alive if found.status() != psutil.STATUS_ZOMBIE] == []


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("migrated")
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=bare_environment(folder), check=True)
    return folder


@pytest.fixture
def folder(tmp_path, migrated):
    """A folder of the test's own that needs no migrations any more."""
    shutil.copytree(migrated, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_starts_answers_and_stops_without_leaving_anything(folder, free_port):
    with running_site(folder, free_port, "--no-demo") as site:
        processes = family(site)
        assert get(f"{site.url}/healthz") == (200, b"ok\n")
        assert get(f"{site.url}/readyz")[0] == 200
        for word in ("gunicorn", "celery", "dispatch", "valkey-server", "reaper"):
            assert named(processes, word)
        assert (folder / "var").stat().st_mode & 0o077 == 0
        assert "already runs from" in refusal(folder, free_port + 1)
        for _ in range(50):
            site.process.send_signal(signal.SIGINT)
        assert site.stop() == 0
    assert gone(processes, seconds=1)


@pytest.mark.parametrize("word", ["gunicorn", "valkey-server"])
def test_the_death_of_one_stops_all_and_is_told(folder, free_port, word):
    with running_site(folder, free_port, "--no-demo") as site:
        processes = family(site)
        named(processes, word).kill()
        assert site.process.wait(30) != 0
        assert "ended by itself (signal SIGKILL), so everything is stopped" in site.log.read_text()
    assert gone(processes, seconds=1)


def test_killing_the_command_itself_leaves_nothing(folder, free_port):
    with running_site(folder, free_port, "--no-demo") as site:
        processes = family(site)
        assert site.stop(signal.SIGKILL) == -signal.SIGKILL
        assert gone(processes)


def refusal(folder, port):
    command = [sys.executable, "manage.py", "up", "--port", str(port)]
    result = subprocess.run(
        command,
        cwd=ROOT,
        env=bare_environment(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.returncode != 0
    return result.stderr


def test_a_taken_port_is_refused_with_the_mend(tmp_path, free_port):
    with socket.create_server(("127.0.0.1", free_port)):
        assert f"choose another port: make run PORT={free_port + 1}" in refusal(tmp_path, free_port)


def test_a_deep_checkout_gets_a_short_private_socket(tmp_path):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    path = socket_path(deep)
    assert len(os.fsencode(path)) <= LONGEST_SOCKET_PATH
    assert path.parent.stat().st_mode & 0o077 == 0
    assert socket_path(deep) == path
    path.parent.rmdir()


def test_a_folder_open_to_others_is_refused(tmp_path):
    tmp_path.chmod(0o755)
    with pytest.raises(QueueError, match="not a private folder"):
        private(tmp_path)


def test_a_child_that_will_not_end_is_killed_with_all_its_own():
    stubborn = (
        "import signal, subprocess, time;"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "subprocess.Popen(['sleep', '1000']); print('up', flush=True); time.sleep(1000)"
    )
    with Children() as children:
        command = [sys.executable, "-c", stubborn]
        child = children.start("stubborn", command, patience=0.5, stdout=subprocess.PIPE)
        assert child.process.stdout is not None
        assert child.process.stdout.readline() == b"up\n"
        processes = [psutil.Process(child.process.pid)]
        processes += processes[0].children(recursive=True)
        assert len(processes) == 2
        assert children.ended() is None
        began = time.monotonic()
    child.process.stdout.close()
    assert time.monotonic() - began < 5
    assert gone(processes, seconds=1)
