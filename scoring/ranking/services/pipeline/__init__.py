"""From a sealed snapshot to ranked results. No database: the same snapshot gives the same bytes.

What is computed and why is told in docs/method. Values are rounded to 1e-9 before anything is
compared, stored or digested.
"""

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis import money
from scoring.analysis.drawn_scores import ComputedDraws
from scoring.forecast import returns
from scoring.ranking.selectors.snapshot import canonical, digest
from scoring.ranking.services.pipeline.futures import (
    THREADS,
    Draws,
    Share,
    alone,
    draws_of,
    imagine,
)
from scoring.ranking.services.pipeline.portfolio import lines_of, read_portfolio
from scoring.ranking.services.pipeline.results import Result, run_facts, write_results

ENGINE_VERSION = "1.8"
MOST_KEPT = 100_000_000  # draws of the ROI that are kept, 4 bytes each; more are made again
Progress = Callable[[str, int], None]

__all__ = [
    "ENGINE_VERSION",
    "THREADS",
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
    belief = returns.belief_of(snapshot, lines)
    simulated, drawn = _returns(lines, belief, seed, draws)
    roi = simulated.roi_mean.filled(np.nan)
    portfolio = read_portfolio(snapshot, seed=seed, draws=draws, lines=lines, roi=roi)
    valued = time.perf_counter()
    futures = imagine(portfolio, drawn, on_progress, share)
    on_progress("Writing the backlog", 95)
    results = write_results(portfolio, simulated, futures, belief)
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

    The expected ROI itself is not needed for them, only which proposals have one; of believed
    returns the stated means are.
    """
    lines = lines_of(snapshot)
    stated = np.where(money.costed(lines), 0.0, np.nan)
    portfolio = read_portfolio(snapshot, seed=seed, draws=draws, lines=lines, roi=stated)
    belief = returns.belief_of(snapshot, lines)
    if belief is None:
        return draws_of(portfolio, _made_again(lines, seed))
    simulated = money.simulate(lines, draws=draws, seed=seed, threads=THREADS)
    return draws_of(portfolio, _made_again(lines, seed, belief, simulated.stated_mean))


def _returns(
    lines: money.MoneyLines, belief: money.Belief | None, seed: int, draws: int
) -> tuple[money.MoneyResult, ComputedDraws]:
    """ROI and NPV of n proposals, and the draws of the ROI behind them."""
    n = len(lines.key)
    kept = n * draws <= MOST_KEPT
    roi = np.zeros((n, draws), dtype=np.float32) if kept else None
    simulated = money.simulate(
        lines, draws=draws, seed=seed, belief=belief, threads=THREADS, out=roi
    )
    if roi is None:
        return simulated, _made_again(lines, seed, belief, simulated.stated_mean)
    return simulated, lambda start, stop: roi[:, start:stop]


def _made_again(
    lines: money.MoneyLines,
    seed: int,
    belief: money.Belief | None = None,
    stated_mean: ArrayLike | None = None,
) -> ComputedDraws:
    """The same draws of the ROI, made when they are asked for."""
    made = money.roi_draws(lines, seed=seed, belief=belief, stated_mean=stated_mean)
    # The profiles of a block ask for the same draws, in each thread for its own block.
    return lru_cache(maxsize=THREADS)(made)


def result_digest(results: list[Result]) -> str:
    """SHA-256 over all results in list order."""
    return digest(canonical(results))
