"""Why a value or a rank moved, in causes that add up exactly, and what would cross the line.

The share of each cause is its Shapley value: the mean of what switching it adds, over all orders
in which the causes can be switched (Shapley 1953). It favours no cause by its place in a list and
the shares always sum to the whole change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import (
    ROUNDING,
    Bools,
    Floats,
    MaskedFloats,
    finite,
    floats,
    indices,
    masked,
    number,
    weights_sum_to_one,
)
from scoring.analysis.value import FULL_SCALE, AdditiveValue, additive_value

# Every subset of the causes is evaluated: 2^10 are a thousand rankings.
MOST_CAUSES = 10

_DECIMALS = 9


@dataclass(frozen=True, slots=True)
class ValueChange:
    """Change of n values between two runs: ``total`` (n,), masked where a run has no value.

    Per criterion (n, m): ``score`` because its score moved, ``weight`` because weights moved,
    ``coverage`` because something was scored for the first time or no longer. All three together
    sum to ``total``; they are masked with it.
    """

    total: MaskedFloats
    score: MaskedFloats
    weight: MaskedFloats
    coverage: MaskedFloats


@dataclass(frozen=True, slots=True)
class RankMove:
    """Rank after minus rank before, negative is up, masked for who is not in both rankings.

    ``total`` = ``entered`` + ``left`` + ``own`` + ``others``: proposals that came in above, that
    went away from above, the own change of value, the others' changes. Half places arise where
    either of two changes would have done it alone, or only both together.
    """

    total: MaskedFloats
    entered: MaskedFloats
    left: MaskedFloats
    own: MaskedFloats
    others: MaskedFloats


def shapley(
    causes: Sequence[str], evaluate: Callable[[frozenset[str]], Floats]
) -> dict[str, Floats]:
    """Share of each cause in ``evaluate(all) - evaluate(none)``, element by element.

    ``evaluate`` gets the set of causes switched to their new state and returns an array of fixed
    shape (values or ranks of the same proposals). At most 10 causes. Errors: ``causes``.
    """
    if len(set(causes)) != len(causes):
        raise ValueError("causes: must differ from each other")
    if len(causes) > MOST_CAUSES:
        raise ValueError(f"causes: at most {MOST_CAUSES} expected")
    subsets = [
        frozenset(some) for size in range(len(causes) + 1) for some in combinations(causes, size)
    ]
    outcome = {subset: finite("evaluate", evaluate(subset)) for subset in subsets}
    shares = {}
    for cause in causes:
        share = np.zeros_like(outcome[frozenset()])
        for subset in subsets:
            if cause not in subset:
                weight = 1.0 / (len(causes) * comb(len(causes) - 1, len(subset)))
                share += weight * (outcome[subset | {cause}] - outcome[subset])
        shares[cause] = share
    return shares


def value_change(
    values_before: ArrayLike,
    weights_before: ArrayLike,
    values_after: ArrayLike,
    weights_after: ArrayLike,
) -> ValueChange:
    """Split the change of the additive value of the same n proposals and m criteria.

    Values (n, m) on 0..100 with NaN = missing, weights (m,) or (n, m), as in ``additive_value``.
    A criterion of only one version of the framework has weight 0 in the other.
    """
    before = _valued(values_before, weights_before, "before")
    after = _valued(values_after, weights_after, "after")
    old, new = floats("values_before", values_before), floats("values_after", values_after)
    if old.shape != new.shape:
        raise ValueError(f"values_after: shape {old.shape} expected, got {new.shape}")
    scores = (np.where(np.isnan(old), new, old), np.where(np.isnan(new), old, new))
    filled = [np.nan_to_num(score) for score in scores]
    scored = [~np.isnan(old), ~np.isnan(new)]
    weights = [
        np.broadcast_to(floats("weights_before", weights_before), old.shape),
        np.broadcast_to(floats("weights_after", weights_after), old.shape),
    ]
    shares = {(w, c): _shares(weights[w], scored[c]) for w in (0, 1) for c in (0, 1)}

    def term(on: frozenset[str]) -> Floats:
        terms: Floats = shares["weight" in on, "coverage" in on] * filled["score" in on]
        return terms

    parts = shapley(("score", "weight", "coverage"), term)
    undefined = np.ma.getmaskarray(before.value) | np.ma.getmaskarray(after.value)
    change = np.ma.getdata(after.value) - np.ma.getdata(before.value)
    hidden = np.broadcast_to(undefined[:, None], old.shape)
    return ValueChange(
        total=masked(change, undefined),
        **{name: masked(part, hidden) for name, part in parts.items()},
    )


def _valued(values: ArrayLike, weights: ArrayLike, when: str) -> AdditiveValue:
    """The additive value, its refusals naming the argument of the caller."""
    try:
        return additive_value(values, weights)
    except ValueError as error:
        name, _, said = str(error).partition(": ")
        raise ValueError(f"{name}_{when}: {said}") from error


def _shares(weights: Floats, scored: Bools) -> Floats:
    used = np.where(scored, weights, 0.0)
    covered = used.sum(axis=1, keepdims=True)
    shares: Floats = used / np.where(covered > 0, covered, 1.0)
    return shares


def rank_move(before: ArrayLike, after: ArrayLike) -> RankMove:
    """Account for every place gained or lost between two rankings of the same index set.

    ``before`` and ``after`` (n,) hold the values of the union of both lists, NaN where a proposal
    was not ranked. Ranks are competition ranks of the values rounded to 1e-9.
    """
    old = np.round(floats("before", before, ndim=1), _DECIMALS)
    new = np.round(floats("after", after, ndim=1), _DECIMALS)
    if old.shape != new.shape:
        raise ValueError(f"after: {len(old)} entries expected, got {len(new)}")
    was, remains = ~np.isnan(old), ~np.isnan(new)
    both = was & remains
    mine_old, mine_new = np.where(both, old, 0.0), np.where(both, new, 0.0)
    # How many of the staying proposals are above me, by whose value is the old or the new one.
    above = {
        (theirs, mine): _above(values[both], own)
        for theirs, values in (("old", old), ("new", new))
        for mine, own in (("old", mine_old), ("new", mine_new))
    }
    # Compared with my own other value I must not count as a rival of myself.
    above["old", "new"] -= mine_old > mine_new
    above["new", "old"] -= mine_new > mine_old
    own = (above["old", "new"] - above["old", "old"]) + (above["new", "new"] - above["new", "old"])
    others = (above["new", "old"] - above["old", "old"]) + (
        above["new", "new"] - above["old", "new"]
    )
    entered = _above(new[remains & ~was], mine_new)
    left = -_above(old[was & ~remains], mine_old)
    parts = [entered, left, own / 2.0, others / 2.0]
    return RankMove(masked(sum(parts), ~both), *(masked(part, ~both) for part in parts))


def _above(values: Floats, mine: Floats) -> Floats:
    ordered = np.sort(values)
    return (len(ordered) - np.searchsorted(ordered, mine, side="right")).astype(np.float64)


def needed_scores(
    values: ArrayLike, weights: ArrayLike, target: float, *, step: float = 1e-6
) -> MaskedFloats:
    """For each criterion alone, the score at which the value would pass ``target``, (m,).

    ``values`` (m,) on 0..100 with NaN = missing, ``weights`` (m,). Passing means exceeding by
    ``step``. Masked where even 100 would not do, or the criterion has no weight; a criterion that
    is missing is tried as newly scored. Already above: the present scores (masked if missing).
    """
    scores, share = floats("values", values, ndim=1), finite("weights", weights, ndim=1)
    if share.shape != scores.shape:
        raise ValueError(f"weights: {len(scores)} entries expected, got {len(share)}")
    weights_sum_to_one("weights", share)
    goal = number("target", target) + number("step", step)
    known = ~np.isnan(scores)
    now = additive_value(scores[None, :], share)
    if now.value[0] is not np.ma.masked and float(now.value[0]) >= goal:
        return masked(scores, ~known)
    points, held = np.where(known, scores, 0.0) * share, np.where(known, share, 0.0)
    rest_points = points.sum() - points
    covered = held.sum() - held + share
    needed = (goal * covered - rest_points) / np.where(share > 0, share, 1.0)
    return masked(np.maximum(needed, 0.0), (share <= 0) | (needed > FULL_SCALE))


def smallest_change(
    values: ArrayLike, weights: ArrayLike, target: float
) -> tuple[int, float] | None:
    """The criterion (index) and new score that cross ``target`` with the least rise in points.

    None where no single criterion can. A missing criterion counts its whole new score as rise.
    """
    scores = floats("values", values, ndim=1)
    needed = needed_scores(values, weights, target)
    rise = np.ma.getdata(needed) - np.nan_to_num(scores)
    possible = np.flatnonzero(~np.ma.getmaskarray(needed))
    if len(possible) == 0:
        return None
    best = int(possible[np.argmin(rise[possible])])
    return best, float(needed[best])


def fitting_cost(order: ArrayLike, cost: ArrayLike, budget: float, item: int) -> float:
    """The highest cost at which ``item`` would still be taken, walking ``order`` and skipping.

    ``order`` (n,) proposals from best to worst, ``cost`` (n,) >= 0: the budget left when the walk
    arrives at the item. It is taken now iff its own cost is not higher, up to rounding.
    """
    price = finite("cost", cost, ndim=1)
    if (price < 0).any():
        raise ValueError("cost: must not be negative")
    walk = indices("order", order, size=len(price))
    left = number("budget", budget)
    rounding = ROUNDING * abs(left)
    for place in walk:
        if place == item:
            return max(left, 0.0)
        if price[place] <= left + rounding:
            left -= float(price[place])
    raise ValueError("item: not in the order")
