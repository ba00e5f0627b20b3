"""Additive value, weights and order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scoring.analysis import weighting
from scoring.analysis.value import (
    additive_value,
    competition_rank,
    piecewise_linear,
    total_order,
    two_level_weights,
)

NAN = float(np.nan)
SCORES = st.one_of(st.floats(0, 100), st.just(NAN))


def test_missing_scores_neither_help_nor_hurt():
    result = additive_value([[80, NAN, 40], [NAN, NAN, NAN], [NAN, 50, NAN]], [0.5, 0.3, 0.2])
    assert result.value.tolist() == pytest.approx([(40 + 8) / 0.7, None, 50])
    assert result.coverage == pytest.approx([0.7, 0.0, 0.3])
    assert np.ma.getmaskarray(result.contribution)[0].tolist() == [False, True, False]


def test_only_a_criterion_without_weight_scored_is_undefined():
    result = additive_value([[70, NAN]], [0.0, 1.0])
    assert result.value.tolist() == [None]


def test_no_proposals_give_empty_results():
    result = additive_value(np.empty((0, 2)), [0.5, 0.5])
    assert len(result.value) == 0
    assert competition_rank([]).tolist() == []
    assert total_order([]).tolist() == []


@pytest.mark.parametrize(
    ("values", "weights", "name"),
    [
        ([[101.0]], [1.0], "values"),
        ([[-1.0]], [1.0], "values"),
        ([[1.0, 2.0]], [0.5, 0.4], "weights"),
        ([[1.0, 2.0]], [1.5, -0.5], "weights"),
        ([[1.0, 2.0]], [1.0], "weights"),
        ([[1.0]], [NAN], "weights"),
    ],
)
def test_errors_name_the_argument(values, weights, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        additive_value(values, weights)


@given(data=st.data(), n=st.integers(1, 8), m=st.integers(1, 6))
@settings(max_examples=60, deadline=None)
def test_properties_of_the_additive_value(data, n, m):
    values = data.draw(arrays(float, (n, m), elements=SCORES))
    points = data.draw(arrays(float, m, elements=st.floats(0.01, 100)))
    weights = weighting.swing(points)
    result = additive_value(values, weights)
    assert np.abs(result.contribution.filled(0).sum(axis=1) - result.value.filled(0)).max() < 1e-9
    mixed = data.draw(st.permutations(range(n)))
    assert additive_value(values[mixed], weights).value.tolist() == result.value[mixed].tolist()
    longer = additive_value(np.vstack([values, np.full(m, 100.0)]), weights)
    assert longer.value[:n].tolist() == result.value.tolist()
    scaled = additive_value(values, weighting.swing(points * 3.7))
    assert scaled.value.filled(0) == pytest.approx(result.value.filled(0), abs=1e-9)
    better = np.where(np.isnan(values), values, np.minimum(values + 1, 100))
    gain = additive_value(better, weights).value - result.value
    assert (gain.filled(0) >= -1e-9).all()
    twins = additive_value(np.vstack([values, values]), weights)
    ranks = competition_rank(twins.value)
    assert ranks[:n].tolist() == ranks[n:].tolist()


def test_piecewise_linear_interpolates_clips_and_masks():
    falling = piecewise_linear([[-5, 0, 2.5], [10, 99, NAN]], [(0, 100), (5, 40), (10, 0)])
    assert falling.tolist() == [[100, 100, 70], [0, 0, None]]


@pytest.mark.parametrize(
    "knots", [[(0, 0)], [(0, 0), (0, 1)], [(0, 0), (1, 5), (2, 3)], [(0, NAN), (1, 1)]]
)
def test_bad_knots_are_refused(knots):
    with pytest.raises(ValueError, match=r"^knots:"):
        piecewise_linear([1.0], knots)


def test_two_level_weights():
    weights = two_level_weights([0.6, 0.4], [0.5, 0.5, 1.0], [0, 0, 1])
    assert weights == pytest.approx([0.3, 0.3, 0.4])
    with pytest.raises(ValueError, match=r"^criterion_weights:"):
        two_level_weights([0.6, 0.4], [0.5, 0.4, 1.0], [0, 0, 1])
    with pytest.raises(ValueError, match=r"^dimension_of:"):
        two_level_weights([0.6, 0.4], [0.5, 0.5], [0, 0])


def test_competition_rank_shares_the_better_place():
    assert competition_rank([5, 7, 7, 9, NAN, 7 + 1e-12]).tolist() == [5, 2, 2, 1, None, 2]


def test_total_order_breaks_ties_by_the_keys_in_turn():
    order = total_order([5, 5, NAN, 9, 5], [1, 0, 0, 0, 1], ["b", "x", "a", "c", "a"])
    assert order.tolist() == [3, 1, 4, 0, 2]


def test_tied_ranks_share_their_weight():
    plain = weighting.rank_order_centroid([1, 2, 3, 4])
    tied = weighting.rank_order_centroid([1, 2, 2, 4])
    assert tied[[0, 3]] == pytest.approx(plain[[0, 3]])
    assert tied[1] == tied[2] == pytest.approx(plain[1:3].mean())
    for rule in (weighting.rank_order_centroid, weighting.rank_sum, weighting.reciprocal):
        assert rule([1, 1, 1]) == pytest.approx([1 / 3] * 3)
        assert rule([3, 1, 2]).sum() == pytest.approx(1)
        assert rule([7]).tolist() == [1.0]
    assert weighting.rank_sum([1, 2, 3]) == pytest.approx([3 / 6, 2 / 6, 1 / 6])
    assert weighting.reciprocal([1, 2, 3]) == pytest.approx([6 / 11, 3 / 11, 2 / 11])
    assert weighting.equal(4).tolist() == [0.25] * 4


def test_weights_need_something_to_weigh():
    with pytest.raises(ValueError, match=r"^points:"):
        weighting.swing([0, 0])
    with pytest.raises(ValueError, match=r"^ranks:"):
        weighting.rank_sum([])
    with pytest.raises(ValueError, match=r"^n:"):
        weighting.equal(0)
