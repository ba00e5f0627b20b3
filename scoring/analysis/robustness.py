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

from scoring.analysis.arrays import ROUNDING, Floats, Ints, finite
from scoring.analysis.orders import Order, Tiled, in_turn, places_of_draws, tie_places

# Values (n, draws), or a function that makes them when their turn comes.
Block: TypeAlias = NDArray[Any] | Callable[[], NDArray[Any]] | Tiled

# The count of (proposal, place) pairs is kept whole: 20,000 proposals take 1.6 GB.
MOST_PROPOSALS = 20_000

_RANKS_AT_A_TIME = 64


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
        _tally(order, counts)
        draws += order.shape[1]
    if draws == 0:
        raise ValueError("blocks: at least one draw expected")
    if (places[1:] < places[:-1]).any():
        for row in counts:
            row[:] = row[places]
    (p10, p50, p90, best, worst), mean_rank = _rank_figures(counts, draws)
    return RankBands(draws, p10, p50, p90, best, worst, mean_rank, counts)


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
    price_of_place = price[np.argsort(places)]
    for order in _orders(blocks, places, threads):
        taken += _funded(order, price_of_place, float(budget))
        draws += order.shape[1]
    if draws == 0:
        raise ValueError("blocks: at least one draw expected")
    share: Floats = taken[places] / draws
    return share


def _tally(order: Order, counts: NDArray[np.uint32]) -> None:
    """Add to ``counts`` (rank, place) who took which rank in the draws ``order`` (n, b)."""
    for row, found in zip(counts, order, strict=True):
        np.add(row, np.bincount(found, minlength=len(row)), out=row, casting="unsafe")


def _funded(order: Order, price: Floats, budget: float) -> Ints:
    """In how many of the draws ``order`` (n, b) each place is funded, (n,)."""
    taken = np.zeros(len(price), dtype=np.int64)
    left = np.full(order.shape[1], budget + ROUNDING * budget)
    cheapest = price.min(initial=np.inf)
    for proposals in order:
        asked = price[proposals]
        fits = asked <= left
        left -= np.where(fits, asked, 0.0)
        taken += np.bincount(proposals[fits], minlength=len(price))
        if left.max() < cheapest:
            break
    return taken


def _orders(blocks: Iterable[Block], places: Ints, threads: int) -> Iterator[Order]:
    """For each block (n, b) the places of the proposals from best to worst in each draw, (n, b)."""
    by_place = np.argsort(places)

    def work(maker: Block) -> Order:
        if isinstance(maker, Tiled | np.ndarray):
            return places_of_draws(maker, places, by_place)
        return places_of_draws(maker(), places, by_place)

    return in_turn(work, blocks, threads)


def _rank_figures(counts: NDArray[np.uint32], draws: int) -> tuple[Ints, Floats]:
    """P10, P50, P90, best and worst rank, (5, n), and mean rank, (n,), of the columns."""
    n = len(counts)
    levels = np.array([-(-draws // 10), -(-draws // 2), -(-9 * draws // 10), 1, draws])
    ranks, total = np.zeros((len(levels), n), dtype=np.int64), np.zeros(n)
    reached = np.zeros(n, dtype=np.int64)
    for first in range(0, n, _RANKS_AT_A_TIME):
        some = counts[first : first + _RANKS_AT_A_TIME]
        # Whole numbers below 2^53 add up exactly in float64, in whatever order.
        total += np.arange(first + 1.0, first + len(some) + 1.0) @ some.astype(np.float64)
        sums = reached + np.cumsum(some, axis=0, dtype=np.int64)
        ranks += [np.count_nonzero(sums < level, axis=0) for level in levels]
        reached = sums[-1]
    return ranks + 1, total / draws
