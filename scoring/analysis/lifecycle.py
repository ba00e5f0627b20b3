"""How a benefit divides over the life cycle of customers: won, kept, enriched, served for less."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import MaskedFloats, finite, indices, masked


def stream_shares(
    present: ArrayLike, stream: ArrayLike, proposal: ArrayLike, n: int, streams: int
) -> MaskedFloats:
    """Share of each stream in the benefit of n proposals, (n, streams), each row summing to 1.

    One entry per benefit line, all (k,): ``present`` its expected present value, ``stream`` index
    0..streams-1, ``proposal`` index 0..n-1. Lines of one stream are added up first; a stream that
    loses money on balance has no part in the benefit and counts as 0. A row is masked where no
    stream brings anything. Errors: by the argument's name.
    """
    amount = finite("present", present, ndim=1)
    kind = indices("stream", stream, size=streams, length=len(amount))
    home = indices("proposal", proposal, size=n, length=len(amount))
    sums = np.bincount(home * streams + kind, weights=amount, minlength=n * streams)
    gains = np.maximum(sums.reshape(n, streams), 0.0)
    total = gains.sum(axis=1, keepdims=True)
    nothing = total <= 0.0
    return masked(gains / np.where(nothing, 1.0, total), np.broadcast_to(nothing, gains.shape))
