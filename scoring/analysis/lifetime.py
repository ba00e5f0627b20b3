"""What a customer is worth while staying: margin multiples and survival models.

Convention of this package: the first margin arrives after one period, and a customer's own
current margin is added explicitly where it belongs. Sources: Gupta & Lehmann 2003; Fader &
Hardie 2007 (sBG), 2010 (DERL); Fader, Hardie & Lee 2005 (BG/NBD).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special

from scoring.analysis.arrays import Floats, finite, number

_FEWEST_POINTS = 3


def margin_multiple(
    retention: ArrayLike, discount: float, *, growth: float = 0.0, immediate: bool = False
) -> Floats:
    """Present value of a margin of 1 per period: r / (1 + i - r (1 + g)); any shape.

    ``immediate`` adds the margin of today, which gives (1 + i) / (1 + i - r) without growth.
    Errors: ``retention`` (below 0, above 1, or r (1 + g) >= 1 + i: worth without end),
    ``discount`` or ``growth`` at or below -1.
    """
    kept = finite("retention", retention)
    rate, more = number("discount", discount), number("growth", growth)
    if rate <= -1.0:
        raise ValueError("discount: must be above -1")
    if more <= -1.0:
        raise ValueError("growth: must be above -1")
    if (kept < 0).any() or (kept > 1).any():
        raise ValueError("retention: must lie in 0..1")
    below = 1.0 + rate - kept * (1.0 + more)
    if (below <= 0).any():
        raise ValueError("retention: too high for this discount rate, the value has no end")
    multiple: Floats = kept / below + (1.0 if immediate else 0.0)
    return multiple


def finite_value(margin: float, retention: float, discount: float, periods: int) -> float:
    """sum_{t=1..n} m r^t / (1 + i)^t: the value of the next ``periods`` periods."""
    rate, kept = number("discount", discount), number("retention", retention)
    if rate <= -1.0:
        raise ValueError("discount: must be above -1")
    if not 0.0 <= kept <= 1.0:
        raise ValueError("retention: must lie in 0..1")
    if periods < 0:
        raise ValueError("periods: must not be negative")
    step = kept / (1.0 + rate)
    return number("margin", margin) * float((step ** np.arange(1, periods + 1)).sum())


def combined_retention(retention: float, *lifts: float) -> float:
    """Retention of customers whom several projects reach: 1 - (1 - r) prod (1 - d_k).

    ``lifts`` are the shares of leavers that each project keeps, so they do not add up past 1.
    """
    kept = number("retention", retention)
    saved = finite("lifts", np.array(lifts, dtype=np.float64), ndim=1)
    if not 0.0 <= kept <= 1.0:
        raise ValueError("retention: must lie in 0..1")
    if (saved < 0).any() or (saved > 1).any():
        raise ValueError("lifts: must lie in 0..1")
    return float(1.0 - (1.0 - kept) * np.prod(1.0 - saved))


@dataclass(frozen=True, slots=True)
class ShiftedBetaGeometric:
    """Fitted sBG: churn chances spread over customers as Beta(alpha, beta).

    ``log_likelihood`` per the cohort size given to the fit.
    """

    alpha: float
    beta: float
    log_likelihood: float

    def survival(self, periods: ArrayLike) -> Floats:
        """S(t) = B(alpha, beta + t) / B(alpha, beta)."""
        t = finite("periods", periods)
        if (t < 0).any():
            raise ValueError("periods: must not be negative")
        logs = special.betaln(self.alpha, self.beta + t) - special.betaln(self.alpha, self.beta)
        return np.asarray(np.exp(logs))

    def retention(self, periods: ArrayLike) -> Floats:
        """r_t = (beta + t - 1) / (alpha + beta + t - 1): it rises with tenure; t >= 1."""
        t = finite("periods", periods)
        if (t < 1).any():
            raise ValueError("periods: must be at least 1")
        rate: Floats = (self.beta + t - 1.0) / (self.alpha + self.beta + t - 1.0)
        return rate

    def residual_lifetime(self, periods_alive: int, discount: float) -> float:
        """Discounted expected residual lifetime of a customer active for n >= 1 periods.

        The standing of a customer about to decide on the next renewal (Fader & Hardie 2010).
        """
        rate = number("discount", discount)
        if periods_alive < 1:
            raise ValueError("periods_alive: at least 1 expected")
        if rate <= 0.0:
            raise ValueError("discount: must be above 0")
        n, a, b = periods_alive, self.alpha, self.beta
        series = special.hyp2f1(1.0, b + n, a + b + n, 1.0 / (1.0 + rate))
        return float((b + n - 1.0) / (a + b + n - 1.0) * series)


def fit_sbg(survival: ArrayLike, *, cohort: float = 1.0) -> ShiftedBetaGeometric:
    """Maximum likelihood from the shares S(1), S(2), ... of a cohort still there.

    At least three points, strictly decreasing, the first below 1, the last above 0.
    LL = sum_t d_t ln(S(t-1) - S(t)) + alive ln S(T). Errors: ``survival``, ``cohort``.
    """
    shares = finite("survival", survival, ndim=1)
    if len(shares) < _FEWEST_POINTS:
        raise ValueError("survival: at least three points expected")
    if shares[0] >= 1.0 or shares[-1] <= 0.0 or (np.diff(shares) >= 0).any():
        raise ValueError("survival: must fall strictly from below 1 and stay above 0")
    if not number("cohort", cohort) > 0:
        raise ValueError("cohort: must be above 0")
    lost = -np.diff(np.r_[1.0, shares])
    t = np.arange(1, len(shares) + 1, dtype=np.float64)

    def loss(logs: Floats) -> float:
        alpha, beta = np.exp(logs)
        start = special.betaln(alpha, beta)
        leaving = special.betaln(alpha + 1.0, beta + t - 1.0) - start
        staying = special.betaln(alpha, beta + t[-1]) - start
        return -float(lost @ leaving + shares[-1] * staying)

    place, lowest = _minimise(loss, np.zeros(2), "survival")
    alpha, beta = np.exp(place)
    return ShiftedBetaGeometric(float(alpha), float(beta), -lowest * cohort)


def steady_retention(survival: ArrayLike) -> float:
    """The one retention r under which as many customers stay over the same periods.

    Solves sum_{t=1..T} r^t = sum_t S(t) for the shares S(1) .. S(T) of a cohort still there.
    Errors: ``survival`` (empty, or a share outside 0..1).
    """
    shares = finite("survival", survival, ndim=1)
    if len(shares) == 0:
        raise ValueError("survival: at least one share expected")
    if (shares < 0).any() or (shares > 1).any():
        raise ValueError("survival: must lie in 0..1")
    t = np.arange(1, len(shares) + 1, dtype=np.float64)
    stayed = float(shares.sum())

    def more(kept: float) -> float:
        return float((kept**t).sum()) - stayed

    return float(optimize.brentq(more, 0.0, 1.0, xtol=1e-12))


@dataclass(frozen=True, slots=True)
class PurchaseModel:
    """Fitted BG/NBD: ``r``, ``alpha`` of the buying rate, ``a``, ``b`` of dropping out."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float


def fit_bgnbd(repeats: ArrayLike, last: ArrayLike, observed: ArrayLike) -> PurchaseModel:
    """Maximum likelihood of the beta-geometric / NBD model of repeat purchases.

    Per customer (n,): ``repeats`` x >= 0, time of the ``last`` repeat t_x (0 if none), length
    ``observed`` T > 0, in one unit of time. Errors: by the argument's name.
    """
    x, t_x, length = _histories(repeats, last, observed)
    scale = float(length.mean())
    t_x, length = t_x / scale, length / scale
    again = x > 0

    def loss(logs: Floats) -> float:
        r, alpha, a, b = np.exp(logs)
        buying = special.gammaln(r + x) - special.gammaln(r) + r * np.log(alpha)
        staying = special.betaln(a, b + x) - special.betaln(a, b)
        alive = -(r + x) * np.log(alpha + length)
        gone = np.where(
            again,
            np.log(a) - np.log(b + np.maximum(x, 1.0) - 1.0) - (r + x) * np.log(alpha + t_x),
            -np.inf,
        )
        return -float((buying + staying + np.logaddexp(alive, gone)).mean())

    place, lowest = _minimise(loss, np.zeros(4), "repeats")
    r, alpha, a, b = np.exp(place)
    total = -lowest * len(x) - float(x.sum()) * np.log(scale)
    return PurchaseModel(float(r), float(alpha) * scale, float(a), float(b), float(total))


def _histories(
    repeats: ArrayLike, last: ArrayLike, observed: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    x = finite("repeats", repeats, ndim=1)
    t_x, length = finite("last", last, ndim=1), finite("observed", observed, ndim=1)
    if len(x) == 0 or (x < 0).any() or not (x > 0).any():
        raise ValueError("repeats: counts with at least one repeat purchase expected")
    if t_x.shape != x.shape or (t_x < 0).any():
        raise ValueError("last: one time, not negative, per customer expected")
    if length.shape != x.shape or (length <= 0).any() or (length < t_x).any():
        raise ValueError("observed: above 0 and not before the last purchase expected")
    return x, t_x, length


def _minimise(loss: Callable[[Floats], float], start: ArrayLike, name: str) -> tuple[Floats, float]:
    """Nelder-Mead to a tight tolerance: these likelihoods are smooth but flat near the top."""
    # On its way the search may look where the likelihood is 0 or beyond all numbers.
    with np.errstate(all="ignore"):
        found = optimize.minimize(
            loss,
            np.asarray(start, dtype=np.float64),
            method="Nelder-Mead",
            options={"xatol": 1e-8, "fatol": 1e-12, "maxiter": 20_000, "maxfev": 20_000},
        )
        parameters = np.exp(found.x)
    if not (found.success and np.isfinite(found.fun) and np.isfinite(parameters).all()):
        raise ValueError(f"{name}: the likelihood has no maximum for these data")
    return np.asarray(found.x, dtype=np.float64), float(found.fun)
