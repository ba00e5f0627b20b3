"""Three-point estimates, present values and the return on investment with its uncertainty.

Sources: Malcolm et al. 1959 and Vose 2008 (modified PERT); McKay, Beckman & Conover 1979
(stratified sampling). Money is in one currency at one price level; benefits are contribution
margin, not revenue.

``simulate`` draws every line of money (``book``) from its modified PERT distribution, each from a
random stream of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import Bools, Floats, Ints, MaskedFloats, Singles, finite, masked
from scoring.analysis.belief import Belief, BelievedDraws
from scoring.analysis.book import Book, MoneyLines
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
    pert_mean,
    pert_quantile,
    pert_sd,
    pert_sd_classic,
)
from scoring.analysis.themes import Themes

__all__ = [
    "Belief",
    "MoneyLines",
    "MoneyResult",
    "Themes",
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
# The same of the return as it is stated, before any belief.
_STATED = ("stated_mean", "stated_p10", "stated_p90")


@dataclass(frozen=True, slots=True)
class MoneyResult:
    """Results per proposal (n,), masked where the proposal is not costed.

    Not costed: no cost line, no benefit line, or a present value of cost that is 0. Money is in
    present value; ``cost_mean``, ``benefit_mean``, ``npv_mean`` and ``deterministic`` (the ROI of
    the mean cost and mean benefit) are exact, the rest comes from the draws. ``roi_mean`` is the
    mean over draws of (B - C) / C. ``p_loss`` is P(NPV < 0); ``cvar10`` the mean NPV of the worst
    tenth of the draws. Where a ``Belief`` was given, all that comes from the draws is believed, and
    ``stated_mean``, ``stated_p10`` and ``stated_p90`` are the ROI as it is stated; without one
    they are the same.
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
    stated_mean: MaskedFloats
    stated_p10: MaskedFloats
    stated_p90: MaskedFloats


def costed(lines: MoneyLines) -> Bools:
    """Which proposals (n,) have a cost line, a benefit line and a present cost above 0."""
    return Book(lines).costed


def simulate(
    lines: MoneyLines,
    *,
    draws: int = 10_000,
    seed: int,
    lam: ArrayLike = STANDARD_LAMBDA,
    themes: Themes | None = None,
    belief: Belief | None = None,
    threads: int = 1,
    out: Singles | None = None,
) -> MoneyResult:
    """ROI and NPV of every proposal over ``draws`` simulated futures.

    ``lam`` is the PERT weight of the likely value, one number or one per line (k,): 4 is the
    classic, 2 suits weak evidence. ``themes``, if given, lets proposals of one theme go well or
    badly together. ``belief``, if given, draws each return towards its class (``analysis.belief``);
    costs stay as they are. ``out`` (n, draws) float32, if given, takes the drawn ROI, as
    ``roi_draws`` gives it. The result is the same whatever ``threads``. Errors: by the argument's
    name.
    """
    if draws < 1:
        raise ValueError("draws: at least one expected")
    book = Book(lines, lam, themes)
    n = len(book.costed)
    if out is not None and not _holds_singles(out, (n, draws)):
        raise ValueError(f"out: float32 of shape ({n}, {draws}) expected")
    figures, stated = np.zeros((len(_DRAWN), n)), np.zeros((len(_STATED), n))
    futures = book.futures(seed, 0, draws)
    believed = _believed(belief, book, seed, 0, draws)

    def work(proposal: int) -> None:
        cost, benefit = book.present_values(proposal, futures)
        gain = benefit - cost
        roi = gain / cost
        mean = roi.mean(dtype=np.float64)
        if believed is not None:
            _, (low, _, high) = _quantiles(roi)
            stated[:, proposal] = mean, low, high
            roi = believed.draws(proposal, roi, mean)
            mean, gain = believed.mean(proposal, mean), roi * cost
        figures[:, proposal] = _summary(gain, roi, mean)
        if out is not None:
            out[proposal] = roi

    if out is not None:
        out[~book.costed] = 0.0
    _for_each(work, np.flatnonzero(book.costed), threads)
    if believed is None:
        stated = figures[[_DRAWN.index(name) for name in ("roi_mean", "roi_p10", "roi_p90")]]
    return _result(book, figures, stated)


def _result(book: Book, figures: Floats, stated: Floats) -> MoneyResult:
    """The drawn rows by name (``_DRAWN`` and ``_STATED``), beside what needs no draw."""
    cost, benefit, undefined = book.cost_mean, book.benefit_mean, ~book.costed
    roi = (benefit - cost) / np.where(undefined, 1.0, cost)
    rows = zip((*_DRAWN, *_STATED), (*figures, *stated), strict=True)
    drawn = {name: masked(row, undefined) for name, row in rows}
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
    themes: Themes | None = None,
    threads: int = 1,
) -> Singles:
    """Stated ROI of the draws ``start .. stop - 1``, (n, stop - start) float32.

    The very numbers that ``simulate`` summarises, whatever the block. Proposals that are not
    ``costed`` hold 0. For many blocks make the draws with ``roi_draws`` once.
    """
    return roi_draws(lines, seed=seed, lam=lam, themes=themes, threads=threads)(start, stop)


def roi_draws(
    lines: MoneyLines,
    *,
    seed: int,
    lam: ArrayLike = STANDARD_LAMBDA,
    themes: Themes | None = None,
    belief: Belief | None = None,
    stated_mean: ArrayLike | None = None,
    threads: int = 1,
) -> Callable[[int, int], Singles]:
    """A function (start, stop) -> ROI draws as ``simulate`` makes them, prepared once.

    With a ``belief`` goes the ``stated_mean`` (n,) over all draws, which no block knows by itself.
    """
    book = Book(lines, lam, themes)
    n = len(book.costed)
    means = _means_of(belief, stated_mean, n)
    proposals = np.flatnonzero(book.costed)

    def draw(start: int, stop: int) -> Singles:
        futures = book.futures(seed, start, stop)
        believed = _believed(belief, book, seed, start, stop)
        result = np.zeros((n, stop - start), dtype=np.float32)

        def work(proposal: int) -> None:
            cost, benefit = book.present_values(proposal, futures)
            roi = np.divide(benefit - cost, cost, out=result[proposal])
            if believed is not None:
                result[proposal] = believed.draws(proposal, roi, float(means[proposal]))

        _for_each(work, proposals, threads)
        return result

    return draw


def _believed(
    belief: Belief | None, book: Book, seed: int, start: int, stop: int
) -> BelievedDraws | None:
    return None if belief is None else BelievedDraws(belief, book.key, seed, start, stop)


def _means_of(belief: Belief | None, stated_mean: ArrayLike | None, n: int) -> Floats:
    if belief is None:
        return np.zeros(n)
    if stated_mean is None:
        raise ValueError("stated_mean: needed beside a belief")
    means = finite("stated_mean", np.ma.filled(stated_mean, 0.0), ndim=1)
    if len(means) != n:
        raise ValueError(f"stated_mean: {n} entries expected, got {len(means)}")
    return means


def _holds_singles(out: object, shape: tuple[int, int]) -> bool:
    return isinstance(out, np.ndarray) and out.shape == shape and out.dtype == np.float32


def _summary(gain: Singles, roi: Singles, roi_mean: float) -> Floats:
    """The drawn figures of one proposal, in the order of ``_DRAWN``."""
    tenth = len(gain) * 0.1
    whole = int(tenth)
    ordered, (gain10, gain50, gain90) = _quantiles(gain)
    _, (roi10, roi50, roi90) = _quantiles(roi)
    # The draw at the edge of the worst tenth counts by the share of it that lies inside.
    worst = ordered[:whole].sum(dtype=np.float64) + (tenth - whole) * float(ordered[whole])
    loss = np.count_nonzero(gain < 0) / len(gain)
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
