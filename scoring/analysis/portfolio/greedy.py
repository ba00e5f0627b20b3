"""Greedy lists, each by its name: what a reader can follow with a finger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import ROUNDING, Bools, Floats, Ints, extended, finite, indices, number
from scoring.analysis.portfolio.model import Rules, build
from scoring.analysis.value import total_order

By: TypeAlias = Literal["ratio", "score"]
Misfit: TypeAlias = Literal["skip", "stop"]


def greedy(
    score: ArrayLike,
    cost: ArrayLike,
    budget: float,
    *,
    by: By = "ratio",
    misfit: Misfit = "skip",
    tie_keys: tuple[ArrayLike, ...] = (),
    least: float = 0.0,
) -> Bools:
    """Walk down the list and take what fits; which are taken (n,).

    ``by`` ratio: score / cost, free proposals with a score above 0 first; by score: the score
    alone. ``misfit`` skip passes over what does not fit, stop ends there. Equals go by lower cost,
    then by ``tie_keys`` (smaller first), then as listed. Proposals whose score is below ``least``
    are never taken. Errors: by the argument's name.
    """
    points, price = finite("score", score, ndim=1), finite("cost", cost, ndim=1)
    if price.shape != points.shape:
        raise ValueError(f"cost: {len(points)} entries expected, got {len(price)}")
    if (price < 0).any():
        raise ValueError("cost: must not be negative")
    left = number("budget", budget)
    lowest = extended("least", least)
    if left < 0:
        raise ValueError("budget: must not be negative")
    if by not in ("ratio", "score"):
        raise ValueError("by: ratio or score expected")
    _check_misfit(misfit)
    # 0.3 - 0.1 - 0.1 must still pay for another 0.1.
    left += ROUNDING * left
    taken = np.zeros(len(points), dtype=np.bool_)
    for item in _listed(points, price, by, tie_keys):
        if points[item] < lowest:
            continue
        if price[item] <= left:
            taken[item] = True
            left -= price[item]
        elif misfit == "stop":
            break
    return taken


def down_list(
    order: ArrayLike,
    cost: ArrayLike,
    budget: ArrayLike,
    *,
    rules: Rules | None = None,
    misfit: Misfit = "skip",
) -> Bools:
    """Walk down the list and take what fits the budgets and the rules; which are taken (n,).

    ``order`` (k,) places of the proposals from the top; one that is not listed is taken only where
    another needs it. What is mandatory comes first and is taken in any case. A proposal comes with
    all that it needs, or not at all. Least amounts of a group are no reason to take anything, so
    they may be missed. ``misfit`` stop ends at the first for which a budget is too small; what a
    rule keeps out is passed over. ``cost``, ``budget`` and ``rules`` as in ``choose``. Errors: by
    the argument's name.
    """
    _check_misfit(misfit)
    given = rules or Rules()
    highs = tuple(replace(balance, low=None) for balance in given.balances)
    price = np.atleast_1d(finite("cost", cost))
    loose = replace(given, mandatory=(), balances=highs)
    model = build(np.zeros(len(price)), cost, budget, loose, None)
    places = indices("order", order, size=len(model))
    needs: dict[int, list[int]] = {}
    for one, other in given.requires:
        needs.setdefault(one, []).append(other)
    taken = np.zeros(len(model), dtype=np.bool_)
    for item in given.mandatory:
        taken[_with_needed(item, needs)] = True
    for item in places.tolist():
        together = taken.copy()
        together[_with_needed(item, needs)] = True
        if model.fits(together):
            taken = together
        elif misfit == "stop" and not model.affords(together):
            break
    return taken


def _check_misfit(misfit: str) -> None:
    if misfit not in ("skip", "stop"):
        raise ValueError("misfit: skip or stop expected")


def _with_needed(item: int, needs: Mapping[int, list[int]]) -> list[int]:
    """The proposal and all that it needs, directly or through another."""
    found, waiting = {item}, [item]
    while waiting:
        fresh = [other for other in needs.get(waiting.pop(), ()) if other not in found]
        found.update(fresh)
        waiting += fresh
    return sorted(found)


def _listed(points: Floats, price: Floats, by: By, tie_keys: tuple[ArrayLike, ...]) -> Ints:
    keys: tuple[ArrayLike, ...] = (price, *tie_keys)
    if by == "score":
        return total_order(points, *keys)
    # Free ones cannot be compared by ratio: those worth something lead, by score.
    free = price == 0
    lead = np.where(free & (points > 0), 0, 1)
    ratio = points / np.where(free, 1.0, price)
    # Equal ratios must not differ by the rounding of a division.
    ratio /= np.abs(ratio).max(initial=0.0) or 1.0
    return total_order(
        np.zeros(len(points)), lead, np.where(free, -points, -np.round(ratio, 12)), *keys
    )
