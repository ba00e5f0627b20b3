"""The tornado of one proposal's rank as a file; the page of its sums shows it."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from projects.people.requests import signed_in
from scoring.backlog.charts.tornado import tornado
from scoring.backlog.selectors.backlog import results_of
from scoring.backlog.services.drivers import drivers_of
from scoring.backlog.views.chart_files import chart_file, seal_of
from scoring.ranking.selectors.runs import current_run
from scoring.ranking.selectors.snapshot import load_part


@require_safe
@login_required
def download(request: HttpRequest, pk: int) -> HttpResponse:
    run = current_run(signed_in(request))
    if run is None:
        raise Http404
    result = get_object_or_404(results_of(run), proposal=pk)
    chart = tornado(drivers_of(run, result, load_part(run, pk)), run.facts["currency"])
    if chart is None:
        raise Http404
    return chart_file(
        chart,
        shapes="scoring/backlog/charts/_drivers.html",
        heading=f"What drives rank {result.rank}: {result.title}",
        name=f"drivers-{pk}-run-{run.pk}",
        seal=seal_of(run),
        context={},
    )
