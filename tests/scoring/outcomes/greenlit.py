"""Proposals that were greenlit some time ago, and what was reported on them since."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils import timezone

from projects.immutability import unsealed
from projects.models import Proposal, User
from scoring.decisions.services import decide
from scoring.models import Decision, RankingRun, Report
from scoring.outcomes.selectors import greenlit as listed
from scoring.outcomes.selectors import standings
from scoring.outcomes.services import Progress, progress_of, report_progress
from tests.company import Company

YEAR = 365.25  # days


def greenlit(company: Company, *proposals: Proposal, days_ago: float = YEAR) -> RankingRun:
    """All of them ranked, and said yes to ``days_ago``."""
    run = company.rank()
    for proposal in proposals:
        inside = run.results.get(proposal=proposal).line == "inside"
        decide(
            actor=company.leader,
            proposal=proposal,
            run=run,
            outcome="greenlight",
            reason="Worth it.",
            override_code="" if inside else "strategy",
            creation_key=uuid4(),
        )
    with unsealed():
        then = timezone.now() - timedelta(days=days_ago)
        Decision.objects.filter(run=run).update(decided_at=then)
    return run


def a_report(proposal: Proposal, *, days_ago: int = 0, **said: Any) -> Report:
    """Under way, unless it is said how it stands; money in thousands."""
    today = timezone.localdate()
    values: dict[str, Any] = {"state": "under_way", "as_of": today - timedelta(days=days_ago)}
    if said.get("state") == "done":
        values["finish"] = values["as_of"]
    for name in ("spent", "brought"):
        if said.get(name) is not None:
            said[name] = Decimal(str(said[name])) * 1000
    return Report(proposal=proposal, **(values | said))


def reported(
    proposal: Proposal, *, actor: User | None = None, days_ago: int = 0, **said: Any
) -> Report:
    report = a_report(proposal, days_ago=days_ago, **said)
    return report_progress(actor=actor or proposal.marketing_owner, report=report)


def progress() -> dict[str, Progress]:
    return {one.standing.proposal.title: one for one in progress_of(standings(listed()))}
