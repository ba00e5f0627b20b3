"""What knowing one number is worth: closed forms, brute force, and what must hold always."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from scoring.analysis.pert import pert_mean
from scoring.analysis.portfolio import choose
from scoring.analysis.worth import worth_of_estimate, worth_of_normal


def quantiles(low: float, likely: float, high: float, many: int) -> Any:
    """Middles of ``many`` equal parts of the modified PERT distribution, by scipy's own beta."""
    width, places = high - low, (np.arange(many) + 0.5) / many
    shapes = 1 + 4 * (likely - low) / width, 1 + 4 * (high - likely) / width
    return low + width * stats.beta.ppf(places, *shapes)


MARGINS = st.floats(-50, 50)


def test_on_the_line_a_normal_number_is_worth_sd_over_root_two_pi():
    assert worth_of_normal(0, 10) == pytest.approx(10 / np.sqrt(2 * np.pi))


def test_a_normal_number_by_the_unit_loss_integral():
    # Raiffa & Schlaifer's G(1) = 0.08332 of the standard normal.
    assert worth_of_normal(1, 1) == pytest.approx(0.08332, abs=5e-6)
    assert worth_of_normal(-1, 1) == worth_of_normal(1, 1)


def test_an_estimate_that_forgets_its_likely_value_is_uniform():
    """X uniform on -1..1 and a margin of m: (1 - m)^2 / 4."""
    for margin in (-0.5, 0.0, 0.25, 1.0, 2.0):
        found = worth_of_estimate(margin, 0, 1, 2, lam=0)
        assert found == pytest.approx(max(1 - abs(margin), 0) ** 2 / 4)


def test_nothing_uncertain_is_worth_nothing():
    assert worth_of_normal(0, 0) == 0
    assert worth_of_estimate(0, 5, 5, 5) == 0
    assert worth_of_estimate(0, 1, 2, 3, factor=0) == 0


@given(margin=MARGINS, likely=st.floats(0, 20), factor=st.sampled_from([-3.0, -0.5, 0.5, 2.0]))
@settings(max_examples=60, deadline=None)
def test_an_estimate_equals_the_mean_over_its_quantiles(margin, likely, factor):
    drawn = quantiles(0.0, likely, 20.0, 20_000)
    moved = factor * (drawn - pert_mean(0.0, likely, 20.0))
    brute = np.maximum(moved, margin).mean() - max(0.0, margin)
    found = worth_of_estimate(margin, 0, likely, 20, factor=factor)
    assert found == pytest.approx(brute, abs=0.02)


@given(margin=MARGINS, scale=st.floats(0.1, 30))
@settings(max_examples=60, deadline=None)
def test_it_is_never_negative_and_never_above_what_is_on_the_line(margin, scale):
    for found, line in (
        (worth_of_normal(margin, scale), worth_of_normal(0, scale)),
        (
            worth_of_estimate(margin, 0, scale / 3, scale),
            worth_of_estimate(0, 0, scale / 3, scale),
        ),
    ):
        assert 0 <= found <= line + 1e-9


@pytest.mark.parametrize("seed", range(6))
def test_of_a_choice_it_equals_brute_force_and_never_exceeds_knowing_everything(seed):
    """Six items, every subset looked at in every state of the one number, and of all numbers."""
    random = np.random.default_rng(seed)
    value, cost = random.uniform(1, 10, 6), random.uniform(1, 5, 6)
    budget = float(cost.sum() / 2)
    subsets = np.array([s for s in product((0, 1), repeat=6) if np.dot(s, cost) <= budget])
    low, high = value * 0.2, value * 1.9
    mean = np.array([float(pert_mean(*three)) for three in zip(low, value, high, strict=True)])
    best = (subsets @ mean).max()
    drawn = np.array([quantiles(*three, 4_000) for three in zip(low, value, high, strict=True)])
    everything = (subsets @ np.array([random.permutation(row) for row in drawn])).max(
        axis=0
    ).mean() - best
    for item in range(6):
        out = (subsets[subsets[:, item] == 0] @ mean).max()
        inside = (subsets[subsets[:, item] == 1] @ mean).max()
        found = worth_of_estimate(out - inside, low[item], value[item], high[item])
        states = np.repeat(mean[:, None], 4_000, axis=1)
        states[item] = drawn[item]
        brute = (subsets @ states).max(axis=0).mean() - best
        assert found == pytest.approx(brute, abs=1e-2)
        assert 0 <= found <= everything + 0.05


def test_the_library_chooses_the_same():
    value, cost = [6.0, 5.0, 4.0], [3.0, 3.0, 3.0]
    chosen: Any = choose(value, cost, 6.0)
    without: Any = choose(value[1:], cost[1:], 6.0)
    margin = float(np.dot(without.chosen, value[1:]) - np.dot(chosen.chosen, value))
    assert margin == -2  # 4 takes the place of 6
    normal = stats.norm(0, 2)
    brute = normal.expect(lambda x: max(x, margin))
    assert worth_of_normal(margin, 2) == pytest.approx(brute, abs=1e-6)


def test_bad_input_names_the_argument():
    with pytest.raises(ValueError, match="sd"):
        worth_of_normal(0, -1)
    with pytest.raises(ValueError, match="likely"):
        worth_of_estimate(0, 2, 1, 3)
    with pytest.raises(ValueError, match="margin"):
        worth_of_estimate(float("nan"), 1, 2, 3)
