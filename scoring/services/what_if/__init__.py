"""The list under other weights, another budget, or without a criterion, a function or a rater."""

from scoring.services.what_if.base import Answer, Base, Question, answer, base_of
from scoring.services.what_if.outcome import Line, Outcome, leave_out, outcome_of, placed

__all__ = [
    "Answer",
    "Base",
    "Line",
    "Outcome",
    "Question",
    "answer",
    "base_of",
    "leave_out",
    "outcome_of",
    "placed",
]
