"""The customer room: the journey, what is known at each stage, and what is being done about it."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.customers.models import JourneyStage
from projects.insights.models import Insight
from projects.insights.selectors import current_insights
from projects.people.models import User
from projects.people.requests import signed_in
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import visible_to

NEWEST = 3  # insights of a stage


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the journey with its newest insights and what the current cycle would change."""

    stage: JourneyStage
    insights: list[Insight]
    proposals: list[Proposal]


@require_safe
@login_required
def room(request: HttpRequest) -> HttpResponse:
    shown = {"stages": _stages(signed_in(request))}
    return render(request, "projects/customers/room.html", shown)


def _stages(user: User) -> list[Stage]:
    """In the order of the journey; nobody's draft, whoever looks: it may hang on a wall."""
    newest = Window(
        RowNumber(), partition_by=F("stage"), order_by=[F("gathered_on").desc(), F("pk").desc()]
    )
    insights: dict[int | None, list[Insight]] = {}
    known = current_insights().filter(stage__isnull=False).annotate(place=newest)
    for insight in known.filter(place__lte=NEWEST).order_by("place"):
        insights.setdefault(insight.stage_id, []).append(insight)
    doing: dict[int, list[Proposal]] = {}
    open_to_all = visible_to(user).filter(cycle__is_current=True, status__in=Proposal.IN_BACKLOG)
    for proposal in open_to_all.prefetch_related("effects").order_by("title"):
        for stage in {effect.stage_id for effect in proposal.effects.all()}:
            doing.setdefault(stage, []).append(proposal)
    return [
        Stage(stage, insights.get(stage.pk, []), doing.get(stage.pk, []))
        for stage in JourneyStage.objects.all()
    ]
