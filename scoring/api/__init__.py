"""Panel, ranking and decisions through the API: the same services and rules as the pages."""

from scoring.backlog.api import BacklogViewSet, DecisionViewSet, ExportViewSet, RunViewSet
from scoring.framework.api import FrameworkVersionViewSet
from scoring.scorecards.api import QueueViewSet, ScorecardViewSet
from scoring.what_if.api import SavedViewViewSet, ScenarioViewSet

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
