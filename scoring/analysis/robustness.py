"""How sure a rank is, counted over simulated futures.

Every draw is one possible future of all values; the best of a draw has rank 1. Ties within a draw
are broken by a fixed order of the proposals, so each draw gives every place to exactly one
proposal. Source of the measures: Lahdelma & Salminen 2001 (SMAA-2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.analysis.arrays import Floats, Ints, finite
from scoring.analysis.orders import Order, in_turn, order_of_draws, tie_places

# Values (n, draws), or a function that makes them when their turn comes.
Block: TypeAlias = NDArray[Any] | Callable[[], NDArray[Any]]

# The count of (proposal, place) pairs is kept whole: 20,000 proposals take 1.6 GB.
MOST_PROPOSALS = 20_000


@dataclass(frozen=True, slots=True)
class RankBands:
    """Ranks of n proposals over all draws; rank 1 is best.

    ``p10``, ``p50``, ``p90`` (n,) are the smallest ranks that at least 10 %, 50 %, 90 % of the
    draws do not exceed; ``best`` and ``worst`` the extremes; ``mean_rank`` the mean. ``counts``
    (n, n) holds in row r, column i how often proposal i took place r + 1.
    """

    draws: int
    p10: Ints
    p50: Ints
    p90: Ints
    best: Ints
    worst: Ints
    mean_rank: Floats
    counts: NDArray[np.uint32]

    def p_top(self, k: int) -> Floats:
        """Share of the draws in which each proposal is among the best ``k``, (n,)."""
        if not 1 <= k <= max(len(self.counts), 1):
            raise ValueError(f"k: must lie in 1..{max(len(self.counts), 1)}")
        share: Floats = self.counts[:k].sum(axis=0, dtype=np.int64) / self.draws
        return share

    def acceptability(self) -> Floats:
        """b[i, r]: share of the draws in which proposal i takes place r + 1, (n, n)."""
        share: Floats = self.counts.T / self.draws
        return share


def rank_bands(blocks: Iterable[Block], *, tie_order: ArrayLike, threads: int = 1) -> RankBands:
    """Rank every draw and count.

    ``blocks`` of values (n, b), higher is better, finite; any number of draws per block, few
    blocks in memory at a time. A block may be a function that makes it: then the threads make it.
    ``tie_order`` (n,) gives each proposal its place (0..n-1, all different) among equals, 0 first.
    The result depends neither on how draws are cut into blocks nor on ``threads``.
    Errors: ``blocks``, ``tie_order``.
    """
    places = tie_places(tie_order)
    n = len(places)
    if n > MOST_PROPOSALS:
        raise ValueError(f"tie_order: at most {MOST_PROPOSALS} proposals can be ranked by draws")
    counts = np.zeros((n, n), dtype=np.uint32)
    draws = 0
    for order in _orders(blocks, places, threads):
        for rank, proposals in enumerate(order):
            counts[rank] += np.bincount(proposals, minlength=n).astype(np.uint32)
        draws += order.shape[1]
    if draws == 0:
        raise ValueError("blocks: at least one draw expected")
    p10, p50, p90, best, worst = _rank_quantiles(counts, draws)
    total = np.zeros(n, dtype=np.int64)
    for rank, row in enumerate(counts, start=1):
        total += rank * row.astype(np.int64)
    return RankBands(draws, p10, p50, p90, best, worst, total / draws, counts)


def p_funded(
    blocks: Iterable[Block],
    cost: ArrayLike,
    budget: float,
    *,
    tie_order: ArrayLike,
    threads: int = 1,
) -> Floats:
    """Share of the draws in which each proposal is funded, (n,).

    In each draw the list is walked from the best value down; a proposal that still fits the
    budget is taken, one that does not is skipped. ``cost`` (n,) >= 0 in the unit of ``budget``.
    """
    places = tie_places(tie_order)
    price = finite("cost", cost, ndim=1)
    if len(price) != len(places):
        raise ValueError(f"cost: {len(places)} entries expected, got {len(price)}")
    if (price < 0).any():
        raise ValueError("cost: must not be negative")
    if not budget >= 0:
        raise ValueError("budget: must not be negative")
    taken = np.zeros(len(places), dtype=np.int64)
    draws = 0
    for order in _orders(blocks, places, threads):
        left = np.full(order.shape[1], float(budget))
        for proposals in order:
            asked = price[proposals]
            fits = asked <= left
            left -= np.where(fits, asked, 0.0)
            taken += np.bincount(proposals[fits], minlength=len(places))
        draws += order.shape[1]
    if draws == 0:
        raise ValueError("blocks: at least one draw expected")
    share: Floats = taken / draws
    return share


def _orders(blocks: Iterable[Block], places: Ints, threads: int) -> Iterator[Order]:
    """For each block (n, b) the proposals from best to worst in each draw, (n, b)."""

    def work(maker: Block) -> Order:
        block = maker() if callable(maker) else maker
        if block.shape != (len(places), *block.shape[1:2]):
            raise ValueError(f"blocks: arrays of shape ({len(places)}, draws) expected")
        if not np.isfinite(block).all():
            raise ValueError("blocks: values must be finite")
        return order_of_draws(block, places)

    return in_turn(work, blocks, threads)


def _rank_quantiles(counts: NDArray[np.uint32], draws: int) -> Ints:
    """P10, P50, P90, best and worst rank of every column of ``counts``."""
    levels = [-(-draws // 10), -(-draws // 2), -(-9 * draws // 10), 1, draws]
    result = np.zeros((len(levels), len(counts)), dtype=np.int64)
    reached = np.zeros(len(counts), dtype=np.int64)
    for row in counts:
        reached += row
        result += reached[None, :] < np.array(levels)[:, None]
    return result + 1
