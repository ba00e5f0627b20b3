"""Decisions on the backlog: pinned to the run they were taken on, told to the owners."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from projects.errors import Conflict
from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from scoring.decisions.gates import unmet_gates
from scoring.decisions.models import Condition, Decision, PreparedDecision
from scoring.decisions.services.checking import Outcome, check, departs_from_ranking
from scoring.decisions.services.letters import letter_of
from scoring.decisions.services.recording import to_decide, write_down
from scoring.decisions.services.seconding import clear_the_way, prepare, why_two
from scoring.ranking.models import RankedProposal, RankingRun


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
    hold_until: date | None = None,
    creation_key: UUID,
) -> Decision | PreparedDecision:
    """Record one decision on the current run. Leaders only, and never on an own proposal.

    ``hold_until`` is the day on which a hold is looked at again; other outcomes have none. Where
    the charter asks for two leaders, it is prepared and waits for the second one.
    """
    with transaction.atomic():
        repeated = _repeated(actor, proposal, creation_key)
        if repeated is not None:
            return repeated
        proposal, result = to_decide(actor, proposal, run)
        unmet = unmet_gates(proposal, run) if outcome in Decision.YES else []
        said: dict[str, Any] = {
            "outcome": outcome,
            "reason": reason.strip(),
            "conditions": list(conditions) if outcome == Outcome.CONDITIONAL else [],
            "override_code": override_code if departs_from_ranking(result, outcome) else "",
            "exception": exception.strip() if unmet else "",
        }
        until = hold_until if outcome == Outcome.HOLD else None
        check(result, unmet=unmet, hold_until=until, **said)
        clear_the_way(actor, result)
        by: dict[str, Any] = {"actor": actor, "result": result, "creation_key": creation_key}
        if why := why_two(result, outcome, unmet):
            return prepare(why=why, **by, **said)
        return write_down(second=None, hold_until=until, **by, **said)


def draft_letter(
    *,
    actor: User,
    result: RankedProposal,
    outcome: str,
    reason: str,
    conditions: Sequence[Condition] = (),
    override_code: str = "",
    hold_until: date | None = None,
) -> str:
    """The letter as ``decide`` would write it. Nothing is recorded, and nothing is checked."""
    departs = departs_from_ranking(result, outcome)
    decision = Decision(
        proposal=result.proposal,
        run=result.run,
        outcome=outcome,
        reason=reason.strip(),
        override_code=override_code if departs else "",
        hold_until=hold_until if outcome == Outcome.HOLD else None,
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
