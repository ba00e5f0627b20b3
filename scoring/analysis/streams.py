"""Random numbers that belong to a key, not to a place in a queue.

A stream is named by a uint64 key. Its draw number d is a pure function of (key, d): whoever asks,
in whatever block, order, thread or company of other streams, gets the same number. Draws are
stratified: within each 4,096 consecutive draws every one of 4,096 equally likely strata comes up
exactly once, in an order shuffled by the key (Latin hypercube sampling, McKay, Beckman & Conover
1979). Two different keys give independent orders.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

from scoring.analysis.arrays import Floats, Keys, Singles

Strata: TypeAlias = NDArray[np.uint16]

BITS = 12
STRATA = 1 << BITS
_SHIFTS = tuple(np.uint16(shift) for shift in (5, 6, 7, 6))
_ROUNDS = len(_SHIFTS)
_MASK = np.uint16(STRATA - 1)


def mix(value: Keys) -> Keys:
    """Scramble 64-bit words so that close inputs give unrelated outputs (splitmix64 finaliser)."""
    z = value + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    result: Keys = z ^ (z >> np.uint64(31))
    return result


def stream_keys(seed: int, *parts: Keys) -> Keys:
    """Fold a seed and any number of uint64 key arrays (broadcast together) into stream keys."""
    if not 0 <= seed < 2**64:
        raise ValueError("seed: a whole number in 0..2**64-1 expected")
    key = mix(np.array([seed], dtype=np.uint64))
    for part in parts:
        key = mix(key ^ mix(np.asarray(part, dtype=np.uint64)))
    return key


class Streams:
    """The shuffles of k streams (one per key), prepared for the draws ``start .. stop - 1``."""

    def __init__(self, keys: Keys, start: int, stop: int) -> None:
        if not 0 <= start <= stop:
            raise ValueError("start: 0 <= start <= stop expected")
        self._start, self._stop = start, stop
        self.draws = stop - start
        self._blocks = range(start // STRATA, -(-stop // STRATA))
        numbers = np.array(self._blocks, dtype=np.uint64)[:, None]
        word = mix(np.asarray(keys, dtype=np.uint64) ^ mix(numbers))
        parts = []
        for turn in range(_ROUNDS):
            word = mix(word) if turn % 2 == 0 else word >> np.uint64(32)
            parts.append([word.astype(np.uint16) | np.uint16(1), (word >> np.uint64(16))])
        # Axes: block, round, factor or offset, stream.
        self._words = np.moveaxis(np.array(parts, dtype=np.uint64), 2, 0).astype(np.uint16)

    def strata(self, streams: slice) -> Strata:
        """Stratum numbers 0..4095 of a slice of the streams, (streams, stop - start)."""
        words = self._words[:, :, :, streams, None]
        result = np.empty((words.shape[3], self._stop - self._start), dtype=np.uint16)
        for block, word in zip(self._blocks, words, strict=True):
            origin = block * STRATA
            low = max(self._start, origin)
            high = min(self._stop, origin + STRATA)
            place = np.arange(low - origin, high - origin, dtype=np.uint16)
            _shuffle(place, word, result[:, low - self._start : high - self._start])
        return result


def strata(keys: Keys, start: int, stop: int) -> Strata:
    """Stratum numbers 0..4095 of the draws ``start .. stop - 1`` of each stream, (k, draws)."""
    return Streams(keys, start, stop).strata(slice(None))


def _shuffle(place: Strata, words: Strata, out: Strata) -> None:
    """Write into ``out`` (k, draws) the image of ``place`` under each key's bijection of 0..4095.

    Each round adds, multiplies by an odd number and folds high bits into low ones; all three can
    be undone modulo 4,096, so no stratum is lost or doubled. Only the low 12 bits count, so the
    arithmetic may overflow 16 bits freely. ``words`` is (rounds, 2, k, 1).
    """
    spare = np.empty_like(out)
    source = place[None, :]
    for shift, (factor, offset) in zip(_SHIFTS, words, strict=True):
        np.add(source, offset, out=out)
        np.multiply(out, factor, out=out)
        np.bitwise_and(out, _MASK, out=out)
        np.right_shift(out, shift, out=spare)
        np.bitwise_xor(out, spare, out=out)
        source = out


def midpoints() -> Floats:
    """The probabilities at the middle of the 4,096 strata."""
    return (np.arange(STRATA) + 0.5) / STRATA


@lru_cache(maxsize=1)
def normal_strata() -> Singles:
    """Standard normal quantiles at the middle of every stratum."""
    table: Singles = special.ndtri(midpoints()).astype(np.float32)
    table.flags.writeable = False
    return table


@lru_cache(maxsize=1)
def normal_table() -> Singles:
    """Standard normal quantiles at the middle of 65,536 equally likely parts."""
    fine = 16 * STRATA
    table: Singles = special.ndtri((np.arange(fine) + 0.5) / fine).astype(np.float32)
    table.flags.writeable = False
    return table
