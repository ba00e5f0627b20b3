"""What if: other weights, another budget, without a criterion, a function or a rater."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.errors import Conflict
from projects.people.models import User
from scoring.backlog.charts.scatter import LEGEND, Scatter, scatter
from scoring.backlog.services.run_changes import framework_changes
from scoring.framework.models import FrameworkVersion
from scoring.framework.selectors import published_version, spec_of
from scoring.framework.views import curation, voting
from scoring.panel.requests import explorer
from scoring.ranking.selectors.runs import current_run, judgements_due, runs_with_decisions
from scoring.scorecards.selectors.cards import judged_count
from scoring.what_if.forms import QuestionForm, slider_name
from scoring.what_if.models import Scenario
from scoring.what_if.services import Base, Outcome, base_of, leave_out, outcome_of, placed
from scoring.what_if.services.any_weights import any_weights
from scoring.what_if.services.preview import decided_otherwise, favoured, preview_draft
from scoring.what_if.services.scenarios import keep_scenario, remove_scenario

SHOWN = 50
SHOWN_MOVES = 8
GROUPS = (("criterion", "a criterion"), ("function", "raters of a function"), ("rater", "a rater"))


@require_safe
@login_required
def what_if(request: HttpRequest) -> HttpResponse:
    user = explorer(request)
    run = current_run(user)
    context: dict[str, Any]
    if run is None:
        context = {"run": None, "due": judgements_due(user, None)}
        return render(request, "scoring/what_if/what_if.html", context)
    base = base_of(run)
    choices = leave_out(base, user)
    form = QuestionForm(request.GET, base=base, choices=choices)
    outcome, problem = None, ""
    if form.is_valid():
        try:
            outcome = outcome_of(base, form.question())
        except ValueError:
            problem = "Leave at least one criterion with a weight in."
    context = {
        "run": run,
        "due": judgements_due(user, run),
        "form": form,
        "outcome": outcome,
        "chart": _chart(base, outcome) if outcome else None,
        "streams": LEGEND,
        "currency": run.facts["currency"],
        "problem": problem,
        "address": form.address() if outcome else "",
    }
    status = 200 if outcome else 422
    if getattr(request, "htmx", False):
        return render(request, "scoring/what_if/_what_if_answer.html", context | {"part": True})
    chosen = set(request.GET.getlist("without"))
    context |= {
        "sliders": _sliders(form),
        "choices": _grouped(choices, chosen),
        "chosen": chosen,
    }
    return render(request, "scoring/what_if/what_if.html", context, status=status)


@require_safe
@login_required
def whatever_the_weights(request: HttpRequest) -> HttpResponse:
    """How often each proposal is inside the budget, whatever weights one chooses."""
    user = explorer(request)
    run = current_run(user)
    context = {
        "run": run,
        "due": judgements_due(user, run),
        "found": any_weights(run) if run else None,
        "shown": SHOWN,
    }
    return render(request, "scoring/what_if/any_weights.html", context)


@require_POST
@login_required
def keep(request: HttpRequest) -> HttpResponse:
    user = explorer(request)
    run = current_run(user)
    if run is None:
        raise Http404
    base = base_of(run)
    choices = leave_out(base, user)
    form = QuestionForm(QueryDict(request.POST.get("query", "")), base=base, choices=choices)
    address = form.address() if form.is_valid() else ""
    try:
        scenario = keep_scenario(
            actor=user, run=run, name=request.POST.get("name", ""), query=address
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"The scenario “{scenario}” is saved.")
    # The plan lists the scenarios, this one's answer beside the others.
    return redirect(f"{reverse('plan')}?{address}")


@require_POST
@login_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    user = explorer(request)
    scenario = get_object_or_404(Scenario, pk=pk)
    try:
        remove_scenario(actor=user, scenario=scenario)
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"The scenario “{scenario}” is removed.")
    return redirect("plan")


def _chart(base: Base, outcome: Outcome) -> Scatter | None:
    """ROI against impact of the listed part, with the line where it would be."""
    return scatter(placed(base, outcome.lines[:SHOWN]), base.streams)


def _grouped(
    choices: list[tuple[str, str]], chosen: set[str]
) -> list[tuple[str, list[tuple[str, str]], bool]]:
    """What may be left out, by its kind in words, and whether some of the kind is."""
    return [
        (words, found, any(value in chosen for value, _ in found))
        for kind, words in GROUPS
        if (found := [choice for choice in choices if choice[0].startswith(f"{kind}:")])
    ]


def _sliders(form: QuestionForm) -> list[tuple[str, list[dict[str, Any]]]]:
    """Per weight profile its sliders with what is asked, scaled to make 100 %."""
    weights = form.question().weights if form.is_valid() else form.base.plain.weights
    found = []
    for profile in form.base.framework["profiles"]:
        total = sum(weight for (key, _), weight in weights.items() if key == profile["key"]) or 1
        rows = [
            {
                "name": slider_name(profile["key"], row["key"]),
                "label": row["name"],
                "value": round(100 * weights[profile["key"], row["key"]] / total, 1),
            }
            for row in form.base.framework["dimensions"]
        ]
        found.append((profile["name"], rows))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """The chair's draft of the framework, with what it would move on the backlog."""
    return curation.overview(request, beside=_moves)


@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest) -> HttpResponse:
    """The panel's vote on the draft, with what it changes and what it would move."""
    return voting.vote(request, beside=_change_and_moves)


def _change_and_moves(user: User, version: FrameworkVersion) -> dict[str, Any]:
    current = published_version()
    before = spec_of(current) if current is not None else spec_of(version)
    return {"changes": framework_changes(before, spec_of(version)), **_moves(user, version)}


def _moves(user: User, version: FrameworkVersion) -> dict[str, Any]:
    """What a draft would move, for whom, and whether that can be known to who changes it."""
    run = current_run(user)
    found = preview_draft(version, run) if run else []
    moves = [move for move in found if move.by or move.rank is None]
    return {
        "run": run,
        "moves": moves[:SHOWN_MOVES],
        "favoured": favoured(found),
        "otherwise": [
            row
            for earlier in runs_with_decisions(user)
            for row in decided_otherwise(
                found if earlier == run else preview_draft(version, earlier), earlier
            )
        ],
        "judged": judged_count(),
        "due": judgements_due(user, run),
    }
