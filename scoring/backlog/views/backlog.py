"""The one shared backlog, the sum behind each number, and decisions."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from projects.people.models import User
from projects.people.requests import signed_in
from projects.proposals.models.revisions import Signature
from scoring.backlog.charts.tornado import tornado
from scoring.backlog.filters import CERTAINTIES, LINES, STATUSES, BacklogFilter, view_address
from scoring.backlog.models import SavedView
from scoring.backlog.selectors.backlog import (
    certainty,
    changes_between,
    cut_line,
    dimensions_of,
    next_in,
    results_before,
    results_of,
    segments_of,
    terms_of,
    with_means,
)
from scoring.backlog.selectors.today import cycle_today
from scoring.backlog.services.drivers import drivers_of
from scoring.backlog.services.ledger import ledger_of
from scoring.backlog.views.lines import by_dimension
from scoring.backlog.views.reading import reading
from scoring.backlog.views.rows import Place, lines_of
from scoring.forecast.returns import cost_uplift
from scoring.forecast.sums import impact_terms, money_terms
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.ranking.selectors.runs import (
    current_and_active,
    current_run_id,
    judgements_due,
    seconds_left,
)
from scoring.ranking.selectors.snapshot import load_part

PAGE = 50
OUTSIDE = RankedProposal.Line.OUTSIDE
NARROWING = BacklogFilter.base_filters.keys() - {"sort"}
FOLDED = ("stage", "segment", "certainty", "undominated")  # filters behind "More filters"


@require_safe
@login_required
def backlog(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    run, active, before = current_and_active(user)
    context: dict[str, Any] = {"run": run, "active": active, "due": judgements_due(user, run)}
    if active is not None:
        context["left"] = seconds_left(active)
    if run is not None:
        now = cycle_today(run)
        address = view_address(request.GET)
        results = results_of(run)
        if address:
            results = BacklogFilter(request.GET, queryset=results, request=request).qs
        filtered = any(request.GET.get(name) for name in NARROWING)
        pages = Paginator(results.values_list(*Place._fields), PAGE)
        whole = run.facts["ranked"] + run.facts["incomplete"]
        if not filtered:
            pages.count = whole  # it is known; counting would read the whole run
        page = pages.get_page(request.GET.get("page"))
        in_order = not request.GET.get("sort")
        places = [Place(*found) for found in page.object_list]
        crossing = in_order and any(place.line == OUTSIDE for place in places)
        ahead = next_in(run) if crossing else None
        context |= {
            "statuses": STATUSES,
            "lines_of_budget": LINES,
            "believes": any(item.get("believed") for item in run.facts["criteria"]),
            "certainties": CERTAINTIES,
            "segments": segments_of(run),
            "more": any(request.GET.get(name) for name in FOLDED),
            "page_obj": page,
            "lines": lines_of(run, before, places, ahead, in_order=in_order),
            "dimensions": dimensions_of(run),
            "cut": cut_line(run),
            "today": now,
            "whole": whole,
            "filtered": filtered,
            "views": list(SavedView.objects.filter(owner=user)),
            "address": address,
        }
    return render(request, "scoring/backlog/backlog.html", context)


@require_safe
@login_required
def why(request: HttpRequest, pk: int) -> HttpResponse:
    """The sum behind value, ROI, customer impact and rank of one proposal."""
    run, result = shown_result(request, pk)
    snapshot = load_part(run, pk)
    item = snapshot["proposals"][0]
    parameters = snapshot["framework"]["parameters"]
    rate = float(parameters["discount_rate"])
    money = money_terms(snapshot)
    terms = with_means(terms_of(result), snapshot, pk)
    before = _result_before(run, result, signed_in(request))
    return render(
        request,
        "scoring/backlog/why.html",
        {
            "run": run,
            "result": result,
            "proposal": result.proposal,
            "certainty": certainty(result.p_funded),
            "reading": reading(terms),
            "dimensions": by_dimension(terms),
            "corrected": any(term.mean is not None for term in terms),
            "counted": sum(term.weight for term in terms if term.value is not None),
            "money": money,
            "rate": rate,
            "uplift": cost_uplift(parameters),
            "prior": float(parameters["prior_roi"]) if result.believed is not None else None,
            "impact": impact_terms(snapshot),
            "item": item,
            "signatures": Signature.objects.filter(
                revision__proposal=pk, revision__number=item["revision"]
            ).select_related("signer"),
            "cut": cut_line(run),
            "before": before,
            "changes": changes_between(before, result) if before else [],
            "ledger": ledger_of(before, result, snapshot) if before else None,
            "value_change": (result.value or 0) - (before.value or 0) if before else None,
            "cost_unit": snapshot["framework"]["parameters"]["cost_unit"],
            "tornado": tornado(drivers_of(run, result, snapshot), run.facts["currency"]),
        },
    )


def shown_result(request: HttpRequest, pk: int) -> tuple[RankingRun, RankedProposal]:
    """The proposal in the current run; 404 where there is none or the person may not see it."""
    user = signed_in(request)
    run = get_object_or_404(RankingRun, pk=current_run_id(user))
    visible = results_of(run).select_related("run__framework_version__framework", "proposal__cycle")
    return run, get_object_or_404(visible, proposal=pk)


def _result_before(run: RankingRun, result: RankedProposal, user: User) -> RankedProposal | None:
    """The same proposal in the run before, where it had a value."""
    return (
        results_before(run, user)
        .filter(proposal=result.proposal_id, value__isnull=False)
        .select_related("run__framework_version__framework")
        .first()
    )
