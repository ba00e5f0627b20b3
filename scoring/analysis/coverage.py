"""Where a portfolio's money and customer effects fall: amounts spread over a proposal's effects."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import Floats, finite, floats, indices


def split_by_impact(amount: ArrayLike, points: ArrayLike, proposal: ArrayLike) -> Floats:
    """Part of its proposal's amount that falls to each effect, (k,).

    ``amount`` (n,) of each proposal, NaN where it is not stated; ``points`` (k,) impact points of
    each effect; ``proposal`` (k,) index 0..n-1. An effect gets the share that its points have in
    all points of the proposal, both taken without their sign, as a harm is worked on with the same
    money; effects without any points share equally. The parts of a proposal that has effects sum
    to its amount, and are NaN where the amount is. Errors: by the argument's name.
    """
    given = floats("amount", amount, ndim=1)
    size = np.abs(finite("points", points, ndim=1))
    home = indices("proposal", proposal, size=len(given), length=len(size))
    count = np.bincount(home, minlength=len(given))
    whole = np.bincount(home, weights=size, minlength=len(given))
    flat = whole[home] <= 0.0
    share = np.where(flat, 1.0, size) / np.where(flat, count[home], whole[home])
    parts: Floats = given[home] * share
    return parts
