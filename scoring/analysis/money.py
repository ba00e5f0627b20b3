"""Three-point estimates, present values and the return on investment with its uncertainty.

Sources: Malcolm et al. 1959 and Vose 2008 (modified PERT); McKay, Beckman & Conover 1979
(stratified sampling). Money is in one currency at one price level; benefits are contribution
margin, not revenue.

``simulate`` draws every line of money from its modified PERT distribution. Each line has a random
stream of its own, named by the seed, the proposal's key and the line's key, so nothing depends on
which other proposals are there, on the order of rows or on the number of threads.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import (
    Bools,
    Floats,
    Ints,
    Keys,
    MaskedFloats,
    Singles,
    finite,
    indices,
    masked,
    same_length,
)
from scoring.analysis.cashflow import (
    discount,
    flow_factor,
    flow_profile,
    monthly_rate,
    npv,
    one_off_factor,
    payback_months,
    payback_period,
)
from scoring.analysis.pert import (
    STANDARD_LAMBDA,
    QuantileTable,
    pert_mean,
    pert_quantile,
    pert_sd,
    pert_sd_classic,
    three_points,
    weight_of_likely,
)
from scoring.analysis.streams import Streams, stream_keys

__all__ = [
    "MoneyLines",
    "MoneyResult",
    "costed",
    "discount",
    "draw_roi",
    "flow_factor",
    "flow_profile",
    "monthly_rate",
    "npv",
    "one_off_factor",
    "payback_months",
    "payback_period",
    "pert_mean",
    "pert_quantile",
    "pert_sd",
    "pert_sd_classic",
    "roi_draws",
    "simulate",
]

# Enough lines at a time to amortise the calls, few enough for the work to stay in cache.
_LINES_AT_A_TIME = 16

# The figures of ``MoneyResult`` that come from the draws, as ``_summary`` returns them.
_DRAWN = (
    "roi_mean",
    "roi_p10",
    "roi_p50",
    "roi_p90",
    "npv_p10",
    "npv_p50",
    "npv_p90",
    "p_loss",
    "cvar10",
)


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
class MoneyResult:
    """Results per proposal (n,), masked where the proposal is not costed.

    Not costed: no cost line, no benefit line, or a present value of cost that is 0. Money is in
    present value; ``cost_mean``, ``benefit_mean``, ``npv_mean`` and ``deterministic`` (the ROI of
    the mean cost and mean benefit) are exact, the rest comes from the draws. ``roi_mean`` is the
    mean over draws of (B - C) / C. ``p_loss`` is P(NPV < 0); ``cvar10`` the mean NPV of the worst
    tenth of the draws.
    """

    cost_mean: MaskedFloats
    benefit_mean: MaskedFloats
    deterministic: MaskedFloats
    roi_mean: MaskedFloats
    roi_p10: MaskedFloats
    roi_p50: MaskedFloats
    roi_p90: MaskedFloats
    npv_mean: MaskedFloats
    npv_p10: MaskedFloats
    npv_p50: MaskedFloats
    npv_p90: MaskedFloats
    p_loss: MaskedFloats
    cvar10: MaskedFloats


def costed(lines: MoneyLines) -> Bools:
    """Which proposals (n,) have a cost line, a benefit line and a present cost above 0."""
    return _Book(lines, STANDARD_LAMBDA).costed


def simulate(
    lines: MoneyLines,
    *,
    draws: int = 10_000,
    seed: int,
    lam: ArrayLike = STANDARD_LAMBDA,
    threads: int = 1,
) -> MoneyResult:
    """ROI and NPV of every proposal over ``draws`` simulated futures.

    ``lam`` is the PERT weight of the likely value, one number or one per line (k,): 4 is the
    classic, 2 suits weak evidence. The result is the same whatever ``threads``.
    Errors: by the argument's name.
    """
    if draws < 1:
        raise ValueError("draws: at least one expected")
    book = _Book(lines, lam)
    figures = np.zeros((len(_DRAWN), len(book.costed)))

    streams = book.streams(seed, 0, draws)

    def work(proposal: int) -> None:
        cost, benefit = book.present_values(proposal, streams)
        figures[:, proposal] = _summary(cost, benefit)

    _for_each(work, np.flatnonzero(book.costed), threads)
    cost, benefit, undefined = book.cost_mean, book.benefit_mean, ~book.costed
    roi = (benefit - cost) / np.where(undefined, 1.0, cost)
    drawn = {name: masked(row, undefined) for name, row in zip(_DRAWN, figures, strict=True)}
    return MoneyResult(
        cost_mean=masked(cost, undefined),
        benefit_mean=masked(benefit, undefined),
        deterministic=masked(roi, undefined),
        npv_mean=masked(benefit - cost, undefined),
        **drawn,
    )


def draw_roi(
    lines: MoneyLines,
    start: int,
    stop: int,
    *,
    seed: int,
    lam: ArrayLike = STANDARD_LAMBDA,
    threads: int = 1,
) -> Singles:
    """ROI of the draws ``start .. stop - 1``, (n, stop - start) float32.

    The very numbers that ``simulate`` summarises, whatever the block. Proposals that are not
    ``costed`` hold 0. For many blocks make the draws with ``roi_draws`` once.
    """
    return roi_draws(lines, seed=seed, lam=lam, threads=threads)(start, stop)


def roi_draws(
    lines: MoneyLines, *, seed: int, lam: ArrayLike = STANDARD_LAMBDA, threads: int = 1
) -> Callable[[int, int], Singles]:
    """A function (start, stop) -> ROI draws as ``draw_roi`` gives them, prepared once."""
    book = _Book(lines, lam)
    proposals = np.flatnonzero(book.costed)

    def draw(start: int, stop: int) -> Singles:
        streams = book.streams(seed, start, stop)
        result = np.zeros((len(book.costed), stop - start), dtype=np.float32)

        def work(proposal: int) -> None:
            cost, benefit = book.present_values(proposal, streams)
            np.divide(benefit - cost, cost, out=result[proposal])

        _for_each(work, proposals, threads)
        return result

    return draw


class _Book:
    """Checked lines, sorted by proposal and line key so that sums add up in a fixed order."""

    def __init__(self, lines: MoneyLines, lam: ArrayLike) -> None:
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

    def streams(self, seed: int, start: int, stop: int) -> Streams:
        """One stream per line, for the draws ``start .. stop - 1``."""
        return Streams(stream_keys(seed, self.key[self.home], self.line_key), start, stop)

    def present_values(self, proposal: int, streams: Streams) -> tuple[Singles, Singles]:
        """Cost and benefit of one proposal in the draws of ``streams``, float32 each."""
        totals = np.zeros((2, streams.draws), dtype=np.float32)
        end = int(self.first[proposal + 1])
        for begin in range(int(self.first[proposal]), end, _LINES_AT_A_TIME):
            lines = range(begin, min(begin + _LINES_AT_A_TIME, end))
            places = streams.strata(slice(lines.start, lines.stop))
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


def _summary(cost: Singles, benefit: Singles) -> Floats:
    """The drawn figures of one proposal, in the order of ``_DRAWN``."""
    gain = benefit - cost
    roi = gain / cost
    tenth = len(gain) * 0.1
    whole = int(tenth)
    ordered, (gain10, gain50, gain90) = _quantiles(gain)
    _, (roi10, roi50, roi90) = _quantiles(roi)
    # The draw at the edge of the worst tenth counts by the share of it that lies inside.
    worst = ordered[:whole].sum(dtype=np.float64) + (tenth - whole) * float(ordered[whole])
    loss = np.count_nonzero(gain < 0) / len(gain)
    roi_mean = roi.mean(dtype=np.float64)
    return np.array([roi_mean, roi10, roi50, roi90, gain10, gain50, gain90, loss, worst / tenth])


def _quantiles(values: Singles) -> tuple[Singles, list[float]]:
    """The sorted values and their P10, P50, P90, interpolated linearly at (N - 1) p."""
    # A full sort of float32 is faster here than a partition around six places.
    ordered: Singles = np.sort(values)
    last = len(values) - 1
    result = []
    for place in (last * 0.1, last * 0.5, last * 0.9):
        index = int(place)
        low, high = float(ordered[index]), float(ordered[min(index + 1, last)])
        result.append(low + (place - index) * (high - low))
    return ordered, result


def _for_each(work: Callable[[int], None], proposals: Ints, threads: int) -> None:
    """Run ``work`` for every proposal; each writes only its own place, so order is no matter."""
    if threads < 1:
        raise ValueError("threads: at least one expected")
    if threads == 1:
        for proposal in proposals:
            work(int(proposal))
        return

    def share(part: Ints) -> None:
        for proposal in part:
            work(int(proposal))

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(share, np.array_split(proposals, threads)))
