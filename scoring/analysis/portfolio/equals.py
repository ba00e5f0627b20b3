"""Which of equally good choices: the cheapest, then the smallest, then the earliest proposals."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from scoring.analysis.arrays import ROUNDING, Bools, Floats
from scoring.analysis.portfolio.choice import worth
from scoring.analysis.portfolio.model import Model, with_goal, with_item, with_row
from scoring.analysis.portfolio.program import FIRST_CORE, over_core

# Up to this many proposals the choice among equals is settled one by one, in their order.
LEXICOGRAPHIC_LIMIT = 40
# Else as far as so many branches show it.
_NODES = 500


def earliest(model: Model, choices: Bools) -> Bools:
    """The one (n,) of equally good ``choices`` (k, n), at least one of them."""
    for burden in (model.cost.sum(axis=1), np.ones(len(model))):
        total: Floats = choices @ burden
        least = float(total.min())
        choices = choices[total <= least + ROUNDING * max(abs(least), float(burden.max(initial=0)))]
    listed = sorted(choices.tolist(), key=lambda chosen: [not chosen[i] for i in model.order])
    return np.array(listed[0], dtype=np.bool_)


def pruned(model: Model, found: Bools) -> Bools:
    """Drop what adds nothing and no rule needs, as a gap above 0 lets the solver keep it."""
    for item in np.flatnonzero(found & (model.value <= 0) & (model.lower == 0)):
        without = found.copy()
        without[item] = False
        if model.fits(without):
            found = without
    return found


def settled(model: Model, found: Bools, end: float) -> Bools:
    """Of choices worth as much as ``found``: the cheapest, the fewest, the earliest proposals."""
    if len(model) > FIRST_CORE or time.monotonic() >= end:
        return found
    same = with_row(model, -model.value, -worth(model, found))
    everything, nothing = np.arange(len(model)), np.zeros(len(model))
    best = found
    for burden in (model.cost.sum(axis=1), np.ones(len(model))):
        lighter, _ = over_core(
            with_goal(same, -burden), everything, nothing, 0.0, end, nodes=_NODES
        )
        best = best if lighter is None else lighter
        same = with_row(same, burden, float(burden[best].sum()))
    for item in model.order if len(model) <= LEXICOGRAPHIC_LIMIT else ():
        if not best[item]:
            early = with_goal(with_item(same, int(item)), nothing)
            other, _ = over_core(early, everything, nothing, 0.0, end)
            if other is None:
                continue
            best = other
        same = with_item(same, int(item))
    return best


def early_twins(model: Model, chosen: Bools) -> Bools:
    """As many of each set of interchangeable proposals, but the earliest of them."""
    rows: Any = model.rows
    columns = np.c_[model.value, model.cost, model.lower, rows.toarray().T]
    twin = np.unique(columns, axis=0, return_inverse=True)[1].ravel()
    seats = np.bincount(twin[chosen], minlength=len(chosen))
    ahead = np.empty(len(chosen), dtype=np.int64)
    listed = model.order[np.argsort(twin[model.order], kind="stable")]
    first = np.cumsum(np.bincount(twin, minlength=len(chosen)))
    ahead[listed] = np.arange(len(listed)) - np.r_[0, first][twin[listed]]
    early: Bools = ahead < seats[twin]
    return early
