"""How many customers of a cohort stay: what was observed, the model fitted to it, one retention."""

from dataclasses import dataclass

import numpy as np

from scoring.analysis.lifetime import fit_sbg, steady_retention


@dataclass(frozen=True, slots=True)
class Period:
    """Shares of the cohort at the end of one period; ``kept`` is the model's retention in it."""

    number: int
    observed: float
    fitted: float
    steady: float
    kept: float


@dataclass(frozen=True, slots=True)
class Cohort:
    """``alpha`` and ``beta`` of the shifted beta-geometric; ``retention`` is the one under which,
    held for all periods, as many customers stay."""

    alpha: float
    beta: float
    retention: float
    periods: list[Period]

    @property
    def widest_miss(self) -> float:
        """The largest distance between what was observed and the model, in shares."""
        return max(abs(period.observed - period.fitted) for period in self.periods)


def cohort_of(shares: list[float]) -> Cohort:
    """``shares`` of a cohort still there after 1, 2, ... periods, of those at the start.

    Errors: ValueError in words where no model can be fitted.
    """
    model, retention = fit_sbg(shares), steady_retention(shares)
    t = np.arange(1, len(shares) + 1)
    rows = zip(t, shares, model.survival(t), retention**t, model.retention(t), strict=True)
    return Cohort(
        alpha=model.alpha,
        beta=model.beta,
        retention=retention,
        periods=[Period(int(number), *map(float, row)) for number, *row in rows],
    )
