from scoring.models.decisions import Decision
from scoring.models.exports import ExportJob
from scoring.models.frameworks import (
    Criterion,
    Dimension,
    DimensionWeight,
    Framework,
    FrameworkVersion,
    Level,
    WeightProfile,
)
from scoring.models.panel import Seat
from scoring.models.runs import RankedProposal, RankingRun, RunChunk, RunSnapshot
from scoring.models.saved_views import SavedView
from scoring.models.scenarios import Scenario
from scoring.models.scorecards import Score, Scorecard

__all__ = [
    "Criterion",
    "Decision",
    "Dimension",
    "DimensionWeight",
    "ExportJob",
    "Framework",
    "FrameworkVersion",
    "Level",
    "RankedProposal",
    "RankingRun",
    "RunChunk",
    "RunSnapshot",
    "SavedView",
    "Scenario",
    "Score",
    "Scorecard",
    "Seat",
    "WeightProfile",
]
