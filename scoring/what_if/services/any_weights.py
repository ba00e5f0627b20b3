"""Whatever the weights: how much of the list follows from the weights that somebody chose.

Every set of weights of the dimensions is taken as equally likely, the same for proposals of all
types; criteria keep their share of their dimension. Scores, money and costs stay the run's.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scoring.analysis import dominance, drawn_weights, robustness, smaa
from scoring.ranking.models import RankingRun
from scoring.ranking.services.pipeline.settled import Floats, Ints, affordable
from scoring.what_if.services.base import Base, Question, answer, base_of

DRAWS = 2_000
SEED = 1  # one fixed set of weights, so that two readers see the same shares
KEPT_RUNS = 8


@dataclass(frozen=True, slots=True)
class Standing:
    """One proposal under all weights.

    ``inside`` and ``first`` are shares of the weights; ``label`` says what ``inside`` means;
    ``beaten`` whether another is at least as good in every dimension and better in one;
    ``wins_with`` the mean weight of each dimension, by name, under which it is first.
    """

    pk: int
    title: str
    rank: int
    inside_now: bool
    inside: float
    first: float
    label: smaa.Label
    beaten: bool
    wins_with: list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class AnyWeights:
    """``lines`` in the order of the list; ``left_out`` have no value in some dimension."""

    lines: list[Standing]
    left_out: int

    @property
    def inside_now(self) -> int:
        return sum(line.inside_now for line in self.lines)

    @property
    def safe(self) -> int:
        """Inside the budget today and under nearly all weights."""
        return sum(line.inside_now and line.label == "robust" for line in self.lines)


def any_weights(run: RankingRun) -> AnyWeights:
    """The run under all weights; worked out once per process, as a finished run never changes."""
    return _any_weights(run.pk, run.input_digest, run.result_digest)


@lru_cache(maxsize=KEPT_RUNS)
def _any_weights(run_id: int, _inputs: str, _result: str) -> AnyWeights:
    base = base_of(RankingRun.objects.get(pk=run_id))
    now = answer(base, base.plain)
    parts = parts_of(base)
    usable = ~np.isnan(now.rank) & ~np.isnan(parts).any(axis=1)
    rows: Ints = np.array([row for row in now.order if usable[row]], dtype=np.int64)
    dimensions = [row["name"] for row in base.framework["dimensions"]]
    ranked = int((~np.isnan(now.rank)).sum())
    if len(rows) == 0:
        return AnyWeights([], ranked)
    weights = drawn_weights.uniform_weights(np.arange(len(dimensions), dtype=np.uint64), SEED)(
        0, DRAWS
    ).astype(np.float64)
    table = parts[rows]
    prices = affordable(base.cost[rows], base.budget)
    places = np.arange(len(rows))
    inside = robustness.p_funded([table @ weights.T], prices, base.budget, tie_order=places)
    best = dominance.pareto_front(table)
    # Only who is beaten by nobody in every dimension can be first under some weights.
    front = smaa.smaa(table[best] @ weights.T, weights=weights)
    first, centre = np.zeros(len(rows)), np.full(table.shape, np.nan)
    first[best], centre[best] = front.acceptability[:, 0], front.central_weights.filled(np.nan)
    lines = [
        Standing(
            pk=base.proposals[row]["id"],
            title=base.proposals[row]["title"],
            rank=int(now.rank[row]),
            inside_now=bool(now.inside[row]),
            inside=float(inside[place]),
            first=float(first[place]),
            label=smaa.label(float(inside[place])),
            beaten=not best[place],
            wins_with=_named(dimensions, centre[place]) if first[place] > 0 else [],
        )
        for place, row in enumerate(map(int, rows))
    ]
    return AnyWeights(lines, ranked - len(rows))


def parts_of(base: Base) -> Floats:
    """What each proposal gets in each dimension alone (n, k), as the rank reads it.

    A proposal's score is the weighted sum of these. NaN where a dimension has no value.
    """
    keys = [row["key"] for row in base.framework["dimensions"]]
    parts: Floats = np.column_stack([answer(base, _all_on(base, key)).score for key in keys])
    return parts


def _named(dimensions: list[str], weights: Floats) -> list[tuple[str, float]]:
    return [(name, float(weight)) for name, weight in zip(dimensions, weights, strict=True)]


def _all_on(base: Base, dimension: str) -> Question:
    weights = {(profile, key): 100.0 * (key == dimension) for profile, key in base.plain.weights}
    return Question(weights=weights, budget=base.budget)
