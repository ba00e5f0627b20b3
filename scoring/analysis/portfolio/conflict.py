"""Which rules cannot hold together."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from scoring.analysis.arrays import Bools
from scoring.analysis.portfolio.choice import TIME_LIMIT
from scoring.analysis.portfolio.model import Conflict, Model, with_goal
from scoring.analysis.portfolio.program import over_core


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
    found, _ = over_core(with_goal(left, nothing), everything, nothing, 0.0, end)
    # What could not be shown to be impossible in time is not blamed.
    return found is not None or time.monotonic() >= end
