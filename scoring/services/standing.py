"""One proposal among the others of a finished run: its score and rank if something were otherwise.

Read from the stored results, so that the numbers are the sealed ones and nothing is drawn again.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.analysis.sensitivity import rank_among, shifted_weights
from scoring.analysis.value import additive_value
from scoring.models import RankedProposal, RankingRun

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class State:
    """What the score of the proposal follows from: values (m,) of its criteria, expected cost."""

    values: Floats
    cost: float

    def with_value(self, column: int, value: float) -> "State":
        values = self.values.copy()
        values[column] = value
        return State(values, self.cost)


@dataclass(frozen=True, slots=True)
class Standing:
    """The ranked proposals of a run; ``place`` is the row of the one that is asked about.

    ``values`` and ``weights`` (n, m), NaN where nothing is scored; ``cost`` (n,); ``unit`` is the
    cost that the framework divides by, if it does.
    """

    place: int
    values: Floats
    weights: Floats
    cost: Floats
    unit: float | None

    @property
    def state(self) -> State:
        return State(self.values[self.place], float(self.cost[self.place]))

    def in_state(self, state: State) -> tuple[float, int]:
        """(score, rank) of the proposal in another state, the others as they are."""
        own = self._scores(
            state.values[None, :], self.weights[self.place][None, :], np.array([state.cost])
        )
        others = self._scores(self.values, self.weights, self.cost)
        return float(own[0]), int(rank_among(own, np.delete(others, self.place))[0])

    def with_weight(self, column: int, by: float) -> tuple[float, float, int]:
        """(its weight, its score, its rank) when a criterion's weight moves for everybody."""
        weights = shifted_weights(self.weights, column, by)
        scores = self._scores(self.values, weights, self.cost)
        own = scores[self.place : self.place + 1]
        rank = rank_among(own, np.delete(scores, self.place))
        return float(weights[self.place, column]), float(own[0]), int(rank[0])

    def _scores(self, values: Floats, weights: Floats, cost: Floats) -> Floats:
        value: Floats = additive_value(values, weights).value.filled(np.nan)
        if self.unit is None:
            return value
        each = np.full(len(value), np.nan)
        np.divide(value, cost / self.unit, out=each, where=cost > 0)
        return each


def standing_of(run: RankingRun, proposal: int, *, unit: float | None) -> Standing:
    """Read the ranked proposals of ``run`` in one query; ``proposal`` must be one of them."""
    rows = list(
        RankedProposal.objects.filter(run=run, rank__isnull=False)
        .order_by("position")
        .values_list("proposal", "contributions", "cost")
    )
    table = np.array([contributions for _, contributions, _ in rows], dtype=np.float64)
    return Standing(
        place=[found for found, _, _ in rows].index(proposal),
        values=table[:, :, 2],
        weights=table[:, :, 0] / 100,
        cost=np.array([cost for _, _, cost in rows], dtype=np.float64),
        unit=unit,
    )
