"""Two guards: acquire only customers you can keep, and do not pay too much to keep them.

Sources: the seeds of the product; Gupta & Lehmann 2003 for the value of a kept customer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from scoring.analysis.arrays import finite, number
from scoring.analysis.lifetime import margin_multiple

Verdict: TypeAlias = Literal["pass", "warn", "block", "unknown"]

PASS_RATIO = 3.0
BLOCK_RATIO = 1.0
LONGEST_PAYBACK = 12
_SEARCH_LIMIT = 1200


@dataclass(frozen=True, slots=True)
class AcquisitionGuard:
    """``ltv`` of one acquired customer, ``ratio`` LTV / CAC (None where CAC is 0), verdict.

    ``payback`` is the first period by which the discounted margins of survivors repay the CAC;
    None if never. ``late`` says that it is after the limit.
    """

    ltv: float
    ratio: float | None
    payback: int | None
    late: bool
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class RetentionGuard:
    """``cost_per_saved`` customer against the ``value_per_saved``; None where nobody is saved.

    ``break_even`` is the retention lift at which the cost is just earned back; None if no
    possible lift earns it.
    """

    cost_per_saved: float | None
    value_per_saved: float | None
    break_even: float | None
    net: float
    verdict: Verdict


def acquisition_guard(
    *,
    margin: float,
    retention: float,
    discount: float,
    cac: float,
    longest_payback: int = LONGEST_PAYBACK,
) -> AcquisitionGuard:
    """LTV:CAC of the acquired cohort: 3 and more pass, 1 to 3 warn, below 1 block.

    ``margin`` per period net of cost to serve, ``retention`` per period of the customers this
    very channel or offer brings, ``discount`` per period, ``cac`` full spend per new
    (incremental) customer. LTV = m r / (1 + i - r). A passing ratio with a payback later than
    ``longest_payback`` warns; a CAC of 0 has no ratio and passes unless the LTV is negative.
    """
    gain, cost = number("margin", margin), number("cac", cac)
    if cost < 0:
        raise ValueError("cac: must not be negative")
    if longest_payback < 0:
        raise ValueError("longest_payback: must not be negative")
    ltv = gain * float(margin_multiple(number("retention", retention), discount))
    payback = survival_payback(margin=gain, retention=retention, discount=discount, cost=cost)
    late = payback is None or payback > longest_payback
    if cost == 0:
        return AcquisitionGuard(ltv, None, payback, late, "pass" if ltv >= 0 else "block")
    ratio = ltv / cost
    verdict: Verdict = "block" if ratio < BLOCK_RATIO else "warn" if ratio < PASS_RATIO else "pass"
    if verdict == "pass" and late:
        verdict = "warn"
    return AcquisitionGuard(ltv, ratio, payback, late, verdict)


def survival_payback(
    *, margin: float, retention: float, discount: float, cost: float
) -> int | None:
    """First t with sum_{k<=t} m r^k / (1 + i)^k >= cost; None if that never comes; 0 if free."""
    gain, kept = number("margin", margin), number("retention", retention)
    rate, price = number("discount", discount), number("cost", cost)
    if not 0.0 <= kept <= 1.0:
        raise ValueError("retention: must lie in 0..1")
    if rate <= -1.0:
        raise ValueError("discount: must be above -1")
    if price <= 0.0:
        return 0
    step, share, earned = kept / (1.0 + rate), 1.0, 0.0
    for period in range(1, _SEARCH_LIMIT + 1) if gain > 0 else ():
        share *= step
        earned += gain * share
        if earned >= price * (1.0 - 1e-12):
            return period
    return None


def retention_guard(
    *,
    customers: float,
    margin: float,
    retention: float,
    lift: float,
    discount: float,
    cost: float,
) -> RetentionGuard:
    """Cost per saved customer against m [M(r + dr) - M(r)] / dr.

    ``customers`` N reached, ``margin`` per period, ``retention`` r today, ``lift`` dr >= 0 with
    r + dr <= 1 and r + dr < 1 + i, ``cost`` in present value. Passes while each saved customer
    brings at least what he costs; ``unknown`` where nobody is saved at no cost.
    """
    reached, gain = number("customers", customers), number("margin", margin)
    kept, more = number("retention", retention), number("lift", lift)
    price = number("cost", cost)
    if reached < 0:
        raise ValueError("customers: must not be negative")
    if price < 0:
        raise ValueError("cost: must not be negative")
    if more < 0 or kept + more > 1.0 + 1e-12:
        raise ValueError("lift: must lie between 0 and 1 - retention")
    if kept + more >= 1.0 + number("discount", discount) > kept:
        raise ValueError("lift: too high for this discount rate, the value has no end")
    before = float(margin_multiple(kept, discount))
    after = float(margin_multiple(min(kept + more, 1.0), discount))
    worth = reached * gain * (after - before)
    level = _break_even(reached * gain, kept, discount, before, price)
    saved = reached * more
    if saved == 0:
        verdict: Verdict = "block" if price > 0 else "unknown"
        return RetentionGuard(None, None, level, -price, verdict)
    net = worth - price
    return RetentionGuard(price / saved, worth / saved, level, net, "pass" if net >= 0 else "block")


def _break_even(
    yearly: float, kept: float, discount: float, before: float, price: float
) -> float | None:
    """The lift at which yearly x [M(r + dr) - M(r)] equals the price."""
    if price == 0:
        return 0.0
    most = min(1.0, (1.0 + discount) * (1.0 - 1e-9)) - kept
    if yearly <= 0 or most <= 0:
        return None

    def short(more: float) -> float:
        return yearly * (float(margin_multiple(kept + more, discount)) - before) - price

    if short(most) < 0:
        return None
    return float(brentq(short, 0.0, most, xtol=1e-12))


def worst_decile_retention(retentions: ArrayLike) -> float | None:
    """Stand-in for a missing cohort retention: the 10th percentile of the base; None if empty."""
    base = finite("retentions", retentions, ndim=1)
    return float(np.percentile(base, 10)) if len(base) else None
