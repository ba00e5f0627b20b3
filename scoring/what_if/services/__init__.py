"""The list under other weights, another budget, or without a criterion, a function or a rater."""

from scoring.what_if.services.base import Answer, Base, Question, answer, base_of
from scoring.what_if.services.outcome import Line, Outcome, leave_out, outcome_of, placed

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
