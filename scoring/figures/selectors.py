"""Figures for spreadsheets and reporting tools: six tables whose columns stay as they are.

On PostgreSQL the views ``bi_...`` have the same columns (docs/decisions/0033). Days are of UTC,
money is in the currency of the cycle, shares are 0 to 1. Nobody is named.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate

from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from scoring.decisions.models import Decision
from scoring.exports.files.table import CONTRIBUTION, WEIGHT
from scoring.outcomes.models import Report
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.ranking.selectors.runs import open_to

Rows = Iterator[tuple[Any, ...]]
CHUNK = 1_000
PROPOSALS = {
    "reference": F("reference"),
    "title": F("title"),
    "cycle": F("cycle__name"),
    "currency": F("cycle__currency"),
    "type": F("category"),
    "status": F("status"),
    "marketing_team": F("marketing_owner__team__name"),
    "cx_team": F("cx_owner__team__name"),
    "submitted_on": TruncDate("submitted_at", tzinfo=UTC),
}
RUNS = {
    "run": F("pk"),
    "cycle": F("cycle__name"),
    "ranked_on": TruncDate("finished_at", tzinfo=UTC),
    "framework_version": F("framework_version__number"),
    "result_digest": F("result_digest"),
}
RESULTS = {
    "run": F("run"),
    "cycle": F("run__cycle__name"),
    "ranked_on": TruncDate("run__finished_at", tzinfo=UTC),
    **{name: F(name) for name in ("reference", "title", "marketing_team", "cx_team", "rank")},
    "rank_p10": F("rank_low"),
    "rank_p90": F("rank_high"),
    **{name: F(name) for name in ("line", "p_top", "p_funded", "score", "value", "coverage")},
    **{name: F(name) for name in ("roi", "roi_p10", "roi_p50", "roi_p90", "p_loss", "stated_roi")},
    **{name: F(name) for name in ("benefit", "cost", "impact", "roi_rank", "impact_rank")},
}
CONTRIBUTIONS = ("run", "cycle", "reference", "criterion", "dimension", "weight", "contribution")
DECISIONS = {
    "decision": F("pk"),
    "reference": F("proposal__reference"),
    "cycle": F("proposal__cycle__name"),
    "decided_on": TruncDate("decided_at", tzinfo=UTC),
    "outcome": F("outcome"),
    "why_not_the_ranking": F("override_code"),
    "reason": F("reason"),
}
OUTCOMES = {
    "reference": F("proposal__reference"),
    "cycle": F("proposal__cycle__name"),
    "as_of": F("as_of"),
    "state": F("state"),
    "spent": F("spent"),
    "brought": F("brought"),
    "finish": F("finish"),
    "link": F("link"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` of what a person may see, a cell for each of ``columns``."""

    columns: tuple[str, ...]
    rows: Callable[[User], Rows]


def _rows(found: QuerySet[Any], columns: dict[str, Any]) -> Rows:
    named = {f"column_{name}": expression for name, expression in columns.items()}
    rows: Rows = found.annotate(**named).values_list(*named).iterator(chunk_size=CHUNK)
    return rows


def _proposals(_reader: User) -> Rows:
    """What its two teams have handed in."""
    return _rows(Proposal.objects.exclude(status__in=Proposal.PRIVATE).order_by("pk"), PROPOSALS)


def _newest(reader: User) -> QuerySet[RankingRun]:
    """Of each cycle the newest finished run that is open to the reader."""
    done = open_to(reader, RankingRun.objects.filter(status=RankingRun.Status.DONE))
    newest = done.filter(cycle=OuterRef("cycle")).order_by("-pk").values("pk")[:1]
    return RankingRun.objects.filter(pk=Subquery(newest)).order_by("pk")


def _runs(reader: User) -> Rows:
    return _rows(_newest(reader), RUNS)


def _results(reader: User) -> Rows:
    found = RankedProposal.objects.filter(run__in=_newest(reader))
    return _rows(found.order_by("run_id", "position"), RESULTS)


def _contributions(reader: User) -> Rows:
    runs = {run.pk: run for run in _newest(reader).select_related("cycle")}
    found = RankedProposal.objects.filter(run__in=runs).order_by("run_id", "position")
    rows = found.values_list("run", "reference", "contributions")
    for pk, reference, parts in rows.iterator(chunk_size=CHUNK):
        for criterion, part in zip(runs[pk].facts["criteria"], parts, strict=True):
            about = (criterion["name"], criterion["dimension"])
            figures = (part[WEIGHT], part[CONTRIBUTION])
            yield (pk, runs[pk].cycle.name, reference, *about, *figures)


def _decisions(_reader: User) -> Rows:
    return _rows(Decision.objects.order_by("pk"), DECISIONS)


def _outcomes(_reader: User) -> Rows:
    """The report that counts of each proposal: of the last day, what was entered last."""
    of_one = Report.objects.filter(proposal=OuterRef("proposal")).order_by("-as_of", "-pk")
    newest = Report.objects.filter(pk=Subquery(of_one.values("pk")[:1]))
    return _rows(newest.order_by("proposal_id"), OUTCOMES)


TABLES = {
    "proposals": Table(tuple(PROPOSALS), _proposals),
    "runs": Table(tuple(RUNS), _runs),
    "results": Table(tuple(RESULTS), _results),
    "contributions": Table(CONTRIBUTIONS, _contributions),
    "decisions": Table(tuple(DECISIONS), _decisions),
    "outcomes": Table(tuple(OUTCOMES), _outcomes),
}
