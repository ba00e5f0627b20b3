"""The plan: three ways to spend the budget, what binds them, and which one is adopted."""

from dataclasses import dataclass
from math import isnan
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from projects.errors import Conflict, StaleVersion
from projects.people.models import User
from projects.people.requests import confirmed
from projects.proposals.models.proposals import Proposal
from projects.requests import number_from
from scoring.panel.requests import explorer
from scoring.portfolio.charts.frontier import frontier_chart
from scoring.portfolio.forms import PlanForm, PoolForm
from scoring.portfolio.services import (
    FUTURES,
    Case,
    Layout,
    Mix,
    Torn,
    Ways,
    adopt_plan,
    frontier_of,
    lay_out,
    plan_of,
    prices_of,
    rule_prices,
    way_of,
    ways_of,
    worth_finding_out,
)
from scoring.ranking.models import RankingRun
from scoring.ranking.selectors.runs import current_run, judgements_due
from scoring.what_if.models import Scenario
from scoring.what_if.services import base_of, leave_out

SHOWN, COMPARED, NAMED = 200, 12, 5
LABELS = ("Down the list", "Best mix", "Holds in most futures")


@dataclass(frozen=True, slots=True)
class Row:
    """One proposal of the list: in which ways it is funded, in how many futures, and why so."""

    item: dict[str, Any]
    rank: int | None
    cost: float | None
    returns: float | None
    listed: bool
    best: bool
    share: float | None
    note: str
    chosen: bool  # in the way that is asked for

    @property
    def differs(self) -> bool:
        return self.listed != self.best


@require_safe
@login_required
def plan(request: HttpRequest) -> HttpResponse:
    user = explorer(request)
    run = current_run(user)
    if run is None:
        shown: dict[str, Any] = {"run": None, "due": judgements_due(user, None)}
        return render(request, "scoring/portfolio/plan.html", shown)
    form, case = asked(run, user, request.GET)
    shown = {
        "run": run,
        "form": form,
        "currency": run.facts["currency"],
        "problems": [] if case else form.problems(),
        "due": judgements_due(user, run),
        **(_answered(run, case, form) if case else {}),
    }
    shown |= {
        "new_pool": PoolForm({}, form.groups, form.base.budget),
        "adopted": _adopted(run, user),
        "scenarios": _scenarios(run, user, shown.get("mix")),
        "saved": Scenario.objects.filter(
            cycle=run.cycle_id, query=shown.get("address", ""), adopted_at=None
        ).first(),
    }
    return render(request, "scoring/portfolio/plan.html", shown, status=200 if case else 422)


@require_safe
@login_required
def costs(request: HttpRequest) -> HttpResponse:
    """What each rule costs, and the frontier: many exact choices, as a part of the page."""
    user = explorer(request)
    run = current_run(user)
    if run is None:
        raise Http404
    _, case = asked(run, user, request.GET)
    if case is None:
        raise Http404
    layout = lay_out(case)
    listed, prices = way_of(run, layout, "list"), rule_prices(case)
    shown = {
        "run": run,
        "currency": run.facts["currency"],
        "numbers": worth_finding_out(case),
        "prices": [price for price in prices if price.entering or price.leaving],
        "idle": [price for price in prices if not (price.entering or price.leaving)],
        "chart": frontier_chart(frontier_of(layout), listed) if listed else None,
    }
    return render(request, "scoring/portfolio/_costs.html", shown)


@require_POST
@login_required
def adopt(request: HttpRequest) -> HttpResponse:
    user = explorer(request)
    run = current_run(user)
    if run is None:
        raise Http404
    confirmed(request)
    form, case = asked(run, user, QueryDict(request.POST.get("query", "")))
    if case is None:
        messages.error(request, " ".join(form.problems()))
        return redirect("plan")
    try:
        adopted = adopt_plan(
            actor=user,
            run=run,
            name=request.POST.get("name", ""),
            query=form.address(),
            case=case,
            way=form.way_chosen,
            seen=number_from(request, "seen"),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except (Conflict, StaleVersion) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{adopted}” is the plan.")
    return redirect(f"{reverse('plan')}?{form.address()}")


def asked(run: RankingRun, user: User, query: QueryDict) -> tuple[PlanForm, Case | None]:
    """What an address asks of the run, and the case if it makes sense."""
    base = base_of(run)
    form = PlanForm(query, base=base, choices=leave_out(base, user))
    return form, form.case()


def _answered(run: RankingRun, case: Case, form: PlanForm) -> dict[str, Any]:
    layout = lay_out(case)
    ways = ways_of(run, layout)
    priced = {price.forced: price for price in prices_of(case)}
    shown = {
        "address": form.address(),
        "case": case,
        "way": form.way_chosen,
        "exceptions": [
            (row, priced.get(forced), form.without(row.cleaned_data["force"]))
            for row, forced in form.exceptions()
        ],
        "together": priced.get(None),
    }
    if isinstance(ways, Torn):
        return shown | {"torn": ways.rules}
    chosen = ways.listed if form.way_chosen == "list" else ways.best
    rows = _rows(case, layout, ways, chosen)
    mixes = list(zip(LABELS, (ways.listed, ways.best, ways.sure), strict=True))
    return shown | {
        "ways": ways,
        "mix": (chosen, layout),
        "mixes": mixes,
        "pools": [
            (pool, [(label, mix.pools[number] if mix else None) for label, mix in mixes])
            for number, pool in enumerate(ways.best.pools)
        ],
        "gained": ways.best.returns - ways.listed.returns,
        "futures": FUTURES,
        "rows": rows[:SHOWN],
        "more_rows": max(len(rows) - SHOWN, 0),
        "comes": _quoted([row for row in rows if row.best and not row.listed]),
        "goes": _quoted([row for row in rows if row.listed and not row.best]),
    }


def _rows(case: Case, layout: Layout, ways: Ways, chosen: Mix) -> list[Row]:
    """From the top of the list; who cannot be chosen stands there with the reason."""
    place = {int(row): at for at, row in enumerate(layout.rows)}
    base, found = case.base, []
    for row in map(int, case.answer.order):
        at = place.get(row)
        rank = _known(case.answer.rank[row])
        found.append(
            Row(
                item=base.proposals[row],
                rank=None if rank is None else int(rank),
                cost=_known(base.cost[row]),
                returns=_known(base.roi[row] * base.cost[row]),
                listed=at is not None and bool(ways.listed.chosen[at]),
                best=at is not None and bool(ways.best.chosen[at]),
                share=None if at is None or ways.shares is None else float(ways.shares[at]),
                note=layout.out[row] if at is None else layout.fixed.get(at, ""),
                chosen=at is not None and bool(chosen.chosen[at]),
            )
        )
    return found


def _quoted(rows: list[Row]) -> str:
    """The first titles: “A”, “B” and 3 more."""
    titles = ", ".join(f"“{row.item['title']}”" for row in rows[:NAMED])
    return titles + (f" and {len(rows) - NAMED} more" if len(rows) > NAMED else "")


def _known(number: float) -> float | None:
    return None if isnan(number) else float(number)


def _adopted(run: RankingRun, user: User) -> dict[str, Any] | None:
    """The plan of the cycle and how far it is decided."""
    found = plan_of(run.cycle_id, user)
    if found is None:
        return None
    funded = set(found.outcome["funded"])
    cycle = Proposal.objects.filter(cycle=run.cycle_id)
    yes = set(cycle.filter(status__in=Proposal.SAID_YES).values_list("pk", flat=True))
    return {
        "plan": found,
        "funded": len(funded),
        "decided": len(funded & yes),
        "beside": len(yes - funded),
    }


def _scenarios(
    run: RankingRun, user: User, shown: tuple[Mix, Layout] | None
) -> list[dict[str, Any]]:
    """The latest scenarios of the cycle, each answered on ``run`` beside what is ``shown``.

    Without a mix where it no longer fits the framework, or its rules cannot hold together.
    """
    kept = Scenario.objects.filter(cycle=run.cycle_id).select_related("created_by")[:COMPARED]
    here = _ids(*shown) if shown else frozenset[int]()
    titles = {item["id"]: item["title"] for item in base_of(run).proposals}
    found: list[dict[str, Any]] = []
    for scenario in kept:
        form, case = asked(run, user, QueryDict(scenario.query))
        layout = lay_out(case) if case else None
        mix = way_of(run, layout, form.way_chosen) if layout else None
        row: dict[str, Any] = {"scenario": scenario, "mix": mix}
        if mix and layout and shown:
            there = _ids(mix, layout)
            row["enters"] = [titles[pk] for pk in sorted(there - here)]
            row["leaves"] = [titles[pk] for pk in sorted(here - there)]
        found.append(row)
    return found


def _ids(mix: Mix, layout: Layout) -> frozenset[int]:
    return frozenset(layout.ids(mix.chosen))
