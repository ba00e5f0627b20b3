"""Customer survey measures with their sampling error, and what a survey can tell apart.

Sources: Reichheld 2003 (NPS); W. Huber's closed form of its variance; binomial sampling.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import finite, floats, number

# Two-sided 95 %: a smaller change cannot be told from chance.
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Measure:
    """A survey figure, its variance per answer, its standard error; None where undefined."""

    value: float | None
    variance: float | None
    error: float | None
    answers: int


def net_promoter(promoters: float, detractors: float, answers: int) -> Measure:
    """NPS = p - d in -1..1, Var = p + d - (p - d)^2, SE = sqrt(Var / n)."""
    up, down = number("promoters", promoters), number("detractors", detractors)
    if up < 0 or up > 1:
        raise ValueError("promoters: a share in 0..1 expected")
    if down < 0 or up + down > 1 + 1e-9:
        raise ValueError("detractors: a share, at most what promoters leave, expected")
    _count(answers)
    if answers == 0:
        return Measure(None, None, None, 0)
    variance = max(up + down - (up - down) ** 2, 0.0)
    return Measure(up - down, variance, float(np.sqrt(variance / answers)), answers)


def top_box(ratings: ArrayLike, *, threshold: float) -> Measure:
    """CSAT: share of answers at or above ``threshold`` (top two of five: 4). NaN = no answer."""
    given = floats("ratings", ratings, ndim=1)
    given = given[~np.isnan(given)]
    if len(given) == 0:
        return Measure(None, None, None, 0)
    share = float((given >= number("threshold", threshold)).mean())
    variance = share * (1.0 - share)
    return Measure(share, variance, float(np.sqrt(variance / len(given))), len(given))


def mean_score(ratings: ArrayLike) -> Measure:
    """CES and other means: mean, sample variance, SE = sd / sqrt(n). NaN = no answer."""
    given = np.sort(floats("ratings", ratings, ndim=1))
    given = given[~np.isnan(given)]
    if len(given) == 0:
        return Measure(None, None, None, 0)
    if len(given) == 1:
        return Measure(float(given[0]), None, None, 1)
    variance = float(given.var(ddof=1))
    return Measure(float(given.mean()), variance, float(np.sqrt(variance / len(given))), len(given))


def measurable(change: float, error: float) -> bool:
    """Whether a forecast change reaches 1.96 standard errors of the planned survey."""
    if number("error", error) < 0:
        raise ValueError("error: must not be negative")
    return abs(number("change", change)) >= Z95 * error


@dataclass(frozen=True, slots=True)
class Lift:
    """Difference of means, treated minus control, with its standard error (Welch)."""

    lift: float | None
    error: float | None


def lift(treated: ArrayLike, control: ArrayLike) -> Lift:
    """Incremental effect of a randomised test; None without at least two per arm for the error."""
    one, other = finite("treated", treated, ndim=1), finite("control", control, ndim=1)
    # Sums run in one order, so the order of the answers does not reach the last bit.
    one, other = np.sort(one), np.sort(other)
    if len(one) == 0 or len(other) == 0:
        return Lift(None, None)
    change = float(one.mean() - other.mean())
    if min(len(one), len(other)) == 1:
        return Lift(change, None)
    variance = one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other)
    return Lift(change, float(np.sqrt(variance)))


def _count(answers: int) -> None:
    if answers < 0:
        raise ValueError("answers: must not be negative")
