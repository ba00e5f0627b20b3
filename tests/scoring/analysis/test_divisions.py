"""A benefit divided by stream, and money divided by where customers feel it."""

import numpy as np
import pytest

from scoring.analysis.coverage import split_by_impact
from scoring.analysis.lifecycle import stream_shares


def test_shares_of_the_streams_sum_to_one() -> None:
    shares = stream_shares([60, 20, 20, 5], [1, 3, 1, 0], [0, 0, 0, 2], n=3, streams=4)
    assert shares.tolist() == [[0.0, 0.8, 0.0, 0.2], [None] * 4, [1.0, 0.0, 0.0, 0.0]]


def test_a_stream_that_loses_money_has_no_part() -> None:
    shares = stream_shares([30, -50, 20, -7], [0, 1, 1, 2], [0, 0, 0, 1], n=2, streams=3)
    assert shares.tolist() == [[1.0, 0.0, 0.0], [None, None, None]]


def test_money_follows_impact_without_its_sign() -> None:
    parts = split_by_impact([100.0, 40.0], [30, -10, 5], [0, 0, 1])
    assert parts.tolist() == [75.0, 25.0, 40.0]


def test_effects_without_points_share_equally() -> None:
    assert split_by_impact([90.0], [0, 0, 0], [0, 0, 0]).tolist() == [30.0, 30.0, 30.0]


def test_an_unknown_amount_stays_unknown() -> None:
    parts = split_by_impact([np.nan, 10.0], [1, 1], [0, 1])
    assert np.isnan(parts[0])
    assert parts[1] == 10.0


def test_parts_sum_to_the_amount() -> None:
    rng = np.random.default_rng(3)
    home = np.concatenate([np.arange(20), rng.integers(0, 20, 80)])
    amount = rng.uniform(1, 1e6, 20)
    parts = split_by_impact(amount, rng.normal(0, 100, 100), home)
    assert np.bincount(home, weights=parts) == pytest.approx(amount, rel=1e-12)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: stream_shares([1.0], [4], [0], n=1, streams=4), "stream"),
        (lambda: stream_shares([np.nan], [0], [0], n=1, streams=4), "present"),
        (lambda: split_by_impact([1.0], [np.nan], [0]), "points"),
        (lambda: split_by_impact([1.0], [1.0], [1]), "proposal"),
    ],
)
def test_errors_name_the_argument(call, name) -> None:
    with pytest.raises(ValueError, match=f"^{name}: "):
        call()
