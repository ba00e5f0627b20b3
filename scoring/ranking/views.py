"""Ranking runs: the history, one run with its progress, and the button that asks for one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from projects.errors import Conflict
from projects.people.requests import signed_in
from scoring.framework.selectors import votes_on
from scoring.ranking.models import RankingRun
from scoring.ranking.selectors import runs as reads
from scoring.ranking.selectors.pairs import default_pair
from scoring.ranking.services.runs import cancel_run, request_run


@require_safe
@login_required
def runs(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    page = Paginator(reads.open_to(user, reads.runs()), 50).get_page(request.GET.get("page"))
    current = reads.current_run(user)
    context = {
        "page_obj": page,
        "current": current,
        "due": reads.judgements_due(user, current),
        "pair": default_pair(user),
    }
    return render(request, "scoring/ranking/runs.html", context)


@require_POST
@login_required
def run_new(request: HttpRequest) -> HttpResponse:
    try:
        run = request_run(actor=signed_in(request), trigger=RankingRun.Trigger.BUTTON)
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("runs")
    return redirect("run", pk=run.pk)


@require_safe
@login_required
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run. While it works, the page asks for the progress part again every second."""
    user = signed_in(request)
    shown = get_object_or_404(reads.runs(), pk=pk)
    if not reads.open_to(user, RankingRun.objects.filter(pk=pk)).exists():
        return render(request, "scoring/ranking/closed.html", {"run": shown}, status=403)
    htmx = getattr(request, "htmx", False)
    if htmx and not shown.is_active:
        # Done meanwhile: let the browser load the whole page, which now has more to say.
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    template = "scoring/ranking/_run_progress.html" if htmx else "scoring/ranking/run.html"
    context = {
        "run": shown,
        "current": reads.current_run(user),
        "left": reads.seconds_left(shown),
        "votes": votes_on(shown.framework_version),
    }
    return render(request, template, context)


@require_POST
@login_required
def run_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(RankingRun, pk=pk)
    try:
        cancel_run(actor=signed_in(request), run=shown)
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{shown} is cancelled. The backlog stays as it was.")
    return redirect("run", pk=pk)
