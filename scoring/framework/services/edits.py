"""Single changes to a framework specification, as pure functions: a spec in, a new spec out.

``save_draft`` checks and stores the result, so a rule stands in one place whoever edits.
"""

import copy
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from scoring.framework.services.versions import normalised

Spec = dict[str, Any]
TENTH = Decimal("0.1")


def with_weights(
    spec: Spec,
    *,
    dimensions: dict[tuple[str, str], Decimal],
    criteria: dict[str, Decimal],
    normalise: bool = False,
) -> Spec:
    """Set weights: ``dimensions`` by (profile key, dimension key), ``criteria`` by key, per cent.

    ``normalise`` scales each group to 100 %, and only because somebody asked for it.
    """
    changed = copy.deepcopy(spec)
    rows = changed["dimensions"]
    for row in rows:
        for profile in row["weights"]:
            row["weights"][profile] = dimensions[profile, row["key"]]
        for item in row["criteria"]:
            item["weight"] = criteria[item["key"]]
    if normalise:
        for profile in changed["profiles"]:
            scaled = normalised([row["weights"][profile["key"]] for row in rows])
            for row, weight in zip(rows, scaled, strict=True):
                row["weights"][profile["key"]] = weight
        for row in rows:
            if row["criteria"]:
                _share_out(row, [item["weight"] for item in row["criteria"]])
    return _texts(changed)


def with_group_weights(spec: Spec, groups: dict[str, list[float]]) -> Spec:
    """Set the weights of whole groups, as shares in order, rounded to tenths of a per cent.

    A group is the criteria of the dimension with that key; "" is all dimensions that have criteria,
    under the general profile.
    """
    changed = copy.deepcopy(spec)
    rows = changed["dimensions"]
    filled = [row for row in rows if row["criteria"]]
    for key, shares in groups.items():
        weights = normalised([Decimal(share) for share in shares], step=TENTH)
        if key:
            for item, weight in zip(_dimension(changed, key)["criteria"], weights, strict=True):
                item["weight"] = weight
        else:
            for row, weight in zip(filled, weights, strict=True):
                row["weights"][""] = weight
    return _texts(changed)


def with_criterion(spec: Spec, *, dimension: str, criterion: dict[str, Any], key: str = "") -> Spec:
    """Change the criterion with ``key``, or add a new one to ``dimension`` with no weight yet."""
    changed = copy.deepcopy(spec)
    if key:
        row, place = _find(changed, key)
        row["criteria"][place] |= criterion
        return changed
    row = _dimension(changed, dimension)
    row["criteria"].append(
        criterion
        | {
            "key": _free_key(changed, criterion["name"]),
            "weight": "0" if row["criteria"] else "100",
        }
    )
    return changed


def without_criterion(spec: Spec, *, key: str) -> Spec:
    """Take a criterion out and share its weight among the others of its dimension."""
    changed = copy.deepcopy(spec)
    row, place = _find(changed, key)
    del row["criteria"][place]
    if row["criteria"]:
        weights = [Decimal(item["weight"]) for item in row["criteria"]]
        _share_out(row, weights if sum(weights) > 0 else [Decimal(1)] * len(weights))
    return _texts(changed)


def with_dimension(spec: Spec, *, name: str, key: str = "") -> Spec:
    """Rename the dimension with ``key``, or add an empty one with no weight."""
    changed = copy.deepcopy(spec)
    if key:
        _dimension(changed, key)["name"] = name
        return changed
    changed["dimensions"].append(
        {
            "key": _free_key(changed, name),
            "name": name,
            "weights": {profile["key"]: "0" for profile in changed["profiles"]},
            "criteria": [],
        }
    )
    return changed


def without_dimension(spec: Spec, *, key: str) -> Spec:
    changed = copy.deepcopy(spec)
    row = _dimension(changed, key)
    if row["criteria"] or any(Decimal(weight) for weight in row["weights"].values()):
        raise ValidationError(
            {"dimension": f"“{row['name']}” still has criteria or weight. Move those first."}
        )
    changed["dimensions"].remove(row)
    return changed


def _share_out(row: dict[str, Any], weights: list[Decimal]) -> None:
    for item, weight in zip(row["criteria"], normalised(weights), strict=True):
        item["weight"] = weight


def _texts(spec: Spec) -> Spec:
    """Weights back to text, the form in which a spec is stored and compared."""
    for row in spec["dimensions"]:
        row["weights"] = {key: str(weight) for key, weight in row["weights"].items()}
        for item in row["criteria"]:
            item["weight"] = str(item["weight"])
    return spec


def _find(spec: Spec, key: str) -> tuple[dict[str, Any], int]:
    for row in spec["dimensions"]:
        for place, item in enumerate(row["criteria"]):
            if item["key"] == key:
                return row, place
    raise ValidationError({"criterion": f"There is no criterion “{key}” in this draft."})


def _dimension(spec: Spec, key: str) -> dict[str, Any]:
    for row in spec["dimensions"]:
        if row["key"] == key:
            found: dict[str, Any] = row
            return found
    raise ValidationError({"dimension": f"There is no dimension “{key}” in this draft."})


def _free_key(spec: Spec, name: str) -> str:
    taken = {row["key"] for row in spec["dimensions"]} | {
        item["key"] for row in spec["dimensions"] for item in row["criteria"]
    }
    base = slugify(name)[:32] or "criterion"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key
