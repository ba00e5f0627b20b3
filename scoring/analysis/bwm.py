"""Best-worst method: weights from comparing the best with all and all with the worst.

Sources: Rezaei 2015 (non-linear model and consistency index), Rezaei 2016 (linear model). It
needs 2m - 3 answers for m criteria instead of m (m - 1) / 2. Both lists hold the comparison of the
best with the worst; it is one answer, so the two must agree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linprog

from scoring.analysis.arrays import TOLERANCE, Floats, finite, number

_BISECTIONS = 40
# The linear solver accepts a violation of 1e-7; the misfit is eased by more than that.
_SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class BestWorst:
    """``weights`` (m,), sum 1; ``xi`` the worst misfit; ``ratio`` xi / CI (non-linear model only).

    ``low``, ``high`` (m,): the range of each weight over all optimal solutions. They coincide with
    ``weights`` in the linear model; in the non-linear one ``weights`` is the middle, renormalised.
    """

    weights: Floats
    xi: float
    ratio: float | None
    low: Floats
    high: Floats


def consistency_index(best_over_worst: float) -> float:
    """Largest xi that a_BW admits: the smaller root of x^2 - (1 + 2a) x + (a^2 - a) = 0."""
    a = number("best_over_worst", best_over_worst)
    if a < 1.0:
        raise ValueError("best_over_worst: must be at least 1")
    return float((1.0 + 2.0 * a - np.sqrt(1.0 + 8.0 * a)) / 2.0)


def linear(
    best_to_others: ArrayLike, others_to_worst: ArrayLike, *, best: int, worst: int
) -> BestWorst:
    """min max_j { |w_B - a_Bj w_j|, |w_j - a_jW w_W| } over weights summing to 1 (Rezaei 2016)."""
    to_others, to_worst = _answers(best_to_others, others_to_worst, best, worst)
    rows = _misfits(to_others, to_worst, best, worst)
    m = len(to_others)
    signed = np.vstack([rows, -rows])
    found = _cheapest(
        np.r_[np.zeros(m), 1.0], np.c_[signed, -np.ones(len(signed))], np.r_[np.ones(m), 0.0]
    )
    if found is None:  # Equal weights with a large misfit always satisfy the constraints.
        raise ValueError("best_to_others: the comparisons are too extreme to solve")
    weights = np.clip(found[:m], 0.0, None)
    weights = weights / weights.sum()
    return BestWorst(weights, float(max(found[m], 0.0)), None, weights, weights)


def nonlinear(
    best_to_others: ArrayLike, others_to_worst: ArrayLike, *, best: int, worst: int
) -> BestWorst:
    """min xi with |w_B/w_j - a_Bj| <= xi and |w_j/w_W - a_jW| <= xi (Rezaei 2015).

    xi is found by bisection over linear feasibility. With more than three inconsistent criteria
    the weights may form intervals. ``ratio`` = xi / CI(a_BW); 0 where a_BW is 1.
    """
    to_others, to_worst = _answers(best_to_others, others_to_worst, best, worst)
    m = len(to_others)
    low, high = 0.0, float(max(to_others.max(), to_worst.max()))
    if _range_of(None, to_others, to_worst, best, worst, 0.0) is not None:
        high = 0.0
    for _ in range(_BISECTIONS if high > 0 else 0):
        middle = (low + high) / 2.0
        if _range_of(None, to_others, to_worst, best, worst, middle) is None:
            low = middle
        else:
            high = middle
    xi = high + _SLACK if high > 0 else 0.0
    ranges = [_range_of(j, to_others, to_worst, best, worst, xi) for j in range(m)]
    smallest = np.array([pair[0] if pair else 0.0 for pair in ranges])
    largest = np.array([pair[1] if pair else 0.0 for pair in ranges])
    middle_weights = (smallest + largest) / 2.0
    index = consistency_index(float(max(to_others[worst], 1.0)))
    return BestWorst(
        middle_weights / middle_weights.sum(),
        high,
        high / index if index > 0 else 0.0,
        smallest,
        largest,
    )


def _answers(
    best_to_others: ArrayLike, others_to_worst: ArrayLike, best: int, worst: int
) -> tuple[Floats, Floats]:
    to_others = finite("best_to_others", best_to_others, ndim=1)
    to_worst = finite("others_to_worst", others_to_worst, ndim=1)
    m = len(to_others)
    if len(to_worst) != m or m == 0:
        raise ValueError(f"others_to_worst: {max(m, 1)} entries expected, got {len(to_worst)}")
    for name, value in (("best", best), ("worst", worst)):
        if not 0 <= value < m:
            raise ValueError(f"{name}: must lie in 0..{m - 1}")
    if best == worst and m > 1:
        raise ValueError("worst: must differ from best")
    if (to_others < 1).any() or to_others[best] != 1:
        raise ValueError("best_to_others: at least 1 everywhere and 1 for the best itself")
    if (to_worst < 1).any() or to_worst[worst] != 1:
        raise ValueError("others_to_worst: at least 1 everywhere and 1 for the worst itself")
    if abs(to_others[worst] - to_worst[best]) > TOLERANCE * to_worst[best]:
        raise ValueError("others_to_worst: best over worst was answered otherwise before")
    return to_others, to_worst


def _misfits(to_others: Floats, to_worst: Floats, best: int, worst: int) -> Floats:
    """Rows r with r @ w = w_B - a_Bj w_j, then w_j - a_jW w_W, (2m, m)."""
    m = len(to_others)
    first = -np.diag(to_others)
    first[:, best] += 1.0
    second = np.eye(m)
    second[:, worst] -= to_worst
    return np.vstack([first, second])


def _range_of(
    criterion: int | None, to_others: Floats, to_worst: Floats, best: int, worst: int, xi: float
) -> tuple[float, float] | None:
    """Range of one weight (or (0, 0) when just asking) at misfit ``xi``; None if impossible."""
    m = len(to_others)
    rows = _misfits(to_others, to_worst, best, worst)
    slack = np.vstack([np.eye(m), np.zeros((m, m))])
    slack[m:, worst] = 1.0
    signed = np.vstack([rows - xi * slack, -rows - xi * slack])
    ends = []
    for sign in (1.0, -1.0):
        goal = np.zeros(m)
        if criterion is not None:
            goal[criterion] = sign
        found = _cheapest(goal, signed, np.ones(m))
        if found is None:
            return None
        if criterion is None:
            return 0.0, 0.0
        ends.append(float(found[criterion]))
    return ends[0], ends[1]


def _cheapest(goal: Floats, below_zero: Floats, sums_to_one: Floats) -> Floats | None:
    """min goal x with below_zero x <= 0, sums_to_one x = 1, x >= 0; None if impossible."""
    solution = linprog(
        goal,
        A_ub=below_zero,
        b_ub=np.zeros(len(below_zero)),
        A_eq=sums_to_one[None, :],
        b_eq=[1.0],
        method="highs",
    )
    return None if solution.x is None or solution.status != 0 else np.asarray(solution.x)
