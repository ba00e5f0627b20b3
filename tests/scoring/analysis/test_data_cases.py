"""Published results on real data sets; collected only where the data folder is."""

import csv
import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scoring.analysis import (
    agreement,
    ahp,
    calibration,
    lifetime,
    portfolio,
    scales,
    severity,
    smaa,
    survey,
)
from scoring.analysis.portfolio import greedy
from scoring.analysis.value import additive_value, competition_rank, two_level_weights

# Every problem here has a solution.
choose: Any = portfolio.choose

DATA_CASES = 12


def table(path: Path) -> list[dict[str, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def column(rows: list[dict[str, str]], name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([float(row[name]) if row[name] not in ("", "NA") else np.nan for row in rows])


def test_all_data_cases_are_here() -> None:
    names = {name for name in globals() if name.startswith("test_case_")}
    assert len(names) == DATA_CASES


def test_case_smartscale_round2_dataset(case_data: Path) -> None:
    """VDOT SMART SCALE round 2 (FY2018), published scores of 202 projects."""
    rows = table(case_data / "transport" / "smart_scale_round2_areas_a_b.csv")
    assert len(rows) == 202
    groups = {
        "congestion": (("Throughput Score", 0.5), ("Delay Score", 0.5)),
        "economic": (
            ("Econ Dev Support Score", 0.6),
            ("Intermodal Access Score", 0.2),
            ("Travel Time Reliability Score", 0.2),
        ),
        "accessibility": (
            ("Access to Jobs", 0.6),
            ("Disadvantaged Access to Jobs", 0.2),
            ("Multimodal Access Score", 0.2),
        ),
        "safety": (("Crash Frequency Score", 0.5), ("Crash Rate Score", 0.5)),
        "environment": (("Air Quality Score", 0.5), ("Enviro Impact Score", 0.5)),
        "land use": (("Land Use Score", 1.0),),
    }
    outer = {"A": [0.45, 0.05, 0.15, 0.05, 0.1, 0.2], "B": [0.15, 0.2, 0.25, 0.2, 0.1, 0.1]}
    measures = [measure for group in groups.values() for measure, _ in group]
    inner = [weight for group in groups.values() for _, weight in group]
    home = [place for place, group in enumerate(groups.values()) for _ in group]
    values = np.column_stack([column(rows, measure) for measure in measures])
    profiles = [two_level_weights(outer[area], inner, home) for area in ("A", "B")]
    kind = np.array(["AB".index(row["Area Type"]) for row in rows])
    benefit = additive_value(values, scales.profile_weights(profiles, kind)).value
    published = column(rows, "Project Benefit Score")
    assert int((np.abs(benefit - published) < 1e-3).sum()) == 192
    request = column(rows, "SMART SCALE Request $")
    score = scales.value_per_cost(published, request, unit=1e7)
    assert np.abs(score - column(rows, "SMART SCALE Score")).max() < 1e-6
    state = column(rows, "State Rank")
    ours = competition_rank(score)
    assert competition_rank(-state).tolist() == ours.tolist()


def judges(case_data: Path) -> np.ndarray[Any, np.dtype[np.float64]]:
    rows = table(case_data / "panel" / "ahp_city200_pairwise.csv")
    names = ["cult", "fam", "house", "jobs", "trans"]
    matrices = np.ones((len(rows), 5, 5))
    for i, one in enumerate(names):
        for j in range(i + 1, 5):
            said = column(rows, f"{one}_{names[j]}")
            ratio = np.where(said < 0, -said, 1 / said)
            matrices[:, i, j], matrices[:, j, i] = ratio, 1 / ratio
    return matrices


def test_case_ahp_group_city200(case_data: Path) -> None:
    """ahpsurvey CRAN vignette (F. Cho 2019): 200 judges."""
    matrices = judges(case_data)
    weights = np.array([ahp.column_mean(matrix) for matrix in matrices])
    mean = [0.162, 0.4367, 0.0761, 0.2827, 0.0424]
    assert ahp.aggregate_priorities(weights) == pytest.approx(mean, abs=6e-5)
    assert weights.std(axis=0, ddof=1) == pytest.approx(
        [0.033, 0.054, 0.009, 0.048, 0.007], abs=6e-4
    )
    merged = [
        [1, 0.22, 3.093, 0.488, 4.64],
        [4.541, 1, 6.461, 1.704, 6.15],
        [0.323, 0.155, 1, 0.249, 2.93],
        [2.048, 0.587, 4.019, 1, 7.04],
        [0.216, 0.163, 0.342, 0.142, 1],
    ]
    assert ahp.aggregate_judgments(matrices) == pytest.approx(np.array(merged), abs=0.006)
    ratios = np.array([ahp.consistency(matrix).ratio for matrix in matrices])
    assert int((ratios <= 0.1).sum()) == 130


def test_case_ahp_aij_equals_aip_rowgeomean(case_data: Path) -> None:
    """Identity of Aczel & Saaty 1983, Forman & Peniwati 1998, on the same judges."""
    matrices = judges(case_data)
    together = ahp.row_geometric_mean(ahp.aggregate_judgments(matrices))
    members = np.array([ahp.row_geometric_mean(matrix) for matrix in matrices])
    apart = ahp.aggregate_priorities(members, geometric=True)
    assert together == pytest.approx([0.15459, 0.4457, 0.07309, 0.28701, 0.03961], abs=1e-5)
    assert np.abs(together - apart).max() < 1e-12


def test_case_aibs_panel_averages(case_data: Path) -> None:
    """Gallo 2021, figshare 12728087: 72 proposals, three reviewers each, 1.0 is best."""
    rows = table(case_data / "panel" / "aibs_grant_panel.csv")
    names = sorted({row["ID"] for row in rows})
    seats = sorted({row["RevCode"] for row in rows})
    ratings = np.full((len(names), len(seats)), np.nan)
    said = column(rows, "Score")
    for row, score in zip(rows, said, strict=True):
        ratings[names.index(row["ID"]), seats.index(row["RevCode"])] = score
    published = {row["ID"]: (row["ScoreAvg"], row["ScoreAvgAdj"]) for row in rows}
    assert len(names) == 72
    plain = agreement.panel_mean(ratings)
    broken = agreement.panel_mean(ratings, worst_share=1e-4, low_is_best=True)
    for place, name in enumerate(names):
        average, adjusted = map(float, published[name])
        assert plain[place] == pytest.approx(average, abs=1e-9)
        assert broken[place] == pytest.approx(adjusted, abs=1e-9)


@pytest.mark.parametrize(("shrinkage", "changed"), [(0.0, 7), (1.0, 5)])
def test_severity_changes_who_is_among_the_best(
    case_data: Path, shrinkage: float, changed: int
) -> None:
    """AIBS again: 26 reviewers who all hang together; least squares changes 7 of the best 26.

    Shrunk effects change 5. The best are those of the published ScoreRankAdj, which settles equal
    averages by the worst score and what is equal even then by an order of its own. By the plain
    average, equals as listed, it would be 5 and 4.
    """
    rows = table(case_data / "panel" / "aibs_grant_panel.csv")
    names = sorted({row["ID"] for row in rows}, key=int)
    seats = sorted({row["RevID"] for row in rows}, key=int)
    item = [names.index(row["ID"]) for row in rows]
    rater = [seats.index(row["RevID"]) for row in rows]
    result = severity.adjust(item, rater, column(rows, "Score"), 72, 26, shrinkage=shrinkage)
    assert result.connected
    published = {row["ID"]: int(row["ScoreRankAdj"]) for row in rows}
    assert sorted(published.values()) == list(range(1, 73))
    before = {name for name in names if published[name] <= 26}
    after = {names[place] for place in np.argsort(result.adjusted.data, kind="stable")[:26]}
    assert len(before - after) == changed
    mean = {name: float(row["ScoreAvg"]) for row in rows for name in [row["ID"]]}
    plain = set(sorted(names, key=lambda name: mean[name])[:26])
    assert len(plain - after) == (5 if shrinkage == 0 else 4)


def test_case_bgnbd_cdnow(case_data: Path) -> None:
    """Fader, Hardie & Lee 2005, Mktg Sci 24:275-284: 2,357 customers of CDNOW."""
    rows = table(case_data / "marketing" / "cdnow_customers_summary_with_transactions.csv")
    assert len(rows) == 2357
    fit = lifetime.fit_bgnbd(column(rows, "x"), column(rows, "t_x"), column(rows, "T"))
    found = [fit.r, fit.alpha, fit.a, fit.b]
    assert found == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=0.006)
    assert fit.log_likelihood == pytest.approx(-9582.4, abs=0.05)


def test_case_hillstrom_mens_lift(case_data: Path) -> None:
    """K. Hillstrom 2008, e-mail challenge: men's e-mail against no e-mail."""
    rows = table(case_data / "marketing" / "hillstrom_email_mens_vs_control.csv.gz")
    treated = [row for row in rows if row["segment"] == "Mens E-Mail"]
    control = [row for row in rows if row["segment"] == "No E-Mail"]
    expected = {"visit": 0.07659, "conversion": 0.00681, "spend": 0.76983}
    found = {name: survey.lift(column(treated, name), column(control, name)) for name in expected}
    for name, value in expected.items():
        assert found[name].lift == pytest.approx(value, abs=6e-6)
    assert found["spend"].error == pytest.approx(0.14525, abs=6e-6)


def test_case_smaa_thrombolytics(case_data: Path) -> None:
    """CRAN smaa 0.3-3 (van Valkenhoef, Tervonen): 10,000 stored draws."""
    with np.load(case_data / "smaa" / "smaa_thrombolytics.npz") as stored:
        measured, weights = stored["meas"], stored["weights"]
    result = smaa.smaa(smaa.values_of_draws(measured, weights), weights=weights)
    expected = [[0.3504, 0.6496], [0.6496, 0.3504]]
    assert result.acceptability == pytest.approx(np.array(expected), abs=1e-9)
    central = [[0.1865097, 0.2772205, 0.5362698], [0.40731, 0.3641477, 0.2285423]]
    assert np.ma.getdata(result.central_weights) == pytest.approx(np.array(central), abs=1e-6)
    factors = smaa.confidence_factors(measured, result.central_weights)
    assert factors.tolist() == pytest.approx([0.6682, 0.8956], abs=1e-9)
    assert result.entropy == pytest.approx(0.9344248, abs=1e-6)


def knapsacks(path: Path, count: int) -> list[tuple[list[float], Any, list[float], float]]:
    """Problems of the OR-Library: value, cost (n, m), budget, printed optimum."""
    words = iter(path.read_text(encoding="utf-8").split())
    next(words)
    problems = []
    for _ in range(count):
        n, m, optimum = int(next(words)), int(next(words)), float(next(words))
        value = [float(next(words)) for _ in range(n)]
        cost = np.array([[float(next(words)) for _ in range(n)] for _ in range(m)])
        budget = [float(next(words)) for _ in range(m)]
        problems.append((value, cost.T, budget, optimum))
    return problems


def test_case_mknap1_petersen_1_4(case_data: Path) -> None:
    """C. C. Petersen 1967, Mgmt Sci 13:736-750; OR-Library mknap1."""
    problems = knapsacks(case_data / "knapsack" / "mknap1_problems_1_4.txt", 4)
    for (value, cost, budget, printed), optimum in zip(
        problems, [3800, 8706.1, 4015, 6120], strict=True
    ):
        best = choose(value, cost, budget)
        assert best.value == pytest.approx(optimum, abs=1e-6)
        assert printed == pytest.approx(optimum, abs=1e-6)
        assert best.status == "optimal"


BEST_KNOWN = (24381, 24274, 23551, 23534, 23991, 24613, 25591, 23410, 24216, 24411)


@pytest.mark.parametrize("number", range(10))
def test_case_mknapcb1_chu_beasley(case_data: Path, number: int) -> None:
    """Chu & Beasley 1998, J Heuristics 4:63-86; OR-Library mknapcb1, best known values.

    100 projects, five budgets: each is proved to be the optimum, with nothing but the defaults.
    """
    value, cost, budget, _ = knapsacks(case_data / "knapsack" / "mknapcb1.txt", 10)[number]
    found = choose(value, cost, budget)
    assert (cost[found.chosen].sum(axis=0) <= budget).all()
    assert found.value == np.array(value)[found.chosen].sum() == BEST_KNOWN[number]
    assert (found.bound, found.gap, found.status) == (found.value, 0.0, "optimal")


def test_case_kk24_greedy(case_data: Path) -> None:
    """Yang & Bachmann, Kultur Komitee Winterthur 2024: greedy that stops at the first misfit."""
    rows = table(case_data / "participatory" / "kk24" / "outcomes.csv")
    votes, cost = column(rows, "vote"), column(rows, "cost")
    listed = np.arange(len(rows))
    for budget, name, count in ((190_000, "grdy190k", 12), (380_000, "grdy380k", 29)):
        # The file lists by votes and settles ties by its own order.
        taken = greedy(-listed, cost, budget, by="score", misfit="stop", least=-np.inf)
        assert taken.tolist() == [row[name] == "True" for row in rows]
        assert int(taken.sum()) == count
    assert (np.diff(votes) <= 0).all()


WINNERS = (
    "Poland_Warszawa_2017_Stara_Milosna",
    "Poland_Warszawa_2023_Wesola",
    "Poland_Warszawa_2019_Okecie",
    "Poland_Krakow_2022_Pradnik_Czerwony",
    "Poland_Krakow_2019_Grzegorzki",
    "Poland_Czestochowa_2024_Lisiniec",
    "Poland_Czestochowa_2024_Stradom",
    "Poland_Gdynia_2021_Wielki_Kack__small",
    "Poland_Gdynia_2020_Dabrowa__small",
)


@pytest.mark.parametrize("name", WINNERS)
def test_case_pabulib_real_winners(case_data: Path, name: str) -> None:
    """Pabulib (arXiv:2012.06539): winners of real city elections, ties by lower cost."""
    text = (case_data / "participatory" / "pb" / f"{name}.pb").read_text(encoding="utf-8")
    meta, rest = text.split("PROJECTS\n")
    settings = dict(line.split(";", 1) for line in meta.splitlines()[1:] if ";" in line)
    rows = list(csv.DictReader(rest.split("VOTES\n")[0].splitlines(), delimiter=";"))
    points = column(rows, "score" if "score" in rows[0] else "votes")
    taken = greedy(
        points,
        column(rows, "cost"),
        float(settings["budget"]),
        by="score",
        misfit="stop" if settings["rule"] == "greedy-no-skip" else "skip",
        least=float(settings.get("min_project_score_threshold", 0)),
    )
    assert taken.tolist() == [row["selected"] == "1" for row in rows]


def test_case_sip_bias_mape(case_data: Path) -> None:
    """Jones & Cullum, arXiv:1901.01621: 10,266 task estimates and actuals."""
    seen: set[str] = set()
    rows = []
    for row in table(case_data / "forecast_actual" / "sip_task_estimates.csv.gz"):
        if row["TaskNumber"] not in seen:
            seen.add(row["TaskNumber"])
            rows.append(row)
    estimate, actual = column(rows, "HoursEstimate"), column(rows, "HoursActual")
    kept = (estimate > 0) & (actual > 0)
    estimate, actual = estimate[kept], actual[kept]
    errors = calibration.forecast_errors(estimate, actual)
    assert errors.n == 10266
    assert errors.median_ratio == 1.0
    assert errors.mape == pytest.approx(1.32699, abs=1e-4)
    low, high = np.percentile(actual / estimate, [10, 90])
    assert (low, high) == pytest.approx((0.36, 2.0048), abs=1e-4)
    exact = calibration.hit_rate(estimate, estimate, actual)
    assert exact.rate == pytest.approx(0.34083, abs=1e-4)
