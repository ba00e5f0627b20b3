"""The factor that proposals of one theme share."""

import itertools

import numpy as np
import pytest
from scipy import stats

from scoring.analysis import money
from scoring.analysis.money import MoneyLines, Themes


def book(n, *, lines=2, keys=None):
    """One cost and ``lines`` - 1 benefits for each of n proposals, wide enough to see chance."""
    k = n * lines
    return MoneyLines(
        low=np.full(k, 50.0),
        likely=np.full(k, 100.0),
        high=np.full(k, 200.0),
        factor=np.ones(k),
        is_cost=np.arange(k) % lines == 0,
        proposal=np.repeat(np.arange(n), lines),
        key=np.asarray(np.arange(n) if keys is None else keys, dtype=np.uint64),
        line_key=np.tile(np.arange(lines, dtype=np.uint64), n),
    )


def themes(names, *, members=None, rho=0.3):
    given = np.array(names, dtype=np.uint64)
    return Themes(given, np.ones(len(given), bool) if members is None else np.array(members), rho)


def certain_cost(n):
    """ROI + 1 is the one benefit in units of the cost."""
    lines = book(n)
    for name in ("low", "likely", "high"):
        getattr(lines, name)[lines.is_cost] = 100.0
    return lines


@pytest.mark.parametrize(
    "nothing", [themes([1, 1, 2], rho=0.0), themes([1, 1, 2], members=[False] * 3)]
)
def test_without_correlation_or_members_the_bytes_are_those_without_themes(nothing):
    lines = book(3)
    plain = money.draw_roi(lines, 0, 5000, seed=4)
    assert money.draw_roi(lines, 0, 5000, seed=4, themes=nothing).tobytes() == plain.tobytes()


def test_who_has_no_theme_is_drawn_as_before():
    lines = book(3)
    shared = themes([1, 1, 1], members=[True, False, True])
    plain = money.draw_roi(lines, 0, 5000, seed=4)
    drawn = money.draw_roi(lines, 0, 5000, seed=4, themes=shared)
    assert drawn[1].tobytes() == plain[1].tobytes()
    assert drawn[0].tobytes() != plain[0].tobytes()


@pytest.mark.parametrize("rho", [0.3, 0.8])
def test_benefits_of_a_theme_correlate_as_asked_and_others_not(rho):
    n = 40
    drawn = money.draw_roi(
        certain_cost(n), 0, 8192, seed=7, themes=themes(np.arange(n) // 2, rho=rho)
    )
    ranks = stats.rankdata(drawn, axis=1)
    within = [np.corrcoef(ranks[i], ranks[i + 1])[0, 1] for i in range(0, n, 2)]
    across = [np.corrcoef(ranks[i], ranks[i + 1])[0, 1] for i in range(1, n - 1, 2)]
    # Rank correlation of a normal copula: 6/pi asin(rho/2).
    assert np.mean(within) == pytest.approx(6 / np.pi * np.arcsin(rho / 2), abs=0.01)
    assert np.mean(across) == pytest.approx(0, abs=0.01)


def test_a_theme_that_goes_well_brings_more_and_costs_less():
    one = book(1)
    apart = money.simulate(one, seed=1)
    together = money.simulate(one, seed=1, themes=themes([5], rho=0.5))
    assert together.npv_p10[0] < apart.npv_p10[0]
    assert together.npv_p90[0] > apart.npv_p90[0]
    certain = themes([5], rho=1.0)
    roi = np.sort(money.draw_roi(one, 0, 4096, seed=1, themes=certain)[0])
    # With rho = 1 the best benefit meets the least cost and the other way round.
    share = (np.arange(4096) + 0.5) / 4096
    gain = money.pert_quantile(share, *(np.full(4096, x) for x in (50.0, 100.0, 200.0)))
    assert roi == pytest.approx(gain / gain[::-1] - 1, abs=5e-3)


def test_each_line_keeps_its_own_distribution():
    drawn = money.draw_roi(certain_cost(1), 0, 40_960, seed=3, themes=themes([1]))[0] + 1
    exact = [
        float(money.pert_quantile(p, 0.5, 1.0, 2.0))
        for p in (0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99)
    ]
    found = np.percentile(drawn, [1, 10, 25, 50, 75, 90, 99])
    assert found == pytest.approx(exact, abs=0.005)
    assert drawn.mean() == pytest.approx(float(money.pert_mean(0.5, 1.0, 2.0)), abs=0.001)


def test_blocks_threads_order_and_company_change_nothing():
    lines, shared = book(4, lines=3, keys=[9, 4, 7, 1]), themes([2, 3, 2, 3])
    whole = money.draw_roi(lines, 0, 9000, seed=1, themes=shared)
    parts = [
        money.draw_roi(lines, a, b, seed=1, themes=shared, threads=2)
        for a, b in itertools.pairwise([0, 1, 4095, 5000, 9000])
    ]
    assert np.concatenate(parts, axis=1).tobytes() == whole.tobytes()
    alone = book(1, lines=3, keys=[7])
    assert (
        money.draw_roi(alone, 0, 9000, seed=1, themes=themes([2]))[0].tobytes()
        == whole[2].tobytes()
    )


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        (themes([1, 2]), "theme"),
        (themes([1], members=[True, False]), "member"),
        (themes([1], rho=1.2), "rho"),
        (themes([1], rho=-0.1), "rho"),
        (themes([1], rho=float("nan")), "rho"),
        (Themes(np.array([1.5]), np.array([True])), "theme"),
    ],
)
def test_errors_name_the_argument(wrong, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        money.simulate(book(1), seed=1, themes=wrong)
