"""Snapshot rows to arrays: the only border between Decimal text and float64."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.analysis.severity import ENOUGH_RATINGS, Severity, adjust
from scoring.analysis.value import FULL_SCALE, two_level_weights

Floats = NDArray[np.float64]
MIN_FREEDOM = 10  # fewer repeated judgements than this do not measure a spread


@dataclass(frozen=True, slots=True)
class CriterionColumn:
    """One criterion: where its x comes from and how x becomes a value of 0 to 100."""

    key: str
    name: str
    dimension: str
    source: str
    knots: list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Judgements:
    """What the panel said of n proposals on m criteria (columns of other sources stay NaN / 0).

    ``mean`` (n, m) in points of 100, NaN where nobody scored; ``count`` (n, m) scores behind it;
    ``spread`` (m,) standard deviation of one score in points; ``measured`` (m,) whether the spread
    was measured on this panel or is the framework's assumption; ``corrected`` (m,) whether the mean
    is read as an average panelist's.
    """

    mean: Floats
    count: NDArray[np.int64]
    spread: Floats
    measured: NDArray[np.bool_]
    corrected: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Effects:
    """Customer effects as columns (e,): see ``scoring.analysis.impact.impact_points``."""

    reach: Floats
    effect: Floats
    confidence: Floats
    stage_weight: Floats
    proposal: NDArray[np.int64]


def criterion_columns(framework: dict[str, Any]) -> list[CriterionColumn]:
    return [
        CriterionColumn(
            key=item["key"],
            name=item["name"],
            dimension=row["name"],
            source=item["source"],
            knots=[(float(x), float(y)) for x, y in item["knots"]],
        )
        for row in framework["dimensions"]
        for item in row["criteria"]
    ]


def corrects_severity(framework: dict[str, Any]) -> bool:
    """Whether the framework takes out how mild or strict panelists are; not before engine 1.4."""
    return bool(framework["parameters"].get("corrects_severity", False))


def weight_rows(framework: dict[str, Any], proposals: Sequence[dict[str, Any]]) -> Floats:
    """Weights (n, m) as shares, by the profile that each proposal's category names.

    A category without a profile of its own takes the general profile (empty key), or the first.
    """
    home = [place for place, row in enumerate(framework["dimensions"]) for _ in row["criteria"]]
    inner = [_share(item["weight"]) for row in framework["dimensions"] for item in row["criteria"]]
    by_profile = {
        profile["key"]: two_level_weights(
            [_share(row["weights"][profile["key"]]) for row in framework["dimensions"]],
            inner,
            home,
        )
        for profile in framework["profiles"]
    }
    general = by_profile.get("", next(iter(by_profile.values())))
    rows = [by_profile.get(item["category"], general) for item in proposals]
    return np.array(rows, dtype=np.float64).reshape(len(proposals), len(home))


def judgements(
    scores: Sequence[Sequence[Any]],
    columns: Sequence[CriterionColumn],
    proposals: Sequence[dict[str, Any]],
    *,
    assumed_spread: float,
    first_scores: Sequence[Sequence[Any]] = (),
    corrected: bool = False,
) -> Judgements:
    """Average the scores per proposal and criterion, and pool the spread within those cells.

    ``corrected`` takes out how mild or strict each panelist is, see :func:`panel_means`.

    The spread is that of what each panelist said first, blind: who has seen what the others think
    moves towards them, and agreement that comes of it is no certainty. ``first_scores`` are the
    scores that were another value then.
    """
    shape = (len(proposals), len(columns))
    row_of = {item["id"]: row for row, item in enumerate(proposals)}
    column_of = {column.key: place for place, column in enumerate(columns)}
    cells = np.array(
        [row_of[score[0]] * shape[1] + column_of[score[1]] for score in scores], dtype=np.int64
    )
    values = np.array([float(score[3]) for score in scores], dtype=np.float64)
    size = shape[0] * shape[1]
    raters = np.array([score[2] for score in scores], dtype=np.int64)
    count = np.bincount(cells, minlength=size)
    mean = panel_means(cells, values, raters, shape, corrected=corrected)
    blind = _blind_values(scores, values, first_scores)
    centre = np.bincount(cells, weights=blind, minlength=size) / np.maximum(count, 1)
    residual = np.bincount(cells, weights=(blind - centre[cells]) ** 2, minlength=size)
    count = count.reshape(shape)
    freedom = np.maximum(count - 1, 0).sum(axis=0)
    measured = freedom >= MIN_FREEDOM
    pooled = np.sqrt(residual.reshape(shape).sum(axis=0) / np.maximum(freedom, 1))
    read_so = np.zeros(shape[1], dtype=np.bool_)
    if corrected:
        for place, found in _severities(cells, blind, raters, shape):
            read_so[place] = True
            # Without what judges differ by on the whole, which no longer blurs the mean.
            if found.sigma is not None and freedom[place] - found.effect.count() >= MIN_FREEDOM:
                pooled[place] = found.sigma
    return Judgements(
        mean=mean,
        count=count,
        spread=np.where(measured, pooled, assumed_spread),
        measured=measured,
        corrected=read_so,
    )


def panel_means(
    cells: NDArray[np.int64],
    values: Floats,
    raters: NDArray[np.int64],
    shape: tuple[int, int],
    *,
    corrected: bool,
) -> Floats:
    """Means (n, m) of k scores, NaN where nobody scored.

    ``cells`` (k,) are the places in the table, row by row; ``raters`` (k,) who scored. With
    ``corrected``, a criterion with enough scores is read as an average panelist would have scored
    it, within the ends of its scale (``scoring.analysis.severity``).
    """
    count = np.bincount(cells, minlength=shape[0] * shape[1])
    total = np.bincount(cells, weights=values, minlength=len(count))
    mean: Floats = np.where(count > 0, total / np.maximum(count, 1), np.nan).reshape(shape)
    if corrected:
        for place, found in _severities(cells, values, raters, shape):
            mean[:, place] = np.clip(found.adjusted.filled(np.nan), 0.0, FULL_SCALE)
    return mean


def _severities(
    cells: NDArray[np.int64], values: Floats, raters: NDArray[np.int64], shape: tuple[int, int]
) -> Iterator[tuple[int, Severity]]:
    """The criteria with enough scores to tell mild judges from good proposals."""
    names, rater = np.unique(raters, return_inverse=True)
    for place in range(shape[1]):
        own = cells % shape[1] == place
        if np.count_nonzero(own) >= ENOUGH_RATINGS:
            row = cells[own] // shape[1]
            yield place, adjust(row, rater[own], values[own], shape[0], len(names))


def _blind_values(
    scores: Sequence[Sequence[Any]], values: Floats, first_scores: Sequence[Sequence[Any]]
) -> Floats:
    """``values`` of ``scores``, as they were when they were first given."""
    first = {tuple(score[:3]): float(score[3]) for score in first_scores}
    if not first:
        return values
    return np.array(
        [first.get(tuple(score[:3]), value) for score, value in zip(scores, values, strict=True)],
        dtype=np.float64,
    )


def effects(snapshot: dict[str, Any]) -> Effects:
    rows = [
        (index, effect)
        for index, item in enumerate(snapshot["proposals"])
        for effect in item["effects"]
    ]
    return Effects(
        reach=np.array([effect["reach"] for _, effect in rows], dtype=np.float64),
        effect=np.array([float(effect["points"]) / 100 for _, effect in rows], dtype=np.float64),
        confidence=np.array(
            [float(snapshot["confidence"][effect["evidence"]]) for _, effect in rows],
            dtype=np.float64,
        ),
        stage_weight=np.array(
            [float(snapshot["stages"][effect["stage"]]) for _, effect in rows], dtype=np.float64
        ),
        proposal=np.array([index for index, _ in rows], dtype=np.int64),
    )


def evidence_day(row: dict[str, Any]) -> date | None:
    """When the evidence of an effect or a benefit was gathered, if it is stated."""
    day = row.get("evidence_date")
    return None if day is None else date.fromisoformat(day)


def stream_key(name: object) -> int:
    """Name of a random stream that belongs to a proposal (by id) or a criterion (by key).

    The same in every run, whoever else is in the list.
    """
    return int.from_bytes(hashlib.sha256(str(name).encode()).digest()[:8], "big")


def _share(percent: str) -> float:
    return float(Decimal(percent) / 100)
