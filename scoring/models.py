"""Hands the models of this app on to Django; the product imports them from their rooms."""

from scoring.backlog.models import SavedView
from scoring.decisions.models import Condition, Decision, PreparedDecision
from scoring.exports.models import ExportJob
from scoring.framework.models import (
    Ballot,
    Criterion,
    Dimension,
    DimensionWeight,
    DraftComment,
    Framework,
    FrameworkVersion,
    Level,
    WeightOpinion,
    WeightProfile,
)
from scoring.meetings.models import Meeting, Round, Vote
from scoring.outcomes.models import Report
from scoring.panel.models import DeclaredConflict, Seat
from scoring.ranking.models import RankedProposal, RankingRun, RunChunk, RunSnapshot
from scoring.scorecards.models import Assignment, Question, Score, Scorecard
from scoring.what_if.models import Scenario

__all__ = [
    "Assignment",
    "Ballot",
    "Condition",
    "Criterion",
    "Decision",
    "DeclaredConflict",
    "Dimension",
    "DimensionWeight",
    "DraftComment",
    "ExportJob",
    "Framework",
    "FrameworkVersion",
    "Level",
    "Meeting",
    "PreparedDecision",
    "Question",
    "RankedProposal",
    "RankingRun",
    "Report",
    "Round",
    "RunChunk",
    "RunSnapshot",
    "SavedView",
    "Scenario",
    "Score",
    "Scorecard",
    "Seat",
    "Vote",
    "WeightOpinion",
    "WeightProfile",
]
