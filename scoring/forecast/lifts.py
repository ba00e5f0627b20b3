"""What a test with two groups says: the difference, and whether chance alone could make it."""

from dataclasses import dataclass

import numpy as np

from scoring.analysis.arrays import Floats
from scoring.analysis.survey import Z95, lift, measurable


@dataclass(frozen=True, slots=True)
class Arm:
    """One group: how many people, and how many of them did what was looked for."""

    people: int
    did: int

    @property
    def share(self) -> float:
        return self.did / self.people


@dataclass(frozen=True, slots=True)
class TwoGroups:
    """What came of both, in shares 0 to 1.

    ``low`` and ``high`` hold the true difference in 19 of 20 such tests.
    """

    treated: Arm
    control: Arm
    lift: float
    error: float

    @property
    def low(self) -> float:
        return self.lift - Z95 * self.error

    @property
    def high(self) -> float:
        return self.lift + Z95 * self.error

    @property
    def points(self) -> dict[str, float]:
        """The same in points of 100."""
        return {name: 100 * getattr(self, name) for name in ("lift", "error", "low", "high")}

    @property
    def is_clear(self) -> bool:
        """Whether the difference is more than chance alone makes in 19 of 20 tests."""
        return self.lift != 0 and measurable(self.lift, self.error)

    @property
    def sample(self) -> int:
        return self.treated.people + self.control.people


def two_groups(treated: Arm, control: Arm) -> TwoGroups:
    """Both arms with at least two people and not more doing it than there are."""
    found = lift(_answers(treated), _answers(control))
    return TwoGroups(treated, control, found.lift or 0.0, found.error or 0.0)


def _answers(arm: Arm) -> Floats:
    return np.repeat([1.0, 0.0], [arm.did, arm.people - arm.did])
