"""From a sealed snapshot to ranked results. No database: the same snapshot gives the same bytes.

What is computed and why is told in docs/method. Values are rounded to 1e-9 before anything is
compared, stored or digested.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from scoring.analysis import money
from scoring.selectors.snapshot import canonical, digest
from scoring.services.pipeline.futures import THREADS, Draws, Share, alone, draws_of, imagine
from scoring.services.pipeline.portfolio import lines_of, read_portfolio
from scoring.services.pipeline.results import Result, run_facts, write_results

ENGINE_VERSION = "1.1"
Progress = Callable[[str, int], None]

__all__ = [
    "ENGINE_VERSION",
    "Draws",
    "Progress",
    "Result",
    "Share",
    "compute",
    "draws_for_help",
    "result_digest",
]


def compute(
    snapshot: dict[str, Any],
    *,
    seed: int,
    draws: int,
    on_progress: Progress = lambda _stage, _percent: None,
    share: Share = alone,
) -> tuple[list[Result], dict[str, Any]]:
    """Rank the snapshot's proposals: (one result per proposal in list order, facts of the run).

    ``share`` may let others make some of the draws; whoever makes them, the bytes are the same.
    """
    started = time.perf_counter()
    on_progress("Drawing costs and benefits", 10)
    lines = lines_of(snapshot)
    simulated = money.simulate(lines, draws=draws, seed=seed, threads=THREADS)
    roi = simulated.roi_mean.filled(np.nan)
    portfolio = read_portfolio(snapshot, seed=seed, draws=draws, lines=lines, roi=roi)
    valued = time.perf_counter()
    futures = imagine(portfolio, on_progress, share)
    on_progress("Writing the backlog", 95)
    results = write_results(portfolio, simulated, futures)
    facts = run_facts(snapshot, portfolio, futures, results)
    done = time.perf_counter()
    facts["seconds"] = {
        "values": round(valued - started, 3),
        "futures": round(done - valued, 3),
        "all": round(done - started, 3),
    }
    return results, facts


def draws_for_help(snapshot: dict[str, Any], *, seed: int, draws: int) -> Draws:
    """What a helper needs to make some of the draws of a run.

    The expected ROI itself is not needed for them, only which proposals have one.
    """
    lines = lines_of(snapshot)
    roi = np.where(money.costed(lines), 0.0, np.nan)
    return draws_of(read_portfolio(snapshot, seed=seed, draws=draws, lines=lines, roi=roi))


def result_digest(results: list[Result]) -> str:
    """SHA-256 over all results in list order."""
    return digest(canonical(results))
