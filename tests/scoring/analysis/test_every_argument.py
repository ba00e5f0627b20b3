"""Every argument of every public function, one after another, gets what it cannot be.

Whatever comes in: a result without NaN or infinity, or a ``ValueError`` that starts with the name
of an argument; never a warning, never another error.
"""

import dataclasses
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from scoring import analysis
from scoring.analysis import money, portfolio
from scoring.analysis.templates import TEMPLATES
from scoring.analysis.themes import Themes

KEYS = np.array([1, 2, 3], dtype=np.uint64)
LINES = money.MoneyLines(
    low=np.array([1.0, 2.0]), likely=np.array([2.0, 3.0]), high=np.array([3.0, 5.0]),
    factor=np.ones(2), is_cost=np.array([True, False]), proposal=np.array([0, 0]),
    key=KEYS[:1], line_key=KEYS[:2],
)  # fmt: skip
BELIEF = money.Belief(np.array([0.4]), 0.0, 0.8)
THEMES = Themes(KEYS[:1], np.array([True]))
TABLE = [[1.0, 2.0, 3.0], [2.0, 2.0, 1.0], [4.0, 3.0, 5.0]]
PAIRS = [[1.0, 2.0, 4.0], [0.5, 1.0, 2.0], [0.25, 0.5, 1.0]]
THIRD = [0.5, 0.3, 0.2]
RATINGS = {"item": [0, 0, 1, 1], "rater": [0, 1, 0, 1], "score": [1.0, 2.0, 3.0, 5.0]}
FLOW = {"yearly_rate": 0.1, "horizon_months": 12, "start_month": 1, "yearly_retention": 0.8}
CHOICE = {"value": [3.0, 2.0, 1.0], "cost": [2.0, 2.0, 1.0], "budget": 3.0}
FORECAST = {"forecast": [1.0, 2.0, 3.0], "actual": [2.0, 2.0, 2.5]}
RANGE = {"low": [1.0, 2.0], "high": [3.0, 4.0], "actual": [2.0, 5.0]}
POINTS = {"low": [1.0, 2.0], "likely": [2.0, 3.0], "high": [3.0, 5.0]}

CALLS: dict[str, dict[str, Any]] = {
    "agreement.krippendorff_alpha": {"ratings": TABLE, "metric": "ordinal", "bootstrap": 5},
    "agreement.intraclass_correlations": {"ratings": TABLE, "missing": "components"},
    "agreement.kendall_w": {"scores": TABLE},
    "agreement.shape_of": {"counts": [2, 0, 1, 3]},
    "agreement.panel_mean": {"ratings": TABLE, "worst_share": 1e-4},
    "panel_health.criteria_health": {
        "scores": [TABLE, TABLE], "abstained": np.zeros((2, 3, 3), dtype=bool), "top": 5.0
    },
    "ahp.comparison_matrix": {"matrix": PAIRS},
    "ahp.from_upper": {"matrix": PAIRS},
    "ahp.completed": {"matrix": PAIRS},
    "ahp.eigenvector": {"matrix": PAIRS},
    "ahp.row_geometric_mean": {"matrix": PAIRS},
    "ahp.column_mean": {"matrix": PAIRS},
    "ahp.log_least_squares": {"matrix": PAIRS},
    "ahp.consistency": {"matrix": PAIRS, "table": "saaty2005"},
    "ahp.geometric_consistency": {"matrix": PAIRS},
    "ahp.revisit": {"matrix": PAIRS, "weights": THIRD},
    "ahp.aggregate_judgments": {"matrices": [PAIRS, PAIRS], "member_weights": [0.5, 0.5]},
    "ahp.aggregate_priorities": {"weights": [THIRD, THIRD], "member_weights": [0.5, 0.5]},
    "bwm.consistency_index": {"best_over_worst": 3.0},
    "bwm.linear": {
        "best_to_others": [1.0, 2.0, 4.0], "others_to_worst": [4.0, 2.0, 1.0], "best": 0, "worst": 2
    },
    "bwm.nonlinear": {
        "best_to_others": [1.0, 2.0, 4.0], "others_to_worst": [4.0, 2.0, 1.0], "best": 0, "worst": 2
    },
    "by_then.by_then": {
        "lines": LINES, "paid": [1.0, 0.5], "draws": 50, "seed": 1, "belief": BELIEF
    },
    "calibration.foretold": {"judged": [1.0, 2.0, 4.0, 3.0], "actual": [1.0, 2.0, 3.0, 4.0]},
    "calibration.forecast_errors": FORECAST,
    "calibration.brier": {"probability": [0.2, 0.8], "outcome": [0.0, 1.0]},
    "calibration.brier_classes": {"probability": [[0.2, 0.8]], "outcome": [1]},
    "calibration.pinball": FORECAST | {"quantile": 0.1},
    "calibration.interval_score": RANGE | {"alpha": 0.2},
    "calibration.hit_rate": RANGE,
    "calibration.width_factor": RANGE | {"mid": [2.0, 3.0]},
    "calibration.bias_factor": FORECAST,
    "calibration.refit_reliability": FORECAST | {"prior_mean": 1.5, "assumed": 0.5},
    "cashflow.monthly_rate": {"yearly_rate": 0.1},
    "cashflow.npv": {"rate": 0.1, "cashflows": [-1.0, 2.0]},
    "cashflow.discount": {"rate": 0.1, "periods": 3},
    "cashflow.flow_profile": {"horizon_months": 12, "start_month": 1, "yearly_retention": 0.8},
    "cashflow.flow_factor": FLOW,
    "cashflow.stream_factor": FLOW | {"kind": "acquisition"},
    "cashflow.one_off_factor": {"yearly_rate": 0.1, "month": 3},
    "cashflow.return_on_investment": {"benefit": [2.0, 1.0], "cost": [1.0, 0.0]},
    "cashflow.profitability_index": {"benefit": [2.0, 1.0], "cost": [1.0, 0.0]},
    "cashflow.risked_npv": {"benefit": 2.0, "cost": 1.0, "success": 0.5},
    "cashflow.internal_rates": {"cashflows": [-1.0, 2.0]},
    "cashflow.payback_period": {"cashflows": [-1.0, 2.0]},
    "cashflow.payback_months": {
        "mean": [1.0, 2.0], "profile": [[1.0, 0.0], [0.5, 0.5]], "is_cost": [True, False],
        "proposal": [0, 0], "n": 1,
    },
    "cashflow.retained_margin": {
        "customers": 10.0, "margin": 5.0, "retention": 0.8, "lift": 0.05, "yearly_rate": 0.1,
        "years": 3,
    },
    "dominance.first_order": {"a": [1.0, 2.0], "b": [0.0, 2.0]},
    "dominance.second_order": {"a": [1.0, 2.0], "b": [0.0, 2.0]},
    "dominance.pareto_front": {"criteria": TABLE},
    "drawn_scores.score_draws": {
        "mean": [20.0, 50.0, 80.0], "error": [1.0, 0.0, 5.0], "keys": KEYS, "seed": 1,
        "low": 0.0, "high": 100.0,
    },
    "drawn_scores.proposal_criterion_keys": {"proposal_keys": KEYS, "criterion_key": 7},
    "drawn_weights.uniform_weights": {"keys": KEYS, "seed": 1},
    "drawn_weights.ordinal_weights": {"ranks": [1.0, 2.0, 2.0], "keys": KEYS, "seed": 1},
    "drawn_weights.concentration": {"members": [THIRD, [0.4, 0.3, 0.3]]},
    "drawn_weights.strength_of": {"spread": 0.05},
    "drawn_weights.spread_of": {"strength": 74.0},
    "drawn_weights.panel_weights": {"mean": THIRD, "strength": 20.0, "keys": KEYS, "seed": 1},
    "evidence.reliability": {"prior_sd": 1.0, "error": 2.0},
    "evidence.error_of": {"k": 0.5, "prior_sd": 1.0},
    "evidence.shrink": {"estimate": [2.0], "k": [0.5], "prior": [0.5]},
    "evidence.aged_reliability": {"k": [0.5], "age": [1.0], "half_life": 2.0},
    "evidence.expected_maximum": {"n": 3},
    "evidence.uplift_cost": {"cost": [1.0], "overrun": [0.4]},
    "evidence.haircut_benefit": {"benefit": [1.0], "shortfall": [0.4]},
    "evidence.reference_class": {
        "estimated": [1.0, 2.0], "actual": [2.0, 2.0], "quantile": 0.5, "fallback": 0.1
    },
    "explain.value_change": {
        "values_before": TABLE, "weights_before": THIRD, "values_after": TABLE,
        "weights_after": [0.2, 0.3, 0.5],
    },
    "explain.rank_move": {"before": [1.0, 2.0, 3.0], "after": [3.0, 2.0, 1.0]},
    "explain.needed_scores": {
        "values": [10.0, 50.0, 60.0], "weights": THIRD, "target": 50.0, "step": 1e-6
    },
    "explain.smallest_change": {"values": [10.0, 50.0, 60.0], "weights": THIRD, "target": 50.0},
    "explain.fitting_cost": {"order": [1, 0], "cost": [1.0, 2.0], "budget": 3.0, "item": 0},
    "guards.acquisition_guard": {
        "margin": 20.0, "retention": 0.9, "discount": 0.01, "cac": 50.0, "longest_payback": 12
    },
    "guards.survival_payback": {"margin": 20.0, "retention": 0.9, "discount": 0.01, "cost": 50.0},
    "guards.retention_guard": {
        "customers": 10.0, "margin": 20.0, "retention": 0.8, "lift": 0.05, "discount": 0.1,
        "cost": 5.0,
    },
    "guards.worst_decile_retention": {"retentions": [0.5, 0.8]},
    "impact.impact_points": {
        "reach": [10.0, 5.0], "effect": [1.0, -1.0], "confidence": [0.5, 1.0],
        "stage_weight": [1.0, 1.0], "proposal": [0, 1], "n": 2, "stage": [0, 1], "stages": 3,
    },
    "lenses.undominated": {"first": [1.0, 2.0], "second": [2.0, 1.0]},
    "lenses.exchange_rate": {
        "first_knots": [(0.0, 0.0), (2.0, 100.0)], "first_weight": 0.3,
        "second_knots": [(0.0, 0.0), (5.0, 100.0)], "second_weight": 0.2,
    },
    "lifetime.margin_multiple": {"retention": [0.8], "discount": 0.1, "growth": 0.01},
    "lifetime.finite_value": {"margin": 5.0, "retention": 0.8, "discount": 0.1, "periods": 3},
    "lifetime.steady_retention": {"survival": [0.7, 0.55, 0.5]},
    "lifetime.fit_sbg": {"survival": [0.7, 0.55, 0.5], "cohort": 100.0},
    "lifetime.fit_bgnbd": {
        "repeats": [2.0, 0.0, 5.0, 1.0], "last": [20.0, 0.0, 30.0, 5.0],
        "observed": [39.0, 39.0, 38.0, 37.0],
    },
    "money.costed": {"lines": LINES},
    "money.simulate": {
        "lines": LINES, "draws": 50, "seed": 1, "lam": 4.0, "themes": THEMES, "belief": BELIEF,
        "threads": 1, "out": np.zeros((1, 50), dtype=np.float32),
    },
    "money.draw_roi": {
        "lines": LINES, "start": 0, "stop": 9, "seed": 1, "lam": 4.0, "themes": THEMES, "threads": 1
    },
    "money.roi_draws": {
        "lines": LINES, "seed": 1, "lam": 4.0, "themes": THEMES, "belief": BELIEF,
        "stated_mean": [0.5], "threads": 1,
    },
    "pert.pert_mean": POINTS | {"lam": 4.0},
    "pert.pert_sd": POINTS | {"lam": 4.0},
    "pert.pert_sd_classic": {"low": [1.0], "high": [2.0]},
    "pert.pert_quantile": POINTS | {"lam": 4.0, "u": [0.1, 0.9]},
    "pert.three_points": POINTS,
    "portfolio.core_index.core_index": {
        "values": [[2.0, 1.0], [1.0, 2.0]], "cost": [1.0, 1.0], "budget": 1.0,
        "weight_extremes": [[1.0, 0.0], [0.0, 1.0]],
    },
    "portfolio.core_index.core_shares": {
        "values": [[2.0, 1.0], [1.0, 2.0]], "cost": [1.0, 1.0], "budget": 1.0,
    },
    "portfolio.frontier.frontier": CHOICE | {
        "impact": [1.0, 2.0, 3.0], "order": [0, 1, 2], "steps": 3, "gap": 1e-3,
        "time_per_point": 5.0,
    },
    "portfolio.greedy.greedy": {
        "score": [3.0, 2.0], "cost": [2.0, 1.0], "budget": 2.0, "by": "ratio", "misfit": "skip",
        "least": 0.0,
    },
    "portfolio.greedy.down_list": {"order": [1, 0], "cost": [2.0, 1.0], "budget": 2.0},
    "portfolio.model.relaxation": CHOICE,
    "portfolio.prices.forced_price": CHOICE | {
        "item": 1, "order": [0, 1, 2], "gap": 1e-4, "time_limit": 5.0
    },
    "portfolio.prices.budget_price": CHOICE | {
        "extra": 1.0, "order": [0, 1, 2], "gap": 1e-4, "time_limit": 5.0
    },
    "portfolio.solve.choose": CHOICE | {"order": [0, 1, 2], "gap": 1e-4, "time_limit": 5.0},
    "robustness.rank_bands": {
        "blocks": [lambda: np.array([[1.0, 2.0], [2.0, 1.0]])], "tie_order": [0, 1], "threads": 1
    },
    "robustness.p_funded": {
        "blocks": [lambda: np.array([[1.0, 2.0], [2.0, 1.0]])], "cost": [1.0, 2.0], "budget": 2.0,
        "tie_order": [0, 1], "threads": 1,
    },
    "robustness.rank_and_fund": {
        "blocks": [lambda: np.array([[1.0, 2.0], [2.0, 1.0]])], "cost": [1.0, 2.0], "budget": 2.0,
        "tie_order": [0, 1], "threads": 1,
    },
    "robustness.ordered": {"block": np.array([[1.0, 2.0], [2.0, 1.0]]), "tie_order": [0, 1]},
    "scales.linear": {"x": [1.0, 2.0], "worst": 0.0, "best": 3.0},
    "scales.logarithmic": {"x": [1.0, 2.0], "worst": 1.0, "best": 3.0},
    "scales.stepped": {"x": [1.0, 2.0], "steps": [(0.0, 0.0), (2.0, 100.0)]},
    "scales.batch_range": {"x": [1.0, 2.0]},
    "scales.profile_weights": {"profiles": [THIRD], "kind": [0, 0]},
    "scales.value_per_cost": {"value": [1.0, 2.0], "cost": [1.0, 0.0], "unit": 1.0},
    "assignment.spread": {
        "may": [[True, True]], "held": [[False, False]], "function": [0, 1], "each": 2,
    },
    "assignment.linked_groups": {"judged": [[True, False]]},
    "severity.adjust": RATINGS | {"items": 2, "raters": 2, "shrinkage": 1.0},
    "severity.leave_one_out": RATINGS | {
        "items": 2, "party": [0, 1], "parties": 2, "shrinkage": 1.0
    },
    "severity.home_lift": RATINGS | {"home": [True, False, False, True], "items": 2, "raters": 2},
    "severity.rater_z_scores": {"rater": [0, 1], "score": [1.0, 2.0], "raters": 2},
    "smaa.values_of_draws": {"measurements": np.ones((4, 2, 3)), "weights": THIRD},
    "smaa.smaa": {"values": [[1.0, 2.0], [2.0, 1.0]], "weights": [[0.5, 0.5], [0.2, 0.8]],
                  "tie_order": [0, 1]},
    "smaa.confidence_factors": {
        "measurements": np.ones((4, 2, 3)), "central_weights": [THIRD, THIRD], "tie_order": [0, 1]
    },
    "smaa.label": {"p_funded": 0.5},
    "survey.net_promoter": {"promoters": 0.5, "detractors": 0.2, "answers": 100},
    "survey.top_box": {"ratings": [1.0, 5.0], "threshold": 4.0},
    "survey.mean_score": {"ratings": [1.0, 5.0]},
    "survey.measurable": {"change": 0.1, "error": 0.02},
    "survey.lift": {"treated": [1.0, 2.0], "control": [0.0, 1.0]},
    "templates.template_score": {
        "template": TEMPLATES["rice"], "scores": [[1.0, 2.0, 0.5]], "divisor": [2.0]
    },
    "templates.off_scale": {"criterion": TEMPLATES["rice"].criteria[1], "scores": [1.0, 2.5]},
    "templates.quadrants": {"value": [1.0, 2.0], "effort": [2.0, 1.0]},
    "ties.tie_groups": {"values": [[1.0, 2.0], [2.0, 1.0]], "share": 0.4},
    "uncertainty.block_makers": {"values": TABLE, "weights": THIRD, "draws": 5, "block": 2},
    "uncertainty.value_blocks": {"values": TABLE, "weights": THIRD, "draws": 5, "block": 2},
    "value.piecewise_linear": {"x": [1.0], "knots": [(0.0, 0.0), (2.0, 100.0)]},
    "value.additive_value": {"values": TABLE, "weights": THIRD},
    "value.two_level_weights": {
        "dimension_weights": [0.6, 0.4], "criterion_weights": [1.0, 1.0], "dimension_of": [0, 1]
    },
    "value.competition_rank": {"value": [1.0, 2.0], "decimals": 9},
    "value.total_order": {"value": [1.0, 2.0], "decimals": 9},
    "variance.variance_components": {"ratings": TABLE},
    "weighting.swing": {"points": [100.0, 50.0]},
    "weighting.rank_order_centroid": {"ranks": [1.0, 2.0]},
    "weighting.rank_sum": {"ranks": [1.0, 2.0]},
    "weighting.reciprocal": {"ranks": [1.0, 2.0]},
    "weighting.equal": {"n": 3},
    "worth.worth_of_normal": {"margin": 1.0, "sd": 2.0},
    "worth.worth_of_estimate": {
        "margin": 1.0, "low": 1.0, "likely": 2.0, "high": 4.0, "factor": 2.0, "lam": 4.0
    },
}  # fmt: skip

# Rooms that came later and have their refusals tested beside their results.
OWN_TESTS = {"coverage", "lifecycle", "sensitivity"}

# The rooms behind: called by the others with what those have checked.
INNER = {
    "arrays", "orders", "ratings", "streams", "themes", "book", "portfolio.choice",
    "portfolio.conflict", "portfolio.equals", "portfolio.listing", "portfolio.program",
}  # fmt: skip
# Called with functions, or with any number of arguments, and tested by name elsewhere.
BY_NAME = {
    "explain.shapley", "impact.funnel_reach", "lifetime.combined_retention", "smaa.ranking_entropy",
    "pert.weight_of_likely",
    "portfolio.model.build", "portfolio.model.unit_of", "portfolio.model.in_units",
    "portfolio.model.with_goal", "portfolio.model.with_item", "portfolio.model.with_row",
    "portfolio.model.relax", "portfolio.solve.solve",
}  # fmt: skip
# What may be infinite or, as a comparison that nobody made, missing: their docstrings say so.
ENDLESS = {
    ("ahp.from_upper", "result"),
    ("drawn_weights.concentration", "result"),
    ("drawn_weights.strength_of", "result"),
    ("severity.adjust", "shrinkage"),
}

NAN, INF = float("nan"), float("inf")
NUMBERS: list[Any] = [NAN, INF, -INF, -1.0, 0.0, 1.0, 2.0, 1e300, "much", [1.0, 2.0]]
WHOLE: list[Any] = [-1, 0, 1]


def wrong_for(value: Any) -> list[Any]:
    """What to try in place of ``value``."""
    if isinstance(value, str):
        return ["nonsense", ""]
    if isinstance(value, int | float):
        return [] if isinstance(value, bool) else WHOLE if isinstance(value, int) else NUMBERS
    try:
        array = np.array(value, dtype=float)
    except (TypeError, ValueError):
        return []
    tried: list[Any] = [np.full(array.shape, fill) for fill in (0.0, 1.0, -1.0, 50.0, NAN, INF)]
    tried += [np.zeros((0, *array.shape[1:])), array[:1], np.concatenate([array, array]), 3.0]
    tried += [array[None], ["much"], array * 1e200, array[..., :1]]
    holed = array.copy()
    holed.flat[0] = NAN
    return [*tried, holed]


def unsound(result: Any, where: str) -> list[str]:
    """Names of the parts of a result that hold NaN or infinity."""
    if dataclasses.is_dataclass(result) and not isinstance(result, type):
        fields = dataclasses.fields(result)
        return [bad for f in fields for bad in unsound(getattr(result, f.name), f.name)]
    if isinstance(result, tuple | list):
        return [bad for part in result for bad in unsound(part, where)]
    array = np.asarray(np.ma.getdata(result))
    return [where] if array.dtype.kind in "fc" and not np.isfinite(array).all() else []


def public() -> dict[str, Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {}
    for module in pkgutil.walk_packages(analysis.__path__, "scoring.analysis."):
        room = module.name.removeprefix("scoring.analysis.")
        if room in INNER | OWN_TESTS:
            continue
        loaded = importlib.import_module(module.name)
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if not name.startswith("_") and function.__module__ == module.name:
                found[f"{room}.{name}"] = function
    return found


FUNCTIONS = public()


def test_no_public_function_is_left_out() -> None:
    assert set(CALLS) | BY_NAME == set(FUNCTIONS)
    assert not set(CALLS) & BY_NAME
    assert set(portfolio.__all__)


def names_of(name: str) -> set[str]:
    """What an error of a function may start with: its arguments and their fields."""
    names = set(inspect.signature(FUNCTIONS[name]).parameters)
    if "lines" in names:
        names |= {field.name for field in dataclasses.fields(money.MoneyLines)}
    return names


def complaint(name: str, arguments: dict[str, Any]) -> str | None:
    """What is wrong with the answer to these arguments."""
    try:
        result = FUNCTIONS[name](**arguments)
    except ValueError as refusal:
        said = re.match(r"(\w+): ", str(refusal))
        return None if said and said[1] in names_of(name) else str(refusal)
    bad = [part for part in unsound(result, "result") if (name, part) not in ENDLESS]
    return f"not finite: {bad}" if bad else None


@pytest.mark.parametrize("name", CALLS)
def test_nothing_but_sound_results_and_named_refusals(
    name: str, record_property: Callable[[str, object], None]
) -> None:
    good = CALLS[name]
    assert complaint(name, good) is None
    assert FUNCTIONS[name](**good) is not None or name == "variance.variance_components"
    wrong = [(argument, other) for argument in good for other in wrong_for(good[argument])]
    for argument, other in wrong:
        assert complaint(name, good | {argument: other}) is None, f"{argument}={other!r}"
    record_property("wrong arguments tried", len(wrong))
