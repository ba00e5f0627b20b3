"""Forecast against outcome."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scoring.analysis import calibration
from scoring.analysis.templates import TEMPLATES, off_scale, quadrants, template_score

NAN = float(np.nan)


def test_what_is_undefined_is_none():
    empty = calibration.forecast_errors([], [])
    assert (empty.n, empty.log_bias, empty.wape) == (0, None, None)
    zero = calibration.forecast_errors([1.0, 2.0], [0.0, 2.0])
    assert (zero.mape, zero.log_bias) == (None, None)
    assert zero.wape == pytest.approx(0.5)
    assert calibration.forecast_errors([1.0], [0.0]).wape is None
    assert calibration.forecast_errors([0.0], [1.0]).signed is None
    assert calibration.brier([], []).score is None
    assert calibration.brier_classes(np.empty((0, 2)), []) is None
    assert calibration.pinball([], [], 0.1) is None
    assert calibration.interval_score([], [], []) is None
    assert calibration.hit_rate([], [], []).rate is None


def test_bias_is_symmetric_in_logs():
    errors = calibration.forecast_errors([100, 100], [200, 50])
    assert errors.log_bias == pytest.approx(0)
    assert errors.signed == pytest.approx(0.25)
    assert calibration.bias_factor([100] * 10, [200] * 10).factor == pytest.approx(2**0.5)


@given(
    p=arrays(float, 30, elements=st.sampled_from([0.1, 0.4, 0.7])),
    o=arrays(float, 30, elements=st.sampled_from([0.0, 1.0])),
)
@settings(max_examples=40, deadline=None)
def test_murphy_parts_sum_to_the_score(p, o):
    result: Any = calibration.brier(p, o)
    parts = result.reliability - result.resolution + result.uncertainty
    assert parts == pytest.approx(result.score, abs=1e-12)


def test_quantiles_minimise_the_pinball_loss():
    outcomes = np.random.default_rng(0).normal(size=2001)
    losses: Any = {
        q: calibration.pinball(np.full(2001, np.quantile(outcomes, q)), outcomes, 0.1)
        for q in (0.05, 0.1, 0.15)
    }
    assert min(losses, key=losses.get) == 0.1


def test_interval_score_punishes_misses_and_width():
    assert calibration.interval_score([0], [10], [5]) == 10
    assert calibration.interval_score([0], [10], [12]) == pytest.approx(10 + 10 * 2)
    assert calibration.interval_score([0], [10], [-1]) == pytest.approx(10 + 10)


def test_jeffreys_band():
    some: Any = calibration.hit_rate(
        np.zeros(20), np.ones(20), np.r_[np.full(16, 0.5), np.full(4, 2)]
    )
    assert some.rate == 0.8
    assert (some.low, some.high) == (
        pytest.approx(0.5924, abs=1e-3),
        pytest.approx(0.9286, abs=1e-3),
    )
    every: Any = calibration.hit_rate([0.0] * 5, [1.0] * 5, [0.5] * 5)
    assert every.high == 1.0
    assert every.low < 0.8
    none = calibration.hit_rate([0.0] * 5, [1.0] * 5, [5.0] * 5)
    assert none.low == 0.0


def test_intervals_learn_their_width():
    low, mid, high = np.full(40, -1.0), np.zeros(40), np.ones(40)
    actual = np.linspace(-2, 2, 40)
    learned = calibration.width_factor(low, mid, high, actual)
    assert 1.0 < learned.factor < 1.6
    wider = calibration.hit_rate(mid - 1.6, mid + 1.6, actual)
    assert wider.rate == pytest.approx(0.8)
    flat = calibration.width_factor([1.0], [1.0], [1.0], [3.0])
    assert (flat.factor, flat.applies) == (1.0, False)


def test_reliability_is_refitted_and_held_back():
    forecast = np.linspace(0, 2, 60)
    learned = calibration.refit_reliability(forecast, 0.5 + 0.4 * (forecast - 0.5), 0.5, 0.8)
    assert learned.factor == pytest.approx(0.8 + 60 / 80 * (0.4 - 0.8))
    assert learned.applies
    few = calibration.refit_reliability([1.0], [1.0], 0.5, 0.2)
    assert not few.applies
    assert few.factor == pytest.approx(0.2 + 1 / 21 * 0.8)
    same = calibration.refit_reliability([0.5, 0.5], [1.0, 2.0], 0.5, 0.3)
    assert (same.factor, same.applies) == (0.3, False)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: calibration.brier([1.2], [1]), "probability"),
        (lambda: calibration.brier([0.2], [0.5]), "outcome"),
        (lambda: calibration.brier_classes([[0.5, 0.6]], [0]), "probability"),
        (lambda: calibration.brier_classes([[0.5, 0.5]], [2]), "outcome"),
        (lambda: calibration.pinball([1], [1], 1.0), "quantile"),
        (lambda: calibration.interval_score([2], [1], [1]), "high"),
        (lambda: calibration.interval_score([1], [2], [1], alpha=0), "alpha"),
        (lambda: calibration.bias_factor([0.0], [1.0]), "forecast"),
        (lambda: calibration.forecast_errors([1.0], [1.0, 2.0]), "actual"),
        (lambda: calibration.refit_reliability([1.0], [1.0], 0, 1.5), "assumed"),
    ],
)
def test_errors_name_the_argument(call, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        call()


def test_templates_do_not_divide_by_nothing():
    rice = TEMPLATES["rice"]
    score = template_score(rice, [[100.0, 2.0, 1.0], [100.0, NAN, 1.0], [0.0, 2.0, 1.0]], [0, 1, 1])
    assert score.tolist() == [None, None, 0.0]
    joint = TEMPLATES["joint"]
    assert sum(criterion.weight for criterion in joint.criteria) == pytest.approx(1)
    assert template_score(joint, [[50.0] * 5]).tolist() == pytest.approx([50])
    with pytest.raises(ValueError, match=r"^divisor:"):
        template_score(joint, [[50.0] * 5], [1.0])
    with pytest.raises(ValueError, match=r"^scores:"):
        template_score(joint, [[50.0]])


def test_scales_of_a_template_know_their_levels():
    impact, effort = TEMPLATES["rice"].criteria[1], TEMPLATES["rice"].divisor
    assert effort is not None
    assert off_scale(impact, [3, 0.25, 0.3, NAN]).tolist() == [False, False, True, False]
    assert off_scale(effort, [0.5, 0.4, 90]).tolist() == [False, True, False]


def test_quadrants_show_their_cut_lines():
    names, cut = quadrants([1, 5, 9, 7], [1, 8, 2, 9])
    assert names == ("fill in", "drop", "quick win", "big bet")
    assert cut.tolist() == [6, 5]
    assert quadrants([], [])[0] == ()


class TestForetold:
    def test_the_band_is_fishers_with_the_variance_of_ranks(self):
        # d = 1, 1, 0, 0, 1, 1: rho = 1 - 6 x 4 / (6 x 35) = 0.885714
        found: Any = calibration.foretold([1, 2, 3, 4, 5, 6], [2, 1, 3, 4, 6, 5])
        assert (found.n, found.rho) == (6, pytest.approx(1 - 24 / 210))
        half = 1.959964 * np.sqrt(1.06 / 3)
        assert found.low == pytest.approx(np.tanh(np.arctanh(found.rho) - half), abs=1e-6)
        assert found.high == pytest.approx(np.tanh(np.arctanh(found.rho) + half), abs=1e-6)

    def test_only_the_order_counts(self):
        near = calibration.foretold([1, 2, 3, 5, 4], [10, 20, 30, 40, 50])
        assert near == calibration.foretold([1, 2, 3, 500, 4], [-1, 0, 1e6, 2e6, 3e6])

    def test_a_perfect_order_has_no_width(self):
        found = calibration.foretold([1, 2, 3, 4], [1, 4, 9, 16])
        assert (found.rho, found.low, found.high) == (1.0, 1.0, 1.0)

    @pytest.mark.parametrize(
        ("judged", "actual"), [([], []), ([1, 2, 3], [1, 2, 3]), ([5] * 6, range(6))]
    )
    def test_it_is_undefined_with_too_few_or_without_differences(self, judged, actual):
        found = calibration.foretold(judged, list(actual))
        assert (found.n, found.rho, found.low, found.high) == (len(judged), None, None, None)
