"""Two runs side by side: what went in, what came out, who moved."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.people.models import User
from projects.people.requests import signed_in
from scoring.backlog.charts.slope import SlopeChart, reading, slope_chart
from scoring.backlog.selectors.backlog import results_of
from scoring.backlog.selectors.moves import Move, moves_between
from scoring.backlog.services.run_changes import (
    NO_CHANGES,
    InputChanges,
    Setting,
    input_changes,
)
from scoring.backlog.views.chart_files import picture_file, seal_of
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.ranking.selectors.pairs import Pair, default_pair
from scoring.ranking.selectors.runs import current_run, finished_runs
from scoring.ranking.selectors.snapshot import load_snapshot

PAGE = 50
SHOWN_TEXTS = 30  # proposals whose changed texts are told one by one


@dataclass(frozen=True, slots=True)
class Compared:
    """Two runs and who moved between them."""

    before: RankingRun
    now: RankingRun
    moves: list[Move]

    @property
    def chart(self) -> SlopeChart | None:
        return slope_chart(self.moves)

    @property
    def by_distance(self) -> list[Move]:
        """Who came and who left first, then the farthest moves."""
        return sorted(
            self.moves,
            key=lambda move: (
                move.way not in ("in", "out"),
                -abs(move.by),
                move.rank_now or move.rank_before or len(self.moves),
            ),
        )

    def changes(self) -> InputChanges:
        """What went into the runs otherwise; the same digest says it without reading."""
        if self.before.input_digest == self.now.input_digest:
            return NO_CHANGES
        return input_changes(load_snapshot(self.before), load_snapshot(self.now))

    def computing(self) -> list[Setting]:
        """What the runs computed with, where it differs."""
        pairs = [
            ("Engine", self.before.engine_version, self.now.engine_version),
            ("Seed", str(self.before.seed), str(self.now.seed)),
            ("Possible futures drawn", f"{self.before.draws:,}", f"{self.now.draws:,}"),
        ]
        return [Setting(*pair) for pair in pairs if pair[1] != pair[2]]


@require_safe
@login_required
def compare(request: HttpRequest) -> HttpResponse:
    pair = _chosen(request)
    context: dict[str, Any] = {"pair": pair}
    compared = _compared(pair)
    if compared is not None:
        changes = compared.changes()
        context |= {
            "compared": compared,
            "runs": [compared.before, compared.now],
            "changes": changes,
            "computing": compared.computing(),
            "told": changes.changed[:SHOWN_TEXTS],
            "untold": max(len(changes.changed) - SHOWN_TEXTS, 0),
            "reading": reading(compared.moves),
            "chart": compared.chart,
            "page_obj": Paginator(compared.by_distance, PAGE).get_page(request.GET.get("page")),
            "linked": _linked(compared, current_run(signed_in(request))),
            "currency": compared.now.facts["currency"],
        }
    return render(request, "scoring/backlog/compare.html", context)


@require_safe
@login_required
def download(request: HttpRequest) -> HttpResponse:
    """The slope chart as a file."""
    compared = _compared(_chosen(request))
    chart = None if compared is None else compared.chart
    if compared is None or chart is None:
        raise Http404
    return picture_file(
        chart,
        shapes="scoring/backlog/charts/_slope.html",
        heading=f"Ranks in run {compared.before.pk} and in run {compared.now.pk}",
        name=f"ranks-run-{compared.before.pk}-run-{compared.now.pk}",
        seal=[*seal_of(compared.before), *seal_of(compared.now)],
        context={"compared": compared},
    )


def _chosen(request: HttpRequest) -> Pair:
    """The two runs of the address, older first; what is not named is filled in."""
    user = signed_in(request)
    pair = default_pair(user)
    asked = [_named(request.GET.get(name, ""), user) for name in ("a", "b")]
    named = sorted((run for run in asked if run), key=lambda run: run.pk)
    if len(named) == len(asked):
        return Pair(named[0], named[1], pair.choices)
    if not named:
        return pair
    other = pair.now if pair.now != named[0] else pair.before
    both = sorted((run for run in (other, named[0]) if run), key=lambda run: run.pk)
    return Pair(both[0], both[-1], pair.choices)


def _named(number: str, user: User) -> RankingRun | None:
    """The finished run of that number; a number that is none answers as one that is not there."""
    if not number:
        return None
    run = finished_runs(user).filter(pk=int(number)).first() if _is_id(number) else None
    if run is None:
        raise Http404
    return run


def _is_id(number: str) -> bool:
    return number.isascii() and number.isdigit() and len(number) <= len(str(2**63)) - 1


def _compared(pair: Pair) -> Compared | None:
    if pair.before is None or pair.now is None:
        return None
    before, now = (list(_results(run)) for run in (pair.before, pair.now))
    return Compared(pair.before, pair.now, moves_between(before, now))


def _results(run: RankingRun) -> QuerySet[RankedProposal]:
    return results_of(run).select_related(None).defer("contributions", "missing", "flags")


def _linked(compared: Compared, current: RankingRun | None) -> set[int]:
    """Proposals with a page of sums: those of the backlog that the person sees."""
    if current == compared.now:
        return {move.now.proposal_id for move in compared.moves if move.now}
    if current is None:
        return set()
    found = results_of(current).select_related(None)
    return set(found.values_list("proposal_id", flat=True))
