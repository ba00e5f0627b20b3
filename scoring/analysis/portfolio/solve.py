"""Exact choice under budgets and rules, certified by a bound that holds for every choice."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import Bools, number
from scoring.analysis.portfolio.choice import (
    GAP,
    TIME_LIMIT,
    Choice,
    Infeasible,
    certified,
    open_gap,
    worth,
)
from scoring.analysis.portfolio.conflict import conflict_of
from scoring.analysis.portfolio.equals import (
    LEXICOGRAPHIC_LIMIT,
    earliest,
    early_twins,
    pruned,
    settled,
)
from scoring.analysis.portfolio.listing import list_best
from scoring.analysis.portfolio.model import Model, Relaxation, Rules, build, relax
from scoring.analysis.portfolio.program import FIRST_CORE, best_by_core, over_core

# Up to 150 proposals the gap is closed altogether: by listing, else by so many branches.
_LISTED, _NODES = 12_000_000, 500


def choose(
    value: ArrayLike,
    cost: ArrayLike,
    budget: ArrayLike,
    *,
    rules: Rules | None = None,
    order: ArrayLike | None = None,
    gap: float = GAP,
    time_limit: float = TIME_LIMIT,
) -> Choice | Infeasible:
    """max sum value x under budgets and rules, x in {0, 1}.

    ``value`` (n,) may be negative (such a proposal enters only if a rule needs it); ``cost`` (n,)
    or (n, k) >= 0 per resource or period in the unit of ``budget`` (number or (k,)). Phases of a
    project are proposals of their own tied by ``requires``. ``order`` (n,) unique keys (ids): of
    equally good choices the cheaper wins (sum over resources), then the smaller, then the one with
    the earlier proposals; this is exact up to 40 proposals, and up to 150 wherever the best can be
    listed. ``gap`` relative, ``time_limit`` in seconds. Errors: by the argument's name.
    """
    if not number("gap", gap) >= 0:
        raise ValueError("gap: must not be negative")
    if not number("time_limit", time_limit) > 0:
        raise ValueError("time_limit: must be above 0")
    model = build(value, cost, budget, rules or Rules(), order)
    return solve(model, gap=gap, time_limit=time_limit)


def solve(
    model: Model, *, gap: float, time_limit: float, settle: bool = True
) -> Choice | Infeasible:
    """Solve a model; ``settle`` picks the cheapest and earliest of equally good choices."""
    end = time.monotonic() + time_limit
    if len(model) <= LEXICOGRAPHIC_LIMIT:
        gap = 0.0
    relaxed = relax(model)
    if relaxed is None:
        return Infeasible(conflict_of(model))
    found: Bools | None = None
    bound = relaxed.value
    if len(model) <= FIRST_CORE and gap <= GAP:
        found, bound, is_settled = _small(model, relaxed, end)
        if found is not None and is_settled:
            return certified(model, found, bound, gap)
    if found is None or open_gap(model, found, bound) > gap:
        other, upper = best_by_core(model, relaxed, gap, end)
        found, bound = _better(model, found, other), min(bound, upper)
    if found is None and time.monotonic() < end:
        return Infeasible(conflict_of(model))
    found = _by_price(model) if found is None else found
    if found is None:
        raise ValueError("time_limit: no choice that keeps the rules was found in time")
    found = pruned(model, found)
    if settle and open_gap(model, found, bound) <= gap:
        found = early_twins(model, settled(model, found, end))
    return certified(model, found, bound, gap)


def _better(model: Model, one: Bools | None, other: Bools | None) -> Bools | None:
    if one is None or other is None:
        return other if one is None else one
    return other if worth(model, other) > worth(model, one) else one


def _small(model: Model, relaxed: Relaxation, end: float) -> tuple[Bools | None, float, bool]:
    """The best choice without a gap, as far as a fixed effort shows it.

    With the bound, and whether it has been settled among its equals.
    """
    found, bound = _by_ratio(model), relaxed.value
    branched = found is None
    if branched:
        found, bound = _by_branches(model, end)
    if found is not None:
        listed = list_best(model, relaxed, found, end, _LISTED)
        bound = min(bound, listed.bound)
        if len(listed.choices):
            found = earliest(model, listed.choices)
            return found, worth(model, found), True
    if not branched:
        other, upper = _by_branches(model, end)
        found, bound = _better(model, found, other), min(bound, upper)
    return found, bound, False


def _by_branches(model: Model, end: float) -> tuple[Bools | None, float]:
    everything, nothing = np.arange(len(model)), np.zeros(len(model))
    return over_core(model, everything, nothing, 0.0, end, nodes=_NODES)


def _by_ratio(model: Model) -> Bools | None:
    """Value for money with skip; None where what is mandatory is not yet a choice."""
    chosen: Bools = model.lower > 0
    if not model.fits(chosen):
        return None
    share = (model.cost / np.where(model.budget > 0, model.budget, 1.0)).sum(axis=1)
    price = np.where(share > 0, model.value / np.where(share > 0, share, 1.0), np.inf)
    for item in model.order[np.argsort(-price[model.order], kind="stable")]:
        if model.value[item] > 0 and not chosen[item]:
            chosen[item] = True
            chosen[item] = model.fits(chosen)
    return chosen


def _by_price(model: Model) -> Bools | None:
    """Value for money, then swaps of one against one while they help."""
    chosen = _by_ratio(model)
    if chosen is None:
        return None
    for out in np.flatnonzero(chosen & (model.lower == 0)):
        for into in np.flatnonzero(~chosen & (model.value > model.value[out])):
            swapped = chosen.copy()
            swapped[[out, into]] = False, True
            if model.fits(swapped):
                chosen = swapped
                break
    return chosen
