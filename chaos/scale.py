"""A backlog that grows tenfold, and again: brought in, judged in part, ranked, read, exported."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import psutil
from django.db import connection

from chaos.crowd import DRAWS, bring, judge_all
from chaos.ledger import ask_for_export, ask_for_run, not_done_exactly_once, state
from chaos.site import Site, until
from chaos.visitors import Tally, signed_in
from scoring.models import ExportJob, RankingRun

FIRST, TIMES = 1_000, 10
AT_ONCE = 20_000  # rows of one list, the most that are taken
JUDGED = 100  # one in so many
WORKERS = 4
PATIENCE = 3_600.0  # seconds for one run or export
PAGES = ("/backlog/", "/proposals/", "/backlog/charts/", "/")
KIB = 1024
P = ParamSpec("P")
T = TypeVar("T")


def scale(site: Site, proposals: int) -> list[str]:
    site.start_web()
    workers = [site.start_worker(f"worker-{number}") for number in range(WORKERS)]
    site.start_dispatcher()
    leader = signed_in(site.url, Tally(), "leader")
    wrong: list[str] = []
    size, there = FIRST, 0
    while size <= proposals:
        print(f"{size:,} proposals, one in {JUDGED} judged by two, {WORKERS} workers")
        lists = [range(at, min(at + AT_ONCE, size)) for at in range(there, size, AT_ONCE)]
        _timed("brought in", _each, bring, lists)
        _timed("judged", _each, judge_all, [numbers[::JUDGED] for numbers in lists])
        there = size
        run = _timed("ranked", _ranked, DRAWS)
        peaks = [peak for worker in workers for peak in _peaks(worker.process.pid)]
        print(f"  {max(peaks):,.0f} MiB at most in one process of a worker since it began")
        for path in PAGES:
            for again in ("first", "then"):
                _timed(f"{path} ({again})", leader.ask, path, "GET", path)
        _timed("exported as JSON", _exported, run)
        wrong += not_done_exactly_once([run])
        size *= TIMES
    if leader.tally.failures():
        wrong.append(f"{leader.tally.failures()} pages failed")
    return wrong


def _each(act: Callable[[range], None], lists: list[range]) -> None:
    for numbers in lists:
        act(numbers)


def _ranked(draws: int) -> int:
    run = ask_for_run(draws)
    done = RankingRun.Status.DONE
    until(lambda: state(run)[0] == done, PATIENCE, f"run {run}")
    return run


def _exported(run: int) -> None:
    export = ask_for_export(RankingRun.objects.get(pk=run))
    kept = ExportJob.objects.filter(pk=export, status=ExportJob.Status.DONE)
    until(kept.exists, PATIENCE, f"export {export}")


def _peaks(pid: int) -> list[float]:
    """The most that each process of a worker has held, in MiB; the kernel keeps it."""
    worker = psutil.Process(pid)
    found = []
    for process in (worker, *worker.children(recursive=True)):
        status = Path(f"/proc/{process.pid}/status").read_text()
        found.append(int(status.split("VmHWM:")[1].split()[0]) / KIB)
    return found


def _timed(what: str, act: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    connection.close()
    started = time.monotonic()
    found = act(*args, **named)
    print(f"  {what}: {time.monotonic() - started:,.2f} s")
    return found
