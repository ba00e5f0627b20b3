"""Routes of the API, version 1."""

from django.urls import path, reverse
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from prioritizer.api_docs import api_docs
from prioritizer.assistant.views import mcp
from projects.customers.api import (
    JourneyStageViewSet,
    PersonaViewSet,
    PromiseViewSet,
    SegmentViewSet,
)
from projects.cycles.api import CycleViewSet
from projects.events.api import EventViewSet
from projects.imports.api import ImportViewSet
from projects.insights.api import InsightViewSet, ResearchViewSet
from projects.kpis.api import KpiValueViewSet, KpiViewSet
from projects.notices.api import NotificationViewSet
from projects.people.api import PersonViewSet, TeamViewSet
from projects.proposals.api import (
    CoAuthorViewSet,
    CommentViewSet,
    CustomFieldViewSet,
    FileViewSet,
    LinkViewSet,
    ProposalViewSet,
    SegmentFigureViewSet,
)
from scoring.backlog.api import BacklogViewSet, SavedViewViewSet
from scoring.decisions.api import ConditionViewSet, DecisionViewSet, PreparedViewSet
from scoring.exports.api import ExportViewSet
from scoring.framework.api import FrameworkVersionViewSet
from scoring.meetings.api import DifferenceViewSet
from scoring.outcomes.api import OutcomeViewSet, ReportViewSet
from scoring.portfolio.api import PlanViewSet
from scoring.ranking.api import RunViewSet
from scoring.scorecards.api import (
    AssignmentViewSet,
    ConflictViewSet,
    JudgementViewSet,
    QueueViewSet,
    ScorecardViewSet,
)
from scoring.what_if.api import ScenarioViewSet

router = SimpleRouter(use_regex_path=False)
router.register("proposals", ProposalViewSet, basename="api-proposal")
router.register("comments", CommentViewSet, basename="api-comment")
router.register("links", LinkViewSet, basename="api-link")
router.register("files", FileViewSet, basename="api-file")
router.register("co-authors", CoAuthorViewSet, basename="api-coauthor")
router.register("custom-fields", CustomFieldViewSet, basename="api-custom-field")
router.register("imports", ImportViewSet, basename="api-import")
router.register("events", EventViewSet, basename="api-event")
router.register("teams", TeamViewSet, basename="api-team")
router.register("people", PersonViewSet, basename="api-person")
router.register("cycles", CycleViewSet, basename="api-cycle")
router.register("stages", JourneyStageViewSet, basename="api-stage")
router.register("segments", SegmentViewSet, basename="api-segment")
router.register("segment-figures", SegmentFigureViewSet, basename="api-segment-figure")
router.register("personas", PersonaViewSet, basename="api-persona")
router.register("insights", InsightViewSet, basename="api-insight")
router.register("research", ResearchViewSet, basename="api-research")
router.register("promises", PromiseViewSet, basename="api-promise")
router.register("kpis", KpiViewSet, basename="api-kpi")
router.register("kpi-values", KpiValueViewSet, basename="api-kpi-value")
router.register("notifications", NotificationViewSet, basename="api-notification")
router.register("framework-versions", FrameworkVersionViewSet, basename="api-framework-version")
router.register("assignments", AssignmentViewSet, basename="api-assignments")
router.register("conflicts", ConflictViewSet, basename="api-conflicts")
router.register("queue", QueueViewSet, basename="api-queue")
router.register("judgements", JudgementViewSet, basename="api-judgements")
router.register("differences", DifferenceViewSet, basename="api-differences")
router.register("scorecards", ScorecardViewSet, basename="api-scorecard")
router.register("runs", RunViewSet, basename="api-run")
router.register("backlog", BacklogViewSet, basename="api-backlog")
router.register("exports", ExportViewSet, basename="api-export")
router.register("saved-views", SavedViewViewSet, basename="api-saved-view")
router.register("scenarios", ScenarioViewSet, basename="api-scenario")
router.register("plans", PlanViewSet, basename="api-plan")
router.register("decisions", DecisionViewSet, basename="api-decision")
router.register("prepared-decisions", PreparedViewSet, basename="api-prepared-decision")
router.register("conditions", ConditionViewSet, basename="api-condition")
router.register("outcomes", OutcomeViewSet, basename="api-outcome")
router.register("reports", ReportViewSet, basename="api-report")


@extend_schema(exclude=True)
@api_view(["GET", "HEAD"])
def root(request: Request) -> Response:
    """What there is, by name."""
    lists = {name: f"{basename}-list" for name, _, basename in router.registry}
    names = lists | {"schema": "api-schema", "docs": "api-docs"}
    return Response({name: request.build_absolute_uri(reverse(at)) for name, at in names.items()})


urlpatterns = [
    path("", root, name="api-root"),
    *router.urls,
    path("schema/", SpectacularJSONAPIView.as_view(), name="api-schema"),
    path("docs/", api_docs, name="api-docs"),
    path("mcp/", mcp, name="api-mcp"),
]
