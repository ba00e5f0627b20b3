"""Panel, ranking and decisions through the API: the same services and rules as the pages."""

from scoring.api.backlog import BacklogViewSet, DecisionViewSet, ExportViewSet, RunViewSet
from scoring.api.exploring import SavedViewViewSet, ScenarioViewSet
from scoring.api.framework import FrameworkVersionViewSet
from scoring.api.panel import QueueViewSet, ScorecardViewSet

__all__ = [
    "BacklogViewSet",
    "DecisionViewSet",
    "ExportViewSet",
    "FrameworkVersionViewSet",
    "QueueViewSet",
    "RunViewSet",
    "SavedViewViewSet",
    "ScenarioViewSet",
    "ScorecardViewSet",
]
