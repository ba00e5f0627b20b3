"""Two leaders for one decision: one prepares it, one of another function agrees."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from projects.audit.services import record
from projects.errors import Conflict
from projects.notices.services import notify
from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from projects.templatetags.figures import exact_money
from scoring.decisions.gates import unmet_gates
from scoring.decisions.models import LONGEST, Condition, Decision, PreparedDecision
from scoring.decisions.selectors import may_second, prepared, seconds_for
from scoring.decisions.services.checking import check
from scoring.decisions.services.recording import to_decide, write_down
from scoring.ranking.models import RankedProposal

NEW_RUN = "The backlog was ranked anew."


def why_two(result: RankedProposal, outcome: str, unmet: Sequence[str]) -> str:
    """Why this outcome takes a second leader, in a sentence; empty where one is enough.

    An unknown cost may be above any amount.
    """
    if outcome not in Decision.YES:
        return ""
    found, run = [], result.run
    if unmet:
        found.append("it goes ahead past a gate of the framework")
    above = run.framework_version.second_above
    if above is not None and (result.cost is None or result.cost > above):
        amount = exact_money(above, run.facts["currency"])
        cost = "an unknown amount" if result.cost is None else f"more than {amount}"
        found.append(f"it costs {cost}")
    return f"It takes two leaders: {' and '.join(found)}." if found else ""


def prepare(
    *,
    actor: User,
    result: RankedProposal,
    conditions: Sequence[Condition],
    creation_key: UUID,
    why: str,
    **said: Any,
) -> PreparedDecision:
    """Keep what one leader would decide, and ask the leaders of other functions.

    Checked by ``decide``, in whose transaction it is written. Errors: ``outcome`` where there is
    nobody to ask.
    """
    proposal = result.proposal
    seconds = seconds_for(actor, proposal)
    if not seconds:
        raise ValidationError(
            {
                "outcome": f"{why} There is no leader of another function who does not own it: "
                "ask an administrator to name one, or hold it."
            }
        )
    made = PreparedDecision.objects.create(
        proposal=proposal,
        run=result.run,
        conditions=[
            {"text": row.text, "owner": row.owner_id, "due": row.due and row.due.isoformat()}
            for row in conditions
        ],
        why=why,
        prepared_by=actor,
        creation_key=creation_key,
        **said,
    )
    record(
        actor=actor,
        action="decision.prepare",
        subject=f"proposal:{proposal.pk}",
        prepared=made.pk,
        outcome=made.outcome,
    )
    text = f"{actor} would decide on “{proposal.title}”: {made.get_outcome_display().lower()}. "
    notify(
        recipients=seconds,
        text=f"{text}It takes a second leader.",
        url=reverse("decision-second", args=[made.pk]),
        cause=f"prepared:{made.pk}",
    )
    return made


def clear_the_way(actor: User, result: RankedProposal) -> None:
    """End what was prepared on an earlier run. Errors: ``Conflict`` where it is of this run."""
    waiting = prepared().filter(proposal=result.proposal).first()
    if waiting is None:
        return
    if waiting.run_id == result.run_id:
        raise Conflict(
            "A decision on this waits for a second leader: it is agreed to or ended first."
        )
    _end(waiting, actor, because=NEW_RUN)


def second(*, actor: User, waiting: PreparedDecision) -> Decision:
    """Agree, and with that record the decision as it was prepared, with its letter.

    What must be true of a decision must be true now: a gate may have closed, a day be over since.
    """
    with transaction.atomic():
        waiting = _locked(actor, waiting)
        if not may_second(actor, waiting):
            raise PermissionDenied(
                "Who agrees is a leader of another function than who prepared it."
            )
        first = waiting.prepared_by
        if not (first.is_leader and first.is_active):
            raise Conflict(f"{first} is no leader any more: turn it down and prepare it anew.")
        to_decide(first, waiting.proposal, waiting.run)
        proposal, result = to_decide(actor, waiting.proposal, waiting.run)
        said: dict[str, Any] = {
            "outcome": waiting.outcome,
            "reason": waiting.reason,
            "conditions": conditions_of(waiting),
            "override_code": waiting.override_code,
            "exception": waiting.exception,
        }
        unmet = unmet_gates(proposal, waiting.run) if waiting.outcome in Decision.YES else []
        check(result, unmet=unmet, **said)
        made = write_down(
            actor=first,
            second=actor,
            result=result,
            creation_key=waiting.creation_key,
            **said,
        )
        _end(waiting, actor, decision=made)
    return made


def turn_down(*, actor: User, waiting: PreparedDecision, because: str) -> PreparedDecision:
    """End it without a decision: any leader, who prepared it too. Errors: ``because``."""
    because = because.strip()
    if not because or len(because) > LONGEST:
        told = f"Say why, in at most {LONGEST} letters. Who prepared it will read it."
        raise ValidationError({"because": told})
    with transaction.atomic():
        waiting = _locked(actor, waiting)
        _end(waiting, actor, because=because)
        record(
            actor=actor,
            action="decision.turn-down",
            subject=f"proposal:{waiting.proposal_id}",
            prepared=waiting.pk,
        )
        if actor != waiting.prepared_by:
            notify(
                recipients=[waiting.prepared_by],
                text=f"{actor} does not agree on “{waiting.proposal.title}”: {because}",
                url=reverse("decision-second", args=[waiting.pk]),
            )
    return waiting


def conditions_of(waiting: PreparedDecision) -> list[Condition]:
    """The conditions as rows that are not saved yet."""
    people = User.objects.in_bulk([row["owner"] for row in waiting.conditions])
    return [
        Condition(text=row["text"], owner=people[row["owner"]], due=date.fromisoformat(row["due"]))
        for row in waiting.conditions
    ]


def _locked(actor: User, waiting: PreparedDecision) -> PreparedDecision:
    """The row as it is now, if it still waits and the actor is a leader."""
    if not actor.is_leader:
        raise PermissionDenied("Only leaders decide on the backlog.")
    Proposal.objects.select_for_update().get(pk=waiting.proposal_id)
    found = prepared().filter(pk=waiting.pk).first()
    if found is None:
        raise Conflict("This is decided or ended already.")
    return found


def _end(
    waiting: PreparedDecision,
    actor: User,
    *,
    decision: Decision | None = None,
    because: str = "",
) -> None:
    waiting.decision, waiting.ended_because = decision, because
    waiting.ended_by, waiting.ended_at = actor, timezone.now()
    waiting.save(update_fields=["decision", "ended_because", "ended_by", "ended_at"])
