"""The modified PERT distribution of a low / likely / high estimate.

X = low + (high - low) Beta(1 + lam (likely - low)/(high - low), 1 + lam (high - likely)/(high -
low)). Sources: Malcolm et al. 1959 (lam = 4); Vose 2008 (any lam). ``lam`` is how much the likely
value weighs against the two ends: 4 is the classic, 2 suits weak evidence, 0 forgets it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from scoring.analysis.arrays import Floats, Ints, Singles, finite
from scoring.analysis.streams import midpoints

STANDARD_LAMBDA = 4.0
# Beyond this an estimate is a single number in all but name.
_MOST_LAMBDA = 1000.0

# Shapes of the unit distribution are tabulated at this many positions of the likely value. Half
# way between two of them linear interpolation is off by less than 1e-4 of the range.
_SHAPES = 65


def three_points(low: ArrayLike, likely: ArrayLike, high: ArrayLike) -> tuple[Floats, ...]:
    """Check that low <= likely <= high everywhere and return the three as float64 arrays."""
    a, m, b = finite("low", low), finite("likely", likely), finite("high", high)
    if not a.shape == m.shape == b.shape:
        raise ValueError("likely: low, likely and high must have the same shape")
    if (m < a).any():
        raise ValueError("likely: must not be below low")
    if (b < m).any():
        raise ValueError("high: must not be below likely")
    return a, m, b


def weight_of_likely(lam: ArrayLike, shape: tuple[int, ...]) -> Floats:
    """Check ``lam`` (a number, or one per estimate) and spread it over ``shape``."""
    weight = finite("lam", lam)
    if (weight < 0).any() or (weight > _MOST_LAMBDA).any():
        raise ValueError(f"lam: must lie in 0..{_MOST_LAMBDA:g}")
    if weight.ndim and weight.shape != shape:
        raise ValueError(f"lam: one number or shape {shape} expected")
    return np.broadcast_to(weight, shape)


def pert_mean(
    low: ArrayLike, likely: ArrayLike, high: ArrayLike, lam: ArrayLike = STANDARD_LAMBDA
) -> Floats:
    """(low + lam likely + high) / (lam + 2), in the unit of the estimate; any shape."""
    a, m, b = three_points(low, likely, high)
    weight = weight_of_likely(lam, a.shape)
    mean: Floats = (a + weight * m + b) / (weight + 2.0)
    return mean


def pert_sd(
    low: ArrayLike, likely: ArrayLike, high: ArrayLike, lam: ArrayLike = STANDARD_LAMBDA
) -> Floats:
    """Exact standard deviation sqrt((mean - low)(high - mean) / (lam + 3))."""
    a, m, b = three_points(low, likely, high)
    mean = pert_mean(a, m, b, lam)
    spread = np.maximum(mean - a, 0.0) * np.maximum(b - mean, 0.0)
    sd: Floats = np.sqrt(spread / (weight_of_likely(lam, a.shape) + 3.0))
    return sd


def pert_sd_classic(low: ArrayLike, high: ArrayLike) -> Floats:
    """The textbook approximation (high - low) / 6, for comparison with printed tables."""
    a, b = finite("low", low), finite("high", high)
    if a.shape != b.shape:
        raise ValueError(f"high: shape {a.shape} expected, got {b.shape}")
    if (b < a).any():
        raise ValueError("high: must not be below low")
    sd: Floats = (b - a) / 6.0
    return sd


def pert_quantile(
    u: ArrayLike,
    low: ArrayLike,
    likely: ArrayLike,
    high: ArrayLike,
    lam: ArrayLike = STANDARD_LAMBDA,
) -> Floats:
    """Value that is exceeded with probability 1 - u; ``u`` in 0..1 broadcasts with the points."""
    p = finite("u", u)
    if (p < 0).any() or (p > 1).any():
        raise ValueError("u: must lie in 0..1")
    a, m, b = three_points(low, likely, high)
    try:
        np.broadcast_shapes(p.shape, a.shape)
    except ValueError as error:
        raise ValueError(f"u: a shape that goes with {a.shape} expected") from error
    unit = _unit_quantile(p, _position(a, m, b), weight_of_likely(lam, a.shape))
    value: Floats = a + (b - a) * unit
    return value


def _position(low: Floats, likely: Floats, high: Floats) -> Floats:
    """Where the likely value lies between low (0) and high (1); 0 where the range is empty."""
    span = high - low
    position: Floats = np.where(span > 0, (likely - low) / np.where(span > 0, span, 1.0), 0.0)
    return np.clip(position, 0.0, 1.0)


def _unit_quantile(u: Floats, position: Floats, lam: Floats) -> Floats:
    quantile = special.betaincinv(1.0 + lam * position, 1.0 + lam * (1.0 - position), u)
    return np.asarray(quantile, dtype=np.float64)


class QuantileTable:
    """Quantiles of k estimates at the middle of every stratum, made when asked for.

    ``low``, ``likely``, ``high``, ``lam`` (k,), checked by the caller.
    """

    def __init__(self, low: Floats, likely: Floats, high: Floats, lam: Floats) -> None:
        place = _position(low, likely, high) * (_SHAPES - 1)
        self._row: Ints = np.minimum(place.astype(np.int64), _SHAPES - 2)
        self._share = place - self._row
        self._shapes = [unit_shapes(float(weight)) for weight in lam]

    def amounts(self, line: int, low: float, high: float) -> Singles:
        """Quantiles (4096,) float32 of one estimate stretched over ``low .. high``."""
        row, share, span = self._row[line], self._share[line], high - low
        shapes = self._shapes[line]
        result: Singles = shapes[row] * np.float32(span * (1.0 - share))
        result += shapes[row + 1] * np.float32(span * share)
        result += np.float32(low)
        return result


@lru_cache(maxsize=8)
def unit_shapes(lam: float) -> Singles:
    """Stratum quantiles of the PERT on 0..1, one row per position of the likely value.

    The second half mirrors the first: Q(u; m) = 1 - Q(1 - u; 1 - m).
    """
    half = _SHAPES // 2 + 1
    position = np.linspace(0.0, 0.5, half)[:, None]
    below = _unit_quantile(midpoints()[None, :], position, np.full((half, 1), lam))
    above = 1.0 - below[-2::-1, ::-1]
    shapes = np.concatenate([below, above]).astype(np.float32)
    shapes.flags.writeable = False
    return shapes
