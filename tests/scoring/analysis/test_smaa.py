"""Draws of weights, scores and values; SMAA indices; dominance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from scoring.analysis import dominance, smaa, uncertainty
from scoring.analysis.money import MoneyLines, roi_draws
from scoring.analysis.robustness import rank_bands
from scoring.analysis.value import additive_value, piecewise_linear

NAN = float(np.nan)
KEYS = np.array([11, 22, 33, 44], dtype=np.uint64)


def test_uniform_weights_have_the_moments_of_the_simplex():
    drawn = uncertainty.uniform_weights(KEYS, 1)(0, 20_000)
    assert drawn.sum(axis=1) == pytest.approx(np.ones(20_000), abs=1e-5)
    assert drawn.mean(axis=0) == pytest.approx([0.25] * 4, abs=0.003)
    # Dirichlet(1, 1, 1, 1): var = 3 / 80, covariance = -1 / 80.
    covariance = np.cov(drawn.T)
    assert np.diag(covariance) == pytest.approx([3 / 80] * 4, abs=0.001)
    assert covariance[0, 1:] == pytest.approx([-1 / 80] * 3, abs=0.001)


def test_ordinal_weights_keep_the_order_and_average_to_the_centroid():
    drawn = uncertainty.ordinal_weights([2, 1, 4, 3], KEYS, 1)(0, 20_000)
    assert (drawn[:, 1] >= drawn[:, 0]).all()
    assert (drawn[:, 0] >= drawn[:, 3]).all()
    assert drawn[:, [1, 0, 3, 2]].mean(axis=0) == pytest.approx(
        [0.5208, 0.2708, 0.1458, 0.0625], abs=0.003
    )
    tied = uncertainty.ordinal_weights([1, 2, 2, 3], KEYS, 1)(0, 20_000)
    assert tied[:, 1].mean() == pytest.approx(tied[:, 2].mean(), abs=0.003)
    assert (tied[:, 1] > tied[:, 2]).mean() == pytest.approx(0.5, abs=0.02)
    assert (tied[:, 0] >= tied[:, 1:].max(axis=1)).all()


def test_panel_weights_match_mean_and_variance():
    mean = np.array([0.4, 0.3, 0.3, 0.0])
    drawn = uncertainty.panel_weights(mean, 30.0, KEYS, 1)(0, 20_000)
    assert drawn.mean(axis=0) == pytest.approx(mean, abs=0.003)
    assert drawn.var(axis=0)[:3] == pytest.approx(mean[:3] * (1 - mean[:3]) / 31, rel=0.05)
    certain = uncertainty.panel_weights(mean, float("inf"), KEYS, 1)(0, 5)
    assert certain == pytest.approx(np.tile(mean, (5, 1)))


def test_concentration_comes_from_the_members():
    rng = np.random.default_rng(0)
    members = rng.dirichlet([20, 12, 8], size=400)
    assert uncertainty.concentration(members) == pytest.approx(40, rel=0.2)
    assert uncertainty.concentration([[0.5, 0.5]]) == 10
    assert uncertainty.concentration([[0.5, 0.5]] * 3) == float("inf")
    assert uncertainty.concentration([[1.0, 0.0], [0.0, 1.0]]) == 10


def test_score_draws_are_truncated_normals():
    means, errors = [3.0, 97.0, 50.0, NAN, 20.0], [10.0, 4.0, 5.0, 1.0, 0.0]
    keys = np.arange(5, dtype=np.uint64)
    drawn = uncertainty.score_draws(means, errors, keys, 5)(0, 8192)
    for row, mean, error in zip(drawn[:3], means, errors, strict=False):
        exact = stats.truncnorm(-mean / error, (100 - mean) / error, loc=mean, scale=error)
        assert row.mean() == pytest.approx(exact.mean(), abs=0.02)
        assert row.std() == pytest.approx(exact.std(), abs=0.02)
        assert row.min() >= 0
        assert row.max() <= 100
    assert (drawn[3] == 0).all()
    assert (drawn[4] == 20).all()
    far = uncertainty.score_draws([130.0], [2.0], keys[:1], 5)(0, 100)
    assert (far == 100).all()


def everything(n=6):
    rng = np.random.default_rng(3)
    values = rng.uniform(0, 100, (n, 4))
    values[1, 2] = NAN
    keys = rng.integers(0, 2**63, n).astype(np.uint64)
    return values, keys


def blocks_of(values, keys, block=1000, rows=slice(None)):
    first = uncertainty.proposal_criterion_keys(keys, 7)
    scores = uncertainty.score_draws(
        values[rows, 0], np.full(len(values[rows]), 5.0), first[rows], 1
    )
    parts = uncertainty.value_blocks(
        values[rows], uncertainty.uniform_weights(KEYS, 1), draws=5000, block=block,
        computed={0: scores},
    )  # fmt: skip
    return np.concatenate(list(parts), axis=1)


def test_blocks_and_company_change_no_draw():
    values, keys = everything()
    whole = blocks_of(values, keys)
    assert blocks_of(values, keys, block=777).tobytes() == whole.tobytes()
    some = [4, 1]
    assert blocks_of(values, keys, rows=some).tobytes() == whole[some].tobytes()


def test_money_scores_and_weights_are_drawn_together():
    one = np.array([1, 2], dtype=np.uint64)
    lines = MoneyLines(
        low=np.array([90.0, 100.0, 90.0, 100.0]),
        likely=np.array([100.0, 150.0, 100.0, 150.0]),
        high=np.array([120.0, 240.0, 120.0, 240.0]),
        factor=np.ones(4),
        is_cost=np.array([True, False, True, False]),
        proposal=np.array([0, 0, 1, 1]),
        key=one,
        line_key=np.array([1, 2, 1, 2], dtype=np.uint64),
    )
    roi = roi_draws(lines, seed=3)
    makers = uncertainty.block_makers(
        [[50.0, 50.0], [50.0, 50.0]],
        [0.5, 0.5],
        draws=8000,
        computed={
            0: lambda a, b: np.ma.getdata(
                piecewise_linear(roi(a, b), [(-1.0, 0.0), (0.0, 40.0), (2.0, 100.0)])
            ).astype(np.float32),
            1: uncertainty.score_draws([50.0, 50.0], [5.0, 5.0], one, 3),
        },
    )
    bands = rank_bands(makers, tie_order=[0, 1], threads=2)
    # Two equal proposals: each leads in about half of the futures.
    assert bands.p_top(1) == pytest.approx([0.5, 0.5], abs=0.02)


def test_draws_without_uncertainty_are_the_additive_value():
    values, _ = everything()
    weights = [0.1, 0.2, 0.3, 0.4]
    (block,) = uncertainty.value_blocks(values, weights, draws=3)
    exact = additive_value(values, weights).value
    assert block == pytest.approx(np.repeat(exact.data[:, None], 3, axis=1), abs=1e-3)
    none = list(uncertainty.value_blocks(np.empty((0, 4)), weights, draws=3))
    assert none[0].shape == (0, 3)


@given(values=arrays(float, (5, 40), elements=st.integers(0, 3).map(float)), data=st.data())
@settings(max_examples=40, deadline=None)
def test_indices_are_shares(values, data):
    ties = data.draw(st.permutations(range(5)))
    result = smaa.smaa(values, tie_order=ties)
    assert result.acceptability.sum(axis=0) == pytest.approx(np.ones(5))
    assert result.acceptability.sum(axis=1) == pytest.approx(np.ones(5))
    both = result.winning + result.winning.T
    assert both[~np.eye(5, dtype=bool)] == pytest.approx(np.ones(20))
    assert result.entropy >= 0
    mixed = np.array(data.draw(st.permutations(range(5))))
    other = smaa.smaa(values[mixed], tie_order=np.array(ties)[mixed])
    assert other.acceptability == pytest.approx(result.acceptability[mixed])


def test_edges_of_the_indices():
    one = smaa.smaa([[1.0, 2.0]])
    assert one.acceptability.tolist() == [[1.0]]
    assert one.entropy == 0
    assert one.central_weights.shape == (1, 0)
    weights = np.array([[0.2, 0.8], [0.6, 0.4]])
    two = smaa.smaa([[2.0, 2.0], [1.0, 1.0]], weights=weights)
    assert two.central_weights.tolist() == [pytest.approx([0.4, 0.6]), [None, None]]
    with pytest.raises(ValueError, match=r"^values:"):
        smaa.smaa(np.empty((2, 0)))
    with pytest.raises(ValueError, match=r"^weights:"):
        smaa.smaa([[1.0, 2.0]], weights=[[1.0]])


def test_labels():
    assert [smaa.label(p) for p in (1, 0.9, 0.89, 0.1, 0.09)] == [
        "robust", "robust", "discuss", "discuss", "out",
    ]  # fmt: skip


@given(
    a=arrays(float, st.integers(1, 8), elements=st.integers(0, 4).map(float)),
    b=arrays(float, st.integers(1, 8), elements=st.integers(0, 4).map(float)),
)
@settings(max_examples=150, deadline=None)
def test_dominance_equals_its_definition(a, b):
    grid = np.arange(-1, 6)
    below_a = np.array([(a <= x).mean() for x in grid])
    below_b = np.array([(b <= x).mean() for x in grid])
    first = (below_a <= below_b + 1e-12).all() and (below_a < below_b - 1e-12).any()
    area_a, area_b = np.cumsum(below_a), np.cumsum(below_b)
    second = (area_a <= area_b + 1e-9).all() and (area_a < area_b - 1e-9).any()
    assert dominance.first_order(a, b) == first
    assert dominance.second_order(a, b) == second
    assert not (dominance.first_order(a, b) and dominance.first_order(b, a))


def test_a_dominated_proposal_is_not_on_the_front():
    front = dominance.pareto_front([[1, 5], [2, 4], [1, 4], [2, 4], [0, 6]])
    assert front.tolist() == [True, True, False, True, True]
    assert dominance.pareto_front(np.empty((0, 2))).tolist() == []


@given(values=arrays(float, (6, 3), elements=st.integers(0, 10).map(lambda x: 10.0 * x)))
@settings(max_examples=40, deadline=None)
def test_a_dominated_proposal_never_ranks_above(values):
    total = additive_value(values, [0.5, 0.3, 0.2]).value
    for i in range(6):
        for j in range(6):
            if (values[i] >= values[j]).all():
                assert total[i] >= total[j] - 1e-9


def test_the_last_bit_does_not_depend_on_company_or_block():
    rng = np.random.default_rng(0)
    values = rng.uniform(0, 100, (30, 12))
    drawn = uncertainty.uniform_weights(np.arange(12, dtype=np.uint64), 1)

    def draws(rows, block):
        parts = uncertainty.value_blocks(values[:rows], drawn, draws=300, block=block)
        return np.concatenate(list(parts), axis=1)

    whole = draws(30, 300)
    for rows in (1, 2, 7):
        for block in (1, 2, 64, 65):
            assert draws(rows, block).tobytes() == whole[:rows].tobytes()
