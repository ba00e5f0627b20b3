"""What to fund together: three ways to spend a budget under rules, and what each rule costs."""

from scoring.portfolio.services.adoption import adopt_plan, adopted_plans, plan_of
from scoring.portfolio.services.comparing import Side, differing, money_by_group, side_of
from scoring.portfolio.services.knowing import worth_finding_out
from scoring.portfolio.services.layout import (
    Case,
    Forced,
    Layout,
    PlanQuestion,
    Pool,
    case_of,
    lay_out,
)
from scoring.portfolio.services.mixes import FUTURES, Mix, Torn, Ways, way_of, ways_of
from scoring.portfolio.services.prices import Price, frontier_of, prices_of, rule_prices

__all__ = [
    "FUTURES",
    "Case",
    "Forced",
    "Layout",
    "Mix",
    "PlanQuestion",
    "Pool",
    "Price",
    "Side",
    "Torn",
    "Ways",
    "adopt_plan",
    "adopted_plans",
    "case_of",
    "differing",
    "frontier_of",
    "lay_out",
    "money_by_group",
    "plan_of",
    "prices_of",
    "rule_prices",
    "side_of",
    "way_of",
    "ways_of",
    "worth_finding_out",
]
