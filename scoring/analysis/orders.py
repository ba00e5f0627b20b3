"""The order of many draws at once, exactly, by sorting whole numbers.

Sorting pairs of a value and an index is slow; sorting plain integers is fast. So a float32 value
and the place among equals are packed into one integer. 32 bits hold the place and a rounded value;
the few neighbours that rounding made equal are then compared exactly. Where that would be many,
64 bits hold the place and all bits of the value.

Inside, a few draws at a time are rows that stay in cache, and a proposal is known by its place in
the tie order, so nothing has to be gathered until the counts are done.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol, TypeAlias, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.analysis.arrays import Ints, indices

Order: TypeAlias = NDArray[Any]
_Block = TypeVar("_Block")
_Result = TypeVar("_Result")

_WORD = 32
# With more proposals too few bits are left for the value.
_MOST_FOR_SHORT = 4096
# So many that threads seldom have to wait for each other between two steps.
_CELLS_AT_A_TIME = 262_144
# Proposal numbers below this fit 16 bits.
_SMALL_INDEX = 1 << 16
# Adding 2^23 to a float32 from 0 to 2^23 leaves its whole part in the last 23 bits.
_WHOLE_BITS = 23
# Levels stay this far below their limit, more than rounding can lift them.
_MARGIN = 8
# A spread that float32 cannot divide by, or scale up, without overflow.
_WIDE = 1e30
# More wrong neighbours than this share cost more to mend than a sort of 64-bit words.
_MENDABLE = 0.02


def tie_places(tie_order: ArrayLike, name: str = "tie_order") -> Ints:
    """Check that every proposal has a place 0..n-1 of its own, (n,)."""
    given = np.asarray(tie_order)
    places = indices(name, given, size=max(given.size, 1))
    if len(np.unique(places)) != len(places):
        raise ValueError(f"{name}: every proposal needs a place of its own")
    return places


@runtime_checkable
class Tiled(Protocol):
    """Draws that can be made a few at a time."""

    draws: int

    def tiles(self) -> Iterator[NDArray[np.float32]]:
        """Values (some draws, n) one part after another; each holds until the next is asked for."""
        ...


def order_of_draws(block: NDArray[Any], places: Ints) -> Order:
    """Proposals from best to worst in each draw (column) of ``block`` (n, b), equals by ``places``.

    float32 or float64, finite. The result is (n, b).
    """
    by_place = np.argsort(places)
    order: Order = by_place[places_of_draws(block, places, by_place)]
    return order


def places_of_draws(block: NDArray[Any] | Tiled, places: Ints, by_place: Ints) -> Order:
    """The same order naming proposals by their places; ``by_place`` is the inverse of those.

    Errors: ``blocks``, where a value is not finite or the shape is not (n, draws).
    """
    n = len(places)
    if isinstance(block, Tiled):
        draws, parts = block.draws, block.tiles()
    else:
        if block.shape != (n, *block.shape[1:2]):
            raise ValueError(f"blocks: arrays of shape ({n}, draws) expected")
        if block.dtype != np.float32:
            _check_finite(block)
            falling = -block[by_place].astype(np.float64)
            return np.argsort(falling, axis=0, kind="stable")
        draws, parts = block.shape[1], _tiles(block)
    order = np.empty((n, draws), dtype=np.uint16 if n <= _SMALL_INDEX else np.uint32)
    room = np.empty((2, min(draws, draws_at_a_time(n)), n), dtype=np.uint32)
    first = 0
    for rows in parts:
        found = order[:, first : first + len(rows)].T
        if not _short_words(rows, places, by_place, found, room[:, : len(rows)]):
            _check_finite(rows)
            _long_words(rows, places, found)
        first += len(rows)
    return order


def draws_at_a_time(n: int) -> int:
    """So many draws of n proposals that everything between values and order stays in cache."""
    return max(_CELLS_AT_A_TIME // max(n, 1), 1)


def _tiles(block: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    step = draws_at_a_time(len(block))
    for first in range(0, block.shape[1], step):
        yield np.ascontiguousarray(block[:, first : first + step].T)


def _check_finite(values: NDArray[Any]) -> None:
    if not np.isfinite(values).all():
        raise ValueError("blocks: values must be finite")


def _short_words(
    rows: NDArray[np.float32], places: Ints, by_place: Ints, order: Order, room: NDArray[np.uint32]
) -> bool:
    """Falling order of each row (b, n) as places; False where 32 bits tell too little.

    ``room`` (2, b, n) is overwritten: fresh memory costs more than all the arithmetic.
    """
    n = rows.shape[1]
    if not 1 < n <= _MOST_FOR_SHORT or rows.size == 0:
        return False
    bits = (n - 1).bit_length()
    top = 2 ** min(_WORD - bits, _WHOLE_BITS) - _MARGIN
    low, high = float(rows.min()), float(rows.max())
    # Not finite, too, is not below.
    if not high - low < _WIDE:
        return False
    scale = top / (high - low) if high - low > 1.0 / _WIDE else 1.0
    words, other = room
    level = words.view(np.float32)
    # Every step keeps the order of the values or makes neighbours equal, never turns it round.
    np.subtract(np.float32(high), rows, out=level)
    level *= np.float32(scale)
    level += np.float32(1 << _WHOLE_BITS)
    words <<= np.uint32(bits)
    words |= places.astype(np.uint32)
    words.sort(axis=1)
    np.bitwise_xor(words.ravel()[1:], words.ravel()[:-1], out=other.ravel()[1:])
    other[:, 0] = np.uint32(1 << bits)
    draw, place = np.divmod(np.flatnonzero(other < np.uint32(1 << bits)), n)
    words &= np.uint32((1 << bits) - 1)
    order[...] = words
    return _mend(rows, by_place, order, draw, place - 1)


def _mend(rows: NDArray[np.float32], by_place: Ints, order: Order, draw: Ints, left: Ints) -> bool:
    """Swap neighbours of equal level that are in the wrong order, until none is left.

    ``draw``, ``left``: cells of ``order`` (b, n) whose right neighbour is of equal level. Odd and
    even places take turns, so no two swaps touch the same proposal.
    """
    chained = ((np.diff(left) == 1) & (np.diff(draw) == 0)).any()
    if not chained:
        return _swap(rows, by_place, order, draw, left) <= _MENDABLE * order.size
    turns = [(draw[left % 2 == parity], left[left % 2 == parity]) for parity in (0, 1)]
    swapped = sum(_swap(rows, by_place, order, *turn) for turn in turns)
    if swapped > _MENDABLE * order.size:
        return False
    while swapped:
        swapped = sum(_swap(rows, by_place, order, *turn) for turn in turns)
    return True


def _swap(rows: NDArray[np.float32], by_place: Ints, order: Order, draw: Ints, left: Ints) -> int:
    """Swap those of the neighbours that are in the wrong order, and say how many were."""
    one, two = order[draw, left], order[draw, left + 1]
    worth, other = rows[draw, by_place[one]], rows[draw, by_place[two]]
    wrong = np.flatnonzero((worth < other) | ((worth == other) & (one > two)))
    at, here = draw[wrong], left[wrong]
    order[at, here], order[at, here + 1] = two[wrong], one[wrong]
    return len(wrong)


def _long_words(rows: NDArray[np.float32], places: Ints, order: Order) -> None:
    """Falling order of each row (b, n) as places, by 64-bit words."""
    # Adding 0 makes one of the two zeros; a float's bits, the sign undone, order like the value.
    bits = (rows + np.float32(0.0)).view(np.int32)
    falling = ~(bits ^ ((bits >> 31) & np.int32(0x7FFFFFFF)))
    words = falling.astype(np.int64)
    words <<= _WORD
    words |= places
    words.sort(axis=1)
    order[...] = words & np.int64(0xFFFFFFFF)


def in_turn(
    work: Callable[[_Block], _Result], blocks: Iterable[_Block], threads: int
) -> Iterator[_Result]:
    """Results of ``work`` in the order of ``blocks``, at most ``threads`` blocks ahead."""
    if threads < 1:
        raise ValueError("threads: at least one expected")
    if threads == 1:
        yield from map(work, blocks)
        return
    waiting: deque[Future[_Result]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for block in blocks:
            waiting.append(pool.submit(work, block))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
