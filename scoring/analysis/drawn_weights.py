"""Draws of the weights: what the panel might have said instead.

Source: Tervonen & Lahdelma 2007 (uniform and ordered weights); Dirichlet around the panel's mean.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from scoring.analysis.arrays import (
    LARGEST,
    Keys,
    Singles,
    extended,
    finite,
    number,
    stream_names,
    weights_sum_to_one,
)
from scoring.analysis.streams import STRATA, Streams, midpoints, stream_keys

# (start, stop) -> weights of those draws, (stop - start, m).
WeightDraws: TypeAlias = Callable[[int, int], Singles]

# The least that a panel's weights are concentrated: fewer members than this say little.
LEAST_CONCENTRATION = 10.0

_WEIGHT_STREAM = np.uint64(0x77656967687473)


def uniform_weights(keys: Keys, seed: int) -> WeightDraws:
    """Weights of m criteria about which nothing is known: uniform on the simplex, (draws, m)."""
    if len(stream_names("keys", keys)) == 0:
        raise ValueError("keys: at least one criterion expected")
    table = -np.log1p(-midpoints())
    return _normalised(np.tile(table.astype(np.float32), (len(keys), 1)), keys, seed)


def ordinal_weights(ranks: ArrayLike, keys: Keys, seed: int) -> WeightDraws:
    """Uniform among all weights that fall with ``ranks`` (m,), smaller = more important.

    Criteria of equal rank stay in no order among themselves.
    """
    given = finite("ranks", ranks, ndim=1)
    if len(given) != len(stream_names("keys", keys)):
        raise ValueError(f"ranks: {len(keys)} entries expected, got {len(given)}")
    plain = uniform_weights(keys, seed)
    _, group = np.unique(given, return_inverse=True)

    def draw(start: int, stop: int) -> Singles:
        shares = plain(start, stop)
        falling = -np.sort(-shares, axis=1)
        result = np.empty_like(shares)
        first = 0
        for place in range(int(group.max(initial=-1)) + 1):
            members = np.flatnonzero(group == place)
            block = falling[:, first : first + len(members)]
            # Within a group the draw itself decides who gets which of the group's weights.
            inner = np.argsort(np.argsort(-shares[:, members], axis=1, kind="stable"), axis=1)
            result[:, members] = np.take_along_axis(block, inner, axis=1)
            first += len(members)
        return result

    return draw


def concentration(members: ArrayLike) -> float:
    """Dirichlet concentration c = mean (1 - mean) / variance - 1 of members' weights (k, m).

    The median over criteria with a weight and a spread, at least 10; a single member gives 10,
    members who agree fully give infinity.
    """
    table = finite("members", members, ndim=2)
    if len(table) == 0:
        raise ValueError("members: at least one row of weights expected")
    weights_sum_to_one("members", table)
    if len(table) == 1:
        return LEAST_CONCENTRATION
    # Sums run in one order, so the order of the members does not reach the last bit.
    table = np.sort(table, axis=0)
    mean, variance = table.mean(axis=0), table.var(axis=0, ddof=1)
    open_ended = (mean > 0) & (mean < 1) & (variance > np.finfo(np.float64).eps)
    if not open_ended.any():
        return float("inf")
    matched = mean[open_ended] * (1 - mean[open_ended]) / variance[open_ended] - 1.0
    return max(float(np.median(matched)), LEAST_CONCENTRATION)


def strength_of(spread: float) -> float:
    """Concentration at which a weight of 1/4 has the standard deviation ``spread``, as a share.

    A Dirichlet weight of mean 1/4 has the variance 1/4 x 3/4 / (strength + 1). 0 is firm: infinity.
    """
    width = number("spread", spread)
    if not 0.0 <= width < 0.1875**0.5:
        raise ValueError("spread: must lie between 0 and 0.43")
    return float("inf") if width == 0 else 0.1875 / width**2 - 1.0


def spread_of(strength: float) -> float:
    """Standard deviation of a weight of 1/4, as a share, at that concentration: undoes strength_of.

    Infinity is firm: 0.
    """
    if not extended("strength", strength) >= 0:
        raise ValueError("strength: must not be below 0")
    return float((0.1875 / (strength + 1.0)) ** 0.5)


def panel_weights(mean: ArrayLike, strength: float, keys: Keys, seed: int) -> WeightDraws:
    """Dirichlet(strength x mean) draws around the panel's mean weights (m,).

    A weight of 0 stays 0; an infinite ``strength`` gives the mean itself.
    """
    centre = finite("mean", mean, ndim=1)
    weights_sum_to_one("mean", centre)
    if len(centre) != len(stream_names("keys", keys)):
        raise ValueError(f"mean: {len(keys)} entries expected, got {len(centre)}")
    if not extended("strength", strength) > 0:
        raise ValueError("strength: must be above 0")
    if strength > LARGEST:
        table = np.repeat(centre[:, None], STRATA, axis=1)
    else:
        shape = np.where(centre > 0, centre * strength, 1.0)[:, None]
        table = special.gammaincinv(shape, midpoints()[None, :]) * (centre > 0)[:, None]
    return _normalised(table.astype(np.float32), keys, seed)


def _normalised(table: Singles, keys: Keys, seed: int) -> WeightDraws:
    streams = stream_keys(seed, np.asarray(keys, dtype=np.uint64), np.array([_WEIGHT_STREAM]))

    def draw(start: int, stop: int) -> Singles:
        places = Streams(streams, start, stop).strata(slice(None))
        raw = np.stack([row.take(place) for row, place in zip(table, places, strict=True)], axis=1)
        # Gamma draws of a tiny shape may all round to 0: then the largest means share the draw.
        total = raw.sum(axis=1, keepdims=True)
        fallback = table.mean(axis=1) / table.mean(axis=1).sum()
        shares: Singles = np.where(total > 0, raw / np.where(total > 0, total, 1.0), fallback)
        return shares

    return draw
