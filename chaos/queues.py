"""The queue stopped, wiped and frozen while people work."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress

import redis

from chaos.ledger import Status, not_done_exactly_once, state
from chaos.site import Site, end, until
from chaos.visitors import Judge, Tally, keep_busy, proposal_body, signed_in, submit_one

START_SECONDS = 15.0


def break_queue(site: Site, seconds: float) -> list[str]:
    site.start_web()
    site.start_worker()
    site.start_dispatcher()
    wrong = []
    for name, outage in (("stopped", stopped), ("wiped", wiped), ("frozen", frozen)):
        wrong += one_outage(site, name, outage, seconds)
    return wrong


def one_outage(
    site: Site, name: str, outage: Callable[[Site, float], None], seconds: float
) -> list[str]:
    tally = Tally()
    marketing, cx = (signed_in(site.url, tally, who) for who in ("marketing", "cx"))
    leader = signed_in(site.url, tally, "leader")
    judge = Judge(signed_in(site.url, tally, "panelist"))
    body = proposal_body(f"While the queue is {name}")
    asked: list[int] = []

    def ask_for_run() -> None:
        answer = leader.api("ask for a run", "POST", "runs/")
        if answer.status == 202:
            asked.append(answer.json()["id"])
        time.sleep(1)

    finish = keep_busy(
        [
            lambda: signed_in(site.url, tally, "marketing"),
            lambda: submit_one(marketing, cx, body),
            judge.score,
            ask_for_run,
        ]
    )
    outage(site, seconds)
    back = time.monotonic()
    finish()
    last = asked[-1] if asked else 0
    until(lambda: state(last)[0] != Status.QUEUED, 90, "the run to start")
    waited = time.monotonic() - back
    until(lambda: state(last)[0] == Status.DONE, 90, "the run to be done")
    runs = sorted(set(asked))
    wrong = not_done_exactly_once(runs)
    print(f"queue {name} for {seconds:.0f} s: {tally}")
    print(f"  {len(runs)} runs asked for; the last started {waited:.1f} s after the queue was back")
    for what in ("sign in", "submit", "score", "ask for a run"):
        if not tally.accepted(what):
            wrong.append(f"queue {name}: nobody could {what}")
    if tally.failures():
        wrong.append(f"queue {name}: {tally.failures()} requests failed")
    if waited > START_SECONDS:
        wrong.append(f"queue {name}: the run started after {waited:.1f} s")
    return wrong


def stopped(site: Site, seconds: float) -> None:
    """Killed, and started again empty."""
    end(site.queue)
    time.sleep(seconds)
    site.queue = site.start_queue()


def wiped(site: Site, seconds: float) -> None:
    """Emptied again and again, so that no ring gets through."""
    client = redis.Redis.from_url(site.queue_address.replace("redis+socket", "unix"))
    stop = time.monotonic() + seconds
    while time.monotonic() < stop:
        with suppress(redis.RedisError):
            client.flushall()
    client.close()


def frozen(site: Site, seconds: float) -> None:
    """Takes connections and answers nobody."""
    os.kill(site.queue.process.pid, signal.SIGSTOP)
    time.sleep(seconds)
    os.kill(site.queue.process.pid, signal.SIGCONT)
