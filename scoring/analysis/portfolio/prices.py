"""What an exception costs and what more budget would bring: two exact solutions compared."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import Floats, Ints, finite, number
from scoring.analysis.portfolio.choice import GAP, TIME_LIMIT, Infeasible
from scoring.analysis.portfolio.model import Rules, build, relax
from scoring.analysis.portfolio.solve import solve


@dataclass(frozen=True, slots=True)
class ForcedPrice:
    """Value lost by forcing one proposal in: ``price`` = free optimum - forced optimum >= 0.

    ``pushed_out`` and ``pulled_in`` are the other proposals that change places; ``gap`` the larger
    gap of the two solutions, so the price is exact up to that.
    """

    price: float
    pushed_out: Ints
    pulled_in: Ints
    gap: float


@dataclass(frozen=True, slots=True)
class BudgetPrice:
    """What ``extra`` budget would bring: ``gain`` in value and the proposals that enter or leave.

    ``shadow`` (k,) is the price of the linear relaxation per unit, for orientation.
    """

    gain: float
    entering: Ints
    leaving: Ints
    shadow: Floats
    gap: float


def forced_price(
    item: int,
    value: ArrayLike,
    cost: ArrayLike,
    budget: ArrayLike,
    *,
    rules: Rules | None = None,
    order: ArrayLike | None = None,
    gap: float = GAP,
    time_limit: float = TIME_LIMIT,
) -> ForcedPrice | Infeasible:
    """Price of forcing ``item`` in; leave it out of ``rules.mandatory`` here."""
    plain = rules or Rules()
    _check_effort(gap, time_limit)
    model = build(value, cost, budget, plain, order)
    if not 0 <= item < len(model):
        raise ValueError(f"item: must lie in 0..{len(model) - 1}")
    if item in plain.mandatory:
        raise ValueError("item: is mandatory already; leave it out of the rules to price it")
    free = solve(model, gap=gap, time_limit=time_limit)
    if isinstance(free, Infeasible):
        return free
    stricter = replace(plain, mandatory=(*plain.mandatory, item))
    forced = solve(build(value, cost, budget, stricter, order), gap=gap, time_limit=time_limit)
    if isinstance(forced, Infeasible):
        return forced
    entering = np.flatnonzero(forced.chosen & ~free.chosen)
    return ForcedPrice(
        price=max(free.value - forced.value, 0.0),
        pushed_out=np.flatnonzero(free.chosen & ~forced.chosen),
        pulled_in=entering[entering != item],
        gap=max(free.gap, forced.gap),
    )


def budget_price(
    extra: ArrayLike,
    value: ArrayLike,
    cost: ArrayLike,
    budget: ArrayLike,
    *,
    rules: Rules | None = None,
    order: ArrayLike | None = None,
    gap: float = GAP,
    time_limit: float = TIME_LIMIT,
) -> BudgetPrice | Infeasible:
    """What ``extra`` (number or (k,), >= 0) on top of the budgets is worth, solved exactly."""
    plain = rules or Rules()
    _check_effort(gap, time_limit)
    model = build(value, cost, budget, plain, order)
    given = finite("extra", extra)
    if given.ndim and given.shape != model.budget.shape:
        raise ValueError(f"extra: a number or {len(model.budget)} entries expected")
    more = np.broadcast_to(given, model.budget.shape)
    if (more < 0).any():
        raise ValueError("extra: must not be negative")
    now = solve(model, gap=gap, time_limit=time_limit)
    if isinstance(now, Infeasible):
        return now
    richer = build(value, cost, model.budget + more, plain, order)
    then = solve(richer, gap=gap, time_limit=time_limit)
    relaxed = relax(model)
    if isinstance(then, Infeasible) or relaxed is None:  # More budget cannot make it impossible.
        raise ValueError("time_limit: too short to price the budget")
    return BudgetPrice(
        gain=max(then.value - now.value, 0.0),
        entering=np.flatnonzero(then.chosen & ~now.chosen),
        leaving=np.flatnonzero(now.chosen & ~then.chosen),
        shadow=relaxed.shadow,
        gap=max(now.gap, then.gap),
    )


def _check_effort(gap: float, time_limit: float) -> None:
    if not number("gap", gap) >= 0:
        raise ValueError("gap: must not be negative")
    if not number("time_limit", time_limit) > 0:
        raise ValueError("time_limit: must be above 0")
