"""The integer program, over everything or over the few proposals near the margin.

Most proposals are decided by their price alone: the relaxation takes them or leaves them by a wide
margin. So the program is first solved over the few near the margin; where the result comes within
the gap of the relaxation it is proved, else the margin is widened until the whole program has been
solved.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from scoring.analysis.arrays import Bools, Floats, Ints
from scoring.analysis.portfolio.choice import open_gap, worth
from scoring.analysis.portfolio.model import Model, Relaxation, in_units

FIRST_CORE = 150

_WIDER = 4
_HALF = 0.5


def best_by_core(
    model: Model, relaxed: Relaxation, gap: float, end: float
) -> tuple[Bools | None, float]:
    """Best choice found and the bound that holds for every choice."""
    near = np.argsort(relaxed.reduced[model.order], kind="stable")
    best: Bools | None = None
    bound = relaxed.value
    size = FIRST_CORE
    while True:
        whole = size >= len(model)
        core = model.order[near[:size]]
        # Within a core, the gap is allowed as a share of the whole value, not of the core's.
        allowed = gap if whole else gap / 2.0 * abs(bound)
        chosen, upper = over_core(model, core, relaxed.fractions, allowed, end, absolute=not whole)
        if chosen is not None and (best is None or worth(model, chosen) > worth(model, best)):
            best = chosen
        if whole:
            return best, min(bound, upper)
        if best is not None and open_gap(model, best, bound) <= gap:
            return best, bound
        if time.monotonic() >= end:
            return best, bound
        size *= _WIDER


def over_core(
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
