"""Scoring: one panelist judges one proposal, criterion by criterion; and who judges which."""

from scoring.scorecards.services.assigning import hand_over, set_judges, spread_judges
from scoring.scorecards.services.bringing import bring_judgements, may_bring
from scoring.scorecards.services.conflicts import declare_conflict, end_conflict
from scoring.scorecards.services.judging import Answer, judge_again, locked, recuse, save_scorecard
from scoring.scorecards.services.questions import answer, ask

__all__ = [
    "Answer",
    "answer",
    "ask",
    "bring_judgements",
    "declare_conflict",
    "end_conflict",
    "hand_over",
    "judge_again",
    "locked",
    "may_bring",
    "recuse",
    "save_scorecard",
    "set_judges",
    "spread_judges",
]
