"""One proposal among the others of a finished run: its score and rank if something were otherwise.

Read from the stored results, so that the numbers are the sealed ones and nothing is drawn again.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scoring.analysis.sensitivity import rank_among, shifted_weights
from scoring.analysis.value import additive_value
from scoring.ranking.models import RankingRun
from scoring.ranking.selectors.stored import stored_of, stored_terms_of

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
    cost that the framework divides by, if it does; ``rivals`` (n - 1,) are the others' scores.
    """

    place: int
    values: Floats
    weights: Floats
    cost: Floats
    unit: float | None
    rivals: Floats = field(init=False)

    def __post_init__(self) -> None:
        scores = _scores(self.values, self.weights, self.cost, self.unit)
        object.__setattr__(self, "rivals", np.delete(scores, self.place))

    @property
    def state(self) -> State:
        return State(self.values[self.place], float(self.cost[self.place]))

    def in_state(self, state: State) -> tuple[float, int]:
        """(score, rank) of the proposal in another state, the others as they are."""
        weights = self.weights[self.place][None, :]
        own = _scores(state.values[None, :], weights, np.array([state.cost]), self.unit)
        return float(own[0]), int(rank_among(own, self.rivals)[0])

    def with_weight(self, column: int, by: float) -> tuple[float, float, int]:
        """(its weight, its score, its rank) when a criterion's weight moves for everybody."""
        weights = shifted_weights(self.weights, column, by)
        scores = _scores(self.values, weights, self.cost, self.unit)
        own = scores[self.place : self.place + 1]
        rank = rank_among(own, np.delete(scores, self.place))
        return float(weights[self.place, column]), float(own[0]), int(rank[0])


def standing_of(run: RankingRun, proposal: int, *, unit: float | None) -> Standing:
    """The ranked proposals of ``run``; ``proposal`` must be one of them."""
    stored, terms = stored_of(run), stored_terms_of(run)
    ranked = ~np.isnan(stored.rank)
    return Standing(
        place=int(np.count_nonzero(ranked[: stored.row_of(proposal)])),
        values=terms.value[ranked],
        weights=terms.weight[ranked] / 100,
        cost=stored.cost[ranked],
        unit=unit,
    )


def _scores(values: Floats, weights: Floats, cost: Floats, unit: float | None) -> Floats:
    value: Floats = additive_value(values, weights).value.filled(np.nan)
    if unit is None:
        return value
    each = np.full(len(value), np.nan)
    np.divide(value, cost / unit, out=each, where=cost > 0)
    return each
