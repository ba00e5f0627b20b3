"""The queue stopped, wiped and frozen while people work."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import redis

from chaos import ledger
from chaos.ledger import (
    Status,
    are_over,
    exports_not_done_exactly_once,
    not_done_exactly_once,
    state,
)
from chaos.site import Site, end, until
from chaos.visitors import Judge, Tally, Visitor, keep_busy, proposal_body, signed_in, submit_one
from scoring.ranking.selectors.runs import current_and_active

START_SECONDS = 15.0
EXPORT = {"format": "json", "filter": ""}
LONG_RUN = 400_000  # futures: still being drawn when the queue goes


def break_queue(site: Site, seconds: float) -> list[str]:
    site.start_web()
    product = [site.start_worker(), site.start_dispatcher()]
    wrong = []
    for name, outage in (("stopped", stopped), ("wiped", wiped), ("frozen", frozen)):
        wrong += one_outage(site, name, outage, seconds)
        ended = [child.name for child in product if child.process.poll() is not None]
        wrong += [f"queue {name}: the {child} ended" for child in ended]
    return wrong


def one_outage(
    site: Site, name: str, outage: Callable[[Site], AbstractContextManager[None]], seconds: float
) -> list[str]:
    tally = Tally()
    marketing, cx = (signed_in(site.url, tally, who) for who in ("marketing", "cx"))
    judge = Judge(signed_in(site.url, tally, "panelist"))
    body = proposal_body(f"While the queue is {name}")
    runs = Demand(signed_in(site.url, tally, "leader"), "a run", "runs/")
    exports = Demand(signed_in(site.url, tally, "leader"), "an export", "exports/", EXPORT)
    work: list[Callable[[], object]] = [
        lambda: signed_in(site.url, tally, "marketing"),
        lambda: submit_one(marketing, cx, body),
        judge.score,
        runs.ask,
        exports.ask,
    ]
    until(lambda: current_and_active(None)[1] is None, 90, "the runs before")
    underway = ledger.ask_for_run(LONG_RUN)
    until(lambda: state(underway)[0] == Status.RUNNING, 30, "a run to be underway")
    with outage(site):
        finish = keep_busy(work)
        time.sleep(seconds)
    back = time.monotonic()
    finish()
    if not runs.asked or not exports.asked:
        return [f"queue {name}: nobody could ask for a run and an export ({tally})"]
    until(lambda: state(runs.asked[-1])[0] != Status.QUEUED, 90, "the run to start")
    waited = time.monotonic() - back
    asked = sorted({underway, *runs.asked})
    until(lambda: all(state(run)[0] == Status.DONE for run in asked), 90, "the runs to be done")
    wrong = not_done_exactly_once(asked)
    until(lambda: are_over(exports.asked), 90, "the exports")
    wrong += exports_not_done_exactly_once(exports.asked)
    print(f"queue {name} for {seconds:.0f} s: {tally}")
    print(
        f"  {len(asked)} runs and {len(exports.asked)} exports asked for; "
        f"the last run started {waited:.1f} s after the queue was back"
    )
    for what in ("sign in", "submit", "score"):
        if not tally.accepted(what):
            wrong.append(f"queue {name}: nobody could {what}")
    if tally.failures():
        wrong.append(f"queue {name}: {tally.failures()} requests failed")
    if waited > START_SECONDS:
        wrong.append(f"queue {name}: the run started after {waited:.1f} s")
    return wrong


@dataclass
class Demand:
    """Somebody who asks for one job after another through the API."""

    visitor: Visitor
    what: str
    path: str
    body: object = None
    asked: list[int] = field(default_factory=list)

    def ask(self) -> None:
        key = str(uuid4())
        answer = self.visitor.api(
            f"ask for {self.what}", "POST", self.path, self.body, Idempotency_Key=key
        )
        if answer.status == 202:
            self.asked.append(answer.json()["id"])
        time.sleep(1)


@contextmanager
def stopped(site: Site) -> Iterator[None]:
    """Killed, and started again empty."""
    end(site.queue)
    yield
    site.queue = site.start_queue()


@contextmanager
def wiped(site: Site) -> Iterator[None]:
    """Emptied again and again, so that hardly a ring gets through."""
    client = redis.Redis.from_url(site.queue_address.replace("redis+socket", "unix"))
    over = threading.Event()

    def wipe() -> None:
        while not over.wait(0.001):
            client.flushall()

    wiping = threading.Thread(target=wipe)
    wiping.start()
    yield
    over.set()
    wiping.join()
    client.close()


@contextmanager
def frozen(site: Site) -> Iterator[None]:
    """Takes connections and answers nobody."""
    os.kill(site.queue.process.pid, signal.SIGSTOP)
    yield
    os.kill(site.queue.process.pid, signal.SIGCONT)
