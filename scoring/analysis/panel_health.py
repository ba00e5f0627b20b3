"""What a panel's scores say of its criteria: do they tell proposals apart, and do judges agree?

Spread, clustering at the top, overlap and abstentions are what fails first in scoring models; the
measure of agreement is Krippendorff's alpha on interval data (Krippendorff, Content Analysis,
2004, ch. 11).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.agreement import Alpha, krippendorff_alpha
from scoring.analysis.arrays import Floats, finite, floats, number

LEAST_ITEMS = 5  # below it nothing is said of how two criteria move together


@dataclass(frozen=True, slots=True)
class CriterionHealth:
    """One criterion: ``scores`` given to ``items``, their ``mean`` (points), and its share at the
    top level. ``between``: standard deviation of the items' means (points). ``abstained``: share of
    all answers. ``twin``: the criterion whose item means move most alike, with the ``likeness``
    (Pearson's r). None where there is too little to say.
    """

    scores: int
    items: int
    mean: float | None
    top_share: float | None
    between: float | None
    abstained: float | None
    agreement: Alpha
    twin: int | None
    likeness: float | None


def criteria_health(
    scores: ArrayLike, abstained: ArrayLike, *, top: float = 100.0
) -> list[CriterionHealth]:
    """One :class:`CriterionHealth` for each criterion.

    ``scores`` (items, raters, criteria) in points, NaN where none was given; ``abstained``, the
    same shape, True where a rater said "I cannot judge this". ``top``: points of the highest
    level. Errors: ``scores``, ``abstained``, ``top``.
    """
    table, best = floats("scores", scores, ndim=3), number("top", top)
    silent = finite("abstained", abstained) != 0
    if silent.shape != table.shape:
        raise ValueError("abstained: must have the shape of the scores")
    if (silent & ~np.isnan(table)).any():
        raise ValueError("abstained: nobody gives a score and abstains")
    means = _item_means(table)
    return [
        _health(table[:, :, place], silent[:, :, place], means, place, best)
        for place in range(table.shape[2])
    ]


def _health(
    table: Floats, silent: np.ndarray, means: Floats, place: int, top: float
) -> CriterionHealth:
    given = table[~np.isnan(table)]
    own = means[:, place]
    known = own[~np.isnan(own)]
    answers = given.size + int(silent.sum())
    twin, likeness = _twin(means, place)
    return CriterionHealth(
        scores=given.size,
        items=known.size,
        mean=float(given.mean()) if given.size else None,
        top_share=float((given >= top).mean()) if given.size else None,
        between=float(known.std(ddof=1)) if known.size > 1 else None,
        abstained=float(silent.sum() / answers) if answers else None,
        agreement=krippendorff_alpha(table, metric="interval"),
        twin=twin,
        likeness=likeness,
    )


def _item_means(table: Floats) -> Floats:
    """Mean over raters (items, criteria), NaN where nobody gave a score."""
    count = (~np.isnan(table)).sum(axis=1)
    total = np.nansum(table, axis=1)
    means: Floats = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return means


def _twin(means: Floats, place: int) -> tuple[int | None, float | None]:
    best: tuple[int | None, float | None] = (None, None)
    for other in range(means.shape[1]):
        both = ~np.isnan(means[:, place]) & ~np.isnan(means[:, other])
        if other == place or both.sum() < LEAST_ITEMS:
            continue
        one, two = means[both, place], means[both, other]
        if np.ptp(one) == 0 or np.ptp(two) == 0:
            continue  # what never differs moves with nothing
        likeness = float(np.corrcoef(one, two)[0, 1])
        if best[1] is None or abs(likeness) > abs(best[1]):
            best = other, likeness
    return best
