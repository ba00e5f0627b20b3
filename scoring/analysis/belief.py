"""From stated to believed returns: each drawn towards what its class brings without its evidence.

Source: Smith & Winkler 2006. The range of a believed return is that of the stated one, widened by
what the evidence leaves open: at k = 1 nothing, at k = 0 the whole spread of the class.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.analysis.arrays import Floats, Keys, Singles, finite, number
from scoring.analysis.evidence import shrink
from scoring.analysis.streams import Streams, normal_strata, stream_keys

_BELIEF_STREAM = np.uint64(0x62656C696566)


@dataclass(frozen=True, slots=True)
class Belief:
    """How far the stated ROI of n proposals is believed.

    ``k`` (n,) in 0..1, the share of the distance from ``prior`` that the evidence supports;
    ``prior`` and ``spread`` (>= 0) are mean and standard deviation of the ROI of the class. They
    are never taken from the very batch: adding a proposal must change nobody else's value.
    """

    k: Floats
    prior: float
    spread: float


def _checked(belief: Belief, n: int) -> Belief:
    """The same in checked arrays. Errors: by the field's name."""
    k = finite("k", belief.k, ndim=1)
    if len(k) != n:
        raise ValueError(f"k: {n} entries expected, got {len(k)}")
    if (k < 0).any() or (k > 1).any():
        raise ValueError("k: must lie in 0..1")
    spread = number("spread", belief.spread)
    if spread < 0:
        raise ValueError("spread: must not be negative")
    return Belief(k, number("prior", belief.prior), spread)


class BelievedDraws:
    """What the draws ``start .. stop - 1`` of the stated ROI become when they are believed.

    The open part has a random stream of its own per proposal, named by ``key`` (n,).
    """

    def __init__(self, belief: Belief, key: Keys, seed: int, start: int, stop: int) -> None:
        self._belief = _checked(belief, len(key))
        self._open = np.sqrt(1.0 - self._belief.k) * self._belief.spread
        self._streams = Streams(stream_keys(seed, key, np.array([_BELIEF_STREAM])), start, stop)

    def mean(self, proposal: int, stated: float) -> float:
        """prior + k (stated - prior)."""
        belief = self._belief
        return float(shrink(stated, belief.k[proposal], belief.prior))

    def draws(self, proposal: int, roi: Singles, stated: float) -> Singles:
        """Believed mean + (stated draw - ``stated`` mean) + sqrt(1 - k) spread z."""
        z: Singles = normal_strata().take(self._streams.strata(slice(proposal, proposal + 1))[0])
        z *= np.float32(self._open[proposal])
        z += roi
        z += np.float32(self.mean(proposal, stated) - stated)
        return z
