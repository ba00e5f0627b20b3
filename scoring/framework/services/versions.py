"""Keeping the framework: one draft at a time, saved whole, published once."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from projects.audit.services import record
from projects.errors import Conflict, StaleVersion
from projects.people.models import User
from scoring.framework.models import Framework, FrameworkVersion
from scoring.framework.selectors import (
    criteria_of,
    draft_version,
    published_version,
    ratified_version,
    spec_of,
    with_structure,
)
from scoring.framework.services.shape import check_shape
from scoring.framework.services.writing import HUNDRED, write_spec
from scoring.panel.selectors import is_curator, members

THOUSANDTH = Decimal("0.001")
MOST_TO_SCALE = Decimal(1_000_000)
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
        write_spec(draft, spec)
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
    write_spec(draft, spec)
    _note(draft, "framework.draft", actor)
    return with_structure(FrameworkVersion.objects.filter(pk=draft.pk)).get()
