"""The first page: what is asked of this person now."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.people.models import User
from projects.people.requests import signed_in
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import asked_of, merges_asked_of, owned_drafts, owned_submitted
from scoring.backlog.selectors.backlog import cut_line, results_of
from scoring.backlog.selectors.moving_in import is_moved_in, moving_in
from scoring.backlog.selectors.today import cycle_today
from scoring.framework.selectors import published_version, to_vote_on
from scoring.framework.services.opinions import to_weigh
from scoring.panel.selectors import is_panelist
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.ranking.selectors.runs import current_cycle, current_run, judgements_due
from scoring.scorecards.selectors.cards import QueueProgress, pending_for, queue_progress

SHOWN = 5


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    run = current_run(user)
    progress, pending = _queue(user)
    return render(
        request,
        "scoring/backlog/home.html",
        {
            "steps": moving_in() if user.is_superuser and not is_moved_in() else [],
            "cycle": current_cycle(),
            "asked": asked_of(user),
            "merges": merges_asked_of(user),
            "drafts": owned_drafts(user),
            "submitted": list(owned_submitted(user)[:SHOWN]),
            "progress": progress,
            "vote": to_vote_on(user) if is_panelist(user) else None,
            "to_weigh": to_weigh(user) if is_panelist(user) else None,
            "pending": pending,
            "run": run,
            "due": judgements_due(user, run),
            "top": list(results_of(run).exclude(rank=None)[:SHOWN]) if run else [],
            "cut": cut_line(run) if run else None,
            "decisions": _decisions(run) if run and user.is_leader else None,
        },
    )


def _decisions(run: RankingRun) -> dict[str, Any]:
    """What waits inside the budget, best first, and what leaders' yeses leave of the budget."""
    open_ones = results_of(run).filter(
        line=RankedProposal.Line.INSIDE, proposal__status=Proposal.Status.SUBMITTED
    )
    today = cycle_today(run)
    waiting = open_ones.aggregate(count=Count("pk"), cost=Sum("cost"))
    return waiting | {"first": list(open_ones[:SHOWN]), "today": today}


def _queue(user: User) -> tuple[QueueProgress | None, list[Proposal]]:
    version = published_version() if is_panelist(user) else None
    if version is None:
        return None, []
    return queue_progress(user, version), list(pending_for(user, version)[:SHOWN])
