"""Draws of values: weights, scores and money all otherwise than the point estimates say.

Every draw comes from a stream named by the seed and stable keys, so blocks, order and company
change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.analysis.arrays import Singles, finite, floats, indices, weights_sum_to_one
from scoring.analysis.drawn_scores import ComputedDraws, proposal_criterion_keys, score_draws
from scoring.analysis.drawn_weights import (
    WeightDraws,
    concentration,
    ordinal_weights,
    panel_weights,
    strength_of,
    uniform_weights,
)
from scoring.analysis.orders import draws_at_a_time

__all__ = [
    "ComputedDraws",
    "WeightDraws",
    "block_makers",
    "concentration",
    "ordinal_weights",
    "panel_weights",
    "proposal_criterion_keys",
    "score_draws",
    "strength_of",
    "uniform_weights",
    "value_blocks",
]

_DRAWS_AT_A_TIME = 64
# Few enough that what is added up stays in cache.
_ROWS_AT_A_TIME = 64
_CELLS_AT_A_TIME = 10_000_000
_SMALLEST_BLOCK = 250
_LARGEST_BLOCK = 5_000


def value_blocks(
    values: ArrayLike,
    weights: ArrayLike | WeightDraws,
    *,
    draws: int = 10_000,
    block: int | None = None,
    computed: Mapping[int, ComputedDraws] | None = None,
) -> Iterator[Singles]:
    """The blocks of ``block_makers``, made one after another."""
    makers = block_makers(values, weights, draws=draws, block=block, computed=computed)
    return (make() for make in makers)


def block_makers(
    values: ArrayLike,
    weights: ArrayLike | WeightDraws,
    *,
    draws: int = 10_000,
    block: int | None = None,
    computed: Mapping[int, ComputedDraws] | None = None,
) -> list[Callable[[], Singles]]:
    """Makers of blocks (n, up to ``block``) of the additive value under drawn weights and scores.

    How the draws are cut into blocks changes no number, only the memory that is used.

    ``values`` (n, m) on 0..100, NaN = missing; ``weights`` (m,) or (n, m) summing to 1, or a
    maker of drawn weights (draws, m). ``computed`` replaces the column of a criterion by draws of
    its values on 0..100, for the proposals in which it is not missing (``score_draws``, or ROI
    draws through the value function). Rows without a score hold 0.
    """
    table = floats("values", values, ndim=2)
    n, m = table.shape
    if draws < 1:
        raise ValueError("draws: at least one expected")
    block = _block_of(n) if block is None else block
    if block < 1:
        raise ValueError("block: at least one draw expected")
    makers = dict(sorted((computed or {}).items()))
    indices("computed", np.array(list(makers), dtype=np.int64), size=m)
    scored = ~np.isnan(table)
    plain = np.where(scored, table, 0.0).astype(np.float32)
    shares = np.ones((n, m), np.float32) if callable(weights) else _fixed_shares(weights, scored)
    starts = range(0, draws, block)
    if callable(weights) and not makers and scored.all():
        return [_Weighed(plain, weights, at, min(at + block, draws)) for at in starts]
    settled = [j for j in range(m) if j not in makers]
    terms = plain[:, settled] * shares[:, settled]

    def one(start: int) -> Singles:
        stop = min(start + block, draws)
        if callable(weights):
            drawn = np.ascontiguousarray(weights(start, stop).T)
            total = np.ascontiguousarray(_weighted_sums(terms, drawn[settled].T).T)
            for j, maker in makers.items():
                _add_product(total, maker(start, stop), drawn[None, j], scored[:, j])
            _renormalise(total, scored, drawn)
        else:
            total = np.repeat(_row_sums(terms)[:, None], stop - start, axis=1)
            for j, maker in makers.items():
                _add_product(total, maker(start, stop), shares[:, j, None], scored[:, j])
        return total

    return [partial(one, start) for start in starts]


def _block_of(n: int) -> int:
    return int(np.clip(_CELLS_AT_A_TIME // max(n, 1), _SMALLEST_BLOCK, _LARGEST_BLOCK))


@dataclass(frozen=True, slots=True)
class _Weighed:
    """Complete scores (n, m) under drawn weights, made as a block or a few draws at a time."""

    scores: Singles
    weights: WeightDraws
    start: int
    stop: int

    @property
    def draws(self) -> int:
        return self.stop - self.start

    def __call__(self) -> Singles:
        return _weighted_sums(self.scores, self.weights(self.start, self.stop)).T

    def tiles(self) -> Iterator[Singles]:
        drawn, step = self.weights(self.start, self.stop), draws_at_a_time(len(self.scores))
        scratch = np.empty((min(step, self.draws), max(len(self.scores), 2)), dtype=np.float32)
        for first in range(0, self.draws, step):
            yield _weighted_sums(self.scores, drawn[first : first + step], scratch)


def _row_sums(terms: Singles) -> Singles:
    """Sum along the criteria, always in their order."""
    total = np.zeros(len(terms), dtype=np.float32)
    for column in terms.T:
        total += column
    return total


def _weighted_sums(terms: Singles, drawn: Singles, scratch: Singles | None = None) -> Singles:
    """Values (b, n) of ``terms`` (n, m) under the weights ``drawn`` (b, m), a draw per row.

    Not a matrix product: its last bits would depend on the shape of the block. A second proposal
    is made up for a lonely one, as einsum adds up in another order without a row to run along.
    """
    n = len(terms)
    wide = terms if n > 1 else np.concatenate([terms, np.zeros((2 - n, terms.shape[1]), "f4")])
    columns, rows = np.ascontiguousarray(wide.T), np.ascontiguousarray(drawn)
    total = (
        np.empty((len(rows), len(wide)), np.float32) if scratch is None else scratch[: len(rows)]
    )
    for first in range(0, len(rows), _DRAWS_AT_A_TIME):
        some = slice(first, first + _DRAWS_AT_A_TIME)
        np.einsum("bm,mn->bn", rows[some], columns, out=total[some])
    return total[:, :n]


def _add_product(total: Singles, part: Singles, weight: Singles, scored: NDArray[np.bool_]) -> None:
    """Add ``part`` (n, b) times ``weight`` (1, b) or (n, 1) to the ``scored`` rows of ``total``."""
    weights = np.broadcast_to(weight, total.shape)
    scratch = np.empty((_ROWS_AT_A_TIME, total.shape[1]), dtype=np.float32)
    for first in range(0, len(total), _ROWS_AT_A_TIME):
        rows = slice(first, first + _ROWS_AT_A_TIME)
        product = scratch[: len(part[rows])]
        np.multiply(part[rows], weights[rows], out=product)
        product[~scored[rows]] = 0.0
        total[rows] += product


def _renormalise(total: Singles, scored: NDArray[np.bool_], drawn: Singles) -> None:
    """Divide the rows with gaps by the sum of the drawn weights (m, b) of their scored criteria."""
    gaps = np.flatnonzero(~scored.all(axis=1))
    covered = np.zeros((len(gaps), drawn.shape[1]), dtype=np.float32)
    for j, weight in enumerate(drawn):
        covered += weight * scored[gaps, j, None]
    covered[covered <= 0] = 1.0
    total[gaps] /= covered


def _fixed_shares(weights: ArrayLike, scored: NDArray[np.bool_]) -> Singles:
    given = finite("weights", weights)
    if given.shape not in (scored.shape, scored.shape[1:]):
        raise ValueError(f"weights: shape {scored.shape[1:]} or {scored.shape} expected")
    if given.size:
        weights_sum_to_one("weights", given)
    used = np.where(scored, given, 0.0)
    covered = used.sum(axis=1, keepdims=True)
    shares: Singles = (used / np.where(covered > 0, covered, 1.0)).astype(np.float32)
    return shares
