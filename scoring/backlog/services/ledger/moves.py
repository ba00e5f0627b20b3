"""The ledger of one proposal between two stored runs: the causes, and in words what happened."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from projects.templatetags.figures import change, places, signed
from scoring.analysis import money
from scoring.backlog.services.ledger.causes import OF_NUMBERS, Cause, Rivals, Side, causes_of
from scoring.forecast import matrix, returns
from scoring.forecast.sums import only
from scoring.ranking.models import RankedProposal
from scoring.ranking.selectors.snapshot import load_part
from scoring.ranking.selectors.stored import stored_of, stored_terms_of
from scoring.ranking.services.pipeline.portfolio import expected_money, impact_of

FLAT = 1e-9  # a smaller change is rounding

ROUNDED = 1e-8  # less is the rounding of what a run stores


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger: a cause, its exact shares, and what happened."""

    cause: Cause
    happened: list[str]


@dataclass(frozen=True, slots=True)
class Ledger:
    """``entries`` sum to ``value`` (points) and, where both runs rank it, to ``places``.

    ``places`` is rank now minus rank before: negative is up. None where a run gives no rank.
    """

    before: RankedProposal
    now: RankedProposal
    value: float
    places: int | None
    entries: list[Entry]


def ledger_of(
    before: RankedProposal, now: RankedProposal, snapshot: dict[str, Any]
) -> Ledger | None:
    """Why ``now`` stands where it stands; None where the runs share too little to say.

    ``snapshot`` holds the sealed inputs of the run of ``now``, or of this proposal alone.
    """
    if before.value is None or now.value is None:
        return None
    snapshots = [load_part(before.run, now.proposal_id), only(snapshot, now.proposal_id)]
    ruled_otherwise = before.run.framework_version_id != now.run.framework_version_id
    first, second = (
        _side(row, snapshot, with_inputs=ruled_otherwise)
        for row, snapshot in zip((before, now), snapshots, strict=True)
    )
    causes = causes_of(first, second)
    if causes is None:
        return None
    words = _Words(first, second, *snapshots, believed=(before.believed, now.believed))
    ranked = before.rank is not None and now.rank is not None
    return Ledger(
        before=before,
        now=now,
        value=now.value - before.value,
        places=(now.rank or 0) - (before.rank or 0) if ranked else None,
        entries=[
            Entry(cause=cause, happened=list(words.of(cause.key)))
            for cause in sorted(causes, key=lambda cause: (-abs(cause.rank), -abs(cause.value)))
        ],
    )


def _side(row: RankedProposal, snapshot: dict[str, Any], *, with_inputs: bool) -> Side:
    framework, [item] = snapshot["framework"], snapshot["proposals"]
    parameters = framework["parameters"]
    columns = {column.key: column for column in matrix.criterion_columns(framework)}
    weights = matrix.weight_rows(framework, [item])[0]
    lines = returns.money_lines([item], parameters)
    belief = returns.belief_of(snapshot, lines)
    simulated = money.simulate(lines, draws=row.run.draws, seed=row.run.seed, belief=belief)
    facts = {
        "expected_roi": float(simulated.roi_mean.filled(np.nan)[0]),
        "customer_impact": float(impact_of(snapshot)[0]),
    }
    numbers = {
        key: facts.get(column.source, item["measures"].get(key, np.nan))
        for key, column in columns.items()
        if column.source != "panel"
    }
    corrected = matrix.corrects_severity(framework)
    scores: dict[str, dict[int, float]] = {}
    for proposal, key, panelist, value in snapshot["scores"]:
        if proposal == item["id"]:
            scores.setdefault(key, {})[panelist] = float(value)
    return Side(
        columns=columns,
        weights=dict(zip(columns, weights.tolist(), strict=True)),
        coverage_limit=float(parameters["coverage_limit"]),
        cost_unit=None if parameters["cost_unit"] is None else float(parameters["cost_unit"]),
        scores=scores,
        correction=_corrections(row, list(columns), scores) if corrected else {},
        numbers={key: value for key, value in numbers.items() if not np.isnan(value)},
        cost=float(expected_money(lines, 1)[0][0]),
        rivals=_rivals(row, list(columns), with_inputs=with_inputs),
    )


def _corrections(
    row: RankedProposal, keys: list[str], scores: dict[str, dict[int, float]]
) -> dict[str, float]:
    """By criterion, how far the run's number stands above the mean of the scores."""
    read = {key: row.contributions[place][1] for place, key in enumerate(keys)}
    found = {key: read[key] - float(np.mean(list(own.values()))) for key, own in scores.items()}
    return {key: points for key, points in found.items() if abs(points) > ROUNDED}


def _rivals(row: RankedProposal, keys: list[str], *, with_inputs: bool) -> Rivals:
    """The run's other proposals; their inputs and weights only if somebody will ask."""
    stored = stored_of(row.run)
    others = stored.ids != row.proposal_id
    ids: list[int] = stored.ids[others].tolist()
    scores = np.where(np.isnan(stored.rank), np.nan, stored.score)[others]
    if not with_inputs:
        return Rivals(ids=ids, scores=scores)
    terms = stored_terms_of(row.run)
    return Rivals(
        ids=ids,
        scores=scores,
        keys=keys,
        inputs=terms.given[others],
        weights=terms.weight[others] / 100,
        cost=stored.cost[others],
    )


class _Words:
    """What happened, cause by cause, in sentences that name numbers and nobody's score."""

    def __init__(
        self,
        before: Side,
        now: Side,
        was: dict[str, Any],
        is_now: dict[str, Any],
        *,
        believed: tuple[float | None, float | None],
    ) -> None:
        self.before, self.now = before, now
        self.believed = believed
        self.items = was["proposals"][0], is_now["proposals"][0]
        self.rules = was["framework"]["parameters"], is_now["framework"]["parameters"]
        self.shared = [key for key in now.columns if key in before.columns]

    def of(self, cause: str) -> Iterator[str]:
        found: Iterable[str] = {
            "scores": self._scores,
            "panel": self._panel,
            "severity": self._severity,
            "money": self._money,
            "effects": lambda: self._numbers("effects"),
            "measures": lambda: self._numbers("measures"),
            "weights": self._weights,
            "scales": self._scales,
            "rivals": self._rivals,
        }[cause]()
        yield from found

    def _scores(self) -> Iterator[str]:
        for key in self.shared:
            old, new = self.before.scores.get(key, {}), self.now.scores.get(key, {})
            changed = sum(old[who] != new[who] for who in old.keys() & new.keys())
            if changed:
                yield f"{self._name(key)}: {_count(changed, 'score')} changed"

    def _panel(self) -> Iterator[str]:
        for key in self.shared:
            old, new = self.before.scores.get(key, {}), self.now.scores.get(key, {})
            more, fewer = len(new.keys() - old.keys()), len(old.keys() - new.keys())
            parts = [f"{_count(more, 'score')} came in"] if more else []
            parts += [f"{_count(fewer, 'score')} withdrawn"] if fewer else []
            if parts:
                yield f"{self._name(key)}: {', '.join(parts)}"

    def _severity(self) -> Iterator[str]:
        for key in self.shared:
            old, new = self.before.correction.get(key), self.now.correction.get(key)
            if old != new:
                then, now = (change(points or 0.0, 1) for points in (old, new))
                yield f"{self._name(key)}: {then} points then, {now} now"

    def _money(self) -> Iterator[str]:
        yield from self._numbers("money")
        if self.before.cost != self.now.cost and not np.isnan(self.before.cost + self.now.cost):
            yield f"Cost: {places(self.before.cost, 0)} then, {places(self.now.cost, 0)} now"
        yield from self._revision()
        rates = [float(rules["discount_rate"]) for rules in self.rules]
        if rates[0] != rates[1]:
            yield f"Discount rate: {_per_cent(rates[0])} then, {_per_cent(rates[1])} now"
        raised = [returns.cost_uplift(rules) for rules in self.rules]
        if raised[0] != raised[1]:
            yield f"Costs run over by {_per_cent(raised[0])} then, {_per_cent(raised[1])} now"
        then, now = ("all" if share is None else _per_cent(share) for share in self.believed)
        if then != now:
            yield f"Return believed by its evidence: {then} then, {now} now"

    def _numbers(self, cause: str) -> Iterator[str]:
        for key in self.shared:
            if OF_NUMBERS.get(self.now.columns[key].source) == cause:
                old, new = self.before.numbers.get(key), self.now.numbers.get(key)
                if old != new:
                    yield f"{self._name(key)}: {places(old, 2)} then, {places(new, 2)} now"
        if cause != "money":
            yield from self._revision()

    def _revision(self) -> Iterator[str]:
        old, new = (item["revision"] for item in self.items)
        if old != new:
            yield f"Revision {new} took the place of revision {old}"

    def _weights(self) -> Iterator[str]:
        for key, column in {**self.before.columns, **self.now.columns}.items():
            old, new = self.before.weights.get(key), self.now.weights.get(key)
            if old != new:
                yield f"{column.name}: {_share(old)} then, {_share(new)} now"

    def _scales(self) -> Iterator[str]:
        for key in self.shared:
            if self.before.columns[key].knots != self.now.columns[key].knots:
                yield f"{self._name(key)}: other fixed points"
        if self.before.coverage_limit != self.now.coverage_limit:
            yield "Another coverage limit"
        if self.before.cost_unit != self.now.cost_unit:
            yield "Value per cost instead of value, or the other way round"

    def _rivals(self) -> Iterator[str]:
        old, new = (
            {
                pk
                for pk, score in zip(side.rivals.ids, side.rivals.scores, strict=True)
                if not np.isnan(score)
            }
            for side in (self.before, self.now)
        )
        if new - old:
            yield f"{_count(len(new - old), 'proposal')} came in"
        if old - new:
            yield f"{_count(len(old - new), 'proposal')} left the ranking"
        then = dict(zip(self.before.rivals.ids, self.before.rivals.scores, strict=True))
        today = dict(zip(self.now.rivals.ids, self.now.rivals.scores, strict=True))
        changes = [today[pk] - then[pk] for pk in old & new]
        up = sum(change > FLAT for change in changes)
        down = sum(change < -FLAT for change in changes)
        if up:
            yield f"{_count(up, 'proposal')} gained value"
        if down:
            yield f"{_count(down, 'proposal')} lost value"

    def _name(self, key: str) -> str:
        return self.now.columns[key].name


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _per_cent(rate: float) -> str:
    return signed(f"{rate:.1%}")


def _share(weight: float | None) -> str:
    return "no part" if weight is None else f"{signed(f'{100 * weight:.4g}')} %"
