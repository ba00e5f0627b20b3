"""Numbers printed in books, papers and package manuals, each with its citation in cases.json."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from scoring.analysis import (
    agreement,
    ahp,
    bwm,
    calibration,
    cashflow,
    dominance,
    evidence,
    guards,
    impact,
    lifetime,
    pert,
    portfolio,
    scales,
    smaa,
    survey,
    weighting,
)
from scoring.analysis.portfolio import core_index, greedy
from scoring.analysis.templates import TEMPLATES, template_score
from scoring.analysis.value import additive_value, two_level_weights

# A case has a solution, so what may be None or infeasible elsewhere is not asked here.
choose: Any = portfolio.choose
relaxation: Any = portfolio.relaxation

CASES = json.loads((Path(__file__).parent / "cases.json").read_text(encoding="utf-8"))
CHECKS: dict[str, Callable[[Any, Any, float], None]] = {}


def case(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def register(check: Callable[..., None]) -> Callable[..., None]:
        CHECKS.update(dict.fromkeys(names, check))
        return check

    return register


@pytest.mark.parametrize(
    "published", CASES, ids=[f"{entry['id']} ({entry['citation']})" for entry in CASES]
)
def test_published_case(published: dict[str, Any]) -> None:
    CHECKS[published["id"]](
        SimpleNamespace(**published["inputs"]), published["expected"], published["tolerance"]
    )


def test_every_case_has_its_check_and_none_is_idle() -> None:
    assert len(CASES) == 46
    assert {entry["id"] for entry in CASES} == set(CHECKS)


def close(got: Any, expected: Any, tolerance: float) -> None:
    assert np.asarray(got, dtype=float) == pytest.approx(np.asarray(expected), abs=tolerance, rel=0)


@case("mavt_goodwin_wright_office")
def _(given, expected, tolerance):
    result = additive_value(given.values_0_100, weighting.swing(given.weights))
    close(result.value, expected["totals"], tolerance)


@case("swing_weights_goodwin_wright")
def _(given, expected, tolerance):
    assert np.round(weighting.swing(given.swing_points) * 100).tolist() == expected["weights_pct"]


@case("roc_weights_n4")
def _(given, expected, tolerance):
    close(weighting.rank_order_centroid(range(1, given.n + 1)), expected["w"], tolerance)


@case("roc_weights_table")
def _(given, expected, tolerance):
    for n in given.n:
        close(weighting.rank_order_centroid(range(1, n + 1)), expected[str(n)], tolerance)


@case("smartscale_worked_project2")
def _(given, expected, tolerance):
    measures = given.normalised_measures_and_weights
    names = list(measures)
    values = [score for name in names for score in measures[name][0]]
    inner = [weight for name in names for weight in measures[name][1]]
    home = [place for place, name in enumerate(names) for _ in measures[name][0]]
    outer = [given.factor_weights_category_A[name] for name in names]
    for place, name in enumerate(names):
        alone = np.where(np.array(home) == place, inner, 0.0)
        factor = additive_value([values], alone).value
        close(factor, [expected["factor_values"][name]], tolerance)
    benefit = additive_value([values], two_level_weights(outer, inner, home)).value
    close(benefit, [expected["project_benefit"]], 0.005)
    for cost, name in (("request_usd", "score"), ("total_cost_usd", "score_on_total_cost")):
        ratio = scales.value_per_cost(benefit, [getattr(given, cost)], unit=given.cost_unit)
        close(ratio, [expected[name]], tolerance)


@case("ahp_random_index_tables")
def _(given, expected, tolerance):
    for table, entries in expected.items():
        for n, value in entries.items():
            assert ahp.RANDOM_INDEX[table][int(n)] == value


@case("ahp_drinks_saaty2008", "ahp_drinks_cr_dd", "ahp_cities_criteria_cr")
def _(given, expected, tolerance):
    close(ahp.consistency(given.matrix, table=given.ri).ratio, expected["cr"], tolerance)
    if "weights" in expected:
        close(ahp.eigenvector(given.matrix), expected["weights"], tolerance)


@case("ahp_leader")
def _(given, expected, tolerance):
    local = np.array([ahp.eigenvector(matrix) for matrix in given.alternative_matrices])
    close(ahp.eigenvector(given.criteria_matrix) @ local, expected["global_weights"], tolerance)
    close(local[0], expected["experience"], tolerance)
    for place, name in enumerate(("cr_experience", "cr_education")):
        ratio = ahp.consistency(given.alternative_matrices[place], table=given.ri).ratio
        close(ratio, expected[name], tolerance)


@case("bwm_consistency_index")
def _(given, expected, tolerance):
    close([bwm.consistency_index(a) for a in given.a_BW], expected["ci"], tolerance)


@case("bwm_linear_car")
def _(given, expected, tolerance):
    result = bwm.linear(
        given.best_to_others, given.others_to_worst, best=given.best, worst=given.worst
    )
    close(result.weights, expected["weights"], tolerance)
    close(result.xi, expected["xi_L"], tolerance)


@case("kripp_C_data")
def _(given, expected, tolerance):
    units = np.array(given.ratings_by_rater, dtype=float).T
    for metric in agreement.METRICS:
        alpha = agreement.krippendorff_alpha(units, metric=metric)
        close(alpha.alpha, expected[metric], tolerance)
        assert alpha.units == 11


@case("kripp_A_binary")
def _(given, expected, tolerance):
    units = np.array(given.ratings_by_rater, dtype=float).T
    for metric in ("nominal", "ordinal", "interval"):
        alpha = agreement.krippendorff_alpha(units, metric=metric).alpha
        close(alpha, expected["alpha"], tolerance)


@case("icc_shrout_fleiss", "icc_anxiety")
def _(given, expected, tolerance):
    result = agreement.intraclass_correlations(given.ratings)
    field = {
        "ICC(1,1)": "icc1",
        "ICC(2,1)": "icc2",
        "ICC(3,1)": "icc3",
        "ICC(1,k)": "icc1k",
        "ICC(2,k)": "icc2k",
        "ICC(3,k)": "icc3k",
        "MSR": "msr",
        "MSW": "msw",
        "MSE": "mse",
        "MSC": "msc",
    }
    for name, value in expected.items():
        close(getattr(result, field[name]), value, tolerance)


@case("kendall_w_proofwiki")
def _(given, expected, tolerance):
    close(agreement.kendall_w(given.ranks).w, expected["W"], tolerance)


@case("npv_gitman")
def _(given, expected, tolerance):
    close(cashflow.npv(given.rate, given.cashflows), expected["npv"], tolerance)


@case("pert_schematex")
def _(given, expected, tolerance):
    low, likely, high = np.array(given.omp, dtype=float).T
    mean, spread = pert.pert_mean(low, likely, high), pert.pert_sd_classic(low, high)
    close(mean, expected["te"], tolerance)
    close(spread, expected["sd"], tolerance)
    close(mean.sum(), expected["total"], tolerance)
    close(np.sqrt((spread**2).sum()), expected["total_sd"], tolerance)


@case("mpert_3_5_10")
def _(given, expected, tolerance):
    points = (given.min, given.mode, given.max)
    for lam in given.lambdas:
        row = expected[str(lam)]
        close(pert.pert_mean(*points, lam), row["mean"], tolerance)
        close(pert.pert_sd(*points, lam), row["sd"], tolerance)
        for name, share in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
            close(pert.pert_quantile(share, *points, lam), row[name], tolerance)


@case("pi_rationing_sabv")
def _(given, expected, tolerance):
    cost, npv = np.array(given.cost, dtype=float), np.array(given.npv)
    close(cashflow.profitability_index(cost + npv, cost), expected["pi"], tolerance)
    best = choose(npv, cost, given.budget)
    assert np.flatnonzero(best.chosen).tolist() == expected["best"]
    close(best.value, expected["best_npv"], tolerance)


@case("pi_vs_npv_xyz")
def _(given, expected, tolerance):
    best = choose(given.npv_k, given.cost_k, given.budget_k)
    assert np.flatnonzero(best.chosen).tolist() == expected["best"]
    close(best.value, expected["best_npv_k"], tolerance)
    by_ratio = greedy(given.npv_k, given.cost_k, given.budget_k, by="ratio")
    close(np.array(given.npv_k)[by_ratio].sum(), expected["best_npv_k"], tolerance)
    by_npv = greedy(given.npv_k, given.cost_k, given.budget_k, by="score")
    close(np.array(given.npv_k)[by_npv].sum(), expected["npv_greedy_k"], tolerance)


@case("optimism_bias_green_book_table")
def _(given, expected, tolerance):
    table = {
        kind: {what: list(bounds) for what, bounds in row.items()}
        for kind, row in evidence.OPTIMISM_BIAS.items()
    }
    assert table == expected


@case("rcf_rail_39pct")
def _(given, expected, tolerance):
    close(evidence.uplift_cost(given.base, given.mean_overrun), expected["expected"], tolerance)


@case("gilad_confidence_meter")
def _(given, expected, tolerance):
    assert [list(level) for level in evidence.CONFIDENCE_METER] == expected["levels"]


@case("optimizers_curse_emax")
def _(given, expected, tolerance):
    close([evidence.expected_maximum(n) for n in given.n], expected["emax"], tolerance)


@case("margin_multiple_table")
def _(given, expected, tolerance):
    for retention, row in zip(given.retention, expected["rows_by_retention"], strict=True):
        got = [float(lifetime.margin_multiple(retention, i)) for i in given.discount]
        close(got, row, tolerance)


@case("clv_conventions")
def _(given, expected, tolerance):
    later = given.m * lifetime.margin_multiple(given.r, given.d)
    close(later, expected["first_margin_after_one_period"], tolerance)
    now = given.m * lifetime.margin_multiple(given.r, given.d, immediate=True)
    close(now, expected["first_margin_now_uncertain_later"], tolerance)


@case("sbg_regular")
def _(given, expected, tolerance):
    fit = lifetime.fit_sbg(given.survival, cohort=given.cohort)
    close(fit.alpha, expected["alpha"], tolerance)
    close(fit.beta, expected["beta"], tolerance)
    close(fit.log_likelihood, -1680.27, 0.01)
    close(fit.survival([8, 9, 10, 11, 12]), [0.220, 0.204, 0.191, 0.180, 0.170], 0.0006)


@case("nps_variance")
def _(given, expected, tolerance):
    result = survey.net_promoter(given.promoters, given.detractors, given.n)
    close(result.value, expected["nps"], tolerance)
    close(result.variance, expected["variance"], tolerance)
    close(result.error, expected["se"], tolerance)


@case("cx_roi_ics")
def _(given, expected, tolerance):
    roi = cashflow.return_on_investment(given.retained_revenue, given.cost)
    close(roi, expected["roi"], tolerance)
    close(cashflow.risked_npv(given.retained_revenue, given.cost, 1.0), expected["net"], tolerance)


@case("ltv_cac_guard_synthetic")
def _(given, expected, tolerance):
    results = [
        guards.acquisition_guard(
            margin=given.monthly_margin,
            retention=retention,
            discount=given.monthly_discount,
            cac=given.cac,
        )
        for retention in given.monthly_retention
    ]
    close([result.ltv for result in results], expected["ltv"], tolerance)
    close([result.ratio for result in results], expected["ratio"], tolerance)
    assert [result.verdict == "pass" for result in results] == expected["passes"]


@case("smaa_never_best")
def _(given, expected, tolerance):
    measured = np.empty((given.draws, 2, 3))
    measured[:, 0], measured[:, 1] = given.meas_A, given.meas_B
    drawn = np.tile(given.weights, (given.draws, 1))
    result = smaa.smaa(smaa.values_of_draws(measured, drawn), weights=drawn)
    close(result.central_weights[0], expected["cw_A"], tolerance)
    assert np.ma.getmaskarray(result.central_weights)[1].all()
    factors = smaa.confidence_factors(measured, result.central_weights)
    assert factors.tolist() == expected["cf"]


@case("fsd_dice")
def _(given, expected, tolerance):
    for name, value in expected.items():
        one, other = name.split("_over_")
        assert dominance.first_order(getattr(given, one), getattr(given, other)) is value


@case("lorie_savage_weingartner")
def _(given, expected, tolerance):
    cost = np.array(given.outlay).T
    relaxed = relaxation(given.npv, cost, given.budgets)
    close(relaxed.value, expected["lp"], tolerance)
    close(relaxed.shadow, expected["shadow"], tolerance)
    for number, fraction in expected["lp_fractions"].items():
        close(relaxed.fractions[int(number) - 1], fraction, tolerance)
    best = choose(given.npv, cost, given.budgets)
    assert best.value == expected["ip"]
    assert (np.flatnonzero(best.chosen) + 1).tolist() == expected["ip_projects_1based"]


@case("trick_capital_budgeting")
def _(given, expected, tolerance):
    best = choose(given.npv, given.cost, given.budget)
    close(best.value, expected["ip"], tolerance)
    assert (np.flatnonzero(best.chosen) + 1).tolist() == expected["projects_1based"]
    relaxed = relaxation(given.npv, given.cost, given.budget)
    close(relaxed.value, expected["lp"], tolerance)
    rounded = np.array(given.npv)[relaxed.fractions >= 1 - 1e-9].sum()
    close(rounded, expected["rounded_down"], tolerance)


@case("knapsack_adagio")
def _(given, expected, tolerance):
    for name in ("ex1", "ex2"):
        problem = getattr(given, name)
        best = choose(problem["p"], problem["w"], problem["cap"])
        close(best.value, expected[name], tolerance)
        assert (np.flatnonzero(best.chosen) + 1).tolist() == expected[f"{name}_items"]


@case("pb_greedy_skip_illustration")
def _(given, expected, tolerance):
    votes = [item["votes"] for item in given.items]
    cost = [item["cost"] for item in given.items]
    taken = greedy(votes, cost, given.budget, by="score", misfit="skip")
    assert [given.items[i]["name"] for i in np.flatnonzero(taken)] == expected["selected"]
    assert given.budget - np.array(cost)[taken].sum() == expected["left"]


@case("rpm_core_index_small")
def _(given, expected, tolerance):
    result = core_index(given.values, given.cost, given.budget, given.weight_extremes)
    close(result.index, expected["core_index"], tolerance)
    found = sorted((np.flatnonzero(row) + 1).tolist() for row in result.portfolios)
    assert found == expected["nondominated_1based"]


@case("rice_table")
def _(given, expected, tolerance):
    rows = np.array([row[1:] for row in given.rows], dtype=float)
    score = template_score(TEMPLATES["rice"], rows[:, :3], rows[:, 3])
    close(score, expected["score"], tolerance)


@case("wsjf_two_tasks")
def _(given, expected, tolerance):
    rows = np.array([given.A, given.B], dtype=float)
    score = template_score(TEMPLATES["wsjf"], rows[:, :3], rows[:, 3])
    close(score, [expected["A"], expected["B"]], tolerance)


@case("rice_reach_funnel")
def _(given, expected, tolerance):
    close(impact.funnel_reach(given.prospects, given.rate), expected["reach"], tolerance)


@case("brier_sklearn")
def _(given, expected, tolerance):
    close(calibration.brier(given.p, given.y).score, expected["binary"], tolerance)
    both = np.c_[1 - np.array(given.p), given.p]
    close(calibration.brier_classes(both, given.y), expected["binary_unhalved"], tolerance)
    close(calibration.brier_classes(given.multi_p, given.multi_y), expected["multi"], tolerance)


@case("mape_sklearn")
def _(given, expected, tolerance):
    errors = calibration.forecast_errors(given.forecast, given.actual)
    close(errors.mape, expected["mape"], tolerance)


@case("pinball_sklearn")
def _(given, expected, tolerance):
    for name, value in expected.items():
        level, forecast = name.split("_")
        loss = calibration.pinball(getattr(given, forecast), given.y, int(level[1:]) / 100)
        close(loss, value, tolerance)


@case("interval_score")
def _(given, expected, tolerance):
    score = calibration.interval_score([given.lower], [given.upper], [given.obs], alpha=given.alpha)
    close(score, expected["score"], tolerance)
