"""Which proposal is better whatever the weights, or whatever the attitude to risk.

Sources: Hadar & Russell 1969 (stochastic dominance); Pareto.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import Bools, Floats, finite

TOLERANCE = 1e-12


def first_order(a: ArrayLike, b: ArrayLike) -> bool:
    """A dominates B: F_A <= F_B everywhere and below somewhere. Draws of any two lengths."""
    return _dominates(*_distributions(a, b))


def second_order(a: ArrayLike, b: ArrayLike) -> bool:
    """A dominates B for every risk-averse taste: the integral of F_A never exceeds that of F_B."""
    below_a, below_b, width = _distributions(a, b)
    return _dominates(_integral(below_a, width), _integral(below_b, width), width)


def pareto_front(criteria: ArrayLike) -> Bools:
    """Rows of ``criteria`` (n, m), higher is better, that no other row beats in everything.

    Equal rows stay together on the front.
    """
    table = finite("criteria", criteria, ndim=2)
    front = np.ones(len(table), dtype=np.bool_)
    for i, row in enumerate(table):
        better = (table >= row).all(axis=1) & (table > row).any(axis=1)
        front[i] = not better.any()
    return front


def _distributions(a: ArrayLike, b: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Both distribution functions at every value that occurs, and the step to the next value."""
    one, other = np.sort(finite("a", a, ndim=1)), np.sort(finite("b", b, ndim=1))
    for name, draws in (("a", one), ("b", other)):
        if len(draws) == 0:
            raise ValueError(f"{name}: at least one draw expected")
    values = np.union1d(one, other)
    below_one = np.searchsorted(one, values, side="right") / len(one)
    below_other = np.searchsorted(other, values, side="right") / len(other)
    return below_one, below_other, np.diff(values, append=values[-1])


def _integral(below: Floats, width: Floats) -> Floats:
    return np.asarray(np.cumsum(below * width))


def _dominates(one: Floats, other: Floats, width: Floats) -> bool:
    slack = TOLERANCE * max(float(width.sum()), 1.0)
    return bool((one <= other + slack).all() and (one < other - slack).any())
