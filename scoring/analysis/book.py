"""Lines of money as they are entered, and what each proposal costs and brings in a drawn future.

Each line has a random stream of its own, named by the seed, the proposal's key and the line's key,
so nothing depends on which other proposals are there or on the order of rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import (
    Bools,
    Floats,
    Ints,
    Keys,
    Singles,
    finite,
    indices,
    same_length,
)
from scoring.analysis.pert import (
    STANDARD_LAMBDA,
    QuantileTable,
    pert_mean,
    three_points,
    weight_of_likely,
)
from scoring.analysis.streams import Streams, stream_keys
from scoring.analysis.themes import SharedDraws, Themes, checked_themes

# Enough lines at a time to amortise the calls, few enough for the work to stay in cache.
_LINES_AT_A_TIME = 16


@dataclass(frozen=True, slots=True)
class MoneyLines:
    """k lines of money of n proposals.

    ``low``, ``likely``, ``high`` (k,) in money per year (or once), ``factor`` (k,) their present
    value per unit, not negative (see ``flow_factor``), ``is_cost`` (k,), ``proposal`` (k,) index
    0..n-1, ``key`` (n,) uint64 unique per proposal, ``line_key`` (k,) uint64 unique within its
    proposal. A cost that is below zero over its whole range is a saving and counts as a benefit;
    a cost range that crosses zero is refused.
    """

    low: Floats
    likely: Floats
    high: Floats
    factor: Floats
    is_cost: Bools
    proposal: Ints
    key: Keys
    line_key: Keys


@dataclass(frozen=True, slots=True)
class Futures:
    """A range of draws: a stream per line, and what the proposals of a theme share, if anything."""

    streams: Streams
    shared: SharedDraws | None


class Book:
    """Checked lines, sorted by proposal and line key so that sums add up in a fixed order."""

    def __init__(
        self, lines: MoneyLines, lam: ArrayLike = STANDARD_LAMBDA, themes: Themes | None = None
    ) -> None:
        low, likely, high = three_points(lines.low, lines.likely, lines.high)
        factor = finite("factor", lines.factor, ndim=1)
        is_cost = np.asarray(lines.is_cost, dtype=np.bool_)
        line_key = np.asarray(lines.line_key, dtype=np.uint64)
        self.key = np.asarray(lines.key, dtype=np.uint64)
        n = len(self.key)
        home = indices("proposal", lines.proposal, size=n)
        same_length(low=low, factor=factor, is_cost=is_cost, proposal=home, line_key=line_key)
        if (factor < 0).any():
            raise ValueError("factor: must not be negative")
        if len(np.unique(self.key)) != n:
            raise ValueError("key: must be unique per proposal")
        low, likely, high, is_cost = _savings_are_benefits(low, likely, high, is_cost)
        order = np.lexsort((line_key, home))
        self.home, self.line_key = home[order], line_key[order]
        same = (np.diff(self.home) == 0) & (self.line_key[1:] == self.line_key[:-1])
        if same.any():
            raise ValueError("line_key: must be unique within a proposal")
        weight = weight_of_likely(lam, low.shape)[order]
        self.is_cost = is_cost[order]
        self.low = (low * factor)[order]
        self.high = (high * factor)[order]
        self.table = QuantileTable(low[order], likely[order], high[order], weight)
        means = pert_mean(low, likely, high, lam)[order] * factor[order]
        self.cost_mean = np.bincount(self.home, means * self.is_cost, n)
        self.benefit_mean = np.bincount(self.home, means * ~self.is_cost, n)
        has_cost = np.bincount(self.home[self.is_cost], minlength=n) > 0
        has_benefit = np.bincount(self.home[~self.is_cost], minlength=n) > 0
        self.costed: Bools = has_cost & has_benefit & (self.cost_mean > 0)
        self.first = np.searchsorted(self.home, np.arange(n + 1))
        self.themes = None if themes is None else checked_themes(themes, n)

    def futures(self, seed: int, start: int, stop: int) -> Futures:
        """The draws ``start .. stop - 1``: a stream per line, and what is shared in a theme."""
        streams = Streams(stream_keys(seed, self.key[self.home], self.line_key), start, stop)
        shared = None if self.themes is None else SharedDraws(self.themes, seed, start, stop)
        return Futures(streams, shared)

    def present_values(self, proposal: int, futures: Futures) -> tuple[Singles, Singles]:
        """Cost and benefit of one proposal in the draws of ``futures``, float32 each."""
        streams = futures.streams
        totals = np.zeros((2, streams.draws), dtype=np.float32)
        end = int(self.first[proposal + 1])
        for begin in range(int(self.first[proposal]), end, _LINES_AT_A_TIME):
            lines = range(begin, min(begin + _LINES_AT_A_TIME, end))
            places = streams.strata(slice(lines.start, lines.stop))
            if futures.shared is not None:
                places = futures.shared.bent(
                    places, self.is_cost[lines.start : lines.stop], proposal
                )
            for line, place in zip(lines, places, strict=True):
                amounts = self.table.amounts(line, self.low[line], self.high[line])
                totals[0 if self.is_cost[line] else 1] += amounts.take(place, mode="clip")
        return totals[0], totals[1]


def _savings_are_benefits(
    low: Floats, likely: Floats, high: Floats, is_cost: Bools
) -> tuple[Floats, Floats, Floats, Bools]:
    if (is_cost & (low < 0) & (high > 0)).any():
        raise ValueError("low: a cost must not range from below to above 0; enter the saving apart")
    saving = is_cost & (low < 0)
    return (
        np.where(saving, -high, low),
        np.where(saving, -likely, likely),
        np.where(saving, -low, high),
        is_cost & ~saving,
    )
