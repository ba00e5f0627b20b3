"""Draws of the scores: what another panel, as good as this one, might have scored."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from scoring.analysis.arrays import Floats, Keys, Singles, finite, floats, number, stream_names
from scoring.analysis.streams import STRATA, Strata, Streams, normal_table, stream_keys
from scoring.analysis.value import FULL_SCALE

# (start, stop) -> values of those draws, (n, stop - start).
ComputedDraws: TypeAlias = Callable[[int, int], Singles]

_ROWS_AT_A_TIME = 16
_SCORE_STREAM = np.uint64(0x73636F726573)


def score_draws(
    mean: ArrayLike,
    error: ArrayLike,
    keys: Keys,
    seed: int,
    *,
    low: float = 0.0,
    high: float = FULL_SCALE,
) -> ComputedDraws:
    """Normal(mean, error) truncated to ``low .. high``, per proposal (n,); error 0 is certain.

    ``keys`` (n,) uint64, unique per proposal and criterion. NaN in ``mean`` draws 0.
    """
    centre, spread = floats("mean", mean, ndim=1), finite("error", error, ndim=1)
    if not len(centre) == len(spread) == len(stream_names("keys", keys)):
        raise ValueError(f"error: {len(centre)} entries and keys expected")
    if (spread < 0).any():
        raise ValueError("error: must not be negative")
    if not number("low", low) < number("high", high):
        raise ValueError("high: must be above low")
    streams = stream_keys(seed, np.asarray(keys, dtype=np.uint64), np.array([_SCORE_STREAM]))
    known = ~np.isnan(centre)
    drawn = known & (spread > 0)
    loose, certain = np.flatnonzero(drawn), np.flatnonzero(~drawn)
    constant = np.where(known, np.clip(centre, low, high), 0.0).astype(np.float32)
    normal = _Truncated(centre[loose], spread[loose], low, high)

    def draw(start: int, stop: int) -> Singles:
        result = np.empty((len(centre), stop - start), dtype=np.float32)
        result[certain] = constant[certain, None]
        places = Streams(streams[loose], start, stop)
        for first in range(0, len(loose), _ROWS_AT_A_TIME):
            rows = slice(first, first + _ROWS_AT_A_TIME)
            result[loose[rows]] = normal.values(rows, places.strata(rows))
        return result

    return draw


class _Truncated:
    """Quantiles of truncated normals, read off one fine table of the plain normal."""

    def __init__(self, centre: Floats, spread: Floats, low: float, high: float) -> None:
        self._table = normal_table()
        bottom = special.ndtr((low - centre) / spread) * len(self._table)
        top = special.ndtr((high - centre) / spread) * len(self._table)
        step = (top - bottom) / STRATA
        self._first: Singles = (bottom + step / 2.0).astype(np.float32)[:, None]
        self._step: Singles = step.astype(np.float32)[:, None]
        self._centre: Singles = centre.astype(np.float32)[:, None]
        self._spread: Singles = spread.astype(np.float32)[:, None]
        self._low, self._high = np.float32(low), np.float32(high)

    def values(self, rows: slice, places: Strata) -> Singles:
        """Values at the strata ``places`` (rows, draws)."""
        index = (places * self._step[rows] + self._first[rows]).astype(np.int32)
        result: Singles = self._table.take(index, mode="clip")
        result *= self._spread[rows]
        result += self._centre[rows]
        np.clip(result, self._low, self._high, out=result)
        return result


def proposal_criterion_keys(proposal_keys: Keys, criterion_key: int) -> Keys:
    """A key per proposal for one criterion, so that its draws are independent of the others'."""
    if not 0 <= criterion_key < 2**64:
        raise ValueError("criterion_key: a whole number in 0..2**64-1 expected")
    return stream_keys(criterion_key, stream_names("proposal_keys", proposal_keys))
