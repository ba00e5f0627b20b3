"""Writing a decision down: the row with its letter and conditions, and what follows from it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from projects.audit.services import record
from projects.errors import Conflict, StaleVersion
from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import with_owners
from projects.proposals.services import record_outcome
from projects.proposals.services.telling import tell
from scoring.decisions.models import Condition, Decision
from scoring.decisions.services.letters import letter_of
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.ranking.selectors.runs import (
    closed_to_judges,
    current_run_id,
    judgements_due,
    open_to,
)

STATUS = {
    Decision.Outcome.GREENLIGHT: Proposal.Status.GREENLIT,
    Decision.Outcome.CONDITIONAL: Proposal.Status.CONDITIONAL,
    Decision.Outcome.HOLD: Proposal.Status.ON_HOLD,
    Decision.Outcome.DECLINE: Proposal.Status.DECLINED,
}


def to_decide(actor: User, proposal: Proposal, run: RankingRun) -> tuple[Proposal, RankedProposal]:
    """The locked proposal and its place in ``run``, if the actor may decide on it now."""
    if not actor.is_leader:
        raise PermissionDenied("Only leaders decide on the backlog.")
    Proposal.objects.select_for_update().get(pk=proposal.pk)
    fresh = with_owners(Proposal.objects.filter(pk=proposal.pk)).get()
    if fresh.is_owner(actor.pk):
        raise PermissionDenied("You own this proposal, so somebody else decides on it.")
    if fresh.was_written_by(actor.pk):
        raise PermissionDenied("You wrote this proposal along, so somebody else decides on it.")
    if not open_to(actor, RankingRun.objects.filter(pk=run.pk)).exists():
        raise PermissionDenied(closed_to_judges(judgements_due(actor, None)))
    if current_run_id(None) != run.pk:
        raise StaleVersion("The backlog")
    result = RankedProposal.objects.filter(run=run, proposal=fresh).first()
    if result is None or fresh.status not in Proposal.IN_BACKLOG:
        raise Conflict("This proposal is not in the backlog, so there is nothing to decide.")
    return fresh, result


def write_down(
    *,
    actor: User,
    second: User | None,
    result: RankedProposal,
    conditions: Sequence[Condition],
    creation_key: UUID,
    **said: Any,
) -> Decision:
    """The decision with its letter, its conditions and what follows. Checked by who calls.

    ``said`` are outcome, reason, override_code, exception and hold_until as they are kept.
    """
    proposal, run = result.proposal, result.run
    decision = Decision(
        proposal=proposal,
        run=run,
        framework_version=run.framework_version,
        rank=result.rank,
        line=result.line,
        budget=Decimal(run.facts["budget"]),
        decided_by=actor,
        seconded_by=second,
        creation_key=creation_key,
        **said,
    )
    decision.letter = letter_of(decision, result, conditions)
    with transaction.atomic():
        decision.save(force_insert=True)
        for condition in conditions:
            condition.decision = decision
            condition.save(force_insert=True)
        _carry_out(second or actor, decision)
    return decision


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
    record_outcome(proposal=proposal, status=STATUS[Decision.Outcome(decision.outcome)])
    run = RankingRun.objects.filter(pk=decision.run_id)
    text = f"“{proposal.title}”: {decision.outcome_in_words.lower()}. "
    for owner in proposal.owners:
        # An owner who sits on the panel too reads where it stood once all of theirs is judged.
        if open_to(owner, run).exists():
            tell(proposal, [owner], f"{text}Read the letter.", letter=decision.letter)
        else:
            tell(proposal, [owner], f"{text}Read the reason on its page.")
