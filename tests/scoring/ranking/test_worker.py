"""The worker and the dispatcher as processes, on a database file of their own and a real queue."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from model_bakery import baker

from jobs.services import leases
from prioritizer.management.commands import dispatch
from prioritizer.processes import Child, Children, worker_command
from prioritizer.queue_server import start_queue
from scoring.models import RankingRun
from scoring.ranking.services import ranking
from scoring.ranking.services.runs import request_run
from tests import services
from tests.company import Company
from tests.site import ROOT, bare_environment

LEASE_SECONDS = 2
# A company that asked for a run, with so many futures that there is time to hit its worker.
COMPANY = """
import django
django.setup()
from django.db import transaction
from tests.company import make_company
from scoring.models import RankingRun
from scoring.ranking.services.runs import request_run
company = make_company()
for number in range(3):
    company.scored(f"Proposal {number}")
with transaction.atomic():
    request_run(actor=None, trigger="command")
    RankingRun.objects.update(draws=1_000_000)
"""


class Office:
    """A database file, a queue, and workers that come and go."""

    def __init__(self, folder: Path, children: Children) -> None:
        self.folder, self.children = folder, children
        self.env = bare_environment(folder) | {
            "QUEUE_URL": start_queue(children, services.scratch("prioritizer-queue")),
            "RUN_LEASE_SECONDS": str(LEASE_SECONDS),
            "DJANGO_SETTINGS_MODULE": "prioritizer.settings",
            "PYTHONPATH": str(ROOT),
        }

        self.database.parent.mkdir()

    @property
    def database(self) -> Path:
        return self.folder / "var" / "prioritizer.sqlite3"

    def fill(self) -> None:
        command = [sys.executable, "-c", COMPANY]
        subprocess.run(command, cwd=ROOT, env=self.env, check=True)

    def start_worker(self) -> Child:
        return self.children.start("worker", worker_command(), cwd=ROOT, env=self.env)

    def start_dispatcher(self, *options: str) -> Child:
        command = [sys.executable, "manage.py", "dispatch", *options]
        return self.children.start("dispatcher", command, cwd=ROOT, env=self.env)

    def rows(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.database, timeout=20)) as database:
            return database.execute(query).fetchall()

    def run(self) -> tuple[str, int]:
        """(status, tries) of the newest run."""
        query = "SELECT status, attempt FROM scoring_rankingrun ORDER BY id DESC LIMIT 1"
        [(status, attempt)] = self.rows(query)
        return status, attempt

    def wait_for(self, *expected: object, seconds: float = 60) -> None:
        try:
            until(lambda: self.run() == expected, seconds)
        except AssertionError:
            raise AssertionError(f"{expected} never came, but {self.run()}") from None


def until(true: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


# Which database holds the run makes no difference here; a file is the quickest to make.
@pytest.fixture
def office(tmp_path: Path, transactional_db: None) -> Iterator[Office]:
    with Children() as children:
        place = Office(tmp_path, children)
        migrated = str(connection.settings_dict["NAME"])
        with (
            closing(sqlite3.connect(migrated)) as ready,
            closing(sqlite3.connect(place.database)) as copy,
        ):
            ready.backup(copy)
        yield place


@pytest.mark.sqlite
def test_a_killed_workers_run_is_finished_once_by_another(office: Office) -> None:
    office.fill()
    # Only now, and watched from its start: a quick one would be done before anybody looks.
    worker = office.start_worker()
    office.start_dispatcher("--every", "0.2")
    office.wait_for("running", 1)
    os.killpg(worker.process.pid, signal.SIGKILL)
    office.start_worker()
    assert office.run() == ("running", 1)
    office.wait_for("done", 2)
    query = "SELECT count(*) FROM projects_auditentry WHERE action = 'run.done'"
    assert office.rows(query) == [(1,)]
    assert office.rows("SELECT count(*) FROM scoring_rankedproposal") == [(3,)]


@pytest.mark.sqlite
def test_the_dispatcher_stops_at_once_however_often_it_is_asked(office: Office) -> None:
    dispatcher = office.start_dispatcher("--every", "60").process
    until(lambda: catches(dispatcher.pid, signal.SIGTERM), 10)
    for _ in range(200):
        dispatcher.send_signal(signal.SIGTERM)
        dispatcher.send_signal(signal.SIGINT)
    assert dispatcher.wait(5) == 0


def test_a_round_that_fails_does_not_end_the_dispatcher(
    company: Company, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(dispatch, "schedule_runs", Mock(side_effect=RuntimeError))
    call_command("dispatch", "--once")
    assert "This round failed" in caplog.text


def test_asking_at_the_same_moment_as_another_gives_the_others_run(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker was quick: the other's run does not wait any more."""
    run = company.rank()
    monkeypatch.setattr(RankingRun.objects, "create", Mock(side_effect=IntegrityError))
    assert request_run(actor=company.leader, trigger=RankingRun.Trigger.BUTTON) == run


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("beats", "kept"), [(3, True), (0.001, False)])
def test_a_long_silent_step_does_not_lose_the_lease(
    monkeypatch: pytest.MonkeyPatch, settings: Any, beats: float, kept: bool
) -> None:
    """Without the beats, which is the planted fault, somebody else can take the run."""
    settings.RUN_LEASE = timedelta(seconds=1)
    monkeypatch.setattr(leases, "BEATS_PER_LEASE", beats)
    run = baker.make(RankingRun, status=RankingRun.Status.QUEUED, seed=1)
    token = ranking.claim(run_id=run.pk)
    assert token is not None
    with ranking.lease_of(run, token).kept():
        time.sleep(1.6)
        assert (ranking.claim(run_id=run.pk) is None) is kept


def catches(pid: int, number: signal.Signals) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (number - 1) & 1)
