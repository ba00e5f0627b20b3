"""Rater severity: what a score would have been from an average rater.

Model: score = item + rater effect + error. Items are seen by different raters, so plain averages
favour whoever met the generous ones. Least squares with the rater effects shrunk towards 0
(best linear unbiased prediction; Searle, Casella & McCulloch 1992).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import (
    Floats,
    Ints,
    MaskedFloats,
    finite,
    indices,
    masked,
    number,
    same_length,
)
from scoring.analysis.ratings import Layout

# With fewer ratings the ratio of the variances cannot be estimated: start with equal variances.
ENOUGH_RATINGS = 30
STARTING_SHRINKAGE = 1.0

# A rater's own mean and spread say something only from this many items on.
ENOUGH_FOR_Z = 8


@dataclass(frozen=True, slots=True)
class Severity:
    """Adjusted scores of n items and effects of r raters.

    ``adjusted`` (n,) may leave the scale: keep it for ranking, clip it for display. ``effect``
    (r,): points this rater gives above the average rater, summing to 0 within each group.
    ``error`` (n,) standard error sigma / sqrt(ratings). All masked where there is no rating,
    ``error`` also where ``sigma`` is None (no rating to spare for it). ``group`` (n,) numbers the
    groups of items that share raters, -1 without a rating: adjusted scores of different groups
    cannot be compared rater for rater, and ``connected`` warns of it.
    """

    adjusted: MaskedFloats
    effect: MaskedFloats
    error: MaskedFloats
    sigma: float | None
    shrinkage: float
    group: Ints
    connected: bool


@dataclass(frozen=True, slots=True)
class HomeLift:
    """Extra points for one's own team: ``lift``, its standard ``error``, home ratings counted."""

    lift: float | None
    error: float | None
    home_ratings: int


def adjust(
    item: ArrayLike,
    rater: ArrayLike,
    score: ArrayLike,
    items: int,
    raters: int,
    *,
    shrinkage: float | None = None,
) -> Severity:
    """Adjust k ratings (``item``, ``rater`` index, ``score``; all (k,)) for rater severity.

    Minimises sum e^2 + shrinkage sum rho^2. ``shrinkage`` = variance of the error over variance of
    the raters; None estimates it by the method of moments from 30 ratings on and takes 1 below;
    0 is plain least squares. Errors: by the argument's name.
    """
    layout = Layout(item, rater, score, items, raters)
    if shrinkage is not None and not number("shrinkage", shrinkage) >= 0:
        raise ValueError("shrinkage: must not be negative")
    plain = layout.effects(0.0)
    sigma = layout.sigma(plain)
    chosen = _moments(layout, plain, sigma) if shrinkage is None else float(shrinkage)
    effect = layout.effects(chosen)
    adjusted = layout.item_means(layout.score - effect[layout.rater])
    unrated = layout.per_item == 0
    error = (sigma or 0.0) / np.sqrt(np.maximum(layout.per_item, 1))
    return Severity(
        adjusted=masked(layout.of_items(adjusted), layout.of_items(unrated)),
        effect=masked(layout.of_raters(effect), layout.of_raters(layout.per_rater == 0)),
        error=masked(layout.of_items(error), layout.of_items(unrated | (sigma is None))),
        sigma=sigma,
        shrinkage=chosen,
        group=layout.groups_of_items(),
        connected=layout.groups <= 1,
    )


def leave_one_out(
    item: ArrayLike,
    rater: ArrayLike,
    score: ArrayLike,
    party: ArrayLike,
    items: int,
    parties: int,
    *,
    shrinkage: float | None = None,
) -> MaskedFloats:
    """Adjusted scores without each party in turn, (parties, items).

    ``party`` (raters,) is the function or team of each rater. Masked where nobody else rated.
    """
    belongs = indices("party", party, size=parties)
    seat = indices("rater", rater, size=len(belongs))
    places, marks = indices("item", item, size=items), finite("score", score, ndim=1)
    same_length(item=places, rater=seat, score=marks)
    scores, unknown = np.zeros((parties, items)), np.ones((parties, items), dtype=np.bool_)
    for left_out in range(parties):
        stay = belongs[seat] != left_out
        rest = adjust(
            places[stay], seat[stay], marks[stay], items, len(belongs), shrinkage=shrinkage
        )
        scores[left_out] = np.ma.getdata(rest.adjusted)
        unknown[left_out] = np.ma.getmaskarray(rest.adjusted)
    return masked(scores, unknown)


def home_lift(
    item: ArrayLike,
    rater: ArrayLike,
    score: ArrayLike,
    home: ArrayLike,
    items: int,
    raters: int,
) -> HomeLift:
    """Points that ratings of one's own team (``home`` (k,) bool) get beyond item and rater.

    The coefficient of ``home`` in least squares beside item and rater effects. None where home
    and away cannot be told apart; the error is None without a rating to spare.
    """
    flag = np.asarray(home, dtype=np.bool_)
    if flag.ndim != 1:
        raise ValueError("home: a mark for each rating expected")
    layout = Layout(item, rater, score, items, raters, flag=flag)
    flag = flag[layout.given]
    left = layout.residuals(flag.astype(np.float64))
    size = float((left * left).sum())
    count = int(flag.sum())
    if size <= len(flag) * np.finfo(np.float64).eps:
        return HomeLift(None, None, count)
    lift = float((left * layout.score).sum()) / size
    rest = layout.residuals(layout.score) - lift * left
    spare = layout.spare - 1
    error = float(np.sqrt((rest * rest).sum() / spare / size)) if spare > 0 else None
    return HomeLift(lift, error, count)


def rater_z_scores(rater: ArrayLike, score: ArrayLike, raters: int) -> MaskedFloats:
    """Each score against its rater's own mean and sd, (k,).

    Masked where the rater has fewer than eight scores or no spread. It erases real differences
    when raters saw different items; ``adjust`` does not.
    """
    mark = finite("score", score, ndim=1)
    seat = indices("rater", rater, size=raters, length=len(mark))
    count = np.bincount(seat, minlength=raters)
    # Sums run in one order, so the order of the ratings does not reach the last bit.
    row = np.lexsort((mark, seat))
    mean = np.bincount(seat[row], weights=mark[row], minlength=raters) / np.maximum(count, 1)
    off = (mark - mean[seat]) ** 2
    square = np.bincount(seat[row], weights=off[row], minlength=raters)
    spread = np.sqrt(square / np.maximum(count - 1, 1))
    few = (count < ENOUGH_FOR_Z) | (spread <= 1e-12 * np.maximum(np.abs(mean), 1.0))
    return masked((mark - mean[seat]) / np.where(few, 1.0, spread)[seat], few[seat])


def _moments(layout: Layout, effect: Floats, sigma: float | None) -> float:
    """Error variance over rater variance, from the sum of squares raters explain."""
    if sigma is None or len(layout.score) < ENOUGH_RATINGS:
        return STARTING_SHRINKAGE
    explained = float((effect * (layout.laplacian * effect).sum(axis=1)).sum())
    seats = int((layout.per_rater > 0).sum()) - layout.groups
    room = float(np.diag(layout.laplacian).sum())
    spread = (explained - sigma**2 * seats) / room if room > 0 else 0.0
    return sigma**2 / spread if spread > 0.0 else float("inf")
