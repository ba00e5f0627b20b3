"""How far a panel agrees: Krippendorff's alpha, intraclass correlations, Kendall's W.

Ratings are (units, raters), NaN where a rater did not judge or abstained; a conflict of interest
is missing, never 0. Agreement is measured on everything that was rated: on finalists alone the
restricted range makes it collapse. Sources: Krippendorff 2004, 2011; Shrout & Fleiss 1979;
Kendall & Babington Smith 1939.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from scoring.analysis.arrays import (
    Bools,
    Floats,
    Ints,
    MaskedFloats,
    finite,
    floats,
    masked,
    number,
)
from scoring.analysis.ratings import in_canonical_order
from scoring.analysis.variance import variance_components

Metric: TypeAlias = Literal["nominal", "ordinal", "interval", "ratio"]
METRICS: tuple[Metric, ...] = ("nominal", "ordinal", "interval", "ratio")

# Krippendorff's reading of alpha: conclusions are reliable, tentative, or to be discussed first.
RELIABLE = 0.80
TENTATIVE = 0.667

Missing: TypeAlias = Literal["refuse", "omit", "components"]

Shape: TypeAlias = Literal["too few", "agreed", "close", "one apart", "camps", "spread"]

_LEAST = 2
# Below eight items the chi-squared approximation of Kendall's W is poor.
_ENOUGH_FOR_CHI2 = 8


@dataclass(frozen=True, slots=True)
class Alpha:
    """``alpha`` and its 95 % bootstrap interval; None where undefined. ``units`` that counted."""

    alpha: float | None
    low: float | None
    high: float | None
    units: int


@dataclass(frozen=True, slots=True)
class IntraclassCorrelations:
    """Mean squares and the six forms of Shrout & Fleiss; None where undefined.

    ``icc1`` raters differ per target, ``icc2`` same raters, absolute scores, ``icc3`` same raters,
    order only; with ``k`` for the mean of all raters.
    """

    msr: float | None
    msc: float | None
    mse: float | None
    msw: float | None
    icc1: float | None
    icc2: float | None
    icc3: float | None
    icc1k: float | None
    icc2k: float | None
    icc3k: float | None


@dataclass(frozen=True, slots=True)
class Concordance:
    """Kendall's ``w`` (None where undefined) over ``items`` ranked by ``judges``.

    ``p_value`` from chi2 = m (n - 1) W with n - 1 degrees of freedom, given only for n > 7.
    """

    w: float | None
    chi2: float | None
    p_value: float | None
    mean_spearman: float | None
    items: int
    judges: int


def krippendorff_alpha(
    ratings: ArrayLike, *, metric: Metric = "ordinal", bootstrap: int = 0, seed: int = 0
) -> Alpha:
    """alpha = 1 - Do / De over the coincidences of values within units.

    Units with fewer than two ratings do not count. Undefined (None) without pairs or where all
    pairable ratings are equal. ``bootstrap`` > 0 resamples units that often for the interval.
    ``ratio`` needs ratings that are not negative. Errors: ``ratings``, ``metric``, ``bootstrap``.
    """
    table = floats("ratings", ratings, ndim=2)
    if metric not in METRICS:
        raise ValueError(f"metric: one of {', '.join(METRICS)} expected")
    if bootstrap < 0:
        raise ValueError("bootstrap: must not be negative")
    if metric == "ratio" and (table < 0).any():
        raise ValueError("ratings: must not be negative for the ratio metric")
    count = (~np.isnan(table)).sum(axis=1)
    units = int((count >= _LEAST).sum())
    if units == 0:
        return Alpha(None, None, None, 0)
    # Who gave a rating does not count, so ratings and units go in one order (missing last).
    pairable = np.sort(table[count >= _LEAST], axis=1)[:, : count.max()]
    pairable = pairable[np.lexsort(pairable.T[::-1])]
    values, pairs = _pairs(pairable)
    alpha = _alpha(values, pairs, np.ones(units), metric)
    if not bootstrap or alpha is None:
        return Alpha(alpha, None, None, units)
    picks = np.random.default_rng(seed).integers(0, units, (bootstrap, units))
    replicas = [
        _alpha(values, pairs, np.bincount(pick, minlength=units).astype(np.float64), metric)
        for pick in picks
    ]
    known = np.array([replica for replica in replicas if replica is not None])
    if len(known) == 0:
        return Alpha(alpha, None, None, units)
    low, high = np.percentile(known, [2.5, 97.5])
    return Alpha(alpha, float(low), float(high), units)


def _pairs(table: Floats) -> tuple[Floats, tuple[Ints, Ints, Floats]]:
    """Distinct values, and for each ordered pair within a unit: unit, cell, weight 1/(m - 1)."""
    known = ~np.isnan(table)
    values, code = np.unique(np.where(known, table, table[known][0]), return_inverse=True)
    code = code.reshape(table.shape)
    weight = 1.0 / (known.sum(axis=1) - 1)
    units, cells = [], []
    for one in range(table.shape[1]):
        for other in range(table.shape[1]):
            if one != other:
                both = np.flatnonzero(known[:, one] & known[:, other])
                units.append(both)
                cells.append(code[both, one] * len(values) + code[both, other])
    unit = np.concatenate(units)
    return values, (unit, np.concatenate(cells), weight[unit])


def _alpha(
    values: Floats, pairs: tuple[Ints, Ints, Floats], times: Floats, metric: Metric
) -> float | None:
    unit, cell, weight = pairs
    size = len(values)
    observed = np.bincount(cell, weights=weight * times[unit], minlength=size * size)
    observed = observed.reshape(size, size)
    margin = observed.sum(axis=1)
    total = margin.sum()
    distance = _distance(values, margin, metric)
    expected = margin @ distance @ margin / (total - 1.0)
    if expected <= 0.0:
        return None
    return float(1.0 - (observed * distance).sum() / expected)


def _distance(values: Floats, margin: Floats, metric: Metric) -> Floats:
    """Squared difference of every two values, (v, v)."""
    step: Floats = values[:, None] - values[None, :]
    if metric == "nominal":
        return np.where(step == 0.0, 0.0, 1.0)
    squared: Floats = step * step
    if metric == "interval":
        return squared
    if metric == "ratio":
        both = values[:, None] + values[None, :]
        ratio: Floats = squared / np.square(np.where(both > 0, both, 1.0))
        return ratio
    # Ordinal: the ratings that lie between two values, each end counted half.
    middle = np.cumsum(margin) - margin / 2.0
    distance: Floats = (middle[:, None] - middle[None, :]) ** 2
    return distance


def intraclass_correlations(
    ratings: ArrayLike, *, missing: Missing = "refuse"
) -> IntraclassCorrelations:
    """The six intraclass correlations of ratings (targets, judges).

    Fewer than two targets or judges, or no variance to divide by: None. A negative value is shown
    as it is. ``missing``: refuse NaN; leave out ("omit") targets that lack a rating; or estimate
    the variances of targets, judges and error from all ratings by restricted maximum likelihood
    ("components") and give the mean squares they stand for, which on complete ratings with no
    variance at 0 are the usual ones. Errors: ``ratings``, ``missing``.
    """
    table = floats("ratings", ratings, ndim=2)
    if missing not in get_args(Missing):
        raise ValueError(f"missing: one of {', '.join(get_args(Missing))} expected")
    if missing == "omit":
        table = table[~np.isnan(table).any(axis=1)]
    table = in_canonical_order(table)
    n, k = table.shape
    if missing == "components":
        known = ~np.isnan(table)
        n, k = int(known.any(axis=1).sum()), int(known.any(axis=0).sum())
        parts = variance_components(table)
        if parts is None:
            return IntraclassCorrelations(*[None] * 10)
        target, judge, mse = parts
        msr, msc, msw = k * target + mse, n * judge + mse, judge + mse
    else:
        squares = _mean_squares(finite("ratings", table))
        if squares is None:
            return IntraclassCorrelations(*[None] * 10)
        msr, msc, mse, msw = squares
    return IntraclassCorrelations(
        msr=msr,
        msc=msc,
        mse=mse,
        msw=msw,
        icc1=_ratio(msr - msw, msr + (k - 1) * msw),
        icc2=_ratio(msr - mse, msr + (k - 1) * mse + k * (msc - mse) / n),
        icc3=_ratio(msr - mse, msr + (k - 1) * mse),
        icc1k=_ratio(msr - msw, msr),
        icc2k=_ratio(msr - mse, msr + (msc - mse) / n),
        icc3k=_ratio(msr - mse, msr),
    )


def _mean_squares(table: Floats) -> tuple[float, float, float, float] | None:
    """Between targets, between judges, rest, within targets; None with fewer than two of either.

    What is left of equal ratings by rounding is 0.
    """
    n, k = table.shape
    if n < _LEAST or k < _LEAST:
        return None
    rows, columns, grand = table.mean(axis=1), table.mean(axis=0), table.mean()
    between = k * ((rows - grand) ** 2).sum()
    judges = n * ((columns - grand) ** 2).sum()
    within = ((table - rows[:, None]) ** 2).sum()
    rest = ((table - rows[:, None] - columns[None, :] + grand) ** 2).sum()
    noise = table.size * (8.0 * np.finfo(np.float64).eps * np.abs(table).max()) ** 2
    squares = [float(part) if part > noise else 0.0 for part in (between, judges, rest, within)]
    msr, msc, mse, msw = squares
    return msr / (n - 1), msc / (k - 1), mse / ((n - 1) * (k - 1)), msw / (n * (k - 1))


def kendall_w(scores: ArrayLike) -> Concordance:
    """W = 12 S / (m^2 (n^3 - n) - m sum T) over items (n) ranked by judges (m).

    ``scores`` (items, judges), ranks or scores in any one direction; equal scores get the mean
    rank and T = t^3 - t per tie. Items that a judge did not rate are left out. Undefined with
    fewer than two items or judges, or where every judge ties everything.
    """
    table = floats("scores", scores, ndim=2)
    complete = table[~np.isnan(table).any(axis=1)]
    n, m = complete.shape
    if n < _LEAST or m < _LEAST:
        return Concordance(None, None, None, None, n, m)
    ranks = stats.rankdata(complete, axis=0)
    sums = ranks.sum(axis=1)
    spread = float(((sums - sums.mean()) ** 2).sum())
    ties = 0.0
    for judge in complete.T:
        size = np.unique(judge, return_counts=True)[1].astype(np.float64)
        ties += float((size**3 - size).sum())
    w = _ratio(12.0 * spread, m * m * (n**3 - n) - m * ties)
    if w is None:
        return Concordance(None, None, None, None, n, m)
    chi2 = m * (n - 1) * w
    p_value = float(stats.chi2.sf(chi2, n - 1)) if n >= _ENOUGH_FOR_CHI2 else None
    return Concordance(w, chi2, p_value, (m * w - 1.0) / (m - 1.0), n, m)


def panel_mean(
    ratings: ArrayLike, *, worst_share: float = 0.0, low_is_best: bool = False
) -> MaskedFloats:
    """Mean rating per unit (n,), masked where nobody rated.

    ``worst_share`` > 0 breaks ties as real panels do: it adds that share of the worst rating (the
    highest when ``low_is_best``), so of two equal means the one with the worse worst rating loses.
    """
    share = number("worst_share", worst_share)
    # Who gave a rating does not count, so the ratings of a unit go in one order (missing last).
    table = np.sort(floats("ratings", ratings, ndim=2), axis=1)
    known: Bools = ~np.isnan(table)
    count = known.sum(axis=1)
    mean = np.where(known, table, 0.0).sum(axis=1) / np.maximum(count, 1)
    empty = -np.inf if low_is_best else np.inf
    ends = np.where(known, table, empty)
    worst = ends.max(axis=1, initial=-np.inf) if low_is_best else ends.min(axis=1, initial=np.inf)
    return masked(mean + share * np.where(count > 0, worst, 0.0), count == 0)


def _ratio(above: float, below: float) -> float | None:
    # A sum of squares of rounding errors is not a variance to divide by.
    return float(above / below) if below > np.finfo(np.float64).tiny else None


def shape_of(counts: ArrayLike) -> Shape:
    """How answers lie on a scale, from ``counts`` (levels,) of answers by level, worst level first.

    "agreed" is one level, "close" two neighbours. Otherwise the answers are cut where the most
    levels between them are empty: "one apart" where a single answer stands on one side, "camps"
    where each side is agreed or close, "spread" for all else. Errors: ``counts`` negative or not
    whole.
    """
    given = finite("counts", counts, ndim=1)
    if (given < 0).any() or (given != np.round(given)).any():
        raise ValueError("counts: must be whole numbers from 0")
    taken = np.flatnonzero(given)
    if given.sum() < _LEAST:
        return "too few"
    width = int(taken[-1] - taken[0])
    if width <= 1:
        return "close" if width else "agreed"
    steps = np.diff(taken)
    cut = int(np.argmax(steps)) + 1
    if steps[cut - 1] == 1:
        return "spread"
    sides = taken[:cut], taken[cut:]
    if min(given[side].sum() for side in sides) == 1:
        return "one apart"
    return "camps" if all(side[-1] - side[0] <= 1 for side in sides) else "spread"
