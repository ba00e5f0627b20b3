"""PostgreSQL restarted and killed while people write."""

import signal
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import connection

from chaos.ledger import (
    Status,
    ask_for_run,
    broken_audit,
    lost_writes,
    not_done_exactly_once,
    state,
)
from chaos.site import Site, until
from chaos.visitors import Tally, Visitor, keep_busy, proposal_body, signed_in
from scoring.models import RankingRun

WRITERS = 20
BACK_SECONDS = 2.0
BETWEEN_SECONDS = 2.0
AWAY_SECONDS = 1.0
RUN_DRAWS = 200_000


def break_database(site: Site, times: int, web: str = "prioritizer.wsgi") -> list[str]:
    site.start_web(web)
    site.start_worker()
    site.start_dispatcher()
    tally = Tally()
    writers = [Writer(signed_in(site.url, tally, "marketing"), n) for n in range(WRITERS)]
    finish = keep_busy([writer.write for writer in writers])
    returns, runs = [], []
    for turn in range(times):
        connection.close()
        runs.append(ask_for_run(RUN_DRAWS))
        time.sleep(BETWEEN_SECONDS)
        site.stop_database(signal.SIGKILL if turn % 2 else signal.SIGINT)
        time.sleep(AWAY_SECONDS)
        site.database = site.start_database()
        returns.append(seconds_until_written(writers))
    finish()
    connection.close()
    acknowledged = {number: title for writer in writers for number, title in writer.written.items()}
    ended = (Status.DONE, Status.FAILED)
    until(lambda: all(state(run)[0] in ended for run in runs), 120, "the runs to end")
    given_up = RankingRun.objects.filter(pk__in=runs, status=Status.FAILED).count()
    lost = lost_writes(acknowledged)
    wrong = [*lost, *broken_audit()]
    wrong += [text for text in not_done_exactly_once(runs) if "failed" not in text]
    print(f"database restarted or killed {times} times under {WRITERS} writers: {tally}")
    print(
        f"  {len(acknowledged)} writes acknowledged, {len(lost)} lost; {tally.broken()} answers "
        f"neither right nor an honest 503; web back after at most {max(returns):.1f} s; "
        f"{len(set(runs)) - given_up} runs done, {given_up} given up visibly"
    )
    if not acknowledged or not tally.failures():
        wrong.append("nothing was written, or no outage was noticed")
    if tally.broken():
        wrong.append(f"{tally.broken()} answers were neither right nor an honest 503")
    if max(returns) > BACK_SECONDS:
        wrong.append(f"the web took {max(returns):.1f} s to be back")
    return wrong


class Writer:
    """Writes one proposal after another; without an answer, the same one again."""

    def __init__(self, visitor: Visitor, number: int) -> None:
        self.visitor, self.number = visitor, number
        self.body: dict[str, Any] = proposal_body("")
        self.written: dict[int, str] = {}
        self.lock = threading.Lock()
        self.key, self.turn = uuid4(), 0

    def write(self) -> None:
        title = f"Writer {self.number}, turn {self.turn}"
        body = self.body | {"title": title}
        made = self.visitor.api("write", "POST", "proposals/", body, Idempotency_Key=str(self.key))
        if made.status == 201:
            self.written[made.json()["id"]] = title
            self.key, self.turn = uuid4(), self.turn + 1


def seconds_until_written(writers: list[Writer]) -> float:
    """How long after the database is back the first write is acknowledged."""
    began = time.monotonic()
    written: Callable[[], int] = lambda: sum(writer.turn for writer in writers)  # noqa: E731
    before = written()
    until(lambda: written() > before, 60, "a write")
    return time.monotonic() - began
