"""The rank-change ledger: why a proposal's value and rank moved between two runs.

Each cause is switched from its old to its new state in every order; its share is the mean of what
the switch adds (``analysis.explain.shapley``). So the shares favour no cause by its place in a
list, and they always sum to the whole move, of the value and of the rank.
"""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations

import numpy as np

from scoring.analysis.explain import shapley
from scoring.analysis.value import FULL_SCALE, additive_value
from scoring.forecast.matrix import CriterionColumn
from scoring.ranking.services.pipeline.settled import SLACK, Floats, score_of, values_of

CAUSES = {
    "scores": "Scores that changed",
    "panel": "Who has scored",
    "severity": "Correction for mild and strict panelists",
    "money": "Money",
    "effects": "Effects on customers",
    "measures": "Measured facts",
    "weights": "Weights of the framework",
    "scales": "Scales and rules of the framework",
    "rivals": "The other proposals",
}
OF_NUMBERS = {"expected_roi": "money", "customer_impact": "effects", "measure": "measures"}
On = frozenset[str]


@dataclass(frozen=True, slots=True)
class Rivals:
    """The other proposals of one run: ``ids`` (k,), ``scores`` (k,) NaN where not ranked.

    ``inputs`` (k, m) and ``weights`` (k, m) by ``keys``, and ``cost`` (k,), are needed only where
    the framework changed.
    """

    ids: list[int]
    scores: Floats
    keys: list[str] = field(default_factory=list)
    inputs: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    weights: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    cost: Floats = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True, slots=True)
class Side:
    """One run as the proposal sees it.

    ``columns`` and ``weights`` (shares) by criterion key; ``scores`` by key and panelist in points
    of 100; ``correction`` by key: points by which the run read more or less than their mean;
    ``numbers`` by key: ROI, impact points or a measured fact, absent where missing; ``cost`` NaN
    where not stated.
    """

    columns: Mapping[str, CriterionColumn]
    weights: Mapping[str, float]
    coverage_limit: float
    cost_unit: float | None
    scores: Mapping[str, Mapping[int, float]]
    correction: Mapping[str, float]
    numbers: Mapping[str, float]
    cost: float
    rivals: Rivals


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause with its exact shares: points of value, and places (negative is up)."""

    key: str
    value: float
    rank: float

    @property
    def name(self) -> str:
        return CAUSES[self.key]


def causes_of(before: Side, after: Side) -> list[Cause] | None:
    """The active causes with their shares; None where the two runs share too little to split.

    The value shares sum to the change of the value; the rank shares to the change of the rank,
    counted as 1 + the ranked proposals with a higher score.
    """
    active = [key for key in CAUSES if _active(key, before, after)]
    own = _own(before, after, active)
    rivals = _rivals(before, after)

    def evaluate(on: On) -> Floats:
        value, score = own[on - {"rivals"}]
        above = np.count_nonzero(rivals(on & {"rivals", "weights", "scales"}) > score)
        return np.array([value, 1.0 + above])

    try:
        shares = shapley(active, evaluate)
    except ValueError:  # in some mixture of the two runs nothing is scored
        return None
    return [
        Cause(key=key, value=float(value), rank=float(rank))
        for key, (value, rank) in shares.items()
    ]


def _active(key: str, before: Side, after: Side) -> bool:
    """Whether the two runs differ in this cause at all. There are always other proposals."""
    shared = before.columns.keys() & after.columns.keys()
    scored = [(before.scores.get(item, {}), after.scores.get(item, {})) for item in shared]
    differs: dict[str, Callable[[], bool]] = {
        "scores": lambda: any(
            old[who] != new[who] for old, new in scored for who in old.keys() & new.keys()
        ),
        "panel": lambda: any(old.keys() != new.keys() for old, new in scored),
        "severity": lambda: any(
            before.correction.get(item, 0.0) != after.correction.get(item, 0.0) for item in shared
        ),
        "weights": lambda: (
            before.weights != after.weights
            or not np.array_equal(before.rivals.weights, after.rivals.weights)
        ),
        "scales": lambda: _rules(before, shared) != _rules(after, shared),
        "rivals": lambda: True,
    }
    if key in differs:
        return differs[key]()
    if key == "money" and not _equal(before.cost, after.cost):
        return True
    return any(
        not _equal(before.numbers.get(item, np.nan), after.numbers.get(item, np.nan))
        for item in shared
        if OF_NUMBERS.get(after.columns[item].source) == key
    )


def _rules(side: Side, shared: AbstractSet[str]) -> tuple[object, ...]:
    scales = {key: (side.columns[key].source, side.columns[key].knots) for key in shared}
    return side.coverage_limit, side.cost_unit, scales


def _equal(old: float, new: float) -> bool:
    return old == new or (np.isnan(old) and np.isnan(new))


def _keys(before: Side, after: Side) -> list[str]:
    return [*after.columns, *(key for key in before.columns if key not in after.columns)]


def _columns(before: Side, after: Side, on: On) -> list[CriterionColumn]:
    first, second = (after, before) if "scales" in on else (before, after)
    return [first.columns.get(key) or second.columns[key] for key in _keys(before, after)]


def _own(before: Side, after: Side, active: list[str]) -> dict[On, tuple[float, float]]:
    """(value, score) of the proposal for every mixture of its causes; NaN where undefined."""
    keys = _keys(before, after)
    inner = [key for key in active if key not in ("rivals", "scales")]
    mixtures = [
        frozenset(some) for size in range(len(inner) + 1) for some in combinations(inner, size)
    ]
    found = {}
    for rules in [before, after] if "scales" in active else [after]:
        scales = {"scales"} if rules is after else set()
        columns = _columns(before, after, frozenset(scales))
        inputs = [[_input(before, after, column, on) for column in columns] for on in mixtures]
        weights = [
            [(after if "weights" in on else before).weights.get(key, 0.0) for key in keys]
            for on in mixtures
        ]
        summed = additive_value(values_of(columns, np.array(inputs)), weights)
        cost = np.array([(after if "money" in on else before).cost for on in mixtures])
        score = score_of(summed, cost, rules.cost_unit)
        for place, on in enumerate(mixtures):
            found[on | scales if "scales" in active else on] = (
                float(summed.value.filled(np.nan)[place]),
                float(score[place]),
            )
    return found


def _input(before: Side, after: Side, column: CriterionColumn, on: On) -> float:
    """What the criterion reads. A criterion of one framework only is read from that run."""
    key = column.key
    if key not in before.columns:
        before = after
    elif key not in after.columns:
        after = before
    if column.source != "panel":
        side = after if OF_NUMBERS[column.source] in on else before
        return side.numbers.get(key, np.nan)
    old, new = dict(before.scores.get(key, {})), dict(after.scores.get(key, {}))
    given = old | {who: new[who] for who in old.keys() & new.keys()} if "scores" in on else old
    if "panel" in on:
        given = {
            who: value if "scores" in on or who not in old else old[who]
            for who, value in new.items()
        }
    if not given:
        return np.nan
    correction = (after if "severity" in on else before).correction.get(key, 0.0)
    mean = float(np.mean(list(given.values())))
    # Of a mixture of the two runs: no mean is beyond the ends of the scale.
    return min(max(mean + correction, 0.0), FULL_SCALE) if correction else mean


def _rivals(before: Side, after: Side) -> Callable[[On], Floats]:
    """Scores of the ranked rivals, with their own changes, weights and scales old or new."""

    @cache
    def scores(on: On) -> Floats:
        side = after if "rivals" in on else before
        pure = frozenset({"weights", "scales"}) if "rivals" in on else frozenset()
        if on - {"rivals"} == pure or not side.rivals.keys:
            listed = side.rivals.scores
        else:
            listed = _mixed(before, after, on)
        return listed[~np.isnan(listed)]

    def with_framework(on: On) -> Floats:
        # Without a change of the framework its causes are not switched: both states are one.
        inactive = {key for key in ("weights", "scales") if not _active(key, before, after)}
        return scores(on | inactive if "rivals" in on else on - inactive)

    return with_framework


def _mixed(before: Side, after: Side, on: On) -> Floats:
    """Scores (k,) of the rivals of one run under the rules of the other, or of both mixed."""
    side, other = (after, before) if "rivals" in on else (before, after)
    keys, columns = _keys(before, after), _columns(before, after, on)
    ruled = after if "weights" in on else before
    rules = after if "scales" in on else before
    inputs = _spread_out(side.rivals, side.rivals.inputs, keys, np.nan)
    row_of = {pk: row for row, pk in enumerate(other.rivals.ids)}
    theirs = _spread_out(other.rivals, other.rivals.inputs, keys, np.nan)
    weights = np.zeros_like(inputs)
    ruled_weights = _spread_out(ruled.rivals, ruled.rivals.weights, keys, 0.0)
    general = np.array([ruled.weights.get(key, 0.0) for key in keys])
    ruled_rows = {pk: row for row, pk in enumerate(ruled.rivals.ids)}
    foreign = [place for place, key in enumerate(keys) if key not in side.columns]
    for row, pk in enumerate(side.rivals.ids):
        weights[row] = ruled_weights[ruled_rows[pk]] if pk in ruled_rows else general
        if pk in row_of:
            inputs[row, foreign] = theirs[row_of[pk], foreign]
    summed = additive_value(values_of(columns, inputs), weights)
    score = score_of(summed, side.rivals.cost, rules.cost_unit)
    return np.where(summed.coverage >= rules.coverage_limit - SLACK, score, np.nan)


def _spread_out(rivals: Rivals, table: Floats, keys: list[str], empty: float) -> Floats:
    """Columns of ``table`` at the places of ``keys``; ``empty`` where the run had no such key."""
    result = np.full((len(rivals.ids), len(keys)), empty)
    for place, key in enumerate(keys):
        if key in rivals.keys:
            result[:, place] = table[:, rivals.keys.index(key)]
    return result
