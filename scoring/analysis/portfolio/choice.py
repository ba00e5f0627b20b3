"""What a choice is, how sure it is the best, and what it means that there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from scoring.analysis.arrays import Bools, Floats
from scoring.analysis.portfolio.model import Conflict, Model

Status: TypeAlias = Literal["optimal", "time_limit"]

GAP = 1e-4
TIME_LIMIT = 20.0


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


def certified(model: Model, chosen: Bools, bound: float, gap: float) -> Choice:
    value = worth(model, chosen)
    # The solver's bound may lie below the value by its own rounding.
    top = max(bound, value)
    left = open_gap(model, chosen, top) if top > value else 0.0
    status: Status = "optimal" if left <= max(gap, 1e-9) else "time_limit"
    return Choice(chosen, value, model.cost[chosen].sum(axis=0), top, left, status)


def worth(model: Model, chosen: Bools) -> float:
    return float(model.value[chosen].sum())


def open_gap(model: Model, chosen: Bools, bound: float) -> float:
    value = worth(model, chosen)
    return max(bound - value, 0.0) / max(abs(value), np.finfo(np.float64).tiny)
