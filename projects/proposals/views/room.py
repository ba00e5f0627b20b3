"""The customer room: the journey, what is known at each stage, and what is being done about it."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import DenseRank, RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.customers.models import JourneyStage
from projects.insights.models import Insight
from projects.insights.selectors import current_insights
from projects.kpis.models import KpiValue
from projects.kpis.selectors import newest_values
from projects.proposals.models.effects import CustomerEffect
from projects.proposals.models.proposals import Proposal

# Of a stage: what fits on a screen.
INSIGHTS, PROPOSALS = 3, 6


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the journey: what its KPIs stand at, its newest insights, and what the
    current cycle would change; ``more`` proposals are not named."""

    stage: JourneyStage
    values: list[KpiValue]
    insights: list[Insight]
    proposals: list[Proposal]
    more: int


@require_safe
@login_required
def room(request: HttpRequest) -> HttpResponse:
    return render(request, "projects/customers/room.html", {"stages": _stages()})


def _stages() -> list[Stage]:
    """In the order of the journey; nobody's draft, whoever looks: it may hang on a wall."""
    insights, proposals = _newest_insights(), _proposals()
    felt = _felt().order_by().values("stage").annotate(proposals=Count("proposal", distinct=True))
    standing = _standing()
    counts = dict(felt.values_list("stage", "proposals"))
    return [
        Stage(
            stage,
            standing.get(stage.pk, []),
            insights.get(stage.pk, []),
            proposals.get(stage.pk, []),
            max(counts.get(stage.pk, 0) - PROPOSALS, 0),
        )
        for stage in JourneyStage.objects.all()
    ]


def _standing() -> dict[int | None, list[KpiValue]]:
    """Stage -> what its KPIs stand at."""
    found: dict[int | None, list[KpiValue]] = {}
    for value in newest_values().filter(kpi__stage__isnull=False):
        found.setdefault(value.kpi.stage_id, []).append(value)
    return found


def _newest_insights() -> dict[int | None, list[Insight]]:
    newest = Window(
        RowNumber(), partition_by=F("stage"), order_by=[F("gathered_on").desc(), F("pk").desc()]
    )
    found: dict[int | None, list[Insight]] = {}
    known = current_insights().filter(stage__isnull=False).annotate(place=newest)
    for insight in known.filter(place__lte=INSIGHTS).order_by("place"):
        found.setdefault(insight.stage_id, []).append(insight)
    return found


def _proposals() -> dict[int, list[Proposal]]:
    """The first of each stage by title; one that moves several segments there is one."""
    order = [F("proposal__title"), F("proposal")]
    ranked = _felt().annotate(place=Window(DenseRank(), partition_by=F("stage"), order_by=order))
    places = ranked.filter(place__lte=PROPOSALS).order_by("place")
    pairs = list(dict.fromkeys(places.values_list("stage", "proposal")))
    named = Proposal.objects.in_bulk({proposal for _, proposal in pairs})
    found: dict[int, list[Proposal]] = {}
    for stage, proposal in pairs:
        found.setdefault(stage, []).append(named[proposal])
    return found


def _felt() -> QuerySet[CustomerEffect]:
    return CustomerEffect.objects.filter(
        proposal__cycle__is_current=True, proposal__status__in=Proposal.IN_BACKLOG
    )
