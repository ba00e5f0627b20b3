"""Decisions on the backlog: pinned to the run they were taken on, told to the owners."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from projects.audit.services import record
from projects.errors import Conflict, StaleVersion
from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import with_owners
from projects.proposals.services import record_outcome
from projects.proposals.services.telling import tell
from scoring.decisions.gates import Unmet, unmet_gates
from scoring.decisions.models import Condition, Decision
from scoring.decisions.services.letters import letter_of
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.ranking.selectors.runs import (
    closed_to_judges,
    current_run_id,
    judgements_due,
    open_to,
)
from scoring.what_if.models import Override

Outcome = Decision.Outcome
NO_OUTCOME = "Choose greenlight, greenlight with conditions, hold or decline."
NO_REASON = "Give the reason. The owners will read it."
STATUS = {
    Outcome.GREENLIGHT: Proposal.Status.GREENLIT,
    Outcome.CONDITIONAL: Proposal.Status.CONDITIONAL,
    Outcome.HOLD: Proposal.Status.ON_HOLD,
    Outcome.DECLINE: Proposal.Status.DECLINED,
}


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
) -> Decision:
    """Record one decision on the current run. Leaders only, and never on an own proposal."""
    if not actor.is_leader:
        raise PermissionDenied("Only leaders decide on the backlog.")
    with transaction.atomic():
        repeated = _repeated(actor, proposal, creation_key)
        if repeated is not None:
            return repeated
        proposal, result = _to_decide(actor, proposal, run)
        needs_override = departs_from_ranking(result, outcome)
        unmet = unmet_gates(proposal, run) if outcome in Decision.YES else []
        asked = list(conditions) if outcome == Outcome.CONDITIONAL else []
        _check(outcome, reason, asked, override_code, needs_override=needs_override)
        _require_met(unmet, exception)
        decision = Decision(
            proposal=proposal,
            run=run,
            framework_version=run.framework_version,
            outcome=outcome,
            reason=reason.strip(),
            override_code=override_code if needs_override else "",
            exception=exception.strip() if unmet else "",
            rank=result.rank,
            line=result.line,
            budget=Decimal(run.facts["budget"]),
            decided_by=actor,
            creation_key=creation_key,
        )
        decision.letter = letter_of(decision, result, asked)
        decision.save(force_insert=True)
        for condition in asked:
            condition.decision = decision
            condition.save(force_insert=True)
        _carry_out(actor, decision)
    return decision


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
) -> list[Decision]:
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


def _repeated(actor: User, proposal: Proposal, creation_key: UUID) -> Decision | None:
    """The decision that was recorded under this key already, if any."""
    found = Decision.objects.filter(creation_key=creation_key).first()
    if found and (found.decided_by_id != actor.pk or found.proposal_id != proposal.pk):
        raise Conflict("This creation key belongs to another decision.")
    return found


def _require_met(unmet: Sequence[Unmet], exception: str) -> None:
    if unmet and not exception.strip():
        told = "; ".join(gate.sentence for gate in unmet)
        message = f"{told}. Hold it until that is mended, or say why it goes ahead."
        raise ValidationError({"exception": message})


def _carry_out(actor: User, decision: Decision) -> None:
    """What follows from a decision: the audit entry, the proposal's status, word to its owners."""
    proposal = decision.proposal
    record(
        actor=actor,
        action="decision.record",
        subject=f"proposal:{proposal.pk}",
        decision=decision.pk,
        run=decision.run_id,
        outcome=decision.outcome,
        override=decision.override_code,
    )
    record_outcome(proposal=proposal, status=STATUS[Outcome(decision.outcome)])
    run = RankingRun.objects.filter(pk=decision.run_id)
    text = f"“{proposal.title}”: {decision.get_outcome_display().lower()}. "
    for owner in proposal.owners:
        # An owner who sits on the panel too reads where it stood once all of theirs is judged.
        if open_to(owner, run).exists():
            tell(proposal, [owner], f"{text}Read the letter.", letter=decision.letter)
        else:
            tell(proposal, [owner], f"{text}Read the reason on its page.")


def _to_decide(actor: User, proposal: Proposal, run: RankingRun) -> tuple[Proposal, RankedProposal]:
    """The locked proposal and its place in ``run``, if the actor may decide on it now."""
    Proposal.objects.select_for_update().get(pk=proposal.pk)
    fresh = with_owners(Proposal.objects.filter(pk=proposal.pk)).get()
    if fresh.is_owner(actor.pk):
        raise PermissionDenied("You own this proposal, so somebody else decides on it.")
    if not open_to(actor, RankingRun.objects.filter(pk=run.pk)).exists():
        raise PermissionDenied(closed_to_judges(judgements_due(actor, None)))
    if current_run_id(None) != run.pk:
        raise StaleVersion("The backlog")
    result = RankedProposal.objects.filter(run=run, proposal=fresh).first()
    if result is None or fresh.status not in Proposal.IN_BACKLOG:
        raise Conflict("This proposal is not in the backlog, so there is nothing to decide.")
    return fresh, result


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
