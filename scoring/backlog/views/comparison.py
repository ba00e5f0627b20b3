"""Two runs side by side: what went in, what came out, who moved."""

import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.people.models import User
from projects.people.requests import signed_in
from projects.templatetags.figures import count
from scoring.backlog.charts.slope import SlopeChart, reading, slope_chart
from scoring.backlog.selectors.backlog import results_of
from scoring.backlog.selectors.moves import Move, moves_between
from scoring.backlog.services.run_changes import (
    NO_CHANGES,
    InputChanges,
    Setting,
    input_changes,
)
from scoring.backlog.views.chart_files import chart_file, seal_of
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.ranking.selectors.pairs import Pair, default_pair
from scoring.ranking.selectors.runs import current_run, finished_runs
from scoring.ranking.selectors.snapshot import load_pair

PAGE = 50
SHOWN = 30  # proposals that came, went or changed their text and are told one by one
KEPT = 4  # comparisons per process
SEEN = ("proposal_id", "position", "rank", "line", "title", "value", "roi", "impact")


@dataclass(frozen=True, slots=True)
class Compared:
    """What two sealed runs say beside each other.

    ``order`` names all proposals: who came and who left first, then the farthest moves.
    """

    before: RankingRun
    now: RankingRun
    changes: InputChanges
    chart: SlopeChart | None
    reading: str
    order: list[int]

    def moves(self, proposals: list[int]) -> list[Move]:
        """Those of ``proposals``, in their order."""
        then, today = (
            {row.proposal_id: row for row in _results(run).filter(proposal__in=proposals)}
            for run in (self.before, self.now)
        )
        return [Move(then.get(pk), today.get(pk)) for pk in proposals]

    def computing(self) -> list[Setting]:
        """What the runs computed with, where it differs."""
        pairs = [
            ("Engine", self.before.engine_version, self.now.engine_version),
            ("Seed", str(self.before.seed), str(self.now.seed)),
            ("Possible futures drawn", count(self.before.draws), count(self.now.draws)),
        ]
        return [Setting(*pair) for pair in pairs if pair[1] != pair[2]]


@require_safe
@login_required
def compare(request: HttpRequest) -> HttpResponse:
    pair = _chosen(request)
    context: dict[str, Any] = {"pair": pair}
    compared = _compared(pair)
    if compared is not None:
        page = Paginator(compared.order, PAGE).get_page(request.GET.get("page"))
        changes = compared.changes
        told = [pk for pk, _ in (*changes.added[:SHOWN], *changes.withdrawn[:SHOWN])]
        told += [change.proposal for change in changes.changed[:SHOWN]]
        context |= {
            "compared": compared,
            "runs": [compared.before, compared.now],
            "changes": changes,
            "shown": SHOWN,
            "computing": compared.computing(),
            "page_obj": page,
            "moves": compared.moves(list(page)),
            "linked": _linked([*page, *told], current_run(signed_in(request))),
            "currency": compared.now.facts["currency"],
        }
    return render(request, "scoring/backlog/compare.html", context)


@require_safe
@login_required
def download(request: HttpRequest) -> HttpResponse:
    """The slope chart as a file."""
    compared = _compared(_chosen(request))
    if compared is None or compared.chart is None:
        raise Http404
    return chart_file(
        compared.chart,
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
    seals = ((run.input_digest, run.result_digest) for run in (pair.before, pair.now))
    return _kept(pair.before, pair.now, *seals)


@lru_cache(maxsize=KEPT)
def _kept(
    before: RankingRun, now: RankingRun, _then: tuple[str, str], _today: tuple[str, str]
) -> Compared:
    """Compared once per process: nothing in it depends on who looks, and sealed runs stay."""
    moves = moves_between(_results(before), _results(now))
    return Compared(
        before=before,
        now=now,
        changes=_changes(before, now),
        chart=slope_chart(moves),
        reading=reading(moves),
        order=[move.shown.proposal_id for move in sorted(moves, key=_by_distance)],
    )


def forget() -> None:
    """Begin as a new process does."""
    _kept.cache_clear()


def _by_distance(move: Move) -> tuple[bool, int, int]:
    return (
        move.way not in ("in", "out"),
        -abs(move.by),
        move.rank_now or move.rank_before or sys.maxsize,
    )


def _changes(before: RankingRun, now: RankingRun) -> InputChanges:
    """What went into the runs otherwise; the same digest says it without reading."""
    if before.input_digest == now.input_digest:
        return NO_CHANGES
    return input_changes(*load_pair(before, now))


def _results(run: RankingRun) -> QuerySet[RankedProposal]:
    return results_of(run).select_related(None).only(*SEEN)


def _linked(proposals: list[int], current: RankingRun | None) -> set[int]:
    """Those with a page of sums: they are in the backlog that the person sees."""
    if current is None:
        return set()
    found = results_of(current).select_related(None).filter(proposal__in=proposals)
    return set(found.values_list("proposal_id", flat=True))
