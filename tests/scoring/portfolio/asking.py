"""Questions to a run, and what comes back, by the titles of its proposals."""

from typing import Any

from projects.models import Link, Proposal
from scoring.models import RankedProposal, RankingRun
from scoring.portfolio.services import (
    Case,
    PlanQuestion,
    Pool,
    Ways,
    case_of,
    lay_out,
    ways_of,
)
from scoring.what_if.services import answer, base_of
from tests.company import Company


def pk_of(title: str) -> int:
    return Proposal.objects.get(title=title).pk


def case(run: RankingRun, *pools: Pool, **rules: Any) -> Case:
    base = base_of(run)
    return case_of(base, answer(base, base.plain), PlanQuestion(pools, **rules))


def ways(run: RankingRun, *pools: Pool, **kwargs: Any) -> Ways:
    found = ways_of(run, lay_out(case(run, *pools, **kwargs)))
    assert isinstance(found, Ways)
    return found


def titles(asked: Case, chosen: Any) -> list[str]:
    pks = lay_out(asked).ids(chosen)
    return sorted(Proposal.objects.filter(pk__in=pks).values_list("title", flat=True))


def returns(run: RankingRun, *names: str) -> float:
    """Expected ROI times expected cost, as the run has stored both."""
    rows = RankedProposal.objects.filter(run=run, title__in=names)
    return sum((row.roi or 0) * (row.cost or 0) for row in rows)


def tie(company: Company, one: str, kind: str, other: str) -> None:
    Link.objects.create(
        proposal_id=pk_of(one),
        kind=kind,
        other_id=pk_of(other),
        because="So.",
        created_by=company.cx,
    )
