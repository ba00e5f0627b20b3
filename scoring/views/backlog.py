"""The one shared backlog, the sum behind each number, and decisions."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from projects.errors import Conflict, StaleVersion
from projects.models import Signature
from projects.templatetags.figures import span, times
from projects.views.requests import number_from, signed_in
from scoring.filters import BacklogFilter
from scoring.forms import DecisionForm
from scoring.models import RankedProposal, RankingRun
from scoring.selectors.backlog import (
    Term,
    certainty,
    changes_between,
    committed,
    cut_line,
    hidden_count,
    ranks_before,
    results_before,
    results_of,
    terms_of,
    waiting_for_run,
)
from scoring.selectors.runs import active_run, current_run
from scoring.services.decisions import decide, departs_from_ranking
from scoring.services.explain import impact_terms, money_terms, only
from scoring.services.ranking import load_snapshot
from scoring.views.pictures import scatter

PAGE = 50
ROI_SCALE = (-1.0, 5.0)  # ends of the small range picture; beyond them it is cut off
STATES = {"on_hold": "hold"}  # status -> class of the state's picture, where they differ


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list, ready to draw."""

    result: RankedProposal
    certainty: str
    parts: list[dict[str, Any]]
    parts_text: str
    roi_range: dict[str, float] | None
    roi_text: str
    state: str
    tied: bool
    moved: int
    cut_above: bool
    part_above: bool


@require_safe
@login_required
def backlog(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    run = current_run()
    context: dict[str, Any] = {"run": run, "active": active_run()}
    if run is not None:
        chosen = BacklogFilter(request.GET, queryset=results_of(run, user), request=request)
        page = Paginator(chosen.qs, PAGE).get_page(request.GET.get("page"))
        context |= {
            "filter": chosen,
            "page_obj": page,
            "rows": _rows(run, list(page.object_list), in_order=not request.GET.get("sort")),
            "cut": cut_line(run),
            "committed": committed(run),
            "hidden": hidden_count(run, user),
            "filtered": any(request.GET.get(name) for name in ("q", *chosen.filters)),
        }
    context["waiting"] = waiting_for_run(run, user).count()
    return render(request, "scoring/backlog.html", context)


@require_safe
@login_required
def picture(request: HttpRequest) -> HttpResponse:
    """Expected ROI against customer impact, with the same numbers as a table."""
    run = current_run()
    results = list(results_of(run, signed_in(request))) if run else []
    drawn = scatter(results)
    shown = {dot.result.pk for dot in drawn.dots} if drawn else set()
    return render(
        request,
        "scoring/picture.html",
        {
            "run": run,
            "picture": drawn,
            "results": [result for result in results if result.pk in shown],
        },
    )


@require_safe
@login_required
def why(request: HttpRequest, pk: int) -> HttpResponse:
    """The sum behind value, ROI, customer impact and rank of one proposal."""
    run, result = _result(request, pk)
    snapshot = only(load_snapshot(run), pk)
    item = snapshot["proposals"][0]
    rate = float(snapshot["framework"]["parameters"]["discount_rate"])
    money = money_terms(item, discount_rate=rate)
    terms = terms_of(result)
    before = _result_before(run, result)
    return render(
        request,
        "scoring/why.html",
        {
            "run": run,
            "result": result,
            "proposal": result.proposal,
            "certainty": certainty(result.p_funded),
            "dimensions": _by_dimension(terms),
            "counted": sum(term.weight for term in terms if term.value is not None),
            "money": money,
            "rate": rate,
            "impact": impact_terms(snapshot),
            "item": item,
            "signatures": Signature.objects.filter(
                revision__proposal=pk, revision__number=item["revision"]
            ).select_related("signer"),
            "cut": cut_line(run),
            "before": before,
            "changes": changes_between(before, result) if before else [],
            "value_change": (result.value or 0) - (before.value or 0) if before else None,
            "cost_unit": snapshot["framework"]["parameters"]["cost_unit"],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a decision on one proposal of the current run."""
    user = signed_in(request)
    if not user.is_leader:
        raise PermissionDenied("Only leaders decide on the backlog.")
    run, result = _result(request, pk)
    form = DecisionForm(request.POST or None, initial={"creation_key": uuid4()})
    if request.method == "POST" and form.is_valid():
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
    return render(
        request,
        "scoring/decision.html",
        {
            "form": form,
            "run": run,
            "result": result,
            "certainty": certainty(result.p_funded),
            "cut": cut_line(run),
            "yes_departs": departs_from_ranking(result, "greenlight"),
        },
        status=422 if form.errors else 200,
    )


def _seen_run(request: HttpRequest) -> RankingRun:
    """The run the leader looked at, which need not be the one that is current now."""
    seen = RankingRun.objects.filter(pk=number_from(request, "run")).first()
    if seen is None:
        raise StaleVersion("The backlog")
    return seen


def _result(request: HttpRequest, pk: int) -> tuple[RankingRun, RankedProposal]:
    run = get_object_or_404(RankingRun, pk=getattr(current_run(), "pk", None))
    visible = results_of(run, signed_in(request)).select_related(
        "run__framework_version__framework", "proposal__cycle"
    )
    return run, get_object_or_404(visible, proposal=pk)


def _result_before(run: RankingRun, result: RankedProposal) -> RankedProposal | None:
    """The same proposal in the run before, where it had a value."""
    return (
        results_before(run)
        .filter(proposal=result.proposal_id, value__isnull=False)
        .select_related("run__framework_version__framework")
        .first()
    )


def _rows(run: RankingRun, results: list[RankedProposal], *, in_order: bool) -> list[Row]:
    ranks = [result.rank for result in results]
    out, before_ranks = RankedProposal.Line, ranks_before(run, results)
    rows: list[Row] = []
    for place, result in enumerate(results):
        before = results[place - 1] if place else None
        result.run = run  # the facts are on the run we have; no query for each row
        parts = _parts(terms_of(result))
        rows.append(
            Row(
                result=result,
                certainty=certainty(result.p_funded),
                parts=parts,
                parts_text=", ".join(part["label"] for part in parts),
                roi_range=_roi_range(result),
                roi_text=f"ROI {times(result.roi)}, {span(result.roi_p10, result.roi_p90)}",
                state=STATES.get(result.proposal.status, result.proposal.status),
                moved=before_ranks.get(result.proposal_id, result.rank or 0) - (result.rank or 0),
                tied=result.rank is not None and ranks.count(result.rank) > 1,
                cut_above=in_order
                and result.line == out.OUTSIDE
                and (before is None or before.line == out.INSIDE)
                and not any(row.cut_above for row in rows),
                part_above=in_order
                and result.line == out.INCOMPLETE
                and (before is None or before.line != out.INCOMPLETE),
            )
        )
    return rows


def _by_dimension(terms: list[Term]) -> list[tuple[str, list[Term]]]:
    grouped: dict[str, list[Term]] = {}
    for term in terms:
        grouped.setdefault(term.dimension, []).append(term)
    return list(grouped.items())


def _parts(terms: list[Term]) -> list[dict[str, Any]]:
    """The value as a bar of 0 to 100, one part per dimension."""
    start, parts = 0.0, []
    for name, group in _by_dimension(terms):
        width = sum(term.contribution or 0.0 for term in group)
        parts.append(
            {"start": round(start, 2), "width": round(width, 2), "label": f"{name}: {width:.1f}"}
        )
        start += width
    return parts


def _roi_range(result: RankedProposal) -> dict[str, float] | None:
    if result.roi_p10 is None or result.roi_p90 is None or result.roi_p50 is None:
        return None
    low, high = ROI_SCALE

    def place(value: float) -> float:
        return round(100 * (min(max(value, low), high) - low) / (high - low), 2)

    return {
        "start": place(result.roi_p10),
        "middle": place(result.roi_p50),
        "end": place(result.roi_p90),
        "even": place(0.0),
    }
