"""A run laid out for many questions, and the answers to them.

Computed from a run's sealed inputs by the functions of the run itself; nothing is stored. The
money is not drawn anew: ROI is the run's, so only what follows from settled numbers is answered.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projects.people.models import User
from scoring.forecast import matrix
from scoring.forecast.lifecycle import lifecycle_shares
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.ranking.selectors.snapshot import load_snapshot
from scoring.ranking.services.pipeline.portfolio import impact_of
from scoring.ranking.services.pipeline.settled import Floats, Ints, Settled, inputs_of, settle

KEPT_RUNS = 2  # per process; a run of 1,000 proposals takes about 10 MB
LEAST_RATERS = 2  # leaving out a function of one would show that one person's scores


@dataclass(frozen=True, slots=True)
class Rater:
    id: int
    name: str
    function: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: ``weights`` per (profile, dimension) in per cent, ``budget``, and who and
    what is left out: criterion keys, functions and raters' ids."""

    weights: Mapping[tuple[str, str], float]
    budget: float
    criteria: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    raters: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """The list under a question. Arrays (n,) follow the run's own list order.

    ``score`` is what the rank follows: the value, or the value per cost. ``rank`` is NaN where
    there is none; ``order`` (n,) are rows from the top.
    """

    value: Floats
    score: Floats
    rank: Floats
    inside: NDArray[np.bool_]
    order: Ints
    spent: float
    budget: float

    @property
    def left(self) -> float:
        return self.budget - self.spent


@dataclass(frozen=True, slots=True)
class Base:
    """A run laid out for many questions; rows in the run's list order.

    ``results`` are the stored lines by proposal, without their sums; ``streams`` the shares of
    each stream in the benefit.
    """

    framework: dict[str, Any]
    proposals: list[dict[str, Any]]
    columns: list[matrix.CriterionColumn]
    roi: Floats
    points: Floats
    cost: Floats
    p_funded: Floats
    score_cell: Ints
    score_value: Floats
    score_rater: Ints
    raters: tuple[Rater, ...]
    budget: float
    results: dict[int, RankedProposal]
    streams: dict[int, list[float]]

    @property
    def plain(self) -> Question:
        """The question to which the run itself is the answer."""
        weights = {
            (profile["key"], row["key"]): float(row["weights"][profile["key"]])
            for profile in self.framework["profiles"]
            for row in self.framework["dimensions"]
        }
        return Question(weights=weights, budget=self.budget)

    def functions(self) -> dict[str, int]:
        """How many raters each function has."""
        found: dict[str, int] = {}
        for rater in self.raters:
            found[rater.function] = found.get(rater.function, 0) + 1
        return dict(sorted(found.items()))


def base_of(run: RankingRun) -> Base:
    """The run's base; made once per process, as a finished run never changes."""
    return _base(run.pk, run.input_digest, run.result_digest)


def answer(base: Base, question: Question) -> Answer:
    """Rank again. Errors: ``criteria`` when no criterion is left."""
    framework = _ruled(base.framework, question)
    settled = _settled(base, framework, question)
    order = settled.order(base.p_funded)
    inside = settled.inside(order)
    return Answer(
        value=settled.additive.value.filled(np.nan),
        score=settled.score,
        rank=settled.ranks(),
        inside=inside,
        order=order,
        spent=float(base.cost[inside].sum()),
        budget=question.budget,
    )


@lru_cache(maxsize=KEPT_RUNS)
def _base(run_id: int, _inputs: str, _result: str) -> Base:
    run = RankingRun.objects.get(pk=run_id)
    snapshot = load_snapshot(run)
    stored = list(
        RankedProposal.objects.filter(run=run)
        .order_by("position")
        .defer("contributions", "missing", "flags")
    )
    items = {item["id"]: item for item in snapshot["proposals"]}
    proposals = [items[row.proposal_id] for row in stored]
    columns = matrix.criterion_columns(snapshot["framework"])
    row_of = {item["id"]: row for row, item in enumerate(proposals)}
    column_of = {column.key: place for place, column in enumerate(columns)}
    scores = snapshot["scores"]
    numbers = np.array(
        [(row.roi, row.cost, row.p_funded) for row in stored], dtype=np.float64
    ).reshape(len(stored), 3)
    return Base(
        framework=snapshot["framework"],
        proposals=proposals,
        columns=columns,
        roi=numbers[:, 0],
        points=impact_of(snapshot | {"proposals": proposals}),
        cost=numbers[:, 1],
        p_funded=numbers[:, 2],
        score_cell=np.array(
            [row_of[pk] * len(columns) + column_of[key] for pk, key, _, _ in scores], dtype=np.int64
        ),
        score_value=np.array([float(value) for *_, value in scores], dtype=np.float64),
        score_rater=np.array([rater for _, _, rater, _ in scores], dtype=np.int64),
        raters=_raters({rater for _, _, rater, _ in scores}),
        budget=float(snapshot["cycle"]["budget"]),
        results={row.proposal_id: row for row in stored},
        streams=lifecycle_shares(snapshot),
    )


def _raters(ids: set[int]) -> tuple[Rater, ...]:
    people = User.objects.filter(pk__in=ids).select_related("team").order_by("last_name", "pk")
    return tuple(
        Rater(
            id=person.pk,
            name=str(person),
            function=person.team.get_function_display() if person.team else "",
        )
        for person in people
    )


def _settled(base: Base, framework: dict[str, Any], question: Question) -> Settled:
    return settle(
        proposals=base.proposals,
        columns=base.columns,
        parameters=framework["parameters"],
        budget=question.budget,
        weights=matrix.weight_rows(framework, base.proposals),
        inputs=inputs_of(
            base.proposals,
            base.columns,
            judged=_means(base, framework, question),
            roi=base.roi,
            points=base.points,
        ),
        cost=base.cost,
    )


def _means(base: Base, framework: dict[str, Any], question: Question) -> Floats:
    """The panel's means (n, m) over the raters who are left in; NaN where none has scored."""
    out = {
        rater.id
        for rater in base.raters
        if rater.id in question.raters or rater.function in question.functions
    }
    kept = ~np.isin(base.score_rater, list(out))
    return matrix.panel_means(
        base.score_cell[kept],
        base.score_value[kept],
        base.score_rater[kept],
        (len(base.proposals), len(base.columns)),
        corrected=matrix.corrects_severity(framework),
    )


def _ruled(framework: dict[str, Any], question: Question) -> dict[str, Any]:
    """The framework with the question's weights, each level scaled to 100 %.

    A dimension all of whose criteria are left out gives its weight to the others.
    """
    ruled = copy.deepcopy(framework)
    rows = ruled["dimensions"]
    alive = [any(item["key"] not in question.criteria for item in row["criteria"]) for row in rows]
    for profile in ruled["profiles"]:
        key = profile["key"]
        asked = [
            question.weights[key, row["key"]] if lives else 0.0
            for row, lives in zip(rows, alive, strict=True)
        ]
        if sum(asked) <= 0:
            raise ValueError("criteria: at least one with a weight must be left in")
        for row, weight in zip(rows, asked, strict=True):
            row["weights"][key] = repr(100 * weight / sum(asked))
    for row, lives in zip(rows, alive, strict=True):
        if lives:
            _share_out(row, question.criteria)
    return ruled


def _share_out(row: dict[str, Any], without: frozenset[str]) -> None:
    """Give the weights of the criteria left out to the others of the dimension."""
    kept = [0.0 if item["key"] in without else float(item["weight"]) for item in row["criteria"]]
    if sum(kept) <= 0:  # only criteria without weight are left: they share evenly
        kept = [float(item["key"] not in without) for item in row["criteria"]]
    for item, weight in zip(row["criteria"], kept, strict=True):
        item["weight"] = repr(100 * weight / sum(kept))
