"""What if: other weights, another budget, without a criterion, a function or a rater."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import numpy as np
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from projects.models import User
from projects.views.requests import signed_in
from scoring.models import RankingRun, Scenario
from scoring.selectors.roles import is_curator, may_explore
from scoring.selectors.runs import current_run
from scoring.selectors.scorecards import unseen_proposal_ids
from scoring.services.scenarios import keep_scenario, remove_scenario
from scoring.services.what_if import LEAST_RATERS, Answer, Base, Question, answer, base_of

SHOWN = 50
COMPARED = 12


class QuestionForm(forms.Form):
    """The question, read from an address. What is not given is as the run has it."""

    budget = forms.DecimalField(min_value=0, max_digits=14, decimal_places=2, required=False)

    def __init__(self, data: QueryDict, *, base: Base, choices: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.base = base
        for profile in base.framework["profiles"]:
            for row in base.framework["dimensions"]:
                self.fields[_slider(profile["key"], row["key"])] = forms.FloatField(
                    min_value=0, max_value=100, required=False, label=row["name"]
                )
        self.fields["without"] = forms.MultipleChoiceField(
            choices=choices,
            required=False,
            label="Leave out",
            error_messages={"invalid_choice": "Choose from the list; this is not on it."},
        )

    def question(self) -> Question:
        """Needs ``is_valid``."""
        plain, given = self.base.plain, self.cleaned_data
        without = [choice.split(":", 1) for choice in given["without"]]
        weights = {
            place: given[_slider(*place)] if given[_slider(*place)] is not None else weight
            for place, weight in plain.weights.items()
        }
        return Question(
            weights=weights,
            budget=plain.budget if given["budget"] is None else float(given["budget"]),
            criteria=frozenset(name for kind, name in without if kind == "criterion"),
            functions=frozenset(name for kind, name in without if kind == "function"),
            raters=frozenset(int(name) for kind, name in without if kind == "rater"),
        )

    def address(self) -> str:
        """The question as a query string: only what differs from the run."""
        plain, given = self.base.plain, self.cleaned_data
        parts: list[tuple[str, Any]] = [
            (_slider(*place), f"{given[_slider(*place)]:g}")
            for place, weight in plain.weights.items()
            if given[_slider(*place)] not in (None, weight)
        ]
        if given["budget"] is not None and float(given["budget"]) != plain.budget:
            parts.append(("budget", given["budget"]))
        return urlencode(parts + [("without", choice) for choice in given["without"]])


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal now and under the question."""

    pk: int
    title: str
    rank: int | None
    was: int | None
    value: float | None
    cost: float | None
    inside: bool
    was_inside: bool
    cut_above: bool

    @property
    def moved(self) -> int:
        return 0 if self.rank is None or self.was is None else self.was - self.rank


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a question changes: who comes in, who drops out, and the list from the top."""

    answer: Answer
    lines: list[Line]
    enters: list[Line]
    leaves: list[Line]


@require_safe
@login_required
def what_if(request: HttpRequest) -> HttpResponse:
    user = _explorer(request)
    run = current_run()
    if run is None:
        return render(request, "scoring/what_if.html", {"run": None})
    base, unseen = base_of(run), unseen_proposal_ids(user)
    choices = leave_out(base, user, unseen)
    form = QuestionForm(request.GET, base=base, choices=choices)
    outcome, problem = None, ""
    if form.is_valid():
        try:
            outcome = outcome_of(base, form.question(), unseen)
        except ValueError:
            problem = "Leave at least one criterion with a weight in."
    context: dict[str, Any] = {
        "run": run,
        "form": form,
        "outcome": outcome,
        "problem": problem,
        "address": form.address() if outcome else "",
    }
    status = 200 if outcome else 422
    if getattr(request, "htmx", False):
        return render(request, "scoring/_what_if_answer.html", context, status=200)
    context |= {
        "sliders": _sliders(form),
        "choices": choices,
        "chosen": set(request.GET.getlist("without")),
        "scenarios": _scenarios(run, base, choices, unseen),
    }
    return render(request, "scoring/what_if.html", context, status=status)


@require_POST
@login_required
def keep(request: HttpRequest) -> HttpResponse:
    user, run = _explorer(request), current_run()
    if run is None:
        raise Http404
    base = base_of(run)
    choices = leave_out(base, user, unseen_proposal_ids(user))
    form = QuestionForm(QueryDict(request.POST.get("query", "")), base=base, choices=choices)
    address = form.address() if form.is_valid() else ""
    try:
        scenario = keep_scenario(
            actor=user, run=run, name=request.POST.get("name", ""), query=address
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"The scenario “{scenario}” is kept.")
    return redirect(f"{reverse('what-if')}?{address}")


@require_POST
@login_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    user = _explorer(request)
    scenario = get_object_or_404(Scenario, pk=pk)
    remove_scenario(actor=user, scenario=scenario)
    messages.success(request, f"The scenario “{scenario}” is removed.")
    return redirect("what-if")


def outcome_of(base: Base, question: Question, unseen: set[int]) -> Outcome:
    """The answer beside the run itself, without what the person may not see yet."""
    now, then = answer(base, base.plain), answer(base, question)
    lines: list[Line] = []
    cut_drawn = False
    for row in map(int, then.order):
        item, inside = base.proposals[row], bool(then.inside[row])
        rank = _whole(then.rank[row])
        crossed = not inside and not cut_drawn and rank is not None
        if item["id"] in unseen:
            continue
        lines.append(
            Line(
                pk=item["id"],
                title=item["title"],
                rank=rank,
                was=_whole(now.rank[row]),
                value=None if np.isnan(then.value[row]) else float(then.value[row]),
                cost=None if np.isnan(base.cost[row]) else float(base.cost[row]),
                inside=inside,
                was_inside=bool(now.inside[row]),
                cut_above=crossed,
            )
        )
        cut_drawn = cut_drawn or crossed
    return Outcome(
        answer=then,
        lines=lines[:SHOWN],
        enters=[line for line in lines if line.inside and not line.was_inside],
        leaves=[line for line in lines if line.was_inside and not line.inside],
    )


def leave_out(base: Base, user: User, unseen: set[int]) -> list[tuple[str, str]]:
    """What may be left out, as (value, words).

    One rater's scores follow from the list with and without them, so single raters are for the
    panel's chair, who reads scorecards anyway, once all own judgements are in; and a function
    needs two raters.
    """
    criteria = [(f"criterion:{column.key}", column.name) for column in base.columns]
    functions = [
        (f"function:{name}", f"Raters from {name}")
        for name, count in base.functions().items()
        if name and count >= LEAST_RATERS
    ]
    raters = [(f"rater:{rater.id}", f"{rater.name}, {rater.function}") for rater in base.raters]
    return criteria + functions + (raters if is_curator(user) and not unseen else [])


def _scenarios(
    run: RankingRun, base: Base, choices: list[tuple[str, str]], unseen: set[int]
) -> list[tuple[Scenario, Outcome | None]]:
    """The latest scenarios of the cycle, each answered on ``run``.

    None where it no longer fits the framework, or asks for what the person may not leave out.
    """
    kept = Scenario.objects.filter(cycle=run.cycle_id).select_related("created_by")[:COMPARED]
    found: list[tuple[Scenario, Outcome | None]] = []
    for scenario in kept:
        form = QuestionForm(QueryDict(scenario.query), base=base, choices=choices)
        outcome = None
        if form.is_valid():
            try:
                outcome = outcome_of(base, form.question(), unseen)
            except ValueError:
                outcome = None
        found.append((scenario, outcome))
    return found


def _sliders(form: QuestionForm) -> list[tuple[str, list[dict[str, Any]]]]:
    """Per weight profile its sliders with what is asked, scaled to make 100 %."""
    weights = form.question().weights if form.is_valid() else form.base.plain.weights
    found = []
    for profile in form.base.framework["profiles"]:
        total = sum(weight for (key, _), weight in weights.items() if key == profile["key"]) or 1
        rows = [
            {
                "name": _slider(profile["key"], row["key"]),
                "label": row["name"],
                "value": round(100 * weights[profile["key"], row["key"]] / total, 1),
            }
            for row in form.base.framework["dimensions"]
        ]
        found.append((profile["name"], rows))
    return found


def _slider(profile: str, dimension: str) -> str:
    return f"w-{profile}-{dimension}"


def _whole(rank: float) -> int | None:
    return None if np.isnan(rank) else int(rank)


def _explorer(request: HttpRequest) -> User:
    user = signed_in(request)
    if not may_explore(user):
        raise PermissionDenied("Leaders and the panel's chair ask what if.")
    return user
