"""One shared factor per theme: what makes proposals of a kind go well or badly together.

Each line keeps its own distribution. Only its place in it is drawn together with the others of the
theme: z = sqrt(rho) f + sqrt(1 - rho) e for a benefit, -f in place of f for a cost, with standard
normal f of the theme and e of the line (one-factor Gaussian copula, Vasicek 1987). So two benefits
of a theme, or two costs, have the correlation rho on the normal scale, a benefit and a cost -rho:
a theme that goes well brings more and costs less.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import special

from scoring.analysis.arrays import Bools, Ints, Keys, Singles, number
from scoring.analysis.streams import STRATA, Strata, Streams, normal_strata, stream_keys

STANDARD_RHO = 0.3

_THEME_STREAM = np.uint64(0x7468656D6573)
# The normal scale is cut this finely, out to so many standard deviations, to read off a stratum.
_CELLS = 1 << 16
_EDGE = 6.0


@dataclass(frozen=True, slots=True)
class Themes:
    """``theme`` (n,) uint64, the same for proposals of one theme; ``member`` (n,) who has one.

    ``rho`` in 0..1: 0 draws every proposal by itself.
    """

    theme: Keys
    member: Bools
    rho: float = STANDARD_RHO


def checked_themes(themes: Themes, n: int) -> Themes | None:
    """The themes of n proposals, None where they change nothing. Errors: by the field's name."""
    theme = np.asarray(themes.theme)
    member = np.asarray(themes.member, dtype=np.bool_)
    for name, given in (("theme", theme), ("member", member)):
        if given.shape != (n,):
            raise ValueError(f"{name}: {n} entries expected, got {given.size}")
    if theme.size and theme.dtype.kind not in "iu":
        raise ValueError("theme: whole numbers expected")
    rho = number("rho", themes.rho)
    if not 0.0 <= rho <= 1.0:
        raise ValueError("rho: must lie in 0..1")
    if rho == 0.0 or not member.any():
        return None
    return Themes(theme.astype(np.uint64), member, rho)


class SharedDraws:
    """The factor of every theme for the draws ``start .. stop - 1``."""

    def __init__(self, themes: Themes, seed: int, start: int, stop: int) -> None:
        names, place = np.unique(themes.theme[themes.member], return_inverse=True)
        self._row: Ints = np.full(len(themes.member), -1)
        self._row[themes.member] = place
        keys = stream_keys(seed, names, np.array([_THEME_STREAM]))
        drawn = normal_strata().take(Streams(keys, start, stop).strata(slice(None)))
        self._factor: Singles = drawn * np.float32(np.sqrt(themes.rho))
        self._own = np.float32(np.sqrt(1.0 - themes.rho))

    def bent(self, places: Strata, is_cost: Bools, proposal: int) -> Strata:
        """The strata ``places`` (lines, draws) of a proposal's lines, drawn with its theme."""
        row = self._row[proposal]
        if row < 0:
            return places
        z: Singles = normal_strata().take(places)
        z *= self._own
        z += np.where(is_cost[:, None], -self._factor[row], self._factor[row])
        z += np.float32(_EDGE)
        z *= np.float32(_CELLS / (2.0 * _EDGE))
        return _strata().take(z.astype(np.int32), mode="clip")


@lru_cache(maxsize=1)
def _strata() -> Strata:
    """The stratum at the middle of every cell of the normal scale."""
    middle = (np.arange(_CELLS) + 0.5) * (2.0 * _EDGE / _CELLS) - _EDGE
    table: Strata = np.minimum(special.ndtr(middle) * STRATA, STRATA - 1).astype(np.uint16)
    table.flags.writeable = False
    return table
