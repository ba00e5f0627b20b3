"""From what somebody answers to weights: on sliders, by swings, in order, in pairs, best to worst.

Each method reads plain data, as it comes from a form or the API, and refuses what it cannot use by
the item's name. The sums themselves are in ``scoring.analysis``.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from django.core.exceptions import ValidationError

from scoring.analysis import ahp, bwm, weighting
from scoring.framework.models import WeightOpinion

Method = WeightOpinion.Method
Answers = Mapping[str, Any]
TOP = 100.0
ROUNDING = 0.1  # per cent that sliders may be off their sum
MOST_TIMES = 9


@dataclass(frozen=True, slots=True)
class Item:
    """What is weighed; ``span`` says its step from worst to best, where it has one."""

    key: str
    name: str
    span: str = ""


@dataclass(frozen=True, slots=True)
class Weighed:
    """``weights`` in the order of the items, sum 1, and what to know of the answers, in words."""

    answers: dict[str, Any]
    weights: list[float]
    remarks: list[str]


def weigh(method: str, items: Sequence[Item], answers: Answers) -> Weighed:
    """Weights of at least two items. Errors: ValidationError naming the item."""
    known = methods_for(items)
    if method not in known:
        raise ValidationError({"method": f"Choose one of: {', '.join(known)}."})
    if not isinstance(answers, Mapping):
        raise ValidationError({"answers": "Give an object with an answer for each item."})
    return METHODS[method](items, answers)


def methods_for(items: Sequence[Item]) -> list[str]:
    """The methods that so many items can be weighed by: of many, there are too many pairs."""
    few = len(items) <= ahp.MOST_CRITERIA
    return [name for name in METHODS if few or name != Method.PAIRWISE]


def pairs_of(items: Sequence[Item]) -> list[tuple[str, Item, Item]]:
    """Key and the two items of every comparison, each pair once."""
    return [(f"{one.key}:{other.key}", one, other) for one, other in combinations(items, 2)]


def matrix_of(items: Sequence[Item], answers: Answers) -> np.ndarray:
    """The comparisons as a reciprocal matrix, NaN where one was not made."""
    place = {item.key: at for at, item in enumerate(items)}
    matrix = np.full((len(items), len(items)), np.nan)
    for key, one, other in pairs_of(items):
        if key in answers:
            said = answers[key]
            matrix[place[one.key], place[other.key]] = said if said > 0 else -1.0 / said
    return ahp.from_upper(matrix)


def _direct(items: Sequence[Item], answers: Answers) -> Weighed:
    given = {item.key: _number(item, answers, most=TOP) for item in items}
    total = sum(given.values())
    if abs(total - TOP) > ROUNDING:
        raise ValidationError({"answers": f"The weights sum to {total:.1f} %, not to 100 %."})
    return Weighed(given, weighting.swing(list(given.values())).tolist(), [])


def _swing(items: Sequence[Item], answers: Answers) -> Weighed:
    given = {item.key: _number(item, answers, most=TOP) for item in items}
    if max(given.values()) != TOP:
        raise ValidationError({"answers": "Give 100 points to the step that you would take first."})
    return Weighed(given, weighting.swing(list(given.values())).tolist(), [])


def _rank(items: Sequence[Item], answers: Answers) -> Weighed:
    given = {item.key: _whole(item, answers, 1, len(items)) for item in items}
    return Weighed(given, weighting.rank_order_centroid(list(given.values())).tolist(), [])


def _pairwise(items: Sequence[Item], answers: Answers) -> Weighed:
    given = {}
    for key, one, other in pairs_of(items):
        if answers.get(key, "") != "":
            pair = Item(key, f"{one.name} and {other.name}")
            said = _whole(pair, answers, -MOST_TIMES, MOST_TIMES)
            if said in (0, -1):
                raise ValidationError({key: f"{pair.name}: from 1 to 9, or from -2 to -9."})
            given[key] = said
    matrix = matrix_of(items, given)
    whole = not np.isnan(matrix).any()
    try:
        weights = ahp.eigenvector(matrix) if whole else ahp.log_least_squares(matrix)
    except ValueError:
        raise ValidationError(
            {"answers": "Compare more pairs: these do not link everything to everything."}
        ) from None
    found = ahp.consistency(matrix if whole else ahp.completed(matrix))
    remarks = [f"Consistency ratio {found.ratio:.2f}; up to {found.limit:.2f} is good."]
    again = None if found.acceptable else ahp.revisit(matrix, weights)
    if again is not None:
        names = f"{items[again.row].name} and {items[again.column].name}"
        remarks.append(
            f"Look again at {names}: you said {_times(again.given)}, "
            f"the other answers say {_times(again.implied)}."
        )
    return Weighed(given, weights.tolist(), remarks)


def _best_worst(items: Sequence[Item], answers: Answers) -> Weighed:
    """``best`` and ``worst`` name items; ``over`` and ``under`` hold 1 to 9 for each other item."""
    places = {item.key: at for at, item in enumerate(items)}
    best, worst = str(answers.get("best")), str(answers.get("worst"))
    for name, said in (("best", best), ("worst", worst)):
        if said not in places:
            words = "most" if name == "best" else "least"
            raise ValidationError({name: f"Say which one is {words} important."})
    if best == worst:
        raise ValidationError({"worst": "The least important must differ from the most important."})
    over, under = answers.get("over") or {}, answers.get("under") or {}
    if not isinstance(over, Mapping) or not isinstance(under, Mapping):
        raise ValidationError({"over": "Give an object with a number for each item."})
    above = {
        item.key: 1 if item.key == best else _whole(item, over, 1, MOST_TIMES) for item in items
    }
    below = {
        item.key: _whole(item, under, 1, MOST_TIMES)
        for item in items
        if item.key not in (best, worst)
    }
    below |= {worst: 1, best: above[worst]}
    found = bwm.linear(
        list(above.values()),
        [below[item.key] for item in items],
        best=places[best],
        worst=places[worst],
    )
    fit = f"The answers fit each other within {found.xi:.2f}; 0 is a perfect fit."
    given = {"best": best, "worst": worst, "over": above, "under": below}
    return Weighed(given, found.weights.tolist(), [fit])


METHODS: dict[str, Callable[[Sequence[Item], Answers], Weighed]] = {
    Method.DIRECT.value: _direct,
    Method.SWING.value: _swing,
    Method.RANK.value: _rank,
    Method.PAIRWISE.value: _pairwise,
    Method.BEST_WORST.value: _best_worst,
}


def _times(ratio: float) -> str:
    if ratio >= 1:
        return f"{ratio:.1f} times as important"
    return f"1/{1 / ratio:.1f} as important"


def _number(item: Item, answers: Answers, *, most: float) -> float:
    said = answers.get(item.key, "")
    try:
        number = math.nan if isinstance(said, bool) else float(said)
    except (TypeError, ValueError):
        number = math.nan
    if not 0 <= number <= most:  # false for what is no number as well
        raise ValidationError({item.key: f"{item.name}: give a number from 0 to {most:.0f}."})
    return number


def _whole(item: Item, answers: Answers, least: int, most: int) -> int:
    said = answers.get(item.key, "")
    try:
        number = float("nan") if isinstance(said, bool) else float(said)
    except (TypeError, ValueError):
        number = math.nan
    if not least <= number <= most or number != int(number):
        raise ValidationError(
            {item.key: f"{item.name}: give a whole number from {least} to {most}."}
        )
    return int(number)
