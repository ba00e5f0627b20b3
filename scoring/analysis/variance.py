"""How much of the spread of ratings is due to targets, to judges and to neither.

score = mean + target + judge + error with random targets and judges, by restricted maximum
likelihood (Patterson & Thompson 1971). Ratings may be missing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize

from scoring.analysis.arrays import Floats, floats

_LEAST = 2
# Ratios of variances are sought between e^-25, which counts as 0, and e^25.
_LOGS = 25.0
_STARTS = ((-3.0, -3.0), (-3.0, 1.0), (1.0, -3.0), (1.0, 1.0))


def variance_components(ratings: ArrayLike) -> tuple[float, float, float] | None:
    """Variances of targets, of judges and of the error, in squared points.

    ``ratings`` (targets, judges), NaN = missing. None where fewer than two targets or judges have
    ratings, where all ratings are equal, or where none is left to tell the error by.
    """
    table = floats("ratings", ratings, ndim=2)
    known = ~np.isnan(table)
    rows, columns = known.any(axis=1), known.any(axis=0)
    table = table[rows][:, columns]
    row, column = np.nonzero(known[rows][:, columns])
    y = table[row, column]
    n, k = table.shape
    if n < _LEAST or k < _LEAST or len(y) < n + k or np.ptp(y) == 0:
        return None
    scale = float(y.std())
    model = _Crossed((y - y.mean()) / scale, row, column, n, k)
    options: Any = {"ftol": 1e-14, "gtol": 1e-10}

    def loss(logs: Any) -> Any:
        return model.fit(logs)[0]

    runs = [
        optimize.minimize(
            loss,
            np.array(start),
            method="L-BFGS-B",
            bounds=[(-_LOGS, _LOGS)] * 2,
            options=options,
        )
        for start in _STARTS
    ]
    best = np.asarray(min(runs, key=lambda run: float(run.fun)).x)
    error = model.fit(best)[1] * scale**2
    target, judge = (0.0 if x <= 1.0 - _LOGS else float(np.exp(x)) * error for x in best)
    return target, judge, error


class _Crossed:
    """Ratings y of targets ``row`` by judges ``column``, reduced to their cross products."""

    def __init__(self, y: Floats, row: Any, column: Any, n: int, k: int) -> None:
        design = np.c_[row[:, None] == np.arange(n), column[:, None] == np.arange(k)]
        ones = np.c_[y, np.ones(len(y))]
        self._sizes = (n, k)
        self._gram = design.T.astype(np.float64) @ design
        self._sums, self._plain = design.T @ ones, ones.T @ ones
        self._free = len(y) - 1

    def fit(self, logs: Floats) -> tuple[float, float]:
        """Twice the negative likelihood and the error variance at the log variance ratios."""
        root = np.repeat(np.exp(logs / 2.0), self._sizes)
        inner = np.eye(len(root)) + root[:, None] * self._gram * root
        scaled = root[:, None] * self._sums
        left = self._plain - scaled.T @ np.linalg.solve(inner, scaled)
        rest = float(left[0, 0] - left[0, 1] ** 2 / left[1, 1])
        error = max(rest, np.finfo(np.float64).tiny) / self._free
        loss = self._free * np.log(error) + np.linalg.slogdet(inner)[1] + np.log(left[1, 1])
        return float(loss), error
