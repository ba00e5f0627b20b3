"""Lifetimes, guards, surveys, evidence."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.analysis import cashflow, evidence, guards, lifetime, survey
from scoring.analysis.cashflow import (
    internal_rates,
    monthly_rate,
    npv,
    payback_months,
    payback_period,
    profitability_index,
    retained_margin,
    return_on_investment,
    risked_npv,
)

NAN = float(np.nan)
# Called with kinds and options from tables here.
stream_factor: Any = cashflow.stream_factor
flow_factor: Any = cashflow.flow_factor


def test_margin_multiple_is_the_endless_sum():
    for growth in (0.0, 0.03):
        series = sum((0.8 / 1.1) ** t * (1 + growth) ** (t - 1) for t in range(1, 2000))
        assert lifetime.margin_multiple(0.8, 0.1, growth=growth) == pytest.approx(series)
    assert lifetime.margin_multiple(0.0, 0.1) == 0
    assert lifetime.finite_value(5, 0.8, 0.1, 2000) == pytest.approx(
        5 * float(lifetime.margin_multiple(0.8, 0.1))
    )
    assert lifetime.finite_value(5, 0.8, 0.1, 0) == 0


@pytest.mark.parametrize(
    ("retention", "discount", "growth", "name"),
    [
        (1.0, 0.0, 0.0, "retention"),
        (0.99, 0.01, 0.05, "retention"),
        (1.2, 0.5, 0.0, "retention"),
        (-0.1, 0.1, 0.0, "retention"),
        (0.5, -1.0, 0.0, "discount"),
        (0.5, 0.1, -1.0, "growth"),
    ],
)
def test_a_value_without_end_is_refused(retention, discount, growth, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        lifetime.margin_multiple(retention, discount, growth=growth)


def test_two_projects_on_the_same_customers_do_not_add_up():
    assert lifetime.combined_retention(0.8, 0.5, 0.5) == pytest.approx(0.95)
    assert lifetime.combined_retention(0.8) == pytest.approx(0.8)


def test_sbg_retention_rises_and_lifetime_is_the_discounted_sum():
    model = lifetime.ShiftedBetaGeometric(0.7, 1.2, 0.0)
    survival = model.survival(np.arange(6))
    assert survival[0] == 1
    assert model.retention(np.arange(1, 6)) == pytest.approx(survival[1:] / survival[:-1])
    assert (np.diff(model.retention(np.arange(1, 20))) > 0).all()
    far = model.survival(np.arange(3000))
    by_hand = sum(far[3 + t] / far[2] / 1.1**t for t in range(2000))
    assert model.residual_lifetime(3, 0.1) == pytest.approx(by_hand, rel=1e-9)


def test_sbg_recovers_its_own_curve():
    true = lifetime.ShiftedBetaGeometric(0.9, 2.5, 0.0)
    fit: Any = lifetime.fit_sbg(true.survival(np.arange(1, 12)))
    assert (fit.alpha, fit.beta) == (pytest.approx(0.9, rel=1e-4), pytest.approx(2.5, rel=1e-4))


@pytest.mark.parametrize(
    "survival", [[0.9, 0.8], [1.0, 0.8, 0.7], [0.9, 0.9, 0.8], [0.9, 0.8, 0.0], [0.9, NAN, 0.8]]
)
def test_a_curve_that_does_not_fall_is_refused(survival):
    with pytest.raises(ValueError, match=r"^survival:"):
        lifetime.fit_sbg(survival)


def guard(**changes):
    given = {"margin": 20.0, "retention": 0.97, "discount": 0.01, "cac": 120.0} | changes
    return guards.acquisition_guard(**given)


def test_acquisition_guard_levels():
    assert guard().verdict == "pass"
    assert guard(retention=0.92).verdict == "warn"
    assert guard(retention=0.80).verdict == "block"
    free = guard(cac=0)
    assert (free.ratio, free.payback, free.verdict) == (None, 0, "pass")
    assert guard(margin=-5).verdict == "block"
    assert guard(retention=0).ltv == 0
    slow = guard(margin=4, retention=0.999, cac=80)
    assert slow.ratio > 3
    assert (slow.late, slow.verdict) == (True, "warn")


def test_payback_counts_only_those_who_stay():
    """Without churn 120 / 20 is six months; with it later or never."""
    assert guards.survival_payback(margin=20, retention=1, discount=0, cost=120) == 6
    assert guards.survival_payback(margin=20, retention=0.97, discount=0.01, cost=120) == 8
    assert guards.survival_payback(margin=20, retention=0.8, discount=0.01, cost=120) is None


def keep(**changes):
    given = {
        "customers": 1000.0, "margin": 50.0, "retention": 0.8, "lift": 0.02, "discount": 0.1,
        "cost": 5000.0,
    }  # fmt: skip
    return guards.retention_guard(**(given | changes))


def test_retention_guard_compares_cost_and_value_of_a_saved_customer():
    result = keep()
    gain = 50 * (0.82 / 0.28 - 0.8 / 0.3)
    assert result.cost_per_saved == pytest.approx(250)
    assert result.value_per_saved == pytest.approx(gain / 0.02)
    assert result.net == pytest.approx(1000 * gain - 5000)
    even = keep(lift=result.break_even)
    assert even.net == pytest.approx(0, abs=1e-5)
    assert keep(cost=1e9).verdict == "block"
    assert keep(cost=1e9).break_even is None
    assert keep(lift=0).verdict == "block"
    assert keep(customers=0, cost=0).verdict == "unknown"
    assert keep(customers=0).cost_per_saved is None
    with pytest.raises(ValueError, match=r"^lift:"):
        keep(lift=0.3)


def test_a_lift_to_a_value_without_end_is_the_lift_s_fault():
    with pytest.raises(ValueError, match=r"^lift:"):
        guards.retention_guard(customers=1, margin=1, retention=0.9, lift=0.1, discount=0.0, cost=1)


def test_missing_cohort_retention_takes_the_worst_decile():
    assert guards.worst_decile_retention(np.linspace(0, 1, 11)) == pytest.approx(0.1)
    assert guards.worst_decile_retention([]) is None


def test_survey_measures_and_their_edges():
    assert survey.net_promoter(1, 0, 10).error == 0
    assert survey.net_promoter(0.5, 0.2, 0).value is None
    with pytest.raises(ValueError, match=r"^detractors:"):
        survey.net_promoter(0.8, 0.3, 10)
    box: Any = survey.top_box([5, 4, 3, NAN], threshold=4)
    assert (box.value, box.answers) == (pytest.approx(2 / 3), 3)
    assert survey.top_box([], threshold=4).value is None
    assert survey.mean_score([2.0]).error is None
    assert survey.mean_score([2.0, 4.0]).error == pytest.approx(1)
    assert survey.measurable(0.09, 0.0414)
    assert not survey.measurable(0.05, 0.0414)
    assert survey.lift([1.0], [0.0, 0.0]).error is None
    assert survey.lift([], [1.0]).lift is None


def test_shrinkage_and_reliability_are_two_views_of_one_thing():
    k = evidence.reliability(0.4, 0.3)
    assert k == pytest.approx(0.64)
    assert evidence.error_of(k, 0.4) == pytest.approx(0.3)
    assert evidence.error_of(0, 0.4) is None
    assert evidence.reliability(0, 0) == 1
    assert evidence.shrink([2.0, 0.0], [0.25, 1.0], 1.0).tolist() == [1.25, 0.0]
    assert evidence.aged_reliability(0.8, [0, 2, 4], 2).tolist() == pytest.approx([0.8, 0.4, 0.2])
    assert list(evidence.RELIABILITY.values()) == sorted(evidence.RELIABILITY.values())


def test_ones_own_record_replaces_the_reference_class_slowly():
    assert evidence.reference_class([], [], 0.8, fallback=0.4) == 0.4
    own = evidence.reference_class([100.0] * 20, [150.0] * 20, 0.8, fallback=0.1)
    assert own == pytest.approx(0.3)
    with pytest.raises(ValueError, match=r"^estimated:"):
        evidence.reference_class([0.0], [1.0], 0.5, fallback=0)
    assert evidence.haircut_benefit(100, 0.3) == pytest.approx(70)


def test_roi_edges():
    roi = return_on_investment([150.0, 10.0, -20.0], [100.0, 0.0, 50.0])
    assert roi.tolist() == pytest.approx([0.5, None, -1.4])
    assert profitability_index([150.0, 1.0], [100.0, 0.0]).tolist() == pytest.approx([1.5, None])
    with pytest.raises(ValueError, match=r"^cost:"):
        return_on_investment(1.0, -1.0)
    assert risked_npv(100, 30, 0.5) == 20


def test_rates_at_or_below_minus_one_are_refused():
    for call in (lambda: monthly_rate(-1), lambda: npv(-1.0, [1.0])):
        with pytest.raises(ValueError, match="rate:"):
            call()
    assert monthly_rate(0.1) == pytest.approx(1.1 ** (1 / 12) - 1)
    assert npv(0.1, []) == 0


def test_internal_rates_are_all_roots():
    assert internal_rates([-100, 110]) == pytest.approx((0.1,))
    assert internal_rates([-4000, 25000, -25000]) == pytest.approx((0.25, 4.0))
    assert internal_rates([100, 110]) == ()
    assert internal_rates([0, 0]) == ()


def test_streams_by_kind():
    years = {"yearly_rate": 0.1, "horizon_months": 24}
    level = flow_factor(**years)
    for kind in ("running", "retention", "enrichment", "cost_to_serve"):
        assert stream_factor(kind, **years) == level
    kept = stream_factor("acquisition", yearly_retention=0.95, **years)
    lost = stream_factor("acquisition", yearly_retention=0.6, **years)
    assert lost < kept < level
    assert stream_factor("cost_to_serve", yearly_retention=0.6, **years) == lost
    assert stream_factor("one_off", **years) == 1
    assert stream_factor("one_off", start_month=12, **years) == pytest.approx(1 / 1.1)
    assert stream_factor("one_off", start_month=25, **years) == 0
    for kind, retention in (("acquisition", None), ("running", 0.9), ("one_off", 0.9)):
        with pytest.raises(ValueError, match=r"^yearly_retention:"):
            stream_factor(kind, yearly_retention=retention, **years)
    with pytest.raises(ValueError, match=r"^kind:"):
        stream_factor("other", **years)


def test_payback_edges():
    assert payback_period([-10, 4, 6]) == 2
    assert payback_period([-10, 4]) is None
    assert payback_period([]) is None
    assert payback_period([0, 1]) == 0
    # What is spent later has not come back before.
    assert payback_period([0, -10, 4, 6]) == 3
    assert payback_period([5, -10, 4, 6]) == 3
    assert payback_period([0, 5, -10]) is None
    profile = np.array([[1.0, 0, 0, 0], [0, 1 / 3, 1 / 3, 1 / 3]])
    months = payback_months([60.0, 90.0], profile, [True, False], [0, 0], 2)
    assert months.tolist() == [2, None]


@given(rate=st.floats(-0.5, 2), years=st.integers(0, 30), lift=st.floats(0, 0.2))
def test_retained_margin_grows_with_the_lift(rate, years, lift):
    base = {"customers": 10, "margin": 2, "retention": 0.7, "yearly_rate": rate, "years": years}
    less, more = (retained_margin(lift=d, **base) for d in (lift, lift + 0.1))
    assert more >= less >= 0
    assert retained_margin(lift=0, **base) == 0


def test_payback_of_anything_is_silent():
    found = guards.survival_payback(margin=1, retention=1, discount=-0.9, cost=1e18)
    assert found is not None
    assert guards.survival_payback(margin=0, retention=1, discount=-0.9, cost=1) is None
