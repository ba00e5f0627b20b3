"""The order of many draws at once, exactly, by sorting whole numbers.

Sorting pairs of a value and an index is slow; sorting plain integers is fast. So a float32 value
and the place among equals are packed into one integer. 32 bits hold the place and a rounded value;
the few neighbours that rounding made equal are then compared exactly. Where that would be many,
64 bits hold the place and all bits of the value.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.analysis.arrays import Ints, indices

Order: TypeAlias = NDArray[Any]
_Block = TypeVar("_Block")
_Result = TypeVar("_Result")

_WORD = 32
# With more proposals too few bits are left for the value.
_MOST_FOR_SHORT = 4096
_CELLS_AT_A_TIME = 65_536
# Proposal numbers below this fit 16 bits.
_SMALL_INDEX = 1 << 16
# A spread that float32 cannot divide by, or scale up, without overflow.
_WIDE = 1e30
# More wrong neighbours than this share cost more to mend than a sort of 64-bit words.
_MENDABLE = 0.02


def tie_places(tie_order: ArrayLike) -> Ints:
    """Check that every proposal has a place 0..n-1 of its own, (n,)."""
    given = np.asarray(tie_order)
    places = indices("tie_order", given, size=max(given.size, 1))
    if len(np.unique(places)) != len(places):
        raise ValueError("tie_order: every proposal needs a place of its own")
    return places


def order_of_draws(block: NDArray[Any], places: Ints) -> Order:
    """Proposals from best to worst in each draw (column) of ``block`` (n, b), equals by ``places``.

    float32 or float64, finite. The result is (n, b).
    """
    by_place = np.argsort(places)
    if block.dtype != np.float32:
        falling = -block[by_place].T.astype(np.float64)
        exact: Order = by_place[np.argsort(falling, axis=1, kind="stable").T]
        return exact
    plain = bool((by_place[1:] > by_place[:-1]).all())
    order = np.empty(block.shape, dtype=np.uint16 if len(places) <= _SMALL_INDEX else np.uint32)
    # A few draws at a time: everything between the values and their order stays in cache.
    step = max(_CELLS_AT_A_TIME // max(len(places), 1), 1)
    for first in range(0, block.shape[1], step):
        some = block[:, first : first + step]
        rows = np.ascontiguousarray((some if plain else some[by_place]).T)
        columns = _short_words(rows)
        if columns is None:
            columns = _long_words(rows)
        order[:, first : first + step] = columns.T if plain else by_place[columns].T
    return order


def _short_words(rows: NDArray[np.float32]) -> NDArray[Any] | None:
    """Falling order of each row (b, n) as column numbers; None where 32 bits tell too little."""
    n = rows.shape[1]
    if not 1 < n <= _MOST_FOR_SHORT:
        return None
    bits = (n - 1).bit_length()
    top = np.float32(2 ** min(_WORD - bits, 22) - 2)
    low, high = rows.min(axis=1, keepdims=True), rows.max(axis=1, keepdims=True)
    spread = high.astype(np.float64) - low
    if spread.max() >= _WIDE:
        return None
    scale = (top / np.where(spread > 1.0 / _WIDE, spread, 1.0)).astype(np.float32)
    # Every step keeps the order of the values or makes neighbours equal, never turns it round.
    level = high - rows
    level *= scale
    np.minimum(level, top, out=level)
    words = level.astype(np.uint32)
    words <<= np.uint32(bits)
    words |= np.arange(n, dtype=np.uint32)
    words.sort(axis=1)
    near = (words[:, 1:] ^ words[:, :-1]) < np.uint32(1 << bits)
    order = (words & np.uint32((1 << bits) - 1)).astype(np.uint16)
    return order if _mend(rows, order, near) else None


def _mend(rows: NDArray[np.float32], order: NDArray[Any], near: NDArray[np.bool_]) -> bool:
    """Swap neighbours of equal level that are in the wrong order, until none is left.

    Odd and even places take turns, so no two swaps touch the same proposal.
    """
    draw, place = np.nonzero(near)
    first = True
    while len(draw):
        swapped = 0
        for parity in (0, 1):
            turn = place % 2 == parity
            at, left = draw[turn], place[turn]
            one, two = order[at, left], order[at, left + 1]
            worth, other = rows[at, one], rows[at, two]
            wrong = (worth < other) | ((worth == other) & (one > two))
            order[at[wrong], left[wrong]] = two[wrong]
            order[at[wrong], left[wrong] + 1] = one[wrong]
            swapped += int(wrong.sum())
        if first and swapped > _MENDABLE * order.size:
            return False
        first = False
        if not swapped:
            break
    return True


def _long_words(rows: NDArray[np.float32]) -> NDArray[Any]:
    """Falling order of each row (b, n) as column numbers, by 64-bit words."""
    # Adding 0 makes one of the two zeros; a float's bits, the sign undone, order like the value.
    bits = (rows + np.float32(0.0)).view(np.int32)
    falling = ~(bits ^ ((bits >> 31) & np.int32(0x7FFFFFFF)))
    words = falling.astype(np.int64)
    words <<= _WORD
    words |= np.arange(rows.shape[1], dtype=np.int64)
    words.sort(axis=1)
    return words & np.int64(0xFFFFFFFF)


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
