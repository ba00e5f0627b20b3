"""Pairwise weights: identities, incomplete matrices, refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scoring.analysis import ahp, bwm

NAN = float(np.nan)


def consistent(weights):
    return weights[:, None] / weights[None, :]


def reciprocal(upper):
    n = len(upper)
    matrix = np.ones((n, n))
    for i in range(n):
        for j in range(i + 1, n):
            matrix[i, j], matrix[j, i] = upper[i][j], 1 / upper[i][j]
    return matrix


@given(weights=arrays(float, st.integers(1, 7), elements=st.floats(0.1, 9)))
@settings(max_examples=40, deadline=None)
def test_all_methods_agree_on_a_consistent_matrix(weights):
    matrix = consistent(weights)
    expected = weights / weights.sum()
    for method in (ahp.eigenvector, ahp.row_geometric_mean, ahp.column_mean):
        assert method(matrix) == pytest.approx(expected, rel=1e-6)
    assert ahp.log_least_squares(matrix) == pytest.approx(expected, rel=1e-6)
    assert ahp.consistency(matrix).ratio == pytest.approx(0, abs=1e-6)
    assert ahp.geometric_consistency(matrix).index == pytest.approx(0, abs=1e-9)
    assert ahp.revisit(matrix, expected) is None


def test_eigenvector_equals_row_geometric_mean_for_three():
    matrix = reciprocal([[1, 3, 7], [0, 1, 0.5], [0, 0, 1]])
    assert ahp.eigenvector(matrix) == pytest.approx(ahp.row_geometric_mean(matrix), rel=1e-9)


def test_all_ones_give_equal_weights_and_two_are_always_consistent():
    assert ahp.eigenvector(np.ones((4, 4))) == pytest.approx([0.25] * 4)
    assert ahp.consistency(np.ones((4, 4))).ratio == 0
    pair = ahp.consistency([[1.0, 9.0], [1 / 9, 1.0]])
    assert (pair.ratio, pair.acceptable) == (0, True)
    assert ahp.eigenvector([[1.0]]).tolist() == [1.0]


def test_limits_are_stricter_for_small_matrices():
    assert ahp.consistency(np.ones((3, 3))).limit == 0.05
    assert ahp.consistency(np.ones((4, 4))).limit == 0.08
    assert ahp.consistency(np.ones((5, 5))).limit == 0.10


def test_the_worst_entry_is_named_and_nothing_is_altered():
    matrix = consistent(np.array([4.0, 2.0, 1.0, 1.0]))
    matrix[1, 2], matrix[2, 1] = 1 / 8, 8
    before = matrix.copy()
    found = ahp.revisit(matrix, ahp.eigenvector(matrix))
    assert found is not None
    assert (found.row, found.column, found.given) == (1, 2, 1 / 8)
    assert found.implied > 2 * found.given
    assert (matrix == before).all()


def test_an_incomplete_matrix_needs_links_between_all():
    weights = np.array([0.5, 0.3, 0.2])
    matrix = consistent(weights)
    matrix[0, 2] = matrix[2, 0] = NAN
    assert ahp.log_least_squares(matrix) == pytest.approx(weights)
    matrix[0, 1] = matrix[1, 0] = NAN
    with pytest.raises(ValueError, match=r"^matrix: the comparisons fall into 2 groups"):
        ahp.log_least_squares(matrix)


@pytest.mark.parametrize(
    "matrix",
    [
        np.ones((2, 3)),
        [[1, 2], [1, 1]],
        [[1, -2], [-0.5, 1]],
        [[1, 0], [0, 1]],
        [[1, NAN], [2, 1]],
        np.empty((0, 0)),
    ],
)
def test_matrices_that_are_not_comparisons_are_refused(matrix):
    with pytest.raises(ValueError, match=r"^matrix:"):
        ahp.eigenvector(matrix)


def test_tables_end_somewhere():
    with pytest.raises(ValueError, match=r"^table:"):
        ahp.consistency(np.ones((11, 11)), table="saaty1980")
    with pytest.raises(ValueError, match=r"^table:"):
        ahp.consistency(np.ones((3, 3)), table="unknown")


def test_members_count_by_their_weights():
    one, other = reciprocal([[1, 4], [0, 1]]), reciprocal([[1, 1], [0, 1]])
    assert ahp.aggregate_judgments([one, other])[0, 1] == pytest.approx(2)
    assert ahp.aggregate_judgments([one, other], [1, 0])[0, 1] == pytest.approx(4)
    members = [[0.8, 0.2], [0.4, 0.6]]
    assert ahp.aggregate_priorities(members) == pytest.approx([0.6, 0.4])
    assert ahp.aggregate_priorities(members, [0.75, 0.25]) == pytest.approx([0.7, 0.3])
    with pytest.raises(ValueError, match=r"^member_weights:"):
        ahp.aggregate_priorities(members, [1, 1])


@given(weights=arrays(float, st.integers(2, 6), elements=st.integers(1, 5).map(float)))
@settings(max_examples=25, deadline=None)
def test_best_worst_recovers_consistent_answers(weights):
    best, worst = int(np.argmax(weights)), int(np.argmin(weights))
    if best == worst:
        best, worst = 0, 1
    others, worsts = weights[best] / weights, weights / weights[worst]
    for model in (bwm.linear, bwm.nonlinear):
        result = model(others, worsts, best=best, worst=worst)
        assert result.weights == pytest.approx(weights / weights.sum(), abs=1e-5)
        assert result.xi == pytest.approx(0, abs=1e-6)


def test_best_worst_with_three_criteria_has_one_answer():
    # With a_BW = 8 and 2 x 2 in between, the misfit solves (2 + x)(2 + x) = 8 - x.
    result = bwm.nonlinear([1, 2, 8], [8, 2, 1], best=0, worst=2)
    xi = (-5 + np.sqrt(41)) / 2
    assert result.xi == pytest.approx(xi, abs=1e-6)
    assert result.ratio == pytest.approx(xi / 4.47, abs=1e-3)
    assert result.low == pytest.approx(result.high, abs=1e-5)
    assert result.weights[0] / result.weights[1] == pytest.approx(2 + xi, abs=1e-4)


def test_best_worst_with_more_criteria_may_leave_intervals():
    result = bwm.nonlinear([2, 1, 4, 3, 8], [4, 8, 2, 3, 1], best=1, worst=4)
    assert (result.high - result.low).max() > 1e-3
    assert (result.weights >= result.low - 1e-3).all()
    assert (result.weights <= result.high + 1e-3).all()


@pytest.mark.parametrize(
    ("others", "worsts", "best", "worst", "name"),
    [
        ([1, 2], [2, 1], 0, 0, "worst"),
        ([2, 2], [2, 1], 0, 1, "best_to_others"),
        ([1, 0.5], [2, 1], 0, 1, "best_to_others"),
        ([1, 2], [2, 2], 0, 1, "others_to_worst"),
        ([1, 2], [2, 1], 5, 1, "best"),
        ([1, 2, 8], [7, 2, 1], 0, 2, "others_to_worst"),
        ([1, 2], [1], 0, 1, "others_to_worst"),
    ],
)
def test_best_worst_errors_name_the_argument(others, worsts, best, worst, name):
    for model in (bwm.linear, bwm.nonlinear):
        with pytest.raises(ValueError, match=rf"^{name}:"):
            model(others, worsts, best=best, worst=worst)


def test_a_rounded_table_is_read_from_its_upper_half():
    rounded = np.array([[1, 3, 5], [0.33, 1, 3], [0.2, 0.33, 1]])
    with pytest.raises(ValueError, match=r"^matrix:"):
        ahp.eigenvector(rounded)
    assert ahp.from_upper(rounded) == pytest.approx(
        np.array([[1, 3, 5], [1 / 3, 1, 3], [0.2, 1 / 3, 1]])
    )
    for bad in (np.array([[1, 0], [1, 1]]), np.ones((1, 3))):
        with pytest.raises(ValueError, match=r"^matrix:"):
            ahp.from_upper(bad)
    with pytest.raises(ValueError, match=r"^matrices:"):
        ahp.aggregate_judgments([[[1, 2], [3, 1]]])


def test_completion_has_the_least_lambda_of_all():
    nan = float("nan")
    given = ahp.from_upper(np.array([[1, 2, nan, 4], [1, 1, 3, nan], [1, 1, 1, 2], [1, 1, 1, 1]]))
    best = ahp.completed(given)
    least = ahp.consistency(best).lambda_max
    for row, column in ((0, 2), (1, 3)):
        for factor in (0.9, 1.1):
            other = best.copy()
            other[row, column] *= factor
            other[column, row] /= factor
            assert ahp.consistency(other).lambda_max > least
    chain = ahp.completed(ahp.from_upper(np.array([[1, 2, nan], [1, 1, 3], [1, 1, 1]])))
    assert chain[0, 2] == pytest.approx(6)
    assert ahp.completed(chain) == pytest.approx(chain)
