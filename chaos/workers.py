"""Workers that are killed or frozen in the middle of their work."""

import random
import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from chaos.ledger import Status, ownerless_files
from chaos.site import Site, end, freeze, kill_one, kill_pool, thaw, until
from chaos.work import Work
from prioritizer.processes import Child

TRIES_PER_HIT = 3
SECOND_HITS = 0.2  # how often a second try is hit too; a third one may stand
# The second: it froze in the middle of a transaction, which the database has ended since.
REFUSED = re.compile(r" dropped|(?:run|export|list) \d+ failed")
REFUSAL_SECONDS = 20.0  # for a thawed worker to notice that it is too late


@contextmanager
def at_work(site: Site, work: Work) -> Iterator[None]:
    """The scheduler, and the settings that the work wants in workers started meanwhile."""
    before = site.env
    site.env = before | work.settings
    dispatcher = site.start_dispatcher()
    yield
    end(dispatcher)
    site.env = before


@dataclass
class Kills:
    site: Site
    work: Work
    worker: Child
    jobs: list[int] = field(default_factory=list)
    recoveries: list[float] = field(default_factory=list)
    missed: int = 0

    @property
    def count(self) -> int:
        return len(self.recoveries) + self.missed

    @property
    def ways(self) -> list[Callable[[Child], None]]:
        """One process alone is worth killing where several work together."""
        return [end, kill_pool, kill_one] if self.work.together else [end, kill_pool]

    def hit(self, number: int) -> bool:
        """Kill in the middle of the work; False when it was done, or not in the killed hands."""
        until(lambda: self.work.state(number)[0] != Status.QUEUED, 60, "a worker")
        time.sleep(random.uniform(0, 0.7) * self.work.seconds)
        before = self.work.losses(number)
        self.ways[self.count % len(self.ways)](self.worker)
        began = time.monotonic()
        if self.worker.process.poll() is not None:
            self.worker = self.site.start_worker()

        def answered() -> str:
            if self.work.losses(number) > before:
                return "taken up"
            return "" if self.work.state(number)[0] == Status.RUNNING else "over"

        if until(answered, self.site.lease + 30, "another worker") == "over":
            self.missed += 1
            return False
        self.recoveries.append(time.monotonic() - began)
        return True


def kill_workers(site: Site, work: Work, wanted: int, app: str = "prioritizer") -> list[str]:
    """``kill -9`` of workers and of their pools, in turn, until enough hit a job in its middle."""
    files = ownerless_files()
    with at_work(site, work):
        kills = Kills(site, work, site.start_worker(app=app))
        work.measure()
        while len(kills.recoveries) < wanted and kills.missed < wanted * TRIES_PER_HIT:
            number = work.ask()
            kills.jobs.append(number)
            if kills.hit(number) and random.random() < SECOND_HITS:
                kills.hit(number)
            until(lambda n=number: work.state(n)[0] == Status.DONE, 90, f"{work.name} {number}")
        end(kills.worker)
        wrong = work.wrong(kills.jobs)
    print(
        f"workers killed at work ({work.name}): {len(kills.recoveries)} hit, {kills.missed} missed;"
        f" {len(kills.jobs) - len(wrong)} of {len(kills.jobs)} done exactly once"
    )
    if len(ownerless_files() - files) > kills.count:
        wrong.append("more files without an owner than killed workers")
    return wrong + slow_recoveries(kills, wanted)


def slow_recoveries(kills: Kills, wanted: int) -> list[str]:
    lease = kills.site.lease
    if len(kills.recoveries) < max(2, wanted):
        return [f"only {len(kills.recoveries)} kills hit a {kills.work.name} in its middle"]
    p95 = statistics.quantiles(kills.recoveries, n=20, method="inclusive")[-1]
    print(
        f"  taken up again after {statistics.median(kills.recoveries):.1f} s (median), "
        f"{p95:.1f} s (p95), {max(kills.recoveries):.1f} s (longest); lease {lease} s"
    )
    return [f"p95 of recovery is {p95:.1f} s"] if p95 >= lease + 5 else []


def freeze_workers(site: Site, work: Work, wanted: int, app: str = "prioritizer") -> list[str]:
    """Freeze a worker in the middle of a job, let another finish it, thaw the first."""
    files, jobs, lost = ownerless_files(), list[int](), 0
    with at_work(site, work):
        first = site.start_worker("frozen", app)
        work.measure()
        before = refused(site)
        for _ in range(wanted * TRIES_PER_HIT):
            number, held = freeze_once(site, work, first)
            if held:  # otherwise the job was done, or in other hands, at the moment of the freeze
                jobs.append(number)
            lost += held
            all_refused(site, before + lost)
            if len(jobs) == wanted:
                break
        end(first)
        wrong, noticed = work.wrong(jobs), refused(site) - before
    strays = ownerless_files() - files
    print(
        f"workers frozen at work ({work.name}) and thawed: {len(jobs)}; {lost} leases "
        f"lost, {noticed} results refused, {len(wrong)} double effects, {len(strays)} files left"
    )
    if noticed < lost:
        wrong.append(f"{lost} leases were lost, only {noticed} results refused")
    if strays:
        wrong.append(f"{len(strays)} files of thawed workers were left behind")
    return wrong if jobs else ["no worker was frozen in the middle of its work"]


def freeze_once(site: Site, work: Work, first: Child) -> tuple[int, int]:
    """(number of the job, how many leases the frozen worker lost)."""
    second = site.start_worker("second") if work.together else None
    number = work.ask()
    until(lambda: work.state(number)[0] != Status.QUEUED, 60, "a worker")
    time.sleep(random.uniform(0, 0.6) * work.seconds)
    freeze(first)
    lost = 0

    def is_done() -> bool:
        nonlocal lost
        lost = max(lost, work.losses(number))
        return work.state(number)[0] == Status.DONE

    if is_held(work, number):
        second = second or site.start_worker("second")
        until(is_done, 90, "the second worker")
    if second:
        end(second)
    thaw(first)
    # One worker alone holds one lease; a later try is the second worker's, who may fail by itself.
    return number, lost if work.together else min(lost, 1)


def is_held(work: Work, number: int) -> bool:
    """False when the job is over, and between two tries."""
    running = work.kind._default_manager.filter(pk=number, status=Status.RUNNING)
    return running.exclude(owner_token="").exists()


def refused(site: Site) -> int:
    """How many thawed workers dropped or could not write their result, by their own word."""
    log = site.log("frozen")
    return len(REFUSED.findall(log.read_text())) if log.exists() else 0


def all_refused(site: Site, expected: int) -> None:
    """Wait for a thawed worker to notice what it lost; whether it did is counted at the end."""
    deadline = time.monotonic() + REFUSAL_SECONDS
    while refused(site) < expected and time.monotonic() < deadline:
        time.sleep(0.1)
