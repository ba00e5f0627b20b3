"""Money: present values, PERT draws, ROI."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from scoring.analysis import cashflow, money
from scoring.analysis.money import MoneyLines


def lines_of(proposals, *, keys=None, factor=1.0):
    """Build lines from [(low, likely, high, is_cost), ...] per proposal."""
    rows = [(*line, p, q) for p, lines in enumerate(proposals) for q, line in enumerate(lines)]
    low, likely, high, is_cost, home, line = (
        np.array(column) for column in zip(*rows, strict=True)
    )
    return MoneyLines(
        low=low.astype(float),
        likely=likely.astype(float),
        high=high.astype(float),
        factor=np.full(len(rows), factor),
        is_cost=is_cost.astype(bool),
        proposal=home,
        key=np.asarray(keys if keys is not None else np.arange(len(proposals)), dtype=np.uint64),
        line_key=line.astype(np.uint64),
    )


COST = (80.0, 100.0, 150.0, True)
GAIN = (90.0, 140.0, 260.0, False)
EXTRA = (-20.0, 5.0, 30.0, False)


def test_flow_factor_without_retention_is_twelfths_discounted_monthly():
    monthly = 1.1 ** (1 / 12)
    by_hand = sum(1 / 12 / monthly**t for t in range(4, 37))
    assert money.flow_factor(yearly_rate=0.1, horizon_months=36, start_month=3) == pytest.approx(
        by_hand, rel=1e-12
    )


@pytest.mark.parametrize("retention", [0.0, 0.6, 0.95, 1.0])
@pytest.mark.parametrize("start", [0, 5])
def test_acquisition_factor_equals_the_sum_over_cohorts(retention, start):
    monthly, kept, horizon = 1.1 ** (1 / 12), retention ** (1 / 12), 30
    by_hand = 0.0
    for cohort in range(start + 1, horizon + 1):
        for month in range(cohort, horizon + 1):
            by_hand += kept ** (month - cohort) / 144 / monthly**month
    factor = money.flow_factor(
        yearly_rate=0.1, horizon_months=horizon, start_month=start, yearly_retention=retention
    )
    assert factor == pytest.approx(by_hand, rel=1e-12)


@pytest.mark.parametrize("retention", [None, 0.0, 0.6, 1.0])
@pytest.mark.parametrize(
    ("ramp", "end"), [(0, None), (6, None), (0, 14), (6, 14), (40, 8), (1, 30)]
)
def test_what_grows_and_ends_equals_the_sum_over_months(retention, ramp, end):
    monthly, horizon, start = 1.1 ** (1 / 12), 30, 4
    by_hand = 0.0
    for coming in range(start + 1, horizon + 1):
        share = min(1.0, (coming - start) / ramp) if ramp else 1.0
        if end is not None and coming > end:
            share = 0.0
        if retention is None:
            by_hand += share / 12 / monthly**coming
            continue
        for month in range(coming, horizon + 1):
            by_hand += share * retention ** ((month - coming) / 12) / 144 / monthly**month
    factor = money.flow_factor(
        yearly_rate=0.1,
        horizon_months=horizon,
        start_month=start,
        yearly_retention=retention,
        ramp_months=ramp,
        end_month=end,
    )
    assert factor == pytest.approx(by_hand, rel=1e-12)


def test_months_that_cannot_be_are_refused_by_name():
    for wrong, name in (({"ramp_months": -1}, "ramp_months"), ({"end_month": 3}, "end_month")):
        with pytest.raises(ValueError, match=name):
            money.flow_profile(horizon_months=12, start_month=3, **wrong)


def test_a_flow_that_starts_at_the_horizon_is_worth_nothing():
    assert money.flow_factor(yearly_rate=0.1, horizon_months=12, start_month=12) == 0.0
    assert money.flow_factor(yearly_rate=0.1, horizon_months=12, start_month=20) == 0.0
    assert money.flow_factor(yearly_rate=0.0, horizon_months=0) == 0.0


def test_draws_follow_the_pert_distribution():
    one = lines_of([[(1.0, 1.0, 1.0, True), (3.0, 5.0, 10.0, False)]])
    roi = np.sort(money.draw_roi(one, 0, 8192, seed=5)[0]) + 1.0
    exact = money.pert_quantile(
        (np.arange(8192) // 2 + 0.5) / 4096, *(np.full(8192, x) for x in (3.0, 5.0, 10.0))
    )
    assert np.abs(roi - exact).max() < 1e-3


def test_figures_agree_with_a_plain_simulation():
    book = lines_of([[COST, GAIN, EXTRA]], factor=1.7)
    result = money.simulate(book, seed=3)
    rng = np.random.default_rng(0)

    def plain(low, likely, high, _):
        span = high - low
        a, b = 1 + 4 * (likely - low) / span, 1 + 4 * (high - likely) / span
        return 1.7 * (low + span * rng.beta(a, b, 400_000))

    cost, gain = plain(*COST), plain(*GAIN) + plain(*EXTRA)
    roi = gain / cost - 1
    assert result.cost_mean[0] == pytest.approx(1.7 * (80 + 400 + 150) / 6)
    assert result.npv_mean[0] == pytest.approx((gain - cost).mean(), rel=0.01)
    assert result.roi_mean[0] == pytest.approx(roi.mean(), abs=0.01)
    for name, share in (("roi_p10", 10), ("roi_p50", 50), ("roi_p90", 90)):
        assert getattr(result, name)[0] == pytest.approx(np.percentile(roi, share), abs=0.02)
    assert result.p_loss[0] == pytest.approx((gain < cost).mean(), abs=0.01)
    worst = np.sort(gain - cost)[:40_000].mean()
    assert result.cvar10[0] == pytest.approx(worst, abs=2.0)
    assert result.deterministic[0] == pytest.approx(
        float(result.benefit_mean[0] / result.cost_mean[0] - 1)
    )


def test_blocks_threads_order_and_company_change_nothing():
    three = lines_of([[COST, GAIN], [COST, GAIN, EXTRA], [COST]], keys=[7, 8, 9])
    alone = lines_of([[COST, GAIN, EXTRA]], keys=[8])
    whole = money.draw_roi(three, 0, 9000, seed=1)
    cuts = [0, 1, 700, 4096, 5000, 9000]
    parts = [money.draw_roi(three, a, b, seed=1, threads=2) for a, b in itertools.pairwise(cuts)]
    assert np.concatenate(parts, axis=1).tobytes() == whole.tobytes()
    assert money.draw_roi(alone, 0, 9000, seed=1)[0].tobytes() == whole[1].tobytes()
    shuffled = np.array([4, 2, 0, 5, 1, 3])
    draw = money.roi_draws(three, seed=1)
    assert draw(700, 4096).tobytes() == whole[:, 700:4096].tobytes()
    mixed = MoneyLines(
        low=three.low[shuffled],
        likely=three.likely[shuffled],
        high=three.high[shuffled],
        factor=three.factor[shuffled],
        is_cost=three.is_cost[shuffled],
        proposal=three.proposal[shuffled],
        key=three.key,
        line_key=three.line_key[shuffled],
    )
    assert money.draw_roi(mixed, 0, 9000, seed=1).tobytes() == whole.tobytes()
    one, two = money.simulate(three, seed=1), money.simulate(mixed, seed=1, threads=2)
    for name in MoneyLines.__slots__:
        assert hasattr(three, name)
    for name in type(one).__slots__:
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()
    assert one.roi_p50.mask.tolist() == [False, False, True]
    assert money.simulate(three, seed=2).roi_p10[0] != one.roi_p10[0]


def test_simulate_summarises_the_draws_of_draw_roi():
    book = lines_of([[COST, GAIN]])
    roi = money.draw_roi(book, 0, 3001, seed=9)[0].astype(float)
    result = money.simulate(book, draws=3001, seed=9)
    assert result.roi_mean[0] == pytest.approx(roi.mean(), abs=1e-6)
    for name, share in (("roi_p10", 10), ("roi_p50", 50), ("roi_p90", 90)):
        assert getattr(result, name)[0] == pytest.approx(np.percentile(roi, share), abs=1e-6)


def test_simulate_hands_out_the_draws_of_draw_roi():
    three = lines_of([[COST, GAIN], [COST, GAIN, EXTRA], [COST]], keys=[7, 8, 9])
    out = np.full((3, 5000), np.nan, dtype=np.float32)
    with_draws = money.simulate(three, draws=5000, seed=1, threads=2, out=out)
    assert out.tobytes() == money.draw_roi(three, 0, 5000, seed=1).tobytes()
    assert (
        with_draws.roi_p10.tobytes() == money.simulate(three, draws=5000, seed=1).roi_p10.tobytes()
    )
    with pytest.raises(ValueError, match=r"out: float32 of shape \(3, 5000\) expected"):
        money.simulate(three, draws=5000, seed=1, out=out[:2])


def test_equal_proposals_win_about_half_of_the_draws():
    shares = []
    for pair in range(60):
        book = lines_of([[COST, GAIN], [COST, GAIN]], keys=[2 * pair, 2 * pair + 1])
        roi = money.draw_roi(book, 0, 10_000, seed=4)
        shares.append((roi[0] > roi[1]).mean())
        assert abs(np.asarray(np.corrcoef(roi))[0, 1]) < 0.05
    assert np.abs(np.array(shares) - 0.5).max() < 0.025
    assert abs(np.mean(shares) - 0.5) < 0.004


def test_stream_pairs_are_as_independent_as_random_shuffles():
    from scoring.analysis.streams import strata, stream_keys

    places = strata(stream_keys(11, np.arange(120, dtype=np.uint64)), 0, 4096)
    assert all(len(np.unique(row)) == 4096 for row in places)
    cells = (places >> 8).astype(np.int64)
    figures = []
    for a, b in zip(cells, np.roll(cells, 1, axis=0), strict=True):
        count = np.bincount(a * 16 + b, minlength=256)
        figures.append(((count - 16) ** 2 / 16).sum())
    # With fixed margins the statistic has 15 x 15 degrees of freedom.
    assert stats.kstest(figures, stats.chi2(225).cdf).pvalue > 1e-4


def test_what_is_not_costed_is_masked_not_guessed():
    book = lines_of(
        [
            [COST],
            [GAIN],
            [(0.0, 0.0, 0.0, True), GAIN],
            [COST, (0.0, 0.0, 0.0, False)],
            [(-30.0, -20.0, -10.0, True), COST],
        ]
    )
    result = money.simulate(book, draws=200, seed=1)
    assert result.roi_mean.mask.tolist() == [True, True, True, False, False]
    assert result.roi_mean[3] == -1.0
    assert result.p_loss[3] == 1.0
    # A cost below zero is a saving: 20 a year of benefit.
    assert result.benefit_mean[4] == pytest.approx(20.0)
    empty = np.empty(0)
    nobody = MoneyLines(
        empty, empty, empty, empty, empty.astype(bool), empty.astype(int), empty.astype(np.uint64),
        empty.astype(np.uint64),
    )  # fmt: skip
    assert len(money.simulate(nobody, seed=1).roi_mean) == 0
    assert money.draw_roi(nobody, 0, 5, seed=1).shape == (0, 5)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"low": np.array([200.0, 90.0])}, "likely"),
        ({"low": np.array([-1.0, 90.0])}, "low"),
        ({"factor": np.array([-1.0, 1.0])}, "factor"),
        ({"proposal": np.array([0, 1])}, "proposal"),
        ({"line_key": np.array([1, 1], dtype=np.uint64)}, "line_key"),
        ({"likely": np.array([np.nan, 90.0])}, "likely"),
    ],
)
def test_errors_name_the_argument(change, name):
    good = lines_of([[COST, GAIN]])
    fields = {field: getattr(good, field) for field in MoneyLines.__slots__} | change
    with pytest.raises(ValueError, match=rf"^{name}:"):
        money.simulate(MoneyLines(**fields), seed=1)


@given(
    points=st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3).map(sorted),
    lam=st.sampled_from([0.0, 2.0, 4.0, 6.0]),
)
@settings(max_examples=50, deadline=None)
def test_pert_mean_and_sd_are_those_of_the_beta(points, lam):
    low, likely, high = points
    mean = money.pert_mean(low, likely, high, lam)
    sd = money.pert_sd(low, likely, high, lam)
    assert low - 1e-6 <= mean <= high + 1e-6
    if high - low > 1e-3:
        place = (likely - low) / (high - low)
        beta = stats.beta(1 + lam * place, 1 + lam * (1 - place), loc=low, scale=high - low)
        assert mean == pytest.approx(beta.mean(), rel=1e-9, abs=1e-6)
        assert sd == pytest.approx(beta.std(), rel=1e-6, abs=1e-6)


def test_internal_rates_of_any_flows():
    rates = cashflow.internal_rates
    assert rates([-1600, 10000, -10000]) == pytest.approx((0.25, 4.0))
    assert rates([-1, 2.2, -1.21]) == pytest.approx((0.1,))
    assert rates([-200_000] + [1199.1010503] * 360) == pytest.approx((0.005,))
    assert rates([0, 0, -1, 1.1]) == pytest.approx((0.1,))
    assert rates([1, 1]) == rates([]) == rates([0, 0]) == ()


def test_payback_knows_no_unit():
    assert cashflow.payback_period([-1e-10, 5e-11, 6e-11]) == 2
