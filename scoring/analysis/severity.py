"""Rater severity: what a score would have been from an average rater.

Model: score = item + rater effect + error. Items are seen by different raters, so plain averages
favour whoever met the generous ones. Least squares with the rater effects shrunk towards 0
(best linear unbiased prediction; Searle, Casella & McCulloch 1992).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

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
    design = _Design(item, rater, score, items, raters)
    if shrinkage is not None and not number("shrinkage", shrinkage) >= 0:
        raise ValueError("shrinkage: must not be negative")
    plain = design.effects(0.0)
    sigma = design.sigma(plain)
    chosen = design.moments(plain, sigma) if shrinkage is None else float(shrinkage)
    effect = design.effects(chosen)
    adjusted = design.item_means(design.score - effect[design.rater])
    unrated = design.per_item == 0
    error = (sigma or 0.0) / np.sqrt(np.maximum(design.per_item, 1))
    return Severity(
        adjusted=masked(adjusted, unrated),
        effect=masked(effect, design.per_rater == 0),
        error=masked(error, unrated | (sigma is None)),
        sigma=sigma,
        shrinkage=chosen,
        group=np.where(unrated, -1, design.group_of_item),
        connected=design.groups <= 1,
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
    places, marks = np.asarray(item), np.asarray(score)
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
    design = _Design(item, rater, score, items, raters)
    flag = np.asarray(home, dtype=np.bool_)
    same_length(score=design.score, home=flag)
    flag = flag[design.given]
    left = design.residuals(flag.astype(np.float64))
    size = float(left @ left)
    count = int(flag.sum())
    if size <= len(flag) * np.finfo(np.float64).eps:
        return HomeLift(None, None, count)
    lift = float(left @ design.score) / size
    rest = design.residuals(design.score) - lift * left
    spare = design.spare - 1
    error = float(np.sqrt(rest @ rest / spare / size)) if spare > 0 else None
    return HomeLift(lift, error, count)


def rater_z_scores(rater: ArrayLike, score: ArrayLike, raters: int) -> MaskedFloats:
    """Each score against its rater's own mean and sd, (k,).

    Masked where the rater has fewer than eight scores or no spread. It erases real differences
    when raters saw different items; ``adjust`` does not.
    """
    mark = finite("score", score, ndim=1)
    seat = indices("rater", rater, size=raters, length=len(mark))
    count = np.bincount(seat, minlength=raters)
    mean = np.bincount(seat, weights=mark, minlength=raters) / np.maximum(count, 1)
    square = np.bincount(seat, weights=(mark - mean[seat]) ** 2, minlength=raters)
    spread = np.sqrt(square / np.maximum(count - 1, 1))
    few = (count < ENOUGH_FOR_Z) | (spread <= 1e-12 * np.maximum(np.abs(mean), 1.0))
    return masked((mark - mean[seat]) / np.where(few, 1.0, spread)[seat], few[seat])


class _Design:
    """The ratings as a two-way layout with the item effects eliminated."""

    def __init__(
        self, item: ArrayLike, rater: ArrayLike, score: ArrayLike, items: int, raters: int
    ) -> None:
        given = finite("score", score, ndim=1)
        place = indices("item", item, size=items, length=len(given))
        seat = indices("rater", rater, size=raters, length=len(given))
        # Sums run in one order, so the order of the ratings does not reach the last bit.
        self.given = np.lexsort((given, seat, place))
        self.score, self.item = given[self.given], place[self.given]
        self.rater = seat[self.given]
        self.items, self.raters = items, raters
        self.per_item = np.bincount(self.item, minlength=items)
        self.per_rater = np.bincount(self.rater, minlength=raters)
        cells = coo_array(
            (np.ones(len(self.score)), (self.item, self.rater)), shape=(items, raters)
        ).tocsr()
        share = coo_array(
            (1.0 / self.per_item[self.item], (self.item, self.rater)), shape=(items, raters)
        ).tocsr()
        shared = np.asarray((cells.T @ share).todense())
        self.laplacian: Floats = np.diag(self.per_rater.astype(np.float64)) - shared
        link = coo_array(
            (np.ones(len(self.score)), (self.item, items + self.rater)),
            shape=(items + raters, items + raters),
        )
        _, label = connected_components(link, directed=False)
        rated = np.unique(label[:items][self.per_item > 0])
        self.groups = len(rated)
        self.group_of_item = np.searchsorted(rated, label[:items])
        self.group_of_rater = np.where(
            self.per_rater > 0, np.searchsorted(rated, label[items:]), -1
        )
        used = int((self.per_item > 0).sum() + (self.per_rater > 0).sum())
        self.spare = len(self.score) - used + self.groups

    def item_means(self, values: Floats) -> Floats:
        total = np.bincount(self.item, weights=values, minlength=self.items)
        mean: Floats = total / np.maximum(self.per_item, 1)
        return mean

    def effects(self, shrinkage: float, values: Floats | None = None) -> Floats:
        """Rater effects (r,), summing to 0 within each connected group."""
        if np.isinf(shrinkage) or self.raters == 0:
            return np.zeros(self.raters)
        y = self.score if values is None else values
        centred = y - self.item_means(y)[self.item]
        target = np.bincount(self.rater, weights=centred, minlength=self.raters)
        system = self.laplacian + shrinkage * np.eye(self.raters)
        # The free constant of each group, and raters without a rating, are set to 0.
        same = self.group_of_rater[:, None] == self.group_of_rater[None, :]
        system += np.where(same & (self.per_rater > 0)[:, None], 1.0, 0.0)
        system[np.diag_indices(self.raters)] += self.per_rater == 0
        return np.asarray(np.linalg.solve(system, target))

    def residuals(self, values: Floats) -> Floats:
        effect = self.effects(0.0, values)
        rest = values - effect[self.rater]
        left: Floats = rest - self.item_means(rest)[self.item]
        return left

    def sigma(self, effect: Floats) -> float | None:
        """Residual standard deviation of plain least squares, None without ratings to spare."""
        if self.spare <= 0:
            return None
        rest = self.score - effect[self.rater]
        left = rest - self.item_means(rest)[self.item]
        return float(np.sqrt(left @ left / self.spare))

    def moments(self, effect: Floats, sigma: float | None) -> float:
        """Error variance over rater variance, from the sum of squares raters explain."""
        if sigma is None or len(self.score) < ENOUGH_RATINGS:
            return STARTING_SHRINKAGE
        explained = float(effect @ self.laplacian @ effect)
        seats = int((self.per_rater > 0).sum()) - self.groups
        room = float(np.trace(self.laplacian))
        spread = (explained - sigma**2 * seats) / room if room > 0 else 0.0
        if spread <= 0.0:
            return float("inf")
        return sigma**2 / spread
