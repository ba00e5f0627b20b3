"""Deciding on one proposal of the current run."""

from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from projects.errors import Conflict, StaleVersion
from projects.people.requests import confirmed, signed_in
from projects.proposals.selectors import links_of
from projects.requests import number_from
from scoring.backlog.selectors.backlog import certainty
from scoring.backlog.selectors.today import SAID_YES, CycleToday, cycle_today
from scoring.backlog.views.backlog import shown_result
from scoring.decisions.forms import DecisionForm
from scoring.decisions.gates import unmet_gates
from scoring.decisions.services import decide, departs_from_ranking
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.ranking.selectors.runs import is_open


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a decision on one proposal of the current run."""
    user = signed_in(request)
    if not user.is_leader:
        raise PermissionDenied("Only leaders decide on the backlog.")
    run, result = shown_result(request, pk)
    form = DecisionForm(request.POST or None, initial={"creation_key": uuid4()})
    if request.method == "POST" and form.is_valid():
        confirmed(request)
        try:
            seen = _seen_run(request)
            made = decide(actor=user, proposal=result.proposal, run=seen, **form.cleaned_data)
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                form.add_error(name if name in form.fields else None, texts)
        except (Conflict, StaleVersion) as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                f"{made.get_outcome_display()} recorded for “{result.title}”. "
                "Both owners were told.",
            )
            return redirect("proposal", pk=pk)
    today = cycle_today(run)
    return render(
        request,
        "scoring/decisions/decision.html",
        {
            "form": form,
            "run": run,
            "result": result,
            "certainty": certainty(result.p_funded),
            "yes_departs": departs_from_ranking(result, "greenlight"),
            "today": today,
            "links": links_of(result.proposal, user),
            "unmet": unmet_gates(result.proposal, run),
            "beyond": _beyond(result, today),
            "decisions": list(
                result.proposal.decisions.select_related("decided_by").annotate(
                    is_open=is_open(user)
                )
            ),
        },
        status=422 if form.errors else 200,
    )


def _beyond(result: RankedProposal, today: CycleToday) -> float:
    """The money by which a yes would overdraw the budget; 0 where it fits or is counted already."""
    if result.proposal.status in SAID_YES or result.cost is None:
        return 0.0
    return max(result.cost - max(today.free, 0.0), 0.0)


def _seen_run(request: HttpRequest) -> RankingRun:
    """The run the leader looked at, which need not be the one that is current now."""
    seen = RankingRun.objects.filter(pk=number_from(request, "run")).first()
    if seen is None:
        raise StaleVersion("The backlog")
    return seen
