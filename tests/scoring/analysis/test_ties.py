"""Who cannot be told apart: groups of neighbours in a ranked list."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scoring.analysis.ties import tie_groups


def groups(values: object, **options: float) -> list[tuple[int, int]]:
    first, last = tie_groups(values, **options)  # type: ignore[arg-type] # lists in tests
    return list(zip(first.tolist(), last.tolist(), strict=True))


def test_clear_orders_stand_alone() -> None:
    assert groups([[9, 9, 9, 9], [5, 5, 5, 5], [1, 1, 1, 1]]) == [(0, 0), (1, 1), (2, 2)]


def test_equal_rows_are_one_group() -> None:
    assert groups([[5, 6], [5, 6], [5, 6], [1, 1]]) == [(0, 2), (0, 2), (0, 2), (3, 3)]


def test_two_of_five_futures_are_enough_and_one_is_not() -> None:
    """The limit is 0.4: ahead in 2 of 5, then in 1 of 5 with one even (0.3)."""
    assert groups([[3, 3, 3, 3, 3], [4, 4, 1, 1, 1]]) == [(0, 1), (0, 1)]
    assert groups([[3, 3, 3, 3, 3], [4, 3, 1, 1, 1]]) == [(0, 0), (1, 1)]


def test_small_steps_do_not_chain() -> None:
    """Each row is even with its neighbour in half of the futures; the third never beats the first.

    Row 0 against 1: ahead in 2 of 4 for row 1. Row 1 against 2 the same. Row 0 against 2: never.
    """
    rows = [[4, 4, 4, 4], [5, 5, 2, 2], [3, 3, 3, 3]]
    assert groups(rows) == [(0, 1), (0, 1), (2, 2)]


def test_edges() -> None:
    assert groups(np.zeros((0, 5))) == []
    assert groups(np.zeros((0, 0))) == []
    assert groups([[1.0, 2.0]]) == [(0, 0)]


@pytest.mark.parametrize(
    ("values", "share", "name"),
    [
        ([1.0], 0.4, "values"),
        ([[np.nan]], 0.4, "values"),
        (np.zeros((2, 0)), 0.4, "values"),
        ([[1.0]], 0.0, "share"),
        ([[1.0]], 0.51, "share"),
    ],
)
def test_wrong_input_is_named(values: object, share: float, name: str) -> None:
    with pytest.raises(ValueError, match=f"^{name}:"):
        tie_groups(values, share=share)  # type: ignore[arg-type]


@given(arrays(np.float64, (6, 8), elements=st.integers(0, 3).map(float)))
def test_groups_are_consecutive_and_joined_by_their_first(values: np.ndarray) -> None:
    first, last = tie_groups(values)
    for row in range(len(values)):
        assert first[row] <= row <= last[row]
        assert first[first[row]] == first[row]
        ahead = (values[row] > values[first[row]]).mean() + (
            values[row] == values[first[row]]
        ).mean() / 2
        assert row == first[row] or ahead >= 0.4
