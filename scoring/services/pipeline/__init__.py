"""From a sealed snapshot to ranked results. No database: the same snapshot gives the same bytes.

What is computed and why is told in docs/method. Values are rounded to 1e-9 before anything is
compared, stored or digested.
"""

import time
from collections.abc import Callable
from typing import Any

from scoring.selectors.snapshot import canonical, digest
from scoring.services.pipeline.futures import imagine
from scoring.services.pipeline.portfolio import read_portfolio
from scoring.services.pipeline.results import Result, run_facts, write_results

ENGINE_VERSION = "1.1"
Progress = Callable[[str, int], None]

__all__ = ["ENGINE_VERSION", "Progress", "Result", "compute", "result_digest"]


def compute(
    snapshot: dict[str, Any],
    *,
    seed: int,
    draws: int,
    on_progress: Progress = lambda _stage, _percent: None,
) -> tuple[list[Result], dict[str, Any]]:
    """Rank the snapshot's proposals: (one result per proposal in list order, facts of the run)."""
    started = time.perf_counter()
    on_progress("Drawing costs and benefits", 10)
    portfolio = read_portfolio(snapshot, seed=seed, draws=draws)
    valued = time.perf_counter()
    futures = imagine(portfolio, on_progress)
    on_progress("Writing the backlog", 95)
    results = write_results(portfolio, futures)
    facts = run_facts(snapshot, portfolio, futures, results)
    done = time.perf_counter()
    facts["seconds"] = {
        "values": round(valued - started, 3),
        "futures": round(done - valued, 3),
        "all": round(done - started, 3),
    }
    return results, facts


def result_digest(results: list[Result]) -> str:
    """SHA-256 over all results in list order."""
    return digest(canonical(results))
