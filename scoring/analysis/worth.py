"""What it would be worth at most to know one uncertain number before choosing (EVPPI).

A number of one item moves what the item brings by X, whose mean is 0. Without knowing it the better
of taking the item and leaving it is chosen; knowing it, the better in each case. ``margin`` is what
the best choice without the item brings more than the best with it: above 0 the item is left out.
The number is then worth E[max(X, margin)] - max(0, margin), which is never negative, largest on the
line, and 0 where no outcome would change the choice. Source: Raiffa & Schlaifer 1961, ch. 5; of one
parameter: Felli & Hazen 1998.
"""

from __future__ import annotations

from scipy import stats

from scoring.analysis.arrays import number
from scoring.analysis.pert import STANDARD_LAMBDA, pert_mean, three_points


def worth_of_normal(margin: float, sd: float) -> float:
    """Of an X that is normal with ``sd`` >= 0, in the unit of ``margin``."""
    edge, spread = abs(number("margin", margin)), number("sd", sd)
    if spread < 0:
        raise ValueError("sd: must not be negative")
    if spread == 0:
        return 0.0
    z = edge / spread
    return max(float(spread * stats.norm.pdf(z) - edge * stats.norm.sf(z)), 0.0)


def worth_of_estimate(
    margin: float,
    low: float,
    likely: float,
    high: float,
    *,
    factor: float = 1.0,
    lam: float = STANDARD_LAMBDA,
) -> float:
    """Of a modified PERT estimate that brings ``factor`` for each unit (below 0: a cost)."""
    edge, each = number("margin", margin), number("factor", factor)
    a, m, b = (float(point) for point in three_points(low, likely, high))
    if a == b or each == 0:
        return 0.0
    weight = number("lam", lam)
    if each < 0:  # the same estimate, read from its other end
        a, m, b, each = -b, -m, -a, -each
    mean, width = float(pert_mean(a, m, b, weight)), b - a
    shapes = 1 + weight * (m - a) / width, 1 + weight * (b - m) / width
    at = min(max((mean + edge / each - a) / width, 0.0), 1.0)
    # E[(Y - at)+] of Y on 0..1, by the distribution whose first shape is one more.
    above = shapes[0] / (shapes[0] + shapes[1]) * stats.beta.sf(at, shapes[0] + 1, shapes[1])
    above -= at * stats.beta.sf(at, *shapes)
    # With the item in, what counts is how far it may fall below the edge.
    beyond = above if edge >= 0 else above - ((mean - a) / width - at)
    return max(float(each * width * beyond), 0.0)
