"""Evidence, shrinkage and reference classes: how much of a forecast to believe.

Sources: Smith & Winkler 2006 (optimizer's curse); HM Treasury Supplementary Green Book Guidance /
Mott MacDonald 2002; Flyvbjerg 2006 (reference class forecasting); Gilad's confidence meter.
"""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike
from scipy import integrate, stats

from scoring.analysis.arrays import Floats, finite, number

# Share of an estimate's distance from the prior that each kind of evidence supports. Judgement,
# to be refitted from one's own results (see calibration.refit_reliability).
RELIABILITY = MappingProxyType(
    {
        "opinion": 0.10,
        "plans": 0.20,
        "anecdotal": 0.30,
        "market_data": 0.45,
        "user_evidence": 0.60,
        "test": 0.80,
        "launch": 0.90,
    }
)

# Gilad's printed confidence meter on 0..10: lowest and highest score of each level.
CONFIDENCE_METER = (
    ("self conviction", 0.01, 0.01),
    ("pitch deck", 0.03, 0.03),
    ("thematic support", 0.03, 0.1),
    ("others' opinion", 0.1, 0.2),
    ("estimates and plans", 0.4, 0.5),
    ("anecdotal evidence", 0.5, 1.0),
    ("market data", 1.0, 3.0),
    ("user or customer evidence", 3.0, 3.0),
    ("test results", 4.0, 5.0),
    ("launch data", 10.0, 10.0),
)

# Upper and lower optimism bias in per cent, by type of project and what is estimated.
OPTIMISM_BIAS = MappingProxyType(
    {
        "non_standard_buildings": {"duration": (39, 2), "capex": (51, 4)},
        "standard_buildings": {"duration": (4, 1), "capex": (24, 2)},
        "non_standard_civil": {"duration": (25, 3), "capex": (66, 6)},
        "standard_civil": {"duration": (20, 1), "capex": (44, 3)},
        "equipment_development": {"duration": (54, 10), "capex": (200, 10)},
        "outsourcing": {"opex": (41, 0)},
    }
)

# One's own record counts fully against the reference class only with many outcomes: n / (n + 20).
_RECORD_PRIOR = 20.0


def reliability(prior_sd: float, error: float) -> float:
    """k = s0^2 / (s0^2 + se^2): 1 for a perfect estimate, 0 where the prior knows it all."""
    prior, noise = number("prior_sd", prior_sd), number("error", error)
    if prior < 0:
        raise ValueError("prior_sd: must not be negative")
    if noise < 0:
        raise ValueError("error: must not be negative")
    both = prior**2 + noise**2
    return 1.0 if both == 0 else prior**2 / both


def error_of(k: float, prior_sd: float) -> float | None:
    """The standard error that gives reliability ``k``; None (without bound) for k = 0."""
    share, prior = number("k", k), number("prior_sd", prior_sd)
    if not 0.0 <= share <= 1.0:
        raise ValueError("k: must lie in 0..1")
    return None if share == 0 else prior * float(np.sqrt((1.0 - share) / share))


def shrink(estimate: ArrayLike, k: ArrayLike, prior: ArrayLike) -> Floats:
    """prior + k (estimate - prior), element by element.

    Confidence is spent here, or in the spread of the estimate: never in both.
    """
    value, share, base = finite("estimate", estimate), finite("k", k), finite("prior", prior)
    if (share < 0).any() or (share > 1).any():
        raise ValueError("k: must lie in 0..1")
    shrunk: Floats = base + share * (value - base)
    return shrunk


def aged_reliability(k: ArrayLike, age: ArrayLike, half_life: float) -> Floats:
    """k 2^(-age / half life): old evidence supports less, the estimate itself stays."""
    share, years = finite("k", k), finite("age", age)
    if (share < 0).any() or (share > 1).any():
        raise ValueError("k: must lie in 0..1")
    if (years < 0).any():
        raise ValueError("age: must not be negative")
    if not number("half_life", half_life) > 0:
        raise ValueError("half_life: must be above 0")
    halvings = years / half_life
    # One by one: the last bit of np.power is another one on another kind of processor.
    left = np.array([0.5**count for count in halvings.ravel().tolist()])
    aged: Floats = share * left.reshape(halvings.shape)
    return aged


def expected_maximum(n: int) -> float:
    """Mean of the largest of n standard normal errors: the disappointment of picking the best."""
    if n < 1:
        raise ValueError("n: at least 1 expected")

    def integrand(x: float) -> float:
        return float(x * n * stats.norm.pdf(x) * stats.norm.cdf(x) ** (n - 1))

    return float(integrate.quad(integrand, -12.0, 12.0, epsabs=1e-12, limit=200)[0])


def uplift_cost(cost: ArrayLike, overrun: ArrayLike) -> Floats:
    """cost (1 + U) for a reference-class overrun U (0.39 = 39 %); U above -1."""
    base, more = finite("cost", cost), finite("overrun", overrun)
    if (more <= -1).any():
        raise ValueError("overrun: must be above -1")
    lifted: Floats = base * (1.0 + more)
    return lifted


def haircut_benefit(benefit: ArrayLike, shortfall: ArrayLike) -> Floats:
    """benefit (1 - H) for a reference-class shortfall H; H at most 1."""
    base, less = finite("benefit", benefit), finite("shortfall", shortfall)
    if (less > 1).any():
        raise ValueError("shortfall: must not be above 1")
    cut: Floats = base * (1.0 - less)
    return cut


def reference_class(
    estimated: ArrayLike, actual: ArrayLike, quantile: float, *, fallback: float
) -> float:
    """Overrun actual / estimate - 1 at a quantile of one's own record, blended with ``fallback``.

    The record of n outcomes counts n / (n + 20); an empty one gives the fallback. P50 suits a
    portfolio, P80 a single approval. Errors: ``estimated`` (not above 0), ``quantile``.
    """
    before, after = finite("estimated", estimated, ndim=1), finite("actual", actual, ndim=1)
    level, base = number("quantile", quantile), number("fallback", fallback)
    if before.shape != after.shape:
        raise ValueError(f"actual: {len(before)} entries expected, got {len(after)}")
    if (before <= 0).any():
        raise ValueError("estimated: must be above 0")
    if not 0.0 <= level <= 1.0:
        raise ValueError("quantile: must lie in 0..1")
    n = len(before)
    if n == 0:
        return base
    own = float(np.quantile(after / before - 1.0, level))
    return base + n / (n + _RECORD_PRIOR) * (own - base)
