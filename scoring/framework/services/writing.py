"""A specification of the framework into the rows of a draft, whole or not at all."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError

from scoring.framework.models import (
    Criterion,
    Dimension,
    DimensionWeight,
    FrameworkVersion,
    Level,
    WeightProfile,
)
from scoring.framework.services.shape import check_shape

HUNDRED = Decimal(100)
RETURNS = ("believes_evidence", "prior_roi", "prior_spread", "evidence_half_life", "cost_uplift")
PARAMETERS = (
    "discount_rate",
    "coverage_limit",
    "single_rater_spread",
    "corrects_severity",
    *RETURNS,
    "weight_spread",
    "draws",
    "cost_unit",
)
CHARTER = ("quorum", "majority", "must_agree", "gates", "needed_answers", "second_above")
Errors = dict[str, str]


def write_spec(draft: FrameworkVersion, spec: dict[str, Any]) -> None:
    """Make the draft's rows what ``spec`` says, in the caller's transaction; refused by field."""
    check_shape(spec)
    draft.summary = spec.get("summary", "")
    for part, names in (("parameters", PARAMETERS), ("charter", CHARTER)):
        for name in names:
            if name in spec.get(part, {}):
                setattr(draft, name, spec[part][name])
    draft.full_clean(validate_unique=False, validate_constraints=False)
    errors = _weight_errors(spec) | _key_errors(spec)
    computes_roi = any(
        criterion.get("source") == Criterion.Source.EXPECTED_ROI
        for dimension in spec.get("dimensions", [])
        for criterion in dimension.get("criteria", [])
    )
    if draft.cost_unit is not None and computes_roi:
        errors["cost_unit"] = (
            "Cost is already inside expected ROI: rank by value, or take the ROI criterion out."
        )
    if errors:
        raise ValidationError(errors)
    draft.save()
    draft.profiles.all().delete()
    draft.dimensions.all().delete()
    profiles = {
        row["key"]: WeightProfile(framework_version=draft, key=row["key"], name=row["name"])
        for row in spec["profiles"]
    }
    for place, profile in enumerate(profiles.values()):
        _clean(profile, f"profiles.{place}")
        profile.save()
    for position, row in enumerate(spec["dimensions"]):
        _write_dimension(draft, profiles, position, row)


def _write_dimension(
    draft: FrameworkVersion,
    profiles: dict[str, WeightProfile],
    position: int,
    row: dict[str, Any],
) -> None:
    dimension = Dimension(
        framework_version=draft, key=row["key"], name=row["name"], position=position
    )
    _clean(dimension, f"dimensions.{position}")
    dimension.save()
    weights = [
        DimensionWeight(profile=profile, dimension=dimension, weight=_decimal(row["weights"][key]))
        for key, profile in profiles.items()
    ]
    for weight in weights:
        _clean(weight, f"dimensions.{position}")
    DimensionWeight.objects.bulk_create(weights)
    for place, item in enumerate(row["criteria"]):
        criterion = Criterion(
            dimension=dimension,
            key=item["key"],
            name=item["name"],
            question=item.get("question", ""),
            source=item.get("source", Criterion.Source.PANEL),
            weight=_decimal(item["weight"]),
            knots=item.get("knots", []),
            judged_by=item.get("judged_by", []),
            position=place,
        )
        _clean(criterion, item["key"])
        criterion.save()
        levels = [
            Level(
                criterion=criterion,
                value=_decimal(level["value"]),
                label=level["label"],
                wording=level["wording"],
            )
            for level in item.get("levels", [])
        ]
        if len({level.value for level in levels}) < len(levels):
            raise ValidationError({item["key"]: "Two levels have the same value."})
        for level in levels:
            _clean(level, item["key"])
        Level.objects.bulk_create(levels)


def _clean(row: WeightProfile | Dimension | DimensionWeight | Criterion | Level, path: str) -> None:
    try:
        row.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise ValidationError(
            {f"{path}.{name}": texts for name, texts in error.message_dict.items()}
        ) from error


def _weight_errors(spec: dict[str, Any]) -> Errors:
    dimensions = spec.get("dimensions", [])
    errors: Errors = {}
    if not spec.get("profiles"):
        errors["profiles"] = "A framework needs at least one weight profile."
    for profile in spec.get("profiles", []):
        total = sum(
            (_decimal(row["weights"].get(profile["key"])) for row in dimensions), Decimal(0)
        )
        if dimensions and total != HUNDRED:
            errors[f"weights.{profile['key']}"] = (
                f"The weights of the dimensions sum to {total.normalize():f} %. "
                "They must sum to 100 %."
            )
    for row in dimensions:
        total = sum((_decimal(item.get("weight")) for item in row.get("criteria", [])), Decimal(0))
        if row.get("criteria") and total != HUNDRED:
            errors[f"weights.{row['key']}"] = (
                f"The weights in “{row['name']}” sum to {total.normalize():f} %. "
                "They must sum to 100 %."
            )
        if not row.get("criteria") and any(_decimal(w) for w in row["weights"].values()):
            errors[row["key"]] = f"“{row['name']}” has weight but no criterion."
    return errors


def _key_errors(spec: dict[str, Any]) -> Errors:
    dimensions = spec.get("dimensions", [])
    criteria = [item["key"] for row in dimensions for item in row.get("criteria", [])]
    errors: Errors = {}
    profiles = [row["key"] for row in spec["profiles"]]
    for keys in (profiles, [row["key"] for row in dimensions], criteria):
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            errors[key] = f"The key “{key}” is used twice."
    return errors


def _decimal(value: object) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValidationError({"weights": f"“{value}” is not a number."}) from None
    if not number.is_finite() or not 0 <= number <= HUNDRED:
        raise ValidationError({"weights": "A weight or value is a number from 0 to 100."})
    return number
