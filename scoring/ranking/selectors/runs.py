"""Reads of ranking runs."""

import math
from datetime import datetime
from typing import NamedTuple

from django.db.models import Max, Q, QuerySet

from projects.cycles.models import Cycle
from projects.proposals.models.proposals import Proposal
from scoring.framework.models import FrameworkVersion
from scoring.ranking.models import RankingRun
from scoring.scorecards.models import Scorecard


def current_cycle() -> Cycle | None:
    return Cycle.objects.filter(is_current=True).first()


def runs() -> QuerySet[RankingRun]:
    return RankingRun.objects.select_related(
        "cycle", "framework_version__framework", "requested_by"
    )


def current_run() -> RankingRun | None:
    """The run whose order is the backlog: the newest finished one of the current cycle."""
    return _newest(runs()).first()


def current_run_id() -> int | None:
    """The id of :func:`current_run`, where nothing else of the run is asked for."""
    return _newest(RankingRun.objects.all()).values_list("pk", flat=True).first()


def _newest(found: QuerySet[RankingRun]) -> QuerySet[RankingRun]:
    return found.filter(cycle__is_current=True, status=RankingRun.Status.DONE).order_by("-id")


def finished_runs() -> QuerySet[RankingRun]:
    """Sealed runs, newest first."""
    return runs().filter(status=RankingRun.Status.DONE).order_by("-id")


# What the backlog page reads of a run; the rest of four wide tables stays where it is.
SHOWN = (
    *("status", "stage", "progress", "finished_at", "draws", "result_digest", "facts"),
    *("cycle__name", "framework_version__number", "framework_version__framework__name"),
)


class Now(NamedTuple):
    """The run that is the backlog, the oldest one that waits or works, and the one replaced."""

    current: RankingRun | None
    active: RankingRun | None
    before: RankingRun | None


def current_and_active() -> Now:
    """What the backlog page shows of runs, in one query."""
    of_cycle = RankingRun.objects.filter(cycle__is_current=True)
    newest = of_cycle.filter(status=RankingRun.Status.DONE).order_by("-id").values("id")[:2]
    found = of_cycle.filter(Q(pk__in=newest) | Q(status__in=RankingRun.ACTIVE))
    related = found.select_related("cycle", "framework_version__framework")
    rows = list(related.only(*SHOWN).order_by("id"))
    done = [run for run in rows if run.status == RankingRun.Status.DONE]
    return Now(
        current=done[-1] if done else None,
        active=next((run for run in rows if run.is_active), None),
        before=done[-2] if len(done) > 1 else None,
    )


def seconds_left(run: RankingRun) -> int | None:
    """How long a working run still takes, by how long the last one of its cycle took.

    None before the first one is done: nobody knows yet.
    """
    if run.status != RankingRun.Status.RUNNING:
        return None
    last = (
        RankingRun.objects.filter(cycle=run.cycle_id, status=RankingRun.Status.DONE)
        .order_by("-pk")
        .first()
    )
    if last is None or last.took is None:
        return None
    return max(1, math.ceil(last.took * (100 - run.progress) / 100))


def latest_change(cycle: Cycle) -> datetime | None:
    """When something that the ranking of ``cycle`` depends on last changed."""
    moments = [
        Proposal.objects.filter(cycle=cycle)
        .exclude(submitted_at=None)
        .aggregate(at=Max("updated_at"))["at"],
        Scorecard.objects.filter(
            proposal__cycle=cycle, status=Scorecard.Status.SUBMITTED
        ).aggregate(at=Max("submitted_at"))["at"],
        FrameworkVersion.objects.filter(status=FrameworkVersion.Status.PUBLISHED).aggregate(
            at=Max("published_at")
        )["at"],
    ]
    return max((moment for moment in moments if moment is not None), default=None)
