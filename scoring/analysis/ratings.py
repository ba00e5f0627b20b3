"""Ratings as a two-way layout of items and raters, in an order that the ratings themselves give.

Who has which number does not count: items and raters are put in an order by what was rated how, as
seen from further and further away (colour refinement; Weisfeiler & Leman 1968). So sums add up in
the same order, and systems are solved in the same order, however the input is sorted or numbered,
and the results agree to the last bit. Those that no distance tells apart have equal solutions and
are given equal bits.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from scoring.analysis.arrays import Bools, Floats, Ints, Keys, finite, indices, same_length
from scoring.analysis.streams import mix

_Kind = TypeVar("_Kind", np.float64, np.bool_)

_ITEM, _RATER = np.uint64(1), np.uint64(2)


class Layout:
    """k ratings of n items by r raters (``item``, ``rater`` index, ``score``; all (k,)).

    Inside, items, raters and ratings have places in the canonical order; ``of_items`` and
    ``of_raters`` lead back. ``flag`` (k,) marks ratings that are not like the others.
    """

    def __init__(
        self,
        item: ArrayLike,
        rater: ArrayLike,
        score: ArrayLike,
        items: int,
        raters: int,
        *,
        flag: Bools | None = None,
    ) -> None:
        if items < 0:
            raise ValueError("items: must not be negative")
        if raters < 0:
            raise ValueError("raters: must not be negative")
        given = finite("score", score, ndim=1)
        first = indices("item", item, size=items, length=len(given))
        second = indices("rater", rater, size=raters, length=len(given))
        marked = np.zeros(len(given), dtype=np.bool_) if flag is None else flag
        same_length(score=given, home=marked)
        self._item_colour, self._rater_colour = _colours(
            first, second, given, marked, items, raters
        )
        self._item_place, self._rater_place = (
            _places(colour) for colour in (self._item_colour, self._rater_colour)
        )
        place, seat = self._item_place[first], self._rater_place[second]
        self.given = np.lexsort((marked, given, seat, place))
        self.score, self.item = given[self.given], place[self.given]
        self.rater = seat[self.given]
        self.items, self.raters = items, raters
        self.per_item = np.bincount(self.item, minlength=items)
        self.per_rater = np.bincount(self.rater, minlength=raters)
        cells = coo_array(
            (np.ones(len(self.score)), (self.item, self.rater)), shape=(items, raters)
        ).tocsr()
        share = coo_array(
            (1.0 / self.per_item[self.item], (self.item, self.rater)), shape=(items, raters)
        ).tocsr()
        shared = np.asarray((cells.T @ share).todense())
        self.laplacian: Floats = np.diag(self.per_rater.astype(np.float64)) - shared
        self._group()

    def _group(self) -> None:
        """Find which items and raters are linked by ratings, and how many ratings are to spare."""
        items, whole = self.items, self.items + self.raters
        link = coo_array(
            (np.ones(len(self.score)), (self.item, items + self.rater)), shape=(whole, whole)
        )
        _, label = connected_components(link, directed=False)
        rated = np.unique(label[:items][self.per_item > 0])
        self.groups = len(rated)
        self._group_of_item = label[:items]
        self._group_of_rater = np.where(self.per_rater > 0, label[items:], -1)
        used = int((self.per_item > 0).sum() + (self.per_rater > 0).sum())
        self.spare = len(self.score) - used + self.groups

    def of_items(self, values: NDArray[_Kind]) -> NDArray[_Kind]:
        """Values by canonical place as values (n,) in the numbers given, equals made equal."""
        return _led_back(values, self._item_place, self._item_colour)

    def of_raters(self, values: NDArray[_Kind]) -> NDArray[_Kind]:
        """The same for raters, (r,)."""
        return _led_back(values, self._rater_place, self._rater_colour)

    def groups_of_items(self) -> Ints:
        """Numbers (n,) of the groups of items linked by raters, by their first item; -1 unrated."""
        label = np.where(self.per_item > 0, self._group_of_item, -1)[self._item_place]
        names, first, group = np.unique(label, return_index=True, return_inverse=True)
        number = np.empty(len(names), dtype=np.int64)
        rated = np.flatnonzero(names >= 0)
        number[names < 0] = -1
        number[rated[np.argsort(first[rated])]] = np.arange(len(rated))
        return number[group]

    def item_means(self, values: Floats) -> Floats:
        """Mean per item (n,) of ``values`` (k,) in canonical order; 0 without any."""
        total = np.bincount(self.item, weights=values, minlength=self.items)
        mean: Floats = total / np.maximum(self.per_item, 1)
        return mean

    def effects(self, shrinkage: float, values: Floats | None = None) -> Floats:
        """Rater effects (r,), summing to 0 within each connected group."""
        if np.isinf(shrinkage) or self.raters == 0:
            return np.zeros(self.raters)
        y = self.score if values is None else values
        centred = y - self.item_means(y)[self.item]
        target = np.bincount(self.rater, weights=centred, minlength=self.raters)
        system = self.laplacian + shrinkage * np.eye(self.raters)
        # The free constant of each group, and raters without a rating, are set to 0.
        same = self._group_of_rater[:, None] == self._group_of_rater[None, :]
        system += np.where(same & (self.per_rater > 0)[:, None], 1.0, 0.0)
        system[np.diag_indices(self.raters)] += self.per_rater == 0
        return _solved(system, target.astype(np.float64))

    def residuals(self, values: Floats) -> Floats:
        """What plain least squares leaves of ``values`` (k,)."""
        effect = self.effects(0.0, values)
        rest = values - effect[self.rater]
        left: Floats = rest - self.item_means(rest)[self.item]
        return left

    def sigma(self, effect: Floats) -> float | None:
        """Residual standard deviation of plain least squares, None without ratings to spare."""
        if self.spare <= 0:
            return None
        rest = self.score - effect[self.rater]
        left = rest - self.item_means(rest)[self.item]
        return float(np.sqrt((left * left).sum() / self.spare))


def _colours(
    item: Ints, rater: Ints, score: Floats, marked: Bools, items: int, raters: int
) -> tuple[Keys, Keys]:
    """A colour for every item and rater: equal where no distance tells them apart."""
    # Adding 0 makes one of the two zeros.
    bits = mix((score + 0.0).view(np.uint64) ^ mix(marked.astype(np.uint64)))
    one = np.full(items, _ITEM), np.full(raters, _RATER)
    colours, known = one, 0
    while True:
        first, second = colours
        seen_item, seen_rater = np.zeros(items, np.uint64), np.zeros(raters, np.uint64)
        # Sums of scrambled words, modulo 2^64, know no order.
        np.add.at(seen_item, item, mix(bits ^ mix(second[rater])))
        np.add.at(seen_rater, rater, mix(bits ^ mix(first[item])))
        colours = mix(first ^ mix(seen_item)), mix(second ^ mix(seen_rater))
        found = len(np.unique(colours[0])) + len(np.unique(colours[1]))
        if found == known:
            return colours
        known = found


def in_canonical_order(table: Floats) -> Floats:
    """The rows (items) and columns (raters) of ``table``, NaN = not rated, in the order above."""
    item, rater = np.nonzero(~np.isnan(table))
    colours = _colours(
        item, rater, table[item, rater], np.zeros(len(item), dtype=np.bool_), *table.shape
    )
    rows, columns = (np.argsort(colour, kind="stable") for colour in colours)
    return np.ascontiguousarray(table[rows][:, columns])


def _places(colour: Keys) -> Ints:
    """The place of each in the order of the colours."""
    place = np.empty(len(colour), dtype=np.int64)
    place[np.argsort(colour, kind="stable")] = np.arange(len(colour))
    return place


def _led_back(values: NDArray[_Kind], place: Ints, colour: Keys) -> NDArray[_Kind]:
    _, first, same = np.unique(np.sort(colour), return_index=True, return_inverse=True)
    return values[first[same]][place]


def _solved(system: Floats, target: Floats) -> Floats:
    """Solve a symmetric positive definite system by elimination, step by step.

    Not by LAPACK, whose last bits depend on the machine and on the number of threads.
    """
    left, right = system.copy(), target.copy()
    for k in range(len(right) - 1):
        factor = left[k + 1 :, k] / left[k, k]
        left[k + 1 :, k:] -= factor[:, None] * left[k, k:]
        right[k + 1 :] -= factor * right[k]
    solution = np.zeros(len(right))
    for k in range(len(right) - 1, -1, -1):
        rest = (left[k, k + 1 :] * solution[k + 1 :]).sum()
        solution[k] = (right[k] - rest) / left[k, k]
    return solution
