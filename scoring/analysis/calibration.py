"""Forecast against outcome: bias, error, honest intervals, and what to learn from them.

Only funded and launched proposals have outcomes, so forecasts are compared after shrinkage and
everything learned is shrunk towards what was assumed. What has not launched yet is left out, not
counted as 0. Sources: Brier 1950; Murphy 1973; Winkler 1972; Koenker & Bassett 1978; Brown, Cai &
DasGupta 2001 (Jeffreys band).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from scoring.analysis.arrays import (
    ROUNDING,
    Floats,
    finite,
    in_one_order,
    indices,
    number,
    same_length,
)

# With fewer outcomes a correction is shown but not applied.
ENOUGH_OUTCOMES = 5
NOMINAL_COVERAGE = 0.80

# Class probabilities are often given rounded.
_SUM_TOLERANCE = 1e-6
_BIAS_PRIOR = 10.0
_RELIABILITY_PRIOR = 20.0
_FEWEST_RANKS = 4
_TWO_SIDED = 1.959963984540054  # 95 % of a normal


@dataclass(frozen=True, slots=True)
class ForecastErrors:
    """Errors of ``n`` forecasts; None where undefined.

    ``log_bias`` mean ln(actual / forecast), needs both above 0; ``signed`` mean (actual -
    forecast) / |forecast|; ``mape`` mean |actual - forecast| / |actual|, undefined at an actual of
    0; ``wape`` sum of |errors| over sum of |actuals|; ``median_ratio`` of actual / forecast.
    """

    n: int
    log_bias: float | None
    signed: float | None
    mape: float | None
    wape: float | None
    median_ratio: float | None


@dataclass(frozen=True, slots=True)
class Brier:
    """``score`` = ``reliability`` - ``resolution`` + ``uncertainty`` (Murphy), None without data.

    Exact when grouped by distinct probability.
    """

    score: float | None
    reliability: float | None
    resolution: float | None
    uncertainty: float | None


@dataclass(frozen=True, slots=True)
class HitRate:
    """Share of outcomes inside their interval with a 95 % Jeffreys band; None without data."""

    n: int
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Foretold:
    """Rank correlation of what was judged with what came, with a 95 % band; None if undefined."""

    n: int
    rho: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Correction:
    """A learned ``factor``, shrunk, from ``n`` outcomes, and whether there are enough to use it."""

    factor: float
    n: int
    applies: bool


def forecast_errors(forecast: ArrayLike, actual: ArrayLike) -> ForecastErrors:
    """All error measures of (n,) forecasts and actuals in one unit."""
    said, came = _pair("forecast", forecast, "actual", actual)
    if len(said) == 0:
        return ForecastErrors(0, None, None, None, None, None)
    error = came - said
    positive = bool((said > 0).all() and (came > 0).all())
    total = float(np.abs(came).sum())
    return ForecastErrors(
        n=len(said),
        log_bias=float(np.log(came / said).mean()) if positive else None,
        signed=float((error / np.abs(said)).mean()) if said.all() else None,
        mape=float((np.abs(error) / np.abs(came)).mean()) if came.all() else None,
        wape=float(np.abs(error).sum()) / total if total > 0 else None,
        median_ratio=float(np.median(came / said)) if said.all() else None,
    )


def brier(probability: ArrayLike, outcome: ArrayLike) -> Brier:
    """Mean (p - o)^2 of binary events with its decomposition; ``outcome`` 0 or 1.

    Brier's own score of 1950 over both classes is twice this: see ``brier_classes``.
    """
    p, o = _pair("probability", probability, "outcome", outcome)
    if (p < 0).any() or (p > 1).any():
        raise ValueError("probability: must lie in 0..1")
    if not np.isin(o, (0.0, 1.0)).all():
        raise ValueError("outcome: must be 0 or 1")
    if len(p) == 0:
        return Brier(None, None, None, None)
    _, group = np.unique(p, return_inverse=True)
    size = np.bincount(group)
    said = np.bincount(group, weights=p) / size
    came = np.bincount(group, weights=o) / size
    base = float(o.mean())
    return Brier(
        score=float(((p - o) ** 2).mean()),
        reliability=float((size * (said - came) ** 2).sum() / len(p)),
        resolution=float((size * (came - base) ** 2).sum() / len(p)),
        uncertainty=base * (1.0 - base),
    )


def brier_classes(probability: ArrayLike, outcome: ArrayLike) -> float | None:
    """Brier's original score: mean over cases of sum over classes (p - o)^2; None without cases.

    ``probability`` (n, k) with rows summing to 1, ``outcome`` (n,) class index.
    """
    p = finite("probability", probability, ndim=2)
    o = indices("outcome", outcome, size=p.shape[1], length=len(p))
    if (p < 0).any() or (np.abs(p.sum(axis=1) - 1.0) > _SUM_TOLERANCE).any():
        raise ValueError("probability: rows must be shares that sum to 1")
    if len(p) == 0:
        return None
    hit = np.eye(p.shape[1])[o]
    return float(((p - hit) ** 2).sum(axis=1).mean())


def pinball(forecast: ArrayLike, actual: ArrayLike, quantile: float) -> float | None:
    """Mean pinball loss q (y - f)+ + (1 - q) (f - y)+ of a quantile forecast; None if empty."""
    said, came = _pair("forecast", forecast, "actual", actual)
    level = number("quantile", quantile)
    if not 0.0 < level < 1.0:
        raise ValueError("quantile: must lie between 0 and 1")
    error = came - said
    if len(error) == 0:
        return None
    return float(np.maximum(level * error, (level - 1.0) * error).mean())


def interval_score(
    low: ArrayLike, high: ArrayLike, actual: ArrayLike, *, alpha: float = 0.2
) -> float | None:
    """Mean Winkler score (u - l) + (2/a)(l - y)+ + (2/a)(y - u)+; ``alpha`` 0.2 for P10..P90."""
    bottom, top, came, _, miss = _interval(low, high, actual, alpha)
    if len(came) == 0:
        return None
    outside = np.maximum(bottom - came, 0.0) + np.maximum(came - top, 0.0)
    return float((top - bottom + 2.0 / miss * outside).mean())


def hit_rate(low: ArrayLike, high: ArrayLike, actual: ArrayLike) -> HitRate:
    """Share of actuals within ``low .. high`` with the band Beta(h + 1/2, n - h + 1/2)."""
    bottom, top, came, _, _ = _interval(low, high, actual, 0.5)
    n = len(came)
    if n == 0:
        return HitRate(0, None, None, None)
    hits = int(((came >= bottom) & (came <= top)).sum())
    band = stats.beta(hits + 0.5, n - hits + 0.5)
    # By convention the band reaches the end when every or no outcome was inside.
    lower = 0.0 if hits == 0 else float(band.ppf(0.025))
    upper = 1.0 if hits == n else float(band.ppf(0.975))
    return HitRate(n, hits / n, lower, upper)


def width_factor(low: ArrayLike, mid: ArrayLike, high: ArrayLike, actual: ArrayLike) -> Correction:
    """Factor on the half widths that would have put 80 % of the actuals inside, shrunk n/(n+10).

    Each actual is measured in half widths from ``mid`` on its side; an interval without width on
    the side of a miss cannot be stretched and is left out.
    """
    bottom, top, came, middle, _ = _interval(low, high, actual, 0.5, mid)
    room = np.where(came < middle, middle - bottom, top - middle)
    usable = room > 0
    n = int(usable.sum())
    if n == 0:
        return Correction(1.0, 0, applies=False)
    distance = np.abs(came - middle)[usable] / room[usable]
    own = float(np.quantile(distance, NOMINAL_COVERAGE))
    share = n / (n + _BIAS_PRIOR)
    return Correction(1.0 + share * (own - 1.0), n, n >= ENOUGH_OUTCOMES)


def bias_factor(forecast: ArrayLike, actual: ArrayLike) -> Correction:
    """exp(mean ln(actual / forecast)), its log shrunk by n / (n + 10): multiply forecasts by it."""
    said, came = _pair("forecast", forecast, "actual", actual)
    if (said <= 0).any():
        raise ValueError("forecast: must be above 0")
    if (came <= 0).any():
        raise ValueError("actual: must be above 0")
    n = len(said)
    if n == 0:
        return Correction(1.0, 0, applies=False)
    mean = float(np.log(came / said).mean())
    return Correction(float(np.exp(mean * n / (n + _BIAS_PRIOR))), n, n >= ENOUGH_OUTCOMES)


def refit_reliability(
    forecast: ArrayLike, actual: ArrayLike, prior_mean: float, assumed: float
) -> Correction:
    """Reliability k of one evidence level, refitted from (forecast - prior) to (actual - prior).

    The slope of the regression through the prior mean, clipped to 0..1 and shrunk towards the
    ``assumed`` k by n / (n + 20). Forecasts that all equal the prior leave the assumption.
    """
    said, came = _pair("forecast", forecast, "actual", actual)
    base, k = number("prior_mean", prior_mean), number("assumed", assumed)
    if not 0.0 <= k <= 1.0:
        raise ValueError("assumed: must lie in 0..1")
    x = said - base
    size = float((x * x).sum())
    n = len(said)
    if n == 0 or size == 0:
        return Correction(k, n, applies=False)
    slope = float(np.clip((x * (came - base)).sum() / size, 0.0, 1.0))
    share = n / (n + _RELIABILITY_PRIOR)
    return Correction(k + share * (slope - k), n, n >= ENOUGH_OUTCOMES)


def foretold(judged: ArrayLike, actual: ArrayLike) -> Foretold:
    """Whether what was judged higher came out higher: Spearman's rank correlation of (n,) pairs.

    The 95 % band is Fisher's with the variance 1.06 / (n - 3) of ranks (Fieller, Hartley & Pearson
    1957). None where it is undefined: fewer than 4 pairs, or one of the two is the same throughout.
    """
    said, came = _pair("judged", judged, "actual", actual)
    n = len(said)
    if n < _FEWEST_RANKS or np.ptp(said) == 0 or np.ptp(came) == 0:
        return Foretold(n, None, None, None)
    rho = float(stats.spearmanr(said, came).statistic)
    # A perfect order has no finite transform; its band is the one point.
    inside = abs(rho) < 1.0 - ROUNDING
    half = _TWO_SIDED * float(np.sqrt(1.06 / (n - 3)))
    low, high = (
        float(np.tanh(np.arctanh(rho) + way * half)) if inside else rho for way in (-1.0, 1.0)
    )
    return Foretold(n, rho, low, high)


def _pair(name: str, one: ArrayLike, other_name: str, other: ArrayLike) -> tuple[Floats, Floats]:
    first, second = finite(name, one, ndim=1), finite(other_name, other, ndim=1)
    if first.shape != second.shape:
        raise ValueError(f"{other_name}: {len(first)} entries expected, got {len(second)}")
    one, two = in_one_order(first, second)
    return one, two


def _interval(
    low: ArrayLike, high: ArrayLike, actual: ArrayLike, alpha: float, mid: ArrayLike | None = None
) -> tuple[Floats, Floats, Floats, Floats, float]:
    """Low, high, actual, mid (the low ones without any) and alpha, checked, rows in one order."""
    names = {"low": low, "high": high, "actual": actual, "mid": low if mid is None else mid}
    columns = {name: finite(name, value, ndim=1) for name, value in names.items()}
    same_length(**columns)
    bottom, top, came, middle = in_one_order(*columns.values())
    miss = number("alpha", alpha)
    if (top < bottom).any():
        raise ValueError("high: must not be below low")
    if (middle < bottom).any() or (middle > top).any():
        raise ValueError("mid: must lie between low and high")
    if not 0.0 < miss < 1.0:
        raise ValueError("alpha: must lie between 0 and 1")
    return bottom, top, came, middle, miss
