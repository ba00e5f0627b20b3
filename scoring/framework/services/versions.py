"""Keeping the framework: one draft at a time, saved whole, published once."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from projects.audit.services import record
from projects.errors import Conflict, StaleVersion
from projects.people.models import User
from scoring.framework.models import (
    Criterion,
    Dimension,
    DimensionWeight,
    Framework,
    FrameworkVersion,
    Level,
    WeightProfile,
)
from scoring.framework.selectors import (
    criteria_of,
    draft_version,
    published_version,
    ratified_version,
    spec_of,
    with_structure,
)
from scoring.framework.services.shape import check_shape
from scoring.panel.selectors import is_curator, members

HUNDRED = Decimal(100)
THOUSANDTH = Decimal("0.001")
MOST_TO_SCALE = Decimal(1_000_000)
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
CHARTER = ("quorum", "majority", "must_agree", "gates", "second_above")
Errors = dict[str, str]


def start_draft(*, actor: User) -> FrameworkVersion:
    """Open a draft, or return the open one: a copy of what the panel ratified last."""
    require_curator(actor)
    with transaction.atomic():
        draft = draft_version()
        if draft is not None:
            return draft
        current = ratified_version() or published_version()
        if current is None:
            raise Conflict("There is no framework yet. Import one first.")
        return _create_draft(actor, current.framework, spec_of(current) | {"summary": ""})


def import_framework(*, actor: User, spec: dict[str, Any]) -> FrameworkVersion:
    """Make a draft from a whole specification, such as a file or a template."""
    require_curator(actor)
    with transaction.atomic():
        if draft_version() is not None:
            raise Conflict("A draft is open already. Publish or discard it first.")
        check_shape(spec)
        name = spec["name"].strip()
        if not name:
            raise ValidationError({"name": "Give the framework a name."})
        Framework(name=name).full_clean(validate_unique=False)
        framework, _ = Framework.objects.get_or_create(name=name)
        return _create_draft(actor, framework, spec)


def save_draft(
    *, actor: User, version: FrameworkVersion, spec: dict[str, Any], expected_version: int
) -> FrameworkVersion:
    """Replace the draft by ``spec``. Weights that do not sum to 100 % are refused."""
    require_curator(actor)
    with transaction.atomic():
        draft = locked_draft(version, expected_version)
        draft.version += 1
        _write(draft, spec)
        record(actor=actor, action="framework.edit", subject=f"framework_version:{draft.pk}")
    return with_structure(FrameworkVersion.objects.filter(pk=draft.pk)).get()


def discard_draft(*, actor: User, version: FrameworkVersion, expected_version: int) -> None:
    """Delete the draft. One that the panel has voted on stays, retired, with its ballots."""
    require_curator(actor)
    with transaction.atomic():
        draft = locked_draft(version, expected_version)
        _note(draft, "framework.discard", actor)
        if draft.ballots.exists():
            draft.status = FrameworkVersion.Status.RETIRED
            draft.save(update_fields=["status"])
        else:
            draft.delete()


def publish_version(
    *, actor: User, version: FrameworkVersion, expected_version: int
) -> FrameworkVersion:
    """Put the first version of all in force, until the panel votes on the next. For good."""
    require_curator(actor)
    with transaction.atomic():
        draft = locked_draft(version, expected_version)
        if FrameworkVersion.objects.exclude(status=FrameworkVersion.Status.DRAFT).exists():
            raise Conflict("The panel votes on a change of the framework. Open the vote.")
        _seal(draft)
        put_in_force(actor=actor, version=draft)
    return with_structure(FrameworkVersion.objects.filter(pk=draft.pk)).get()


def ratify(*, actor: User | None, draft: FrameworkVersion) -> None:
    """The panel has said yes to the draft, locked by the caller: in force now or after its cycle.

    What was ratified before and still waits is what this draft began from; it is never in force.
    """
    _seal(draft)
    earlier = FrameworkVersion.objects.filter(status=FrameworkVersion.Status.RATIFIED)
    earlier.update(status=FrameworkVersion.Status.RETIRED)
    if draft.after_cycle is None or not draft.after_cycle.is_current:
        put_in_force(actor=actor, version=draft)
        return
    draft.status = FrameworkVersion.Status.RATIFIED
    draft.save(update_fields=["status"])
    _note(draft, "framework.ratify", actor, after=draft.after_cycle.name)


def put_in_force(*, actor: User | None, version: FrameworkVersion) -> None:
    """The version, locked by the caller, is the framework; the one before it retires."""
    FrameworkVersion.objects.filter(status=FrameworkVersion.Status.PUBLISHED).update(
        status=FrameworkVersion.Status.RETIRED
    )
    version.status = FrameworkVersion.Status.PUBLISHED
    version.published_at = timezone.now()
    version.published_by = actor
    version.save(update_fields=["status", "published_at", "published_by"])
    _note(version, "framework.publish", actor)


def _seal(draft: FrameworkVersion) -> None:
    """Refuse what cannot be published, and note what its scores will mean."""
    structured = with_structure(FrameworkVersion.objects.filter(pk=draft.pk)).get()
    errors = publication_errors(structured)
    if errors:
        raise ValidationError(errors)
    for criterion in criteria_of(structured):
        criterion.scale_digest = criterion.compute_scale_digest()
        criterion.save(update_fields=["scale_digest"])


def _note(version: FrameworkVersion, action: str, actor: User | None, **data: object) -> None:
    subject = f"framework_version:{version.pk}"
    record(actor=actor, action=action, subject=subject, number=version.number, **data)


def publication_errors(version: FrameworkVersion) -> Errors:
    """What still keeps a draft from being published, as field -> sentence."""
    errors: Errors = {}
    criteria = criteria_of(version)
    if not criteria:
        errors["dimensions"] = "A framework needs at least one criterion."
    seated = {member.function for member in members()}
    for criterion in criteria:
        if criterion.judged_by and not seated.intersection(criterion.judged_by):
            errors[criterion.key] = (
                f"Nobody of {criterion.judges} has a seat, so nobody would judge "
                f"“{criterion.name}”."
            )
        values = {level.value for level in criterion.levels.all()}
        if criterion.is_judged and not {Decimal(0), HUNDRED} <= values:
            errors[criterion.key] = (
                f"“{criterion.name}” needs a level worth 0 and one worth 100: fixed end points."
            )
    if not version.summary.strip():
        errors["summary"] = "Say in one sentence what this version changes."
    return errors


def normalised(weights: list[Decimal], *, step: Decimal = THOUSANDTH) -> list[Decimal]:
    """Scale to a sum of exactly 100 in whole steps; the largest rests are rounded up."""
    if not all(weight.is_finite() and 0 <= weight <= MOST_TO_SCALE for weight in weights):
        raise ValidationError({"weights": "A weight is a number, and not below 0."})
    total = sum(weights, Decimal(0))
    if total <= 0:
        raise ValidationError({"weights": "At least one weight must be above 0."})
    exact = [weight * HUNDRED / total for weight in weights]
    floors = [weight.quantize(step, rounding="ROUND_FLOOR") for weight in exact]
    spare = int((HUNDRED - sum(floors, Decimal(0))) / step)
    by_rest = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i], i))
    for i in by_rest[:spare]:
        floors[i] += step
    return floors


def require_curator(actor: User) -> None:
    if not (is_curator(actor) or actor.is_superuser):
        raise PermissionDenied("Only the panel's chair changes the framework.")


def locked_draft(version: FrameworkVersion, expected_version: int) -> FrameworkVersion:
    fresh = FrameworkVersion.objects.select_for_update().get(pk=version.pk)
    if not fresh.is_draft:
        raise Conflict("This version is published and can no longer be changed. Start a draft.")
    if fresh.version != expected_version:
        raise StaleVersion("The draft")
    if fresh.is_voted_on:
        raise Conflict("The panel votes on this draft. Take the vote back to change it.")
    return fresh


def _create_draft(actor: User, framework: Framework, spec: dict[str, Any]) -> FrameworkVersion:
    last = framework.versions.order_by("-number").first()
    draft = FrameworkVersion(framework=framework, number=last.number + 1 if last else 1)
    _write(draft, spec)
    _note(draft, "framework.draft", actor)
    return with_structure(FrameworkVersion.objects.filter(pk=draft.pk)).get()


def _write(draft: FrameworkVersion, spec: dict[str, Any]) -> None:
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
