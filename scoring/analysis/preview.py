"""Re-ranking at once, while somebody moves a weight.

For the screen only: single precision, so values closer than about 1e-4 may change places. What is
stored and exported comes from ``value.additive_value``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.analysis.arrays import Singles, finite, floats, weights_sum_to_one


class Preview:
    """Scores laid out for many rankings of the same n proposals and m criteria.

    ``values`` (n, m) on 0..100, NaN = missing.
    """

    def __init__(self, values: ArrayLike) -> None:
        table = floats("values", values, ndim=2)
        scored = ~np.isnan(table)
        self._columns = np.ascontiguousarray(np.where(scored, table, 0.0).T, dtype=np.float32)
        whole = bool(scored.all())
        self._scored = None if whole else np.ascontiguousarray(scored.T, dtype=np.float32)

    def values(self, weights: ArrayLike) -> Singles:
        """Additive values (n,) under ``weights`` (m,) summing to 1; 0 where nothing is scored."""
        given = finite("weights", weights, ndim=1)
        if len(given) != len(self._columns):
            raise ValueError(f"weights: {len(self._columns)} entries expected, got {len(given)}")
        weights_sum_to_one("weights", given)
        share = given.astype(np.float32)
        total: Singles = share @ self._columns
        if self._scored is None:
            return total
        covered = share @ self._scored
        covered[covered <= 0] = 1.0
        total /= covered
        return total

    def order(self, weights: ArrayLike) -> NDArray[np.signedinteger[Any]]:
        """Indices (n,) from best to worst; proposals that tie come in no particular order."""
        return np.argsort(-self.values(weights))
