"""Present values, flow factors, payback: money in time, without chance.

Timing: month 0 is the decision; a flow of month t is paid at its end and discounted by
(1 + i)^t with the monthly rate i = (1 + yearly rate)^(1/12) - 1.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import (
    ROUNDING,
    TOLERANCE,
    Bools,
    Floats,
    MaskedFloats,
    MaskedInts,
    finite,
    indices,
    masked,
    masked_ints,
    number,
    same_length,
)

# Discount factors closer than this, as a share, are one root of the net present value.
_CLOSE = 1e-4


def monthly_rate(yearly_rate: float) -> float:
    """(1 + r)^(1/12) - 1. Errors: ``yearly_rate`` at or below -1."""
    rate = number("yearly_rate", yearly_rate)
    if rate <= -1.0:
        raise ValueError("yearly_rate: must be above -1")
    return float((1.0 + rate) ** (1.0 / 12.0) - 1.0)


def npv(rate: float, cashflows: ArrayLike) -> float:
    """sum_t CF_t / (1 + rate)^t with t = 0 now; ``rate`` per period. No flows are worth 0."""
    flows = finite("cashflows", cashflows, ndim=1)
    return float((flows * discount(rate, len(flows))).sum())


def discount(rate: float, periods: int) -> Floats:
    """Discount factors (1 + rate)^-t for t = 0 .. periods - 1. Errors: ``rate`` <= -1."""
    per_period = number("rate", rate)
    if per_period <= -1.0:
        raise ValueError("rate: must be above -1")
    return _powers(1.0 / (1.0 + per_period), periods)


def _powers(base: float, count: int) -> Floats:
    """1, base, base^2, ..., each made from the one before; ``count`` of them, none below 1.

    ``np.power`` is another program on another processor, as a product of BLAS is, and the last bit
    of a sum of money is sealed with a run.
    """
    factors = np.full(max(count, 0), base)
    factors[:1] = 1.0
    return np.cumprod(factors)


def flow_profile(
    *,
    horizon_months: int,
    start_month: int = 0,
    yearly_retention: float | None = None,
    ramp_months: int = 0,
    end_month: int | None = None,
) -> Floats:
    """Undiscounted share of a yearly amount paid at the end of each month, (horizon + 1,).

    Without retention: 1/12 in each of the months start + 1 .. horizon. With ``yearly_retention``
    r the yearly amount is what the customers won in one year bring in their first year if none
    leaves. A twelfth of them arrives each month, pays for the first time at the end of that month,
    and a share r^(1/12) of them is still there a month later, so month t gets
    (1/144) sum_{j=0}^{t-start-1} r^(j/12).

    With ``ramp_months`` R the k-th month after the start has min(1, k / R) of the full payment, or
    of those who arrive. After ``end_month`` nothing is paid, or nobody arrives any more: who came
    before stays and leaves as before.
    """
    if horizon_months < 0:
        raise ValueError("horizon_months: must not be negative")
    if start_month < 0:
        raise ValueError("start_month: must not be negative")
    if ramp_months < 0:
        raise ValueError("ramp_months: must not be negative")
    if end_month is not None and end_month <= start_month:
        raise ValueError("end_month: must be after start_month")
    profile = np.zeros(horizon_months + 1)
    active = max(horizon_months - start_month, 0)
    arriving = np.ones(active)
    if ramp_months:
        arriving = np.minimum(np.arange(1.0, active + 1.0) / ramp_months, 1.0)
    if end_month is not None:
        arriving[end_month - start_month :] = 0.0
    if yearly_retention is None:
        profile[start_month + 1 :] = arriving / 12.0
        return profile
    kept = number("yearly_retention", yearly_retention)
    if not 0.0 <= kept <= 1.0:
        raise ValueError("yearly_retention: must lie in 0..1")
    staying = _powers(kept ** (1.0 / 12.0), active)
    there = np.zeros(active)
    for age, share in enumerate(staying.tolist()):  # the newest first, as before there were ramps
        there[age:] += share * arriving[: active - age]
    profile[start_month + 1 :] = there / 144.0
    return profile


def flow_factor(
    *,
    yearly_rate: float,
    horizon_months: int,
    start_month: int = 0,
    yearly_retention: float | None = None,
    ramp_months: int = 0,
    end_month: int | None = None,
) -> float:
    """Present value of a flow of 1 per year: sum_t v^t profile_t with v = (1 + r)^(-1/12).

    ``flow_profile`` says what is paid when. In full, for an acquisition stream with start s,
    horizon H and monthly retention q = yearly_retention^(1/12):

        factor = (1/144) sum_{c=s+1..H} sum_{t=c..H} v^t q^(t-c)

    over the cohorts c and the months t. A flow that starts at or after the horizon is worth 0.
    """
    profile = flow_profile(
        horizon_months=horizon_months,
        start_month=start_month,
        yearly_retention=yearly_retention,
        ramp_months=ramp_months,
        end_month=end_month,
    )
    return float((profile * discount(monthly_rate(yearly_rate), len(profile))).sum())


Stream: TypeAlias = Literal[
    "one_off", "running", "acquisition", "retention", "enrichment", "cost_to_serve"
]


def stream_factor(
    kind: Stream,
    *,
    yearly_rate: float,
    horizon_months: int,
    start_month: int = 0,
    yearly_retention: float | None = None,
) -> float:
    """Present value of 1 unit of a stream of money, by its kind.

    ``one_off`` is paid once at the end of ``start_month`` (0 = now). ``acquisition`` is the yearly
    amount of one year's new customers and needs their ``yearly_retention``; ``cost_to_serve``
    follows the customers likewise where a retention is given. ``running``, ``retention`` and
    ``enrichment`` are level yearly amounts; a retention given for them is refused, as their
    amounts are net of churn already. Errors: by the argument's name.
    """
    if kind == "one_off":
        if yearly_retention is not None:
            raise ValueError("yearly_retention: has no meaning for a one-off amount")
        inside = start_month <= horizon_months
        paid = one_off_factor(yearly_rate=yearly_rate, month=start_month)
        return paid if inside else 0.0
    if kind == "acquisition" and yearly_retention is None:
        raise ValueError("yearly_retention: needed for new customers; nobody keeps them all")
    if kind in ("running", "retention", "enrichment") and yearly_retention is not None:
        raise ValueError(f"yearly_retention: a {kind} amount is net of churn already")
    if kind not in get_args(Stream):
        raise ValueError(f"kind: one of {', '.join(get_args(Stream))} expected")
    return flow_factor(
        yearly_rate=yearly_rate,
        horizon_months=horizon_months,
        start_month=start_month,
        yearly_retention=yearly_retention,
    )


def one_off_factor(*, yearly_rate: float, month: int = 0) -> float:
    """Present value of 1 paid once at the end of ``month`` (0 = now)."""
    if month < 0:
        raise ValueError("month: must not be negative")
    return float(discount(monthly_rate(yearly_rate), month + 1)[-1])


def return_on_investment(benefit: ArrayLike, cost: ArrayLike) -> MaskedFloats:
    """ROI = (B - C) / C from present values (any shape); masked where the cost is 0.

    Below -1 only with a negative benefit. Errors: ``cost`` below 0 (a saving is a benefit).
    """
    gain, price = finite("benefit", benefit), finite("cost", cost)
    if gain.ndim and price.ndim and gain.shape != price.shape:
        raise ValueError(f"cost: shape {gain.shape} expected, got {price.shape}")
    if (price < 0).any():
        raise ValueError("cost: must not be negative; count a saving as a benefit")
    free = np.broadcast_to(price == 0, np.broadcast_shapes(gain.shape, price.shape))
    return masked((gain - price) / np.where(price == 0, 1.0, price), free)


def profitability_index(benefit: ArrayLike, cost: ArrayLike) -> MaskedFloats:
    """PI = B / C = 1 + ROI; masked where the cost is 0."""
    roi = return_on_investment(benefit, cost)
    return masked(np.ma.getdata(roi) + 1.0, np.ma.getmaskarray(roi))


def risked_npv(benefit: float, cost: float, success: float) -> float:
    """p B - C: the cost is spent either way. Use this or a wide spread for one risk, not both."""
    chance = number("success", success)
    if not 0.0 <= chance <= 1.0:
        raise ValueError("success: must lie in 0..1")
    return chance * number("benefit", benefit) - number("cost", cost)


def internal_rates(cashflows: ArrayLike) -> tuple[float, ...]:
    """Every rate above -1 per period at which the NPV is 0, rising; for information only.

    There may be none or several; a root that counts twice is given once. Flows that are all 0 have
    none.
    """
    flows = np.trim_zeros(finite("cashflows", cashflows, ndim=1))
    if len(flows) == 0:
        return ()
    roots = np.roots(flows[::-1])
    # A rate that is a root several times over comes out as several close ones, some off the axis.
    near = np.abs(roots.imag) <= _CLOSE * np.maximum(np.abs(roots), 1.0)
    factors = np.unique(roots[near & (roots.real > TOLERANCE)].real)
    powers = np.arange(len(flows), dtype=np.float64)
    found: list[float] = []
    for group in np.split(factors, np.flatnonzero(np.diff(factors) > _CLOSE * factors[1:]) + 1):
        factor = float(group.mean()) if len(group) else 1.0
        terms = flows * factor**powers
        if abs(float(terms.sum())) <= TOLERANCE * float(np.abs(terms).sum()):
            found.append(1.0 / factor - 1.0)
    return tuple(sorted(found))


def payback_period(cashflows: ArrayLike) -> int | None:
    """First period t by which what was spent has come back, None if there is none.

    The cumulative flow is not negative then and has been before, so waiting for a first cost that
    comes later is no payback; 0 where nothing is ever spent on balance.
    """
    flows = finite("cashflows", cashflows, ndim=1)
    repaid = np.cumsum(flows) >= -ROUNDING * np.abs(flows).max(initial=0.0)
    spent = np.flatnonzero(~repaid)
    start = int(spent[0]) if len(spent) else 0
    reached = start + np.flatnonzero(repaid[start:])
    return int(reached[0]) if len(reached) else None


def payback_months(
    mean: ArrayLike, profile: ArrayLike, is_cost: ArrayLike, proposal: ArrayLike, n: int
) -> MaskedInts:
    """Payback month per proposal (n,) from the mean of each line, masked if never or no lines.

    ``mean`` (k,) yearly (or one-off) mean amount, ``profile`` (k, months + 1) share of it paid in
    each month (``flow_profile``; a one-off has a single 1), ``is_cost`` (k,), ``proposal`` (k,).
    Multiply the profile by ``discount`` for a discounted payback.
    """
    amount = finite("mean", mean, ndim=1)
    share = finite("profile", profile, ndim=2)
    cost: Bools = np.asarray(is_cost, dtype=np.bool_)
    if cost.ndim != 1:
        raise ValueError("is_cost: a mark for each line expected")
    home = indices("proposal", proposal, size=n)
    same_length(mean=amount, profile=share, is_cost=cost, proposal=home)
    flows = np.zeros((n, share.shape[1]))
    np.add.at(flows, home, np.where(cost, -amount, amount)[:, None] * share)
    months = [payback_period(row) for row in flows]
    undefined = np.bincount(home, minlength=n) == 0
    never = np.array([month is None for month in months], dtype=np.bool_)
    return masked_ints([month or 0 for month in months], undefined | never)


def retained_margin(
    *,
    customers: float,
    margin: float,
    retention: float,
    lift: float,
    yearly_rate: float,
    years: int,
) -> float:
    """Present value of keeping more customers: N m sum_{t=1..years} [(r + dr)^t - r^t] / (1+i)^t.

    ``retention`` r and ``lift`` dr per year, ``margin`` m per customer and year. The infinite
    horizon is N m [M(r + dr) - M(r)] with M of ``lifetime.margin_multiple``.
    """
    reached, kept = number("customers", customers), number("retention", retention)
    more = number("lift", lift)
    if reached < 0:
        raise ValueError("customers: must not be negative")
    if not 0.0 <= kept <= 1.0:
        raise ValueError("retention: must lie in 0..1")
    if not 0.0 <= kept + more <= 1.0 + TOLERANCE:
        raise ValueError("lift: retention + lift must lie in 0..1")
    if years < 0:
        raise ValueError("years: must not be negative")
    rate = number("yearly_rate", yearly_rate)
    if rate <= -1.0:
        raise ValueError("yearly_rate: must be above -1")
    factors = discount(rate, years + 1)[1:]
    t = np.arange(1, years + 1)
    gain = float(((kept + more) ** t - kept**t) @ factors)
    return reached * number("margin", margin) * gain
