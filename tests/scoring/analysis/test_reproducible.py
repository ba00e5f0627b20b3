"""The same seed gives the same bytes, whatever the process, hash seed, threads or processor."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SCRIPT = """
import hashlib
import numpy as np
from scoring.analysis.money import MoneyLines, simulate
from scoring.analysis.robustness import rank_bands
from scoring.analysis.uncertainty import block_makers, panel_weights, score_draws

rng, n = np.random.default_rng(0), 30
low = rng.uniform(10, 100, 4 * n)
lines = MoneyLines(
    low=low, likely=1.2 * low, high=1.9 * low, factor=np.ones(4 * n),
    is_cost=np.arange(4 * n) % 4 == 0, proposal=np.repeat(np.arange(n), 4),
    key=np.arange(n, dtype=np.uint64), line_key=np.arange(4 * n, dtype=np.uint64),
)
result = simulate(lines, seed=5, draws=5000)
digest = hashlib.sha256()
for name in type(result).__slots__:
    digest.update(getattr(result, name).tobytes())
values, keys = rng.uniform(0, 100, (n, 5)), np.arange(n, dtype=np.uint64)
makers = block_makers(
    values, panel_weights(np.full(5, 0.2), 20.0, keys[:5], 1), draws=5000,
    computed={0: score_draws(values[:, 0], np.full(n, 4.0), keys, 2)},
)
digest.update(rank_bands(makers, tie_order=np.arange(n)).counts.tobytes())
print(digest.hexdigest())
"""


LARGE = """
import resource
import numpy as np
from scoring.analysis.robustness import rank_bands
from scoring.analysis.uncertainty import block_makers, score_draws, uniform_weights

n, keys = 10_000, np.arange(10_000, dtype=np.uint64)
values = np.random.default_rng(0).uniform(0, 100, (n, 12))
makers = block_makers(
    values, uniform_weights(keys[:12], 1), draws=3_000,
    computed={0: score_draws(values[:, 0], np.full(n, 5.0), keys, 2)},
)
bands = rank_bands(makers, tie_order=np.arange(n), threads=2)
assert bands.draws == 3_000
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def run(script: str, **changes: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])} | changes,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def digest(**changes: str) -> str:
    return run(SCRIPT, **changes)


@pytest.fixture(scope="module")
def usual() -> str:
    return digest(PYTHONHASHSEED="0")


@pytest.mark.parametrize(
    "changes",
    [
        {"PYTHONHASHSEED": "12345"},
        {"OPENBLAS_NUM_THREADS": "1"},
        {"NPY_DISABLE_CPU_FEATURES": "AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR"},
    ],
    ids=["hash seed", "one thread", "without wide vectors"],
)
def test_same_bytes(usual: str, changes: dict[str, str]) -> None:
    assert len(usual) == 64
    assert digest(**changes) == usual


def test_ten_thousand_proposals_stay_under_a_gigabyte(
    record_property: Callable[[str, object], None],
) -> None:
    peak = int(run(LARGE, OPENBLAS_NUM_THREADS="1"))
    record_property("MiB at most while ranking 10,000 proposals, a thousand draws at a time", peak)
    assert 0 < peak < 1024
