"""Two or three scenarios beside each other, answered on the run that is current."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.requests import whole_number
from scoring.panel.requests import explorer
from scoring.portfolio.services import Side, differing, money_by_group, side_of
from scoring.portfolio.views.plan import asked
from scoring.ranking.selectors.runs import current_run, judgements_due
from scoring.what_if.models import Scenario
from scoring.what_if.services import base_of

LEAST, MOST = 2, 3
SHOWN = 100


@require_safe
@login_required
def compare(request: HttpRequest) -> HttpResponse:
    user = explorer(request)
    run = current_run(user)
    if run is None:
        raise Http404
    wanted = [whole_number(text) for text in request.GET.getlist("scenario")]
    kept = Scenario.objects.filter(cycle=run.cycle_id, pk__in=wanted[:MOST])
    sides: dict[Scenario, Side] = {}
    unfit: list[Scenario] = []
    for scenario in sorted(kept, key=lambda one: wanted.index(one.pk)):
        form, case = asked(run, user, QueryDict(scenario.query))
        if case is None:
            unfit.append(scenario)
        else:
            sides[scenario] = side_of(run, case, form.way_chosen)
    answers = list(sides.values())
    unlike = differing(base_of(run).proposals, answers)
    shown = {
        "run": run,
        "due": judgements_due(user, run),
        "currency": run.facts["currency"],
        "sides": list(sides.items()) if len(sides) >= LEAST else [],
        "unfit": unfit,
        "too_many": len(wanted) > MOST,
        "money": [
            (name, list(zip(sides, amounts, strict=True)))
            for name, amounts in money_by_group(answers)
        ],
        "differing": [
            (one.item, list(zip(sides, one.sides, strict=True))) for one in unlike[:SHOWN]
        ],
        "more": max(len(unlike) - SHOWN, 0),
    }
    return render(request, "scoring/portfolio/compare.html", shown)
