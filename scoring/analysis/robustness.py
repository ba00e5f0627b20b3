"""How sure a rank is, counted over simulated futures.

Every draw is one possible future of all values; the best of a draw has rank 1. Ties within a draw
are broken by a fixed order of the proposals, so each draw gives every place to exactly one
proposal. Source of the measures: Lahdelma & Salminen 2001 (SMAA-2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from scoring.analysis.arrays import ROUNDING, Floats, Ints, extended, finite
from scoring.analysis.orders import Order, Tiled, in_turn, places_of_draws, tie_places


@dataclass(frozen=True, slots=True)
class Ordered:
    """Draws that were sorted before, perhaps elsewhere: see ``ordered``.

    ``places`` (n, b) uint16 or wider: who stands where from best to worst in each of b draws, each
    proposal known by its place among equals.
    """

    places: Order


# Values (n, draws), or a function that makes them when their turn comes, or draws sorted before.
Block: TypeAlias = NDArray[Any] | Callable[[], NDArray[Any]] | Tiled | Ordered

# The count of (proposal, place) pairs is kept whole: 20,000 proposals take 1.6 GB.
MOST_PROPOSALS = 20_000

_CELLS_AT_A_TIME = 262_144
# Counted in bytes, so at most 255.
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
    ranks = _Ranks(places)
    _each(ranks.add, blocks, places, threads)
    return ranks.bands()


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
    funding = _Funding(places, cost, budget)
    _each(funding.add, blocks, places, threads)
    return funding.share()


def rank_and_fund(
    blocks: Iterable[Block],
    cost: ArrayLike,
    budget: float,
    *,
    tie_order: ArrayLike,
    threads: int = 1,
) -> tuple[RankBands, Floats]:
    """What ``rank_bands`` and ``p_funded`` say, from draws that are made and sorted once."""
    places = tie_places(tie_order)
    ranks, funding = _Ranks(places), _Funding(places, cost, budget)

    def both(order: Order) -> None:
        ranks.add(order)
        funding.add(order)

    _each(both, blocks, places, threads)
    return ranks.bands(), funding.share()


def ordered(block: NDArray[Any], *, tie_order: ArrayLike) -> Ordered:
    """Sort the draws of one block of values (n, b) once, to be counted elsewhere.

    Errors: ``block``, ``tie_order``.
    """
    places = tie_places(tie_order)
    if np.shape(block) != (len(places), *np.shape(block)[1:2]) or block.dtype.kind != "f":
        raise ValueError(f"block: numbers of shape ({len(places)}, draws) expected")
    if not np.isfinite(block).all():
        raise ValueError("block: values must be finite")
    return Ordered(places_of_draws(block, places, np.argsort(places)))


class _Ranks:
    """Counts who takes which rank; several threads may add."""

    def __init__(self, places: Ints) -> None:
        n = len(places)
        if n > MOST_PROPOSALS:
            raise ValueError(
                f"tie_order: at most {MOST_PROPOSALS} proposals can be ranked by draws"
            )
        self._places, self._lock, self._draws = places, Lock(), 0
        self._counts = np.zeros((n, n), dtype=np.uint32)

    def add(self, order: Order) -> None:
        _tally(order, self._counts, self._lock)
        with self._lock:
            self._draws += order.shape[1]

    def bands(self) -> RankBands:
        _check_draws(self._draws)
        if (self._places[1:] < self._places[:-1]).any():
            for row in self._counts:
                row[:] = row[self._places]
        (p10, p50, p90, best, worst), mean_rank = _rank_figures(self._counts, self._draws)
        return RankBands(self._draws, p10, p50, p90, best, worst, mean_rank, self._counts)


class _Funding:
    """Counts who is funded; several threads may add."""

    def __init__(self, places: Ints, cost: ArrayLike, budget: float) -> None:
        price = finite("cost", cost, ndim=1)
        if len(price) != len(places):
            raise ValueError(f"cost: {len(places)} entries expected, got {len(price)}")
        if (price < 0).any():
            raise ValueError("cost: must not be negative")
        limit = extended("budget", budget)
        if limit < 0:
            raise ValueError("budget: must not be negative")
        self._places, self._lock, self._draws = places, Lock(), 0
        self._price, self._budget = price[np.argsort(places)], limit
        self._taken = np.zeros(len(places), dtype=np.int64)

    def add(self, order: Order) -> None:
        taken = _funded(order, self._price, self._budget)
        with self._lock:
            self._taken += taken
            self._draws += order.shape[1]

    def share(self) -> Floats:
        _check_draws(self._draws)
        share: Floats = self._taken[self._places] / self._draws
        return share


def _check_draws(draws: int) -> None:
    if draws == 0:
        raise ValueError("blocks: at least one draw expected")


def _tally(order: Order, counts: NDArray[np.uint32], lock: Lock) -> None:
    """Add to ``counts`` (rank, place) who took which rank in the draws ``order`` (n, b).

    A sparse matrix with a 1 for every draw adds up on the way to a full one. Unlike ``bincount``
    it leaves the interpreter to the other threads meanwhile.
    """
    n, b = order.shape
    step = max(_CELLS_AT_A_TIME // max(n, b, 1), 1)
    ones, ends = np.ones(step * b, dtype=np.uint32), np.arange(step + 1, dtype=np.int32) * b
    for first in range(0, n, step):
        found = order[first : first + step].astype(np.int32)
        marks = (ones[: found.size], found.ravel(), ends[: len(found) + 1])
        some: Any = csr_array(marks, shape=(len(found), n)).toarray()
        with lock:
            counts[first : first + step] += some


def _funded(order: Order, price: Floats, budget: float) -> Ints:
    """In how many of the draws ``order`` (n, b) each place is funded, (n,)."""
    left = np.full(order.shape[1], budget + ROUNDING * budget)
    fits = np.zeros(order.shape, dtype=np.bool_)
    cheapest = price.min(initial=np.inf)
    for proposals, fitting in zip(order, fits, strict=True):
        asked = price.take(proposals)
        np.less_equal(asked, left, out=fitting)
        left -= np.where(fitting, asked, 0.0)
        if left.max(initial=-np.inf) < cheapest:
            break
    return np.bincount(order[fits], minlength=len(price))


def _each(
    work: Callable[[Order], None], blocks: Iterable[Block], places: Ints, threads: int
) -> None:
    """Give ``work`` each block's places from best to worst in each draw, (n, b)."""
    by_place = np.argsort(places)

    def one(maker: Block) -> None:
        if isinstance(maker, Ordered):
            work(maker.places)
            return
        made = maker if isinstance(maker, Tiled | np.ndarray) else maker()
        work(places_of_draws(made, places, by_place))

    for _ in in_turn(one, blocks, threads):
        pass


def _rank_figures(counts: NDArray[np.uint32], draws: int) -> tuple[Ints, Floats]:
    """P10, P50, P90, best and worst rank, (5, n), and mean rank, (n,), of the columns."""
    n = len(counts)
    levels = np.array([-(-draws // 10), -(-draws // 2), -(-9 * draws // 10), 1, draws])
    ranks, total = np.zeros((len(levels), n), dtype=np.int64), np.zeros(n)
    reached = np.zeros((1, n), dtype=np.uint32)
    for first in range(0, n, _RANKS_AT_A_TIME):
        some = counts[first : first + _RANKS_AT_A_TIME]
        # Whole numbers below 2^53 add up exactly in float64, in whatever order.
        total += np.arange(first + 1.0, first + len(some) + 1.0) @ some.astype(np.float64)
        sums = np.cumsum(np.concatenate([reached, some]), axis=0, dtype=np.uint32)[1:]
        short = [sums < level for level in levels.astype(np.uint32)]
        ranks += [below.view(np.uint8).sum(axis=0, dtype=np.uint8) for below in short]
        reached = sums[-1:]
    return ranks + 1, total / draws
