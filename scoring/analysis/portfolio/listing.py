"""Every best choice, found by listing what the prices of the relaxation leave open.

For any prices y >= 0 of the rows, the value of a choice is a constant minus what it pays:
|v_j - y a_j| for each proposal that is not where its own price puts it, and y_i for each unit of
row i left over. So a choice close to the bound departs from the prices in few and cheap places
only, and all such choices can be listed. Where the gap stays open for branch and bound, the list
often closes it, and equally good choices come out side by side. Sources: Dantzig 1957 (order by
price); Balas & Zemel 1980 (the few that are open).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.analysis.arrays import ROUNDING, Bools, Floats, Ints
from scoring.analysis.portfolio.model import Model, Relaxation

# Partly decided choices that are carried along at a time: so many stay in cache.
_AT_A_TIME = 15_000
# With more equally good choices than this nothing is gained by listing them.
_MOST_EQUALS = 4_096
# Distances from the bound that are tried: a share of that to the choice at hand, then wider.
_FIRST_SHARE = 1 / 64
_WIDER = 1.5
# So many bits of a word tell what has been turned.
_BITS = 63


@dataclass(frozen=True, slots=True)
class Listed:
    """The best ``choices`` (k, n), all worth the same; no other is worth more than ``bound``."""

    choices: Bools
    bound: float


def list_best(model: Model, relaxed: Relaxation, known: Bools, end: float, most: int) -> Listed:
    """The best choices, where ``known`` (n,) keeps the rules; none where it would take too long.

    The least worth asked for falls from the bound towards that of ``known`` until some are found.
    Too long: past ``end``, or more than ``most`` partly decided choices.
    """
    walk = _Walk(model, relaxed, end, most)
    worth = float(model.value[known].sum())
    found, bound, share = np.empty((0, len(model)), dtype=np.bool_), walk.bound, _FIRST_SHARE
    # Where prices say nothing, as among many equals, every subset would have to be looked at.
    while len(found) == 0 and walk.undecided < np.log2(most):
        least = max(walk.bound - share * (walk.bound - worth), worth)
        try:
            found = walk.at_least(least)
        except TimeoutError:
            break
        bound = least
        share *= _WIDER
    return Listed(found, bound)


class _Walk:
    """Through the proposals, from the clearest to the most open, turning each or not."""

    def __init__(self, model: Model, relaxed: Relaxation, end: float, most: int) -> None:
        self._model, self._end, self._left = model, end, most
        rows, limits = model.rows.toarray(), model.limits + model.slack
        margin = model.value - relaxed.prices @ rows
        self._start: Bools = (margin > 0) | (model.lower > 0)
        # What is mandatory cannot be turned.
        self._loss = np.where(model.lower > 0, np.inf, np.abs(margin))
        self.bound = float(relaxed.prices @ limits + margin[self._start].sum())
        self.undecided = int((self._loss <= ROUNDING * model.unit).sum())
        turned = np.where(self._start, -1.0, 1.0) * rows
        used = rows[:, self._start].sum(axis=1)
        # A row that nobody can break and that has no price needs no watching.
        most_used = used + np.maximum(turned[:, model.lower == 0], 0.0).sum(axis=1)
        watched = (relaxed.prices > 0) | (most_used > limits)
        self._price, self._limits = relaxed.prices[watched], limits[watched]
        self._used, self._turned = used[watched], turned[watched]

    def at_least(self, least: float) -> Bools:
        """The best choices (k, n) that keep the rules, if worth ``least``. TimeoutError."""
        order = np.argsort(-self._loss, kind="stable")
        order = order[self._loss[order] <= self._room(least)]
        turned = self._turned[:, order]
        # How far the rest of the walk can bring each row down or up.
        falls, rises = (_still(part) for part in (np.minimum(turned, 0), np.maximum(turned, 0)))
        found = np.empty((0, len(self._start)), dtype=np.bool_)
        # Rows of a table: what has been paid, then how much of each row is used.
        table = np.r_[0.0, self._used][:, None]
        marks = np.zeros((len(order) // _BITS + 1, 1), dtype=np.uint64)
        waiting = [(0, table, marks)]
        while waiting:
            at, table, marks = waiting.pop()
            while at < len(order) and table.shape[1]:
                if table.shape[1] > _AT_A_TIME:
                    half = table.shape[1] // 2
                    waiting.append((at, table[:, half:], marks[:, half:]))
                    table, marks = table[:, :half], marks[:, :half]
                self._count(table.shape[1])
                room, loss = self._room(least), self._loss[order[at]]
                turn = table[0] + loss <= room
                more = table[:, turn] + np.r_[loss, turned[:, at]][:, None]
                noted = marks[:, turn]
                noted[at // _BITS] |= np.uint64(1 << at % _BITS)
                table = np.concatenate([table, more], axis=1)
                marks = np.concatenate([marks, noted], axis=1)
                at += 1
                keep = self._promising(table, falls[:, at, None], rises[:, at, None], room)
                table, marks = table[:, keep], marks[:, keep]
            if marks.shape[1]:
                found = self._best(np.concatenate([found, self._choices(marks, order)]), least)
                least = max(least, float((found @ self._model.value).max(initial=-np.inf)))
        return found

    def _room(self, least: float) -> float:
        """What a choice worth ``least`` may pay."""
        return self.bound - least + ROUNDING * max(abs(self.bound), self._model.unit)

    def _count(self, number: int) -> None:
        self._left -= number
        if self._left < 0 or time.monotonic() >= self._end:
            raise TimeoutError

    def _promising(self, table: Floats, falls: Floats, rises: Floats, room: float) -> Bools:
        """Which partly decided choices may still keep every row and pay for what is left over."""
        used, limits = table[1:], self._limits[:, None]
        spare = np.maximum(limits - rises - used, 0.0)
        fits: Bools = (used <= limits - falls).all(axis=0)
        fits &= table[0] + self._price @ spare <= room
        return fits

    def _choices(self, marks: NDArray[np.uint64], order: Ints) -> Bools:
        """Read the marks (words, k) as choices (k, n)."""
        choices = np.tile(self._start, (marks.shape[1], 1))
        for at, item in enumerate(order):
            choices[:, item] ^= (marks[at // _BITS] >> np.uint64(at % _BITS) & np.uint64(1)) == 1
        return choices

    def _best(self, choices: Bools, least: float) -> Bools:
        """Of the choices those that keep the rules and are worth most, but at least ``least``."""
        allowed = choices[self._model.fitting(choices)]
        worth = allowed @ self._model.value
        top = max(float(worth.max(initial=-np.inf)), least)
        best: Bools = allowed[worth >= top - ROUNDING * abs(top)]
        if len(best) > _MOST_EQUALS:
            raise TimeoutError
        return best


def _still(change: Floats) -> Floats:
    """Sums (rows, n + 1) of ``change`` (rows, n) from each column to the end."""
    sums: Floats = np.cumsum(change[:, ::-1], axis=1)[:, ::-1]
    return np.concatenate([sums, np.zeros((len(change), 1))], axis=1)
