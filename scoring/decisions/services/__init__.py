"""Decisions on the backlog: taken, with the letter that says so, and the conditions of a yes."""

from scoring.decisions.services.checking import (
    NO_OUTCOME,
    NO_REASON,
    departs_from_ranking,
    refuse_unasked,
)
from scoring.decisions.services.conditions import (
    meet_condition,
    remind_of_conditions,
    remind_of_holds,
)
from scoring.decisions.services.deciding import decide, decide_together, draft_letter
from scoring.decisions.services.seconding import conditions_of, second, turn_down, why_two

__all__ = [
    "NO_OUTCOME",
    "NO_REASON",
    "conditions_of",
    "decide",
    "decide_together",
    "departs_from_ranking",
    "draft_letter",
    "meet_condition",
    "refuse_unasked",
    "remind_of_conditions",
    "remind_of_holds",
    "second",
    "turn_down",
    "why_two",
]
