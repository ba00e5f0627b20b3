"""Dominance under two lenses, against its definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.analysis.lenses import undominated


def by_definition(pairs: list[tuple[float, float]]) -> list[bool]:
    def beats(x: tuple[float, float], y: tuple[float, float]) -> bool:
        return x[0] >= y[0] and x[1] >= y[1] and x != y

    return [not any(beats(other, pair) for other in pairs) for pair in pairs]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=25))
def test_it_is_the_definition(pairs: list[tuple[int, int]]) -> None:
    first, second = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    plain = [(float(a), float(b)) for a, b in pairs]
    assert undominated(first, second).tolist() == by_definition(plain)


def test_a_missing_lens_takes_no_part() -> None:
    found = undominated([9.0, np.nan, 1.0], [np.nan, 9.0, 1.0])
    assert found.tolist() == [False, False, True]


def test_equal_rows_stand_together_and_nothing_gives_nothing() -> None:
    assert undominated([2, 2, 1], [3, 3, 3]).tolist() == [True, True, False]
    assert undominated([], []).tolist() == []
    with pytest.raises(ValueError, match="second: 2 entries expected, got 1"):
        undominated([1, 2], [1])
