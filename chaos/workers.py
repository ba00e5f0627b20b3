"""Workers that are killed or frozen in the middle of a ranking."""

import random
import statistics
import time
from dataclasses import dataclass, field

from chaos.ledger import Status, ask_for_run, not_done_exactly_once, state
from chaos.site import Site, end, freeze, kill_pool, thaw, until
from prioritizer.processes import Child
from scoring.models import RankingRun

RUN_SECONDS = 2.0  # long enough to be hit in the middle
SAMPLE_DRAWS = 50_000
TRIES_PER_HIT = 3
SECOND_HITS = 0.2  # how often the second try is hit too; a third one may stand


def draws_for(seconds: float) -> int:
    """How many futures take that long here, on a machine as busy as it is."""
    taken = 0.0
    for _ in range(2):  # the first one warms the worker up
        run_id = ask_for_run(SAMPLE_DRAWS)
        until(lambda run_id=run_id: state(run_id)[0] == Status.DONE, 60, "the first runs")
        taken = RankingRun.objects.get(pk=run_id).facts["seconds"]["all"]
    return max(SAMPLE_DRAWS, int(SAMPLE_DRAWS * seconds / taken))


@dataclass
class Kills:
    site: Site
    worker: Child
    draws: int
    runs: list[int] = field(default_factory=list)
    recoveries: list[float] = field(default_factory=list)
    missed: int = 0

    def hit(self, run_id: int, attempt: int) -> bool:
        """Kill the worker somewhere in this try; False when the run was done before that."""
        until(lambda: state(run_id) != (Status.RUNNING, attempt - 1), 60, "the try")
        until(lambda: state(run_id)[1] >= attempt, 60, "the try")
        time.sleep(random.uniform(0, 0.7) * RUN_SECONDS)
        if len(self.recoveries) % 2:
            kill_pool(self.worker)
        else:
            end(self.worker)
        began = time.monotonic()
        if self.worker.process.poll() is not None:
            self.worker = self.site.start_worker()
        if state(run_id)[0] != Status.RUNNING:
            self.missed += 1
            return False
        until(lambda: state(run_id)[1] > attempt, self.site.lease + 30, "another worker")
        self.recoveries.append(time.monotonic() - began)
        return True


def kill_workers(site: Site, wanted: int) -> list[str]:
    """``kill -9`` of whole workers and of their pools, in turn, until enough hit a running run."""
    dispatcher = site.start_dispatcher()
    kills = Kills(site, site.start_worker(), 0)
    kills.draws = draws_for(RUN_SECONDS)
    while len(kills.recoveries) < wanted and kills.missed < wanted * TRIES_PER_HIT:
        run_id = ask_for_run(kills.draws)
        kills.runs.append(run_id)
        if kills.hit(run_id, 1) and random.random() < SECOND_HITS:
            kills.hit(run_id, 2)
        until(lambda run_id=run_id: state(run_id)[0] == Status.DONE, 90, f"run {run_id}")
    end(kills.worker)
    end(dispatcher)
    wrong = not_done_exactly_once(kills.runs)
    print(
        f"workers killed: {len(kills.recoveries)} hit a running run, {kills.missed} missed; "
        f"{len(kills.runs) - len(wrong)} of {len(kills.runs)} runs done exactly once"
    )
    if len(kills.recoveries) < max(2, wanted):
        return [*wrong, f"only {len(kills.recoveries)} kills hit a running run"]
    p95 = statistics.quantiles(kills.recoveries, n=20, method="inclusive")[-1]
    print(
        f"  taken up again after {statistics.median(kills.recoveries):.1f} s (median), "
        f"{p95:.1f} s (p95), {max(kills.recoveries):.1f} s (longest); lease {site.lease} s"
    )
    if p95 >= site.lease + 5:
        wrong.append(f"p95 of recovery is {p95:.1f} s")
    return wrong


def freeze_workers(site: Site, wanted: int, app: str = "prioritizer") -> list[str]:
    """Freeze a worker in the middle of a run, let another finish it, thaw the first."""
    dispatcher = site.start_dispatcher()
    first = site.start_worker("frozen", app)
    draws = draws_for(RUN_SECONDS)
    runs: list[int] = []
    before = refused(site)
    for _ in range(wanted * TRIES_PER_HIT):
        run_id = ask_for_run(draws)
        until(lambda run_id=run_id: state(run_id)[0] != Status.QUEUED, 60, "a worker")
        time.sleep(random.uniform(0, 0.6) * RUN_SECONDS)
        freeze(first)
        if state(run_id)[0] == Status.RUNNING:
            second = site.start_worker("second")
            until(lambda run_id=run_id: state(run_id)[0] == Status.DONE, 90, "the second worker")
            end(second)
        if state(run_id)[1] > 1:  # otherwise it was done at the moment it froze
            runs.append(run_id)
        thaw(first)
        until(lambda: refused(site) - before >= len(runs), 30, "the thawed worker to be refused")
        if len(runs) == wanted:
            break
    end(first)
    end(dispatcher)
    wrong = not_done_exactly_once(runs)
    print(
        f"workers frozen in the middle of a run and thawed: {len(runs)}; "
        f"{refused(site) - before} refused, {len(wrong)} double effects"
    )
    return wrong if runs else ["no worker was frozen while it ranked"]


def refused(site: Site) -> int:
    """How many results of thawed workers were dropped, by the worker's own word."""
    return site.log("frozen").read_text().count("lease lost, result dropped")
