"""What a proposal should have cost and brought by some day, to lay what came beside it.

The futures are those of ``money.simulate``: the same lines, streams and belief, of which only what
is paid by the day counts, and nothing is discounted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import Floats, finite
from scoring.analysis.belief import Belief, BelievedDraws
from scoring.analysis.book import Book, MoneyLines


@dataclass(frozen=True, slots=True)
class ByThen:
    """Of n proposals, in money as it is paid: P10, P50 and P90 (n, 3), means (n,).

    ``brought`` is believed where a belief was given, ``brought_mean`` is as it is stated; 0 where
    nothing is due by then.
    """

    spent: Floats
    brought: Floats
    spent_mean: Floats
    brought_mean: Floats


def by_then(
    lines: MoneyLines,
    paid: ArrayLike,
    *,
    draws: int = 10_000,
    seed: int,
    belief: Belief | None = None,
) -> ByThen:
    """``paid`` (k,): how many times the amount of each line is paid by the day, not negative.

    A believed return moves what is brought by the day in the same proportion as the whole benefit.
    Errors: by the argument's name.
    """
    if draws < 1:
        raise ValueError("draws: at least one expected")
    share = finite("paid", paid, ndim=1)
    if share.shape != np.shape(lines.factor):
        raise ValueError(f"paid: {len(lines.factor)} entries expected, got {len(share)}")
    if (share < 0).any():
        raise ValueError("paid: must not be negative")
    whole, part = Book(lines), Book(replace(lines, factor=share))
    n = len(whole.costed)
    futures = whole.futures(seed, 0, draws)
    believed = None if belief is None else BelievedDraws(belief, whole.key, seed, 0, draws)
    spent, brought = np.zeros((n, 3)), np.zeros((n, 3))
    for proposal in range(n):
        cost, benefit = part.present_values(proposal, futures)
        if believed is not None and whole.costed[proposal]:
            whole_cost, whole_benefit = whole.present_values(proposal, futures)
            roi = (whole_benefit - whole_cost) / whole_cost
            held = believed.draws(proposal, roi, float(roi.mean(dtype=np.float64)))
            earned = whole_benefit > 0
            benefit *= np.divide(
                whole_cost * (1 + held), whole_benefit, out=np.ones_like(benefit), where=earned
            )
        spent[proposal], brought[proposal] = (
            np.quantile(values.astype(np.float64), (0.1, 0.5, 0.9)) for values in (cost, benefit)
        )
    means = (part.cost_mean.astype(np.float64), part.benefit_mean.astype(np.float64))
    return ByThen(spent, brought, *means)
