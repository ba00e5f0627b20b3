"""Reads of ranking runs."""

import math
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from projects.cycles.models import Cycle
from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from scoring.framework.models import FrameworkVersion
from scoring.panel.selectors import is_panelist
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.scorecards.models import Scorecard
from scoring.scorecards.selectors.cards import unseen_proposals

DECIDED = (
    Proposal.Status.GREENLIT,
    Proposal.Status.CONDITIONAL,
    Proposal.Status.ON_HOLD,
    Proposal.Status.DECLINED,
)
LATEST_CYCLES = 4


def current_cycle() -> Cycle | None:
    return Cycle.objects.filter(is_current=True).first()


def runs() -> QuerySet[RankingRun]:
    return RankingRun.objects.select_related(
        "cycle", "framework_version__framework", "requested_by"
    )


def open_to(user: User | None, found: QuerySet[RankingRun]) -> QuerySet[RankingRun]:
    """The runs whose results ``user`` may see; None is the operator's shell.

    A panelist sees a run once every proposal in it is judged: each rank depends on all the others,
    so what is still to be judged could be read off any part of it (docs/decisions/0014).
    """
    if user is None or not is_panelist(user):
        return found
    due = unseen_proposals(user).order_by().values("pk")
    ranks_due = RankedProposal.objects.filter(run=OuterRef("pk"), proposal__in=due)
    return found.filter(~Exists(ranks_due))


def is_open(user: User, run: str = "run") -> Exists:
    """Whether the run that a row refers to is open to the person, as an annotation."""
    return Exists(open_to(user, RankingRun.objects.filter(pk=OuterRef(run))))


def current_run(user: User | None) -> RankingRun | None:
    """The run whose order is the backlog: the newest finished one of the cycle that is open."""
    return _newest(open_to(user, runs())).first()


def runs_with_decisions(user: User | None) -> list[RankingRun]:
    """Of the latest cycles the newest finished run each, where something in it is decided."""
    decided = RankedProposal.objects.filter(run=OuterRef("pk"), proposal__status__in=DECIDED)
    done = open_to(user, RankingRun.objects.filter(status=RankingRun.Status.DONE))
    newest = done.filter(cycle=OuterRef("cycle")).order_by("-pk").values("pk")[:1]
    found = runs().filter(Exists(decided), pk=Subquery(newest)).order_by("-pk")
    return list(found[:LATEST_CYCLES])


def current_run_id(user: User | None) -> int | None:
    """The id of :func:`current_run`, where nothing else of the run is asked for."""
    found = _newest(open_to(user, RankingRun.objects.all()))
    return found.values_list("pk", flat=True).first()


def _newest(found: QuerySet[RankingRun]) -> QuerySet[RankingRun]:
    return found.filter(cycle__is_current=True, status=RankingRun.Status.DONE).order_by("-id")


def finished_runs(user: User | None) -> QuerySet[RankingRun]:
    """Sealed runs that are open to the person, newest first."""
    return open_to(user, runs()).filter(status=RankingRun.Status.DONE).order_by("-id")


def run_before(run: RankingRun, user: User | None) -> QuerySet[RankingRun]:
    """The finished run that ``run`` replaced as the backlog of its cycle, if it is open."""
    before = open_to(user, RankingRun.objects.all()).filter(
        cycle=run.cycle_id, status=RankingRun.Status.DONE, pk__lt=run.pk
    )
    return before.order_by("-pk")[:1]


def closed_to_judges(due: int) -> str:
    """Why a panelist sees no ranking, in one sentence."""
    what = "your judgement is" if due == 1 else f"your {due} judgements are"
    return f"Rankings open to you when {what} in."


def judgements_due(user: User, run: RankingRun | None) -> int:
    """How many judgements of the person keep runs closed that are newer than ``run``."""
    if not is_panelist(user):
        return 0
    newer = _newest(RankingRun.objects.filter(pk__gt=run.pk if run else 0))
    return unseen_proposals(user).count() if newer.exists() else 0


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


def current_and_active(user: User | None) -> Now:
    """What the backlog page shows of runs, in one query."""
    of_cycle = RankingRun.objects.filter(cycle__is_current=True)
    done = open_to(user, of_cycle.filter(status=RankingRun.Status.DONE))
    newest = done.order_by("-id").values("id")[:2]
    found = of_cycle.filter(Q(pk__in=newest) | Q(status__in=RankingRun.ACTIVE))
    related = found.select_related("cycle", "framework_version__framework")
    rows = list(related.only(*SHOWN).order_by("id"))
    sealed = [run for run in rows if run.status == RankingRun.Status.DONE]
    return Now(
        current=sealed[-1] if sealed else None,
        active=next((run for run in rows if run.is_active), None),
        before=sealed[-2] if len(sealed) > 1 else None,
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
