"""Exact choice by mixed-integer programming, certified by the bound of the linear relaxation.

Most proposals are decided by their price alone: the relaxation takes them or leaves them by a wide
margin. So the integer program is first solved over the few proposals near the margin; where the
result comes within the gap of the relaxation it is proved, else the margin is widened until the
whole program has been solved.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from scoring.analysis.arrays import Bools, Floats, Ints, number
from scoring.analysis.portfolio.model import (
    Conflict,
    Model,
    Relaxation,
    Rules,
    build,
    in_units,
    relax,
    with_goal,
    with_item,
    with_row,
)

Status: TypeAlias = Literal["optimal", "time_limit"]

GAP = 1e-4
TIME_LIMIT = 20.0
# Up to this many proposals the choice among equals is settled one by one, in their order.
LEXICOGRAPHIC_LIMIT = 40

_FIRST_CORE = 150
_WIDER = 4
# Up to 150 proposals the gap is closed altogether where so many branches suffice.
_NODES = 500
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Choice:
    """``chosen`` (n,), its ``value`` and ``cost`` (k,), and how sure it is the best.

    No choice is worth more than ``bound``; ``gap`` = (bound - value) / max(|value|, tiny).
    ``status`` is optimal when the gap kept the limit asked for, else time_limit.
    """

    chosen: Bools
    value: float
    cost: Floats
    bound: float
    gap: float
    status: Status


@dataclass(frozen=True, slots=True)
class Infeasible:
    """Nothing keeps all rules. ``conflict`` is a smallest set of them that cannot hold together."""

    conflict: tuple[Conflict, ...]


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
    the earlier proposals; up to 40 proposals this is exact. ``gap`` relative, ``time_limit`` in
    seconds. Errors: by the argument's name.
    """
    if not number("gap", gap) >= 0:
        raise ValueError("gap: must not be negative")
    if not time_limit > 0:
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
    small = len(model) <= _FIRST_CORE and gap <= GAP
    found, bound = _small(model, end) if small else (None, np.inf)
    if found is None or _gap(model, found, bound) > gap:
        other, upper = _by_core(model, relaxed, gap, end)
        bound = min(bound, upper)
        if found is None or (other is not None and _worth(model, other) > _worth(model, found)):
            found = other
    if found is None:
        if time.monotonic() < end:
            return Infeasible(conflict_of(model))
        found = _by_price(model)
        if found is None:
            raise ValueError("time_limit: no choice that keeps the rules was found in time")
    found = _pruned(model, found)
    if settle and _gap(model, found, bound) <= gap:
        found = _settle(model, found, end)
    return _choice(model, found, bound, gap)


def _small(model: Model, end: float) -> tuple[Bools | None, float]:
    """The best choice without a gap, as far as a fixed number of branches shows it."""
    everything, nothing = np.arange(len(model)), np.zeros(len(model))
    return _milp(model, everything, nothing, 0.0, end, nodes=_NODES)


def _by_core(
    model: Model, relaxed: Relaxation, gap: float, end: float
) -> tuple[Bools | None, float]:
    """Best choice found and the bound that holds for every choice."""
    near = np.argsort(relaxed.reduced[model.order], kind="stable")
    best: Bools | None = None
    bound = relaxed.value
    size = _FIRST_CORE
    while True:
        whole = size >= len(model)
        core = model.order[near[:size]]
        # Within a core, the gap is allowed as a share of the whole value, not of the core's.
        allowed = gap if whole else gap / 2.0 * abs(bound)
        chosen, upper = _milp(model, core, relaxed.fractions, allowed, end, absolute=not whole)
        if chosen is not None and (best is None or _worth(model, chosen) > _worth(model, best)):
            best = chosen
        if whole:
            return best, min(bound, upper)
        if best is not None and _gap(model, best, bound) <= gap:
            return best, bound
        if time.monotonic() >= end:
            return best, bound
        size *= _WIDER


def _milp(
    model: Model,
    core: Ints,
    start: Floats,
    gap: float,
    end: float,
    *,
    absolute: bool = False,
    nodes: int | None = None,
) -> tuple[Bools | None, float]:
    """Solve over ``core`` with everything else at its rounded relaxed place.

    ``gap`` is relative, or ``absolute`` in value. ``nodes``: give up after so many branches.
    """
    fixed = start > _HALF
    fixed[core] = False
    inside = np.zeros(len(model), dtype=np.bool_)
    inside[core] = True
    seen = model.order[inside[model.order]]
    base = float(model.value[fixed].sum())
    if len(seen) == 0:
        return (fixed if model.fits(fixed) else None), base
    if absolute:
        gap /= max(abs(float(model.value[seen] @ start[seen])), np.finfo(np.float64).tiny)
    rows: Any = csr_array(model.rows[:, seen])
    limits = model.limits + model.slack / 2.0 - model.rows @ fixed.astype(np.float64)
    options: Any = {"mip_rel_gap": gap} | ({"node_limit": nodes} if nodes is not None else {})
    while True:
        within, bounds, _ = in_units(rows, limits)
        options["time_limit"] = max(end - time.monotonic(), 0.01)
        found = milp(
            -model.value[seen] / model.unit,
            integrality=np.ones(len(seen), dtype=np.int64),
            bounds=Bounds(model.lower[seen], np.ones(len(seen))),
            constraints=LinearConstraint(within, ub=bounds),
            options=options,
        )
        dual = found.mip_dual_bound
        upper = np.inf if dual is None else base - float(dual) * model.unit
        if found.x is None:
            return None, upper
        chosen = fixed.copy()
        chosen[seen] = found.x > _HALF
        if model.fits(chosen):
            return chosen, upper
        # The solver overlooks an excess of a billionth; we do not: this very choice is forbidden.
        signs = np.where(chosen[seen], 1.0, -1.0)
        rows = csr_array(vstack([rows, csr_array(signs[None, :])]))
        limits = np.append(limits, float(chosen[seen].sum()) - 1.0)


def _pruned(model: Model, found: Bools) -> Bools:
    """Drop what adds nothing and no rule needs, as a gap above 0 lets the solver keep it."""
    for item in np.flatnonzero(found & (model.value <= 0) & (model.lower == 0)):
        without = found.copy()
        without[item] = False
        if model.fits(without):
            found = without
    return found


def _settle(model: Model, found: Bools, end: float) -> Bools:
    """Of choices worth as much as ``found``: the cheapest, the fewest, the earliest proposals."""
    if len(model) > _FIRST_CORE or time.monotonic() >= end:
        return found
    same = with_row(model, -model.value, -_worth(model, found))
    everything, nothing = np.arange(len(model)), np.zeros(len(model))
    best = found
    for burden in (model.cost.sum(axis=1), np.ones(len(model))):
        lighter, _ = _milp(with_goal(same, -burden), everything, nothing, 0.0, end, nodes=_NODES)
        best = best if lighter is None else lighter
        same = with_row(same, burden, float(burden[best].sum()))
    for item in model.order if len(model) <= LEXICOGRAPHIC_LIMIT else ():
        if not best[item]:
            early = with_goal(with_item(same, int(item)), nothing)
            other, _ = _milp(early, everything, nothing, 0.0, end)
            if other is None:
                continue
            best = other
        same = with_item(same, int(item))
    return best


def conflict_of(model: Model) -> tuple[Conflict, ...]:
    """A smallest set of rules that cannot hold together, by leaving out one after another."""
    forced = [Conflict("mandatory", (item,), at) for at, item in enumerate(model.rules.mandatory)]
    names = [*model.names, *forced]
    keep = np.ones(len(names), dtype=np.bool_)
    for place in range(len(names) - 1, -1, -1):
        keep[place] = False
        if _possible(model, names, keep):
            keep[place] = True
    return tuple(name for name, kept in zip(names, keep, strict=True) if kept)


def _possible(model: Model, names: list[Conflict], keep: Bools) -> bool:
    rows = keep[: len(model.names)]
    lower = np.zeros(len(model))
    for name, kept in zip(names, keep, strict=True):
        if kept and name.kind == "mandatory":
            lower[name.items[0]] = 1.0
    if len(model) == 0:
        return bool((model.limits[rows] >= 0).all())
    some: Any = csr_array(model.rows[np.flatnonzero(rows)])
    left = replace(
        model, rows=some, limits=model.limits[rows], slack=model.slack[rows], lower=lower
    )
    everything, nothing = np.arange(len(model)), np.zeros(len(model))
    end = time.monotonic() + TIME_LIMIT
    found, _ = _milp(with_goal(left, nothing), everything, nothing, 0.0, end)
    # What could not be shown to be impossible in time is not blamed.
    return found is not None or time.monotonic() >= end


def _by_price(model: Model) -> Bools | None:
    """Value for money with skip, then swaps of one against one while they help."""
    chosen = model.lower > 0
    if not model.fits(chosen):
        return None
    share = (model.cost / np.where(model.budget > 0, model.budget, 1.0)).sum(axis=1)
    price = np.where(share > 0, model.value / np.where(share > 0, share, 1.0), np.inf)
    for item in model.order[np.argsort(-price[model.order], kind="stable")]:
        if model.value[item] > 0 and not chosen[item]:
            chosen[item] = True
            chosen[item] = model.fits(chosen)
    for out in np.flatnonzero(chosen & (model.lower == 0)):
        for into in np.flatnonzero(~chosen & (model.value > model.value[out])):
            swapped = chosen.copy()
            swapped[[out, into]] = False, True
            if model.fits(swapped):
                chosen = swapped
                break
    return chosen


def _worth(model: Model, chosen: Bools) -> float:
    return float(model.value[chosen].sum())


def _gap(model: Model, chosen: Bools, bound: float) -> float:
    value = _worth(model, chosen)
    return max(bound - value, 0.0) / max(abs(value), np.finfo(np.float64).tiny)


def _choice(model: Model, chosen: Bools, bound: float, gap: float) -> Choice:
    value = _worth(model, chosen)
    # The solver's bound may lie below the value by its own rounding.
    top = max(bound, value)
    left = _gap(model, chosen, top) if top > value else 0.0
    status: Status = "optimal" if left <= max(gap, 1e-9) else "time_limit"
    return Choice(chosen, value, model.cost[chosen].sum(axis=0), top, left, status)
