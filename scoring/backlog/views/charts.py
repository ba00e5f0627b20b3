"""Charts of the backlog: each with a sentence, its drawing, its table, and a file of it."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from projects.customers.models import JourneyStage, Segment
from projects.people.requests import signed_in
from scoring.backlog.charts.contributions import contributions
from scoring.backlog.charts.coverage import coverage_map
from scoring.backlog.charts.intervals import intervals
from scoring.backlog.charts.scatter import LEGEND, scatter
from scoring.backlog.charts.value_cost import value_cost
from scoring.backlog.selectors.backlog import results_of
from scoring.backlog.services.coverage import coverage_of
from scoring.backlog.views.chart_files import chart_file, seal_of
from scoring.forecast.lifecycle import lifecycle_shares
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.ranking.selectors.runs import current_run, judgements_due
from scoring.ranking.selectors.snapshot import load_proposals
from scoring.ranking.selectors.stored import stored_terms_of

PAGE = 50  # rows of a chart that has one for each proposal
KEPT = 64  # markups per process, 150 KB at most each
DRAWN = (
    *("proposal_id", "position", "title", "line", "value", "cost", "impact", "undominated"),
    *(
        "rank",
        "rank_low",
        "rank_high",
        "tied_from",
        "tied_to",
        "roi",
        "roi_p10",
        "roi_p90",
        "p_funded",
    ),
)
LISTED = 200  # proposals without an effect that are named one by one


Rows = list[RankedProposal] | QuerySet[RankedProposal]


@dataclass(frozen=True)
class Seen:
    """A run and its results; ``page`` as it was asked for, empty for the chart's own."""

    run: RankingRun
    page: str

    @property
    def rows(self) -> QuerySet[RankedProposal]:
        return results_of(self.run).select_related(None)

    @cached_property
    def results(self) -> list[RankedProposal]:
        """Everybody, with what the charts draw."""
        return list(self.rows.only(*DRAWN))

    @property
    def ranked(self) -> list[RankedProposal]:
        return [row for row in self.results if row.rank]


def _roi_impact(seen: Seen) -> dict[str, Any]:
    shares = lifecycle_shares(load_proposals(seen.run))
    return {"chart": scatter(seen.results, shares), "streams": LEGEND}


def _rank_intervals(seen: Seen) -> dict[str, Any]:
    """Opened without a page, it shows the one on which the budget ends."""
    first_out = seen.run.facts["first_out"]
    above = bisect_left([row.position for row in seen.ranked], first_out) if first_out else 0
    page = _page(seen.ranked, seen.page or str(1 + max(above - 1, 0) // PAGE))
    chart = intervals(list(page.object_list), seen.ranked, first_out)
    return {"chart": chart, "page_obj": page}


def _contributions(seen: Seen) -> dict[str, Any]:
    page = _page(seen.rows, seen.page)
    shown = list(page.object_list)
    for result in shown:
        result.run = seen.run  # the facts are on the run we have; no query for each row
    chart = contributions(shown, stored_terms_of(seen.run)) if shown else None
    return {"chart": chart, "page_obj": page}


def _coverage(seen: Seen) -> dict[str, Any]:
    stages = JourneyStage.objects.values_list("name", flat=True)
    segments = Segment.objects.values_list("name", flat=True)
    costs = {row.proposal_id: row.cost for row in seen.results}
    found = coverage_of(load_proposals(seen.run), costs, stages=stages, segments=segments)
    apart = set(found.apart)
    silent = [row for row in seen.results if row.proposal_id in apart]
    return {
        "chart": coverage_map(found),
        "apart": silent[:LISTED],
        "silent": len(silent),
    }


def _page(rows: Rows, number: str) -> Page[RankedProposal]:
    return Paginator(rows, PAGE).get_page(number)


@dataclass(frozen=True, slots=True)
class Kind:
    slug: str
    tab: str
    heading: str
    empty: str
    draw: Callable[[Seen], dict[str, Any]]

    @property
    def shapes(self) -> str:
        return f"scoring/backlog/charts/_{self.slug}.html"

    @property
    def table(self) -> str:
        return f"scoring/backlog/charts/_{self.slug}-table.html"


KINDS = {
    kind.slug: kind
    for kind in (
        Kind(
            "roi-impact",
            "ROI against impact",
            "Expected ROI against customer impact",
            "There is nothing to draw: no ranked proposal has both an ROI and an impact.",
            _roi_impact,
        ),
        Kind(
            "value-cost",
            "Value against cost",
            "Value against cost",
            "There is nothing to draw: no ranked proposal has a known cost.",
            lambda seen: {"chart": value_cost(seen.results)},
        ),
        Kind(
            "rank-intervals",
            "Rank intervals",
            "How sure each rank is",
            "There is nothing to draw: no proposal has a rank.",
            _rank_intervals,
        ),
        Kind(
            "contributions",
            "Contributions",
            "What each value is made of",
            "There is nothing to draw: the run holds no proposal.",
            _contributions,
        ),
        Kind(
            "coverage",
            "Coverage",
            "Money and customer effect by stage and segment",
            "There is nothing to draw: no proposal states an effect on customers.",
            _coverage,
        ),
    )
}
FIRST = next(iter(KINDS))


@require_safe
@login_required
def chart(request: HttpRequest, kind: str = FIRST) -> HttpResponse:
    shown = _kind(kind)
    user, seen = signed_in(request), _seen(request)
    due = judgements_due(user, seen.run if seen else None)
    context: dict[str, Any] = {"kind": shown, "kinds": KINDS.values(), "due": due}
    if seen is not None:
        run = seen.run
        kept = _kept(shown.slug, run, run.input_digest, run.result_digest, seen.page, _registers())
        context |= {"run": run, "chart": kept.markup}
        if kept.rows is not None:
            context["page_obj"] = Paginator(range(kept.rows), PAGE).get_page(kept.page)
    return render(request, "scoring/backlog/chart.html", context)


@require_safe
@login_required
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same chart as a file, of what the person may see."""
    shown, seen = _kind(kind), _seen(request)
    context = _drawn(shown, seen) if seen else {}
    if seen is None or context["chart"] is None:
        raise Http404
    page = f"-page-{context['page_obj'].number}" if "page_obj" in context else ""
    return chart_file(
        context["chart"],
        shapes=shown.shapes,
        heading=shown.heading,
        name=f"{shown.slug}-run-{seen.run.pk}{page}",
        seal=seal_of(seen.run),
        context=context,
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """A chart as markup, empty where there is nothing to draw.

    ``page`` of how many ``rows``, where it has a row for each proposal.
    """

    markup: str
    page: int
    rows: int | None


@lru_cache(maxsize=KEPT)
def _kept(
    slug: str, run: RankingRun, _inputs: str, _result: str, page: str, _names: tuple[str, ...]
) -> Kept:
    """Drawn once per process: nothing in it depends on who looks, and a sealed run never changes.

    What it shows besides are the ``_names`` of the registers.
    """
    kind = KINDS[slug]
    context = _drawn(kind, Seen(run, page))
    if context["chart"] is None:
        return Kept("", 1, None)
    markup = render_to_string("scoring/backlog/charts/_chart.html", context | {"kind": kind})
    shown = context.get("page_obj")
    return Kept(markup, shown.number, shown.paginator.count) if shown else Kept(markup, 1, None)


def forget() -> None:
    """Begin as a new process does."""
    _kept.cache_clear()


def _registers() -> tuple[str, ...]:
    """Names of stages and segments, whose order the coverage map follows."""
    stages = JourneyStage.objects.values_list("name", flat=True)
    return (*stages, "", *Segment.objects.values_list("name", flat=True))


def _kind(slug: str) -> Kind:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


def _seen(request: HttpRequest) -> Seen | None:
    run = current_run(signed_in(request))
    page = request.GET.get("page", "")
    return None if run is None else Seen(run, page if page.isascii() and page.isdigit() else "")


def _drawn(kind: Kind, seen: Seen) -> dict[str, Any]:
    return {"run": seen.run, "currency": seen.run.facts["currency"]} | kind.draw(seen)
