"""What a decision must say before it is recorded, whoever records it and when."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from scoring.decisions.models import Condition, Decision
from scoring.ranking.models import RankedProposal
from scoring.what_if.models import Override

Outcome = Decision.Outcome
NO_OUTCOME = "Choose greenlight, greenlight with conditions, hold or decline."
NO_REASON = "Give the reason. The owners will read it."


def check(
    result: RankedProposal,
    *,
    unmet: Sequence[str],
    outcome: str,
    reason: str,
    conditions: Sequence[Condition],
    override_code: str,
    exception: str,
    hold_until: date | None = None,
) -> None:
    """Refuse what is missing or cannot be, by its field. ``unmet`` are the gates that stop it."""
    needs_override = departs_from_ranking(result, outcome)
    _check(outcome, reason, conditions, override_code, needs_override=needs_override)
    if hold_until is not None and hold_until <= timezone.localdate():
        raise ValidationError({"hold_until": "Choose a day after today."})
    _require_met(unmet, exception)


def refuse_unasked(outcome: str, conditions: Sequence[Condition], hold_until: date | None) -> None:
    """Tell a program of what ``decide`` would leave out; a page hides what an outcome has not."""
    errors = {}
    if conditions and outcome != Outcome.CONDITIONAL:
        errors["conditions"] = "Only a greenlight with conditions has these."
    if hold_until is not None and outcome != Outcome.HOLD:
        errors["hold_until"] = "Only a hold lasts until a day."
    if errors:
        raise ValidationError(errors)


def departs_from_ranking(result: RankedProposal, outcome: str) -> bool:
    """True when the outcome does not follow the ranked order and the budget.

    The ranking says yes to what is inside the budget and no to the rest.
    """
    inside = result.line == RankedProposal.Line.INSIDE
    return inside != (outcome in Decision.YES)


def _check(
    outcome: str,
    reason: str,
    conditions: Sequence[Condition],
    override_code: str,
    *,
    needs_override: bool,
) -> None:
    errors: dict[str, Any] = {}
    if outcome not in Outcome.values:
        errors["outcome"] = NO_OUTCOME
    if not reason.strip():
        errors["reason"] = NO_REASON
    if outcome == Outcome.CONDITIONAL and not conditions:
        errors["conditions"] = "Say what must be true first, by when, and who sees to it."
    for place, condition in enumerate(conditions):
        found = _wrong(condition)
        errors |= {f"conditions.{place}.{name}": texts for name, texts in found.items()}
    if needs_override and override_code not in Override.values:
        errors["override_code"] = (
            "This departs from the ranked order. Choose why the ranking is not followed."
        )
    if errors:
        raise ValidationError(errors)


def _wrong(condition: Condition) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    try:
        condition.full_clean({"decision", "owner"}, validate_constraints=False)
    except ValidationError as error:
        found = error.message_dict
    if condition.owner is None:
        found["owner"] = ["Choose who sees to it."]
    elif not condition.owner.is_active or condition.owner.is_service:
        found["owner"] = ["Choose an active person."]
    if condition.due is not None and condition.due < timezone.localdate():
        found["due"] = ["Choose a day from today on."]
    return found


def _require_met(unmet: Sequence[str], exception: str) -> None:
    if unmet and not exception.strip():
        message = f"{'; '.join(unmet)}. Hold it until that is mended, or say why it goes ahead."
        raise ValidationError({"exception": message})
