"""Dominance under two lenses, against its definition."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.analysis.lenses import exchange_rate, undominated


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


def test_the_exchange_rate_is_the_ratio_of_the_gains() -> None:
    """0.3 x 100 / 50,000 = 0.0006 a point; 0.2 x 100 / 4 = 5 per ROI of 1; 0.0006 / 5."""
    points, roi = [(0, 0), (10_000, 60), (50_000, 100)], [(0, 0), (4, 100)]
    assert exchange_rate(points, 0.3, roi, 0.2) == pytest.approx(0.00012, rel=1e-12)
    assert exchange_rate(points, 0.0, roi, 0.2) == 0.0
    assert exchange_rate(points, 0.3, roi, 0.0) is None
    assert exchange_rate(points, 0.3, [(0, 50), (4, 50)], 0.2) is None


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (([(0, 0)], 1, [(0, 0), (1, 1)], 1), "first_knots"),
        (([(0, 0), (1, 1)], 1, [(1, 0), (0, 1)], 1), "second_knots"),
        (([(0, 0, 0), (1, 1, 1)], 1, [(0, 0), (1, 1)], 1), "first_knots"),
        (([(0, 0), (1, 1)], -1, [(0, 0), (1, 1)], 1), "first_weight"),
        (([(0, 0), (1, 1)], 1, [(0, 0), (1, 1)], np.nan), "second_weight"),
    ],
)
def test_a_wrong_exchange_names_its_argument(arguments: tuple[Any, ...], name: str) -> None:
    with pytest.raises(ValueError, match=f"^{name}:"):
        exchange_rate(*arguments)
