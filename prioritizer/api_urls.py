"""Routes of the API, version 1."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from prioritizer.api_docs import api_docs
from projects.proposals import api as projects_api
from scoring import api as scoring_api

router = SimpleRouter(use_regex_path=False)
router.register("proposals", projects_api.ProposalViewSet, basename="api-proposal")
router.register("teams", projects_api.TeamViewSet, basename="api-team")
router.register("people", projects_api.PersonViewSet, basename="api-person")
router.register("cycles", projects_api.CycleViewSet, basename="api-cycle")
router.register("stages", projects_api.JourneyStageViewSet, basename="api-stage")
router.register("segments", projects_api.SegmentViewSet, basename="api-segment")
router.register("notifications", projects_api.NotificationViewSet, basename="api-notification")
router.register(
    "framework-versions", scoring_api.FrameworkVersionViewSet, basename="api-framework-version"
)
router.register("queue", scoring_api.QueueViewSet, basename="api-queue")
router.register("scorecards", scoring_api.ScorecardViewSet, basename="api-scorecard")
router.register("runs", scoring_api.RunViewSet, basename="api-run")
router.register("backlog", scoring_api.BacklogViewSet, basename="api-backlog")
router.register("exports", scoring_api.ExportViewSet, basename="api-export")
router.register("saved-views", scoring_api.SavedViewViewSet, basename="api-saved-view")
router.register("scenarios", scoring_api.ScenarioViewSet, basename="api-scenario")
router.register("decisions", scoring_api.DecisionViewSet, basename="api-decision")

urlpatterns = [
    *router.urls,
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", api_docs, name="api-docs"),
]
