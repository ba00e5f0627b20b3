"""What must hold for any input: order, company, scale, sums and direction."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scoring.analysis import (
    agreement,
    ahp,
    calibration,
    cashflow,
    evidence,
    guards,
    impact,
    lifetime,
    money,
    severity,
    survey,
)
from scoring.analysis.money import MoneyLines
from scoring.analysis.robustness import p_funded, rank_bands
from scoring.analysis.uncertainty import block_makers, concentration, uniform_weights

NAN = float(np.nan)
LEVELS = st.integers(0, 4).map(float)


@st.composite
def futures(draw):
    """Values of n proposals in d draws, with many ties, and an order among equals."""
    n, d = draw(st.integers(1, 9)), draw(st.integers(1, 30))
    values = draw(arrays(float, (n, d), elements=LEVELS))
    ties = np.array(draw(st.permutations(range(n))))
    kind = draw(st.sampled_from([np.float32, np.float64]))
    return values.astype(kind), ties


@given(given=futures(), cut=st.integers(0, 30), data=st.data())
@settings(max_examples=60, deadline=None)
def test_ranks_of_draws_share_out_every_place(given, cut, data):
    values, ties = given
    n, d = values.shape
    parts = [part for part in (values[:, :cut], values[:, cut:]) if part.shape[1]]
    bands = rank_bands(parts, tie_order=ties, threads=2)
    table = bands.acceptability()
    # Counts are whole, so both sums are exact.
    assert (bands.counts.sum(axis=0) == d).all()
    assert (bands.counts.sum(axis=1) == d).all()
    assert table.sum(axis=0) == pytest.approx(np.ones(n))
    assert table.sum(axis=1) == pytest.approx(np.ones(n))
    assert bands.mean_rank.sum() == pytest.approx(n * (n + 1) / 2)
    chances = [bands.p_top(k) for k in range(1, n + 1)]
    assert [float(chance.sum()) for chance in chances] == pytest.approx(list(range(1, n + 1)))
    assert (np.diff(np.array(chances), axis=0) >= 0).all()
    assert (bands.best <= bands.p10).all()
    assert (bands.p10 <= bands.p50).all()
    assert (bands.p50 <= bands.p90).all()
    assert (bands.p90 <= bands.worst).all()
    mixed = np.array(data.draw(st.permutations(range(n))))
    turned = rank_bands([values[mixed]], tie_order=ties[mixed])
    assert turned.acceptability().tobytes() == table[mixed].tobytes()
    cost = np.arange(n, dtype=float)
    chance = p_funded([values], cost, n, tie_order=ties)
    again = p_funded(parts, cost, n, tie_order=ties, threads=2)
    assert again.tobytes() == chance.tobytes()
    assert p_funded([values[mixed]], cost[mixed], n, tie_order=ties[mixed]).tobytes() == (
        chance[mixed].tobytes()
    )


@given(values=arrays(float, (6, 3), elements=st.integers(0, 10).map(lambda x: 10.0 * x)))
@settings(max_examples=30, deadline=None)
def test_a_dominated_proposal_is_in_no_future_above(values):
    makers = block_makers(values, uniform_weights(np.arange(3, dtype=np.uint64), 1), draws=200)
    drawn = np.concatenate([make() for make in makers], axis=1)
    for i in range(6):
        for j in range(6):
            if (values[i] >= values[j]).all():
                assert (drawn[i] >= drawn[j]).all()
            if (values[i] == values[j]).all():
                assert drawn[i].tobytes() == drawn[j].tobytes()


AMOUNT = st.floats(0, 1e6)
POINTS = st.lists(AMOUNT, min_size=3, max_size=3).map(sorted)


def one_proposal(cost, gain, more_cost=0.0, more_gain=0.0):
    rows = np.array([cost, gain]) + np.array([[more_cost], [more_gain]])
    return MoneyLines(
        low=rows[:, 0], likely=rows[:, 1], high=rows[:, 2],
        factor=np.array([1.0, 2.0]), is_cost=np.array([True, False]), proposal=np.array([0, 0]),
        key=np.array([3], dtype=np.uint64), line_key=np.array([1, 2], dtype=np.uint64),
    )  # fmt: skip


@given(cost=POINTS, gain=POINTS, step=st.floats(1.0, 1e5))
@settings(max_examples=40, deadline=None)
def test_more_cost_never_pays_and_more_benefit_never_hurts(cost, gain, step):
    base = np.array(cost) + 10.0
    now = money.simulate(one_proposal(base, gain), draws=500, seed=1)
    richer = money.simulate(one_proposal(base, gain, more_gain=step), draws=500, seed=1)
    dearer = money.simulate(one_proposal(base, gain, more_cost=step), draws=500, seed=1)
    size = max(np.max(base), np.max(gain), step)
    for name in ("roi_mean", "roi_p10", "roi_p90", "npv_mean", "npv_p10", "npv_p90", "cvar10"):
        one, more, less = (getattr(result, name)[0] for result in (now, richer, dearer))
        slack = 1e-5 * (size if name.startswith(("npv", "cvar")) else size / base[0])
        assert less - slack <= one <= more + slack
    assert richer.p_loss[0] <= now.p_loss[0] <= dearer.p_loss[0]
    for result in (now, richer, dearer):
        for name in type(result).__slots__:
            assert np.isfinite(getattr(result, name).data).all()


@given(
    kept=st.floats(0, 0.95),
    more=st.floats(0, 0.05),
    rate=st.floats(0.01, 1),
    start=st.integers(0, 12),
)
@settings(max_examples=60, deadline=None)
def test_keeping_customers_is_worth_more_and_waiting_less(kept, more, rate, start):
    multiple = lifetime.margin_multiple
    assert multiple(kept + more, rate) >= multiple(kept, rate)
    assert multiple(kept, rate) >= multiple(kept, rate * 2)
    factor = {"yearly_rate": rate, "horizon_months": 36, "start_month": start}
    flow: Any = cashflow.flow_factor
    assert flow(**factor, yearly_retention=kept + more) >= flow(**factor, yearly_retention=kept)
    assert flow(**factor) >= flow(**factor | {"start_month": start + 1})
    assert flow(**factor) >= flow(**factor | {"yearly_rate": rate * 2})
    assert flow(**factor | {"horizon_months": 48}) >= flow(**factor)
    guard: Any = guards.acquisition_guard
    terms = {"margin": 20.0, "discount": rate, "cac": 50.0}
    one, two = guard(**terms, retention=kept), guard(**terms, retention=kept + more)
    assert two.ratio >= one.ratio
    assert (two.payback or 10**6) <= (one.payback or 10**6)


@given(estimate=st.floats(-5, 5), prior=st.floats(-5, 5), k=st.floats(0, 1), other=st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_better_evidence_moves_less_far_towards_the_prior(estimate, prior, k, other):
    weak, strong = sorted((k, other))
    far, near = (abs(float(evidence.shrink(estimate, x, prior)) - estimate) for x in (weak, strong))
    assert near <= far + 1e-12
    assert near == pytest.approx((1 - strong) * abs(estimate - prior), abs=1e-12)


@given(
    reach=arrays(float, 4, elements=st.floats(0, 1e6)),
    effect=arrays(float, 4, elements=st.floats(-3, 3)),
    sure=arrays(float, 4, elements=st.floats(0, 1)),
)
@settings(max_examples=40, deadline=None)
def test_impact_follows_the_sign_of_the_effect(reach, effect, sure):
    home, weight = np.array([0, 0, 1, 2]), np.ones(4)
    now = impact.impact_points(reach, effect, sure, weight, home, 3)
    wider = impact.impact_points(reach + 10, effect, sure, weight, home, 3)
    moved = wider.rows - now.rows
    assert (np.sign(moved) * np.sign(effect) >= 0).all()
    longer = impact.impact_points(
        np.r_[reach, 5], np.r_[effect, 1], np.r_[sure, 1], np.ones(5), np.r_[home, 3], 4
    )
    assert longer.total[:3].tolist() == now.total.tolist()
    assert now.nobody[0] == (reach[:2].sum() == 0)


@given(
    table=arrays(float, (7, 4), elements=st.integers(0, 9).map(lambda x: x * 0.3)), data=st.data()
)
@settings(max_examples=40, deadline=None)
def test_the_order_of_rows_does_not_reach_the_last_bit(table, data):
    row = np.array(data.draw(st.permutations(range(7))))
    seat = np.array(data.draw(st.permutations(range(4))))
    mixed = table[row][:, seat]
    assert agreement.intraclass_correlations(mixed) == agreement.intraclass_correlations(table)
    assert agreement.kendall_w(mixed) == agreement.kendall_w(table)
    for metric in agreement.METRICS:
        alpha = agreement.krippendorff_alpha(table, metric=metric)
        assert agreement.krippendorff_alpha(mixed, metric=metric) == alpha
    means = agreement.panel_mean(table, worst_share=1e-4)
    assert agreement.panel_mean(mixed, worst_share=1e-4).tobytes() == means[row].tobytes()
    said, came, low, high = table[:, 0] + 1, table[:, 1] + 1, table[:, 2], table[:, 2] + table[:, 3]
    middle = (low + high) / 2
    for measure in (
        lambda at: calibration.forecast_errors(said[at], came[at]),
        lambda at: calibration.brier(said[at] / 4, (came[at] > 2).astype(float)),
        lambda at: calibration.pinball(said[at], came[at], 0.1),
        lambda at: calibration.interval_score(low[at], high[at], came[at]),
        lambda at: calibration.hit_rate(low[at], high[at], came[at]),
        lambda at: calibration.width_factor(low[at], middle[at], high[at], came[at]),
        lambda at: calibration.bias_factor(said[at], came[at]),
        lambda at: calibration.refit_reliability(said[at], came[at], 0.7, 0.5),
        lambda at: evidence.reference_class(said[at], came[at], 0.8, fallback=0.1),
        lambda at: survey.lift(said[at], came[at]),
        lambda at: survey.mean_score(said[at]),
        lambda at: survey.top_box(said[at], threshold=2),
    ):
        assert measure(row) == measure(np.arange(7))
    members = (table + 0.1) / (table + 0.1).sum(axis=1, keepdims=True)
    assert concentration(members[row]) == concentration(members)
    for geometric in (False, True):
        share = np.full(7, 1 / 7)
        one = ahp.aggregate_priorities(members, share, geometric=geometric)
        two = ahp.aggregate_priorities(members[row], share, geometric=geometric)
        assert one.tobytes() == two.tobytes()
    matrices = members[:, :, None] / members[:, None, :]
    whole = ahp.aggregate_judgments(matrices)
    assert ahp.aggregate_judgments(matrices[row]).tobytes() == whole.tobytes()


def test_severity_of_a_rater_with_one_score_is_held_back_and_nothing_is_clipped():
    item = [0, 0, 0, 1, 1, 1, 2, 2, 2, 2]
    rater = [0, 1, 2, 0, 1, 2, 0, 1, 2, 3]
    score = [3.0, 3.2, 3.1, 4.0, 4.1, 4.2, 2.0, 2.1, 2.2, 5.0]
    plain = severity.adjust(item, rater, score, 3, 4, shrinkage=0)
    held = severity.adjust(item, rater, score, 3, 4, shrinkage=10)
    assert plain.effect[3] == pytest.approx(2.175)
    assert 0 < held.effect[3] < plain.effect[3] / 10
    edge = severity.adjust([0, 0, 1], [0, 1, 1], [5.0, 3.0, 5.0], 2, 2, shrinkage=0)
    # Only the severe rater saw the second item: it is worth more than the scale has.
    assert edge.adjusted.tolist() == pytest.approx([4.0, 6.0])
