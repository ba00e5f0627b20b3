"""Which proposals to fund: exact choice under budgets and rules, named greedy lists, frontier.

Sources: Lorie & Savage 1955; Weingartner 1963; Liesio, Mild & Salo 2007; Haimes et al. 1971
(epsilon constraint). The list is read by value for money, the decision is taken exactly.
"""

from scoring.analysis.portfolio.choice import Choice, Infeasible
from scoring.analysis.portfolio.core_index import CoreIndex, core_index, core_shares
from scoring.analysis.portfolio.frontier import FrontierPoint, frontier
from scoring.analysis.portfolio.greedy import down_list, greedy
from scoring.analysis.portfolio.model import Balance, Conflict, Relaxation, Rules, relaxation
from scoring.analysis.portfolio.prices import BudgetPrice, ForcedPrice, budget_price, forced_price
from scoring.analysis.portfolio.solve import choose

__all__ = [
    "Balance",
    "BudgetPrice",
    "Choice",
    "Conflict",
    "CoreIndex",
    "ForcedPrice",
    "FrontierPoint",
    "Infeasible",
    "Relaxation",
    "Rules",
    "budget_price",
    "choose",
    "core_index",
    "core_shares",
    "down_list",
    "forced_price",
    "frontier",
    "greedy",
    "relaxation",
]
