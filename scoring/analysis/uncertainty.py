"""Draws of weights, scores and values: what may be otherwise than the point estimates say.

Every draw comes from a stream named by the seed and stable keys, so blocks, order and company
change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from scoring.analysis.arrays import (
    Floats,
    Keys,
    Singles,
    finite,
    floats,
    indices,
    weights_sum_to_one,
)
from scoring.analysis.orders import draws_at_a_time
from scoring.analysis.streams import STRATA, Strata, Streams, midpoints, normal_table, stream_keys
from scoring.analysis.value import FULL_SCALE

WeightDraws: TypeAlias = Callable[[int, int], Singles]
ComputedDraws: TypeAlias = Callable[[int, int], NDArray[np.float32]]

# The least that a panel's weights are concentrated: fewer members than this say little.
LEAST_CONCENTRATION = 10.0

_ROWS_AT_A_TIME = 16
_DRAWS_AT_A_TIME = 64
_CELLS_AT_A_TIME = 10_000_000
_SMALLEST_BLOCK = 250
_LARGEST_BLOCK = 5_000
_WEIGHT_STREAM = np.uint64(0x77656967687473)
_SCORE_STREAM = np.uint64(0x73636F726573)


def uniform_weights(keys: Keys, seed: int) -> WeightDraws:
    """Weights of m criteria about which nothing is known: uniform on the simplex, (draws, m)."""
    if len(keys) == 0:
        raise ValueError("keys: at least one criterion expected")
    table = -np.log1p(-midpoints())
    return _normalised(np.tile(table.astype(np.float32), (len(keys), 1)), keys, seed)


def ordinal_weights(ranks: ArrayLike, keys: Keys, seed: int) -> WeightDraws:
    """Uniform among all weights that fall with ``ranks`` (m,), smaller = more important.

    Criteria of equal rank stay in no order among themselves.
    """
    given = finite("ranks", ranks, ndim=1)
    if len(given) != len(keys):
        raise ValueError(f"ranks: {len(keys)} entries expected, got {len(given)}")
    plain = uniform_weights(keys, seed)
    _, group = np.unique(given, return_inverse=True)

    def draw(start: int, stop: int) -> Singles:
        shares = plain(start, stop)
        falling = -np.sort(-shares, axis=1)
        result = np.empty_like(shares)
        first = 0
        for number in range(int(group.max(initial=-1)) + 1):
            members = np.flatnonzero(group == number)
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
    mean, variance = table.mean(axis=0), table.var(axis=0, ddof=1)
    open_ended = (mean > 0) & (mean < 1) & (variance > np.finfo(np.float64).eps)
    if not open_ended.any():
        return float("inf")
    matched = mean[open_ended] * (1 - mean[open_ended]) / variance[open_ended] - 1.0
    return max(float(np.median(matched)), LEAST_CONCENTRATION)


def panel_weights(mean: ArrayLike, strength: float, keys: Keys, seed: int) -> WeightDraws:
    """Dirichlet(strength x mean) draws around the panel's mean weights (m,).

    A weight of 0 stays 0; an infinite ``strength`` gives the mean itself.
    """
    centre = finite("mean", mean, ndim=1)
    weights_sum_to_one("mean", centre)
    if len(centre) != len(keys):
        raise ValueError(f"mean: {len(keys)} entries expected, got {len(centre)}")
    if not strength > 0:
        raise ValueError("strength: must be above 0")
    if np.isinf(strength):
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
    if not len(centre) == len(spread) == len(keys):
        raise ValueError(f"error: {len(centre)} entries and keys expected")
    if (spread < 0).any():
        raise ValueError("error: must not be negative")
    if not low < high:
        raise ValueError("high: must be above low")
    streams = stream_keys(seed, np.asarray(keys, dtype=np.uint64), np.array([_SCORE_STREAM]))
    known = ~np.isnan(centre)
    loose = np.flatnonzero(known & (spread > 0))
    constant = np.where(known, np.clip(centre, low, high), 0.0).astype(np.float32)
    normal = _Truncated(centre[loose], spread[loose], low, high)

    def draw(start: int, stop: int) -> Singles:
        result = np.repeat(constant[:, None], stop - start, axis=1)
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
    if block is None:
        block = int(np.clip(_CELLS_AT_A_TIME // max(n, 1), _SMALLEST_BLOCK, _LARGEST_BLOCK))
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
    gaps = np.flatnonzero(~scored.all(axis=1))
    settled = [j for j in range(m) if j not in makers]
    terms = plain[:, settled] * shares[:, settled]

    def one(start: int) -> Singles:
        stop = min(start + block, draws)
        if callable(weights):
            drawn = np.ascontiguousarray(weights(start, stop).T)
            total = np.ascontiguousarray(_weighted_sums(terms, drawn[settled].T).T)
        else:
            drawn = None
            total = np.repeat(_row_sums(terms)[:, None], stop - start, axis=1)
        for j, maker in makers.items():
            part = maker(start, stop)
            if drawn is None:
                total += part * shares[:, j, None]
            else:
                total += np.where(scored[:, j, None], part, np.float32(0.0)) * drawn[j]
        if drawn is not None and len(gaps):
            total[gaps] /= _covered(scored[gaps], drawn)
        return total

    return [partial(one, start) for start in starts]


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


def _covered(scored: NDArray[np.bool_], drawn: Singles) -> Singles:
    """Sum of the drawn weights of the scored criteria, 1 where there are none; (rows, draws)."""
    covered = np.zeros((len(scored), drawn.shape[1]), dtype=np.float32)
    for j, weight in enumerate(drawn):
        covered += weight * scored[:, j, None]
    covered[covered <= 0] = 1.0
    return covered


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


def proposal_criterion_keys(proposal_keys: Keys, criterion_key: int) -> Keys:
    """A key per proposal for one criterion, so that its draws are independent of the others'."""
    return stream_keys(criterion_key, np.asarray(proposal_keys, dtype=np.uint64))
