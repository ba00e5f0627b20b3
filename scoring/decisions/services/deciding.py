"""Decisions on the backlog: pinned to the run they were taken on, told to the owners."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projects.errors import Conflict
from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from scoring.decisions.gates import Unmet, unmet_gates
from scoring.decisions.models import Condition, Decision, PreparedDecision
from scoring.decisions.services.letters import letter_of
from scoring.decisions.services.recording import to_decide, write_down
from scoring.decisions.services.seconding import clear_the_way, prepare, why_two
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.what_if.models import Override

Outcome = Decision.Outcome
NO_OUTCOME = "Choose greenlight, greenlight with conditions, hold or decline."
NO_REASON = "Give the reason. The owners will read it."


def decide(
    *,
    actor: User,
    proposal: Proposal,
    run: RankingRun,
    outcome: str,
    reason: str,
    conditions: Sequence[Condition] = (),
    override_code: str = "",
    exception: str = "",
    creation_key: UUID,
) -> Decision | PreparedDecision:
    """Record one decision on the current run. Leaders only, and never on an own proposal.

    Where the charter asks for two leaders, it is prepared and waits for the second one.
    """
    with transaction.atomic():
        repeated = _repeated(actor, proposal, creation_key)
        if repeated is not None:
            return repeated
        proposal, result = to_decide(actor, proposal, run)
        needs_override = departs_from_ranking(result, outcome)
        unmet = unmet_gates(proposal, run) if outcome in Decision.YES else []
        asked = list(conditions) if outcome == Outcome.CONDITIONAL else []
        _check(outcome, reason, asked, override_code, needs_override=needs_override)
        _require_met(unmet, exception)
        clear_the_way(actor, result)
        said: dict[str, Any] = {
            "actor": actor,
            "result": result,
            "conditions": asked,
            "creation_key": creation_key,
            "outcome": outcome,
            "reason": reason.strip(),
            "override_code": override_code if needs_override else "",
            "exception": exception.strip() if unmet else "",
        }
        if why := why_two(result, outcome, unmet):
            return prepare(why=why, **said)
        return write_down(second=None, **said)


def draft_letter(
    *,
    actor: User,
    result: RankedProposal,
    outcome: str,
    reason: str,
    conditions: Sequence[Condition] = (),
    override_code: str = "",
) -> str:
    """The letter as ``decide`` would write it. Nothing is recorded, and nothing is checked."""
    departs = departs_from_ranking(result, outcome)
    decision = Decision(
        proposal=result.proposal,
        run=result.run,
        outcome=outcome,
        reason=reason.strip(),
        override_code=override_code if departs else "",
        budget=Decimal(result.run.facts["budget"]),
        decided_by=actor,
    )
    asked = conditions if outcome == Outcome.CONDITIONAL else ()
    return letter_of(decision, result, asked)


def decide_together(
    *, actor: User, run: RankingRun, decisions: Sequence[Mapping[str, Any]]
) -> list[Decision | PreparedDecision]:
    """Record several at once, all or none; each as ``decide`` takes it.

    Errors: ``place.field`` of the decision at fault.
    """
    made, errors = [], dict[str, list[str]]()
    with transaction.atomic():
        for place, said in enumerate(decisions):
            try:
                made.append(decide(actor=actor, run=run, **said))
            except ValidationError as error:
                texts = error.message_dict.items()
                errors |= {f"{place}.{name}": found for name, found in texts}
        if errors:
            raise ValidationError(errors)
    return made


def _repeated(
    actor: User, proposal: Proposal, creation_key: UUID
) -> Decision | PreparedDecision | None:
    """What was recorded or prepared under this key already, if anything."""
    found: Decision | PreparedDecision | None
    if found := Decision.objects.filter(creation_key=creation_key).first():
        by = found.decided_by_id
    elif found := PreparedDecision.objects.filter(creation_key=creation_key).first():
        by = found.prepared_by_id
    else:
        return None
    if by != actor.pk or found.proposal_id != proposal.pk:
        raise Conflict("This creation key belongs to another decision.")
    return found


def _require_met(unmet: Sequence[Unmet], exception: str) -> None:
    if unmet and not exception.strip():
        told = "; ".join(gate.sentence for gate in unmet)
        message = f"{told}. Hold it until that is mended, or say why it goes ahead."
        raise ValidationError({"exception": message})


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
