"""One input at a time: weights that still sum to 1, ranks at both ends, the widest first."""

import numpy as np
import pytest
from scipy import stats

from scoring.analysis.sensitivity import (
    crossing_chance,
    rank_among,
    score_quantile,
    shifted_weights,
    weight_quantile,
    widest,
)
from scoring.analysis.uncertainty import panel_weights, strength_of


def test_weights_have_the_ends_of_the_draws() -> None:
    mean, keys = np.array([0.3, 0.5, 0.2]), np.arange(3, dtype=np.uint64)
    drawn = panel_weights(mean, strength_of(0.05), keys, 1)(0, 40_960)[:, 0]
    for share in (0.1, 0.5, 0.9):
        found = weight_quantile(0.3, strength_of(0.05), share)
        assert found == pytest.approx(stats.beta.ppf(share, 22.2, 51.8))
        assert found == pytest.approx(np.quantile(drawn, share), abs=1e-3)
    assert stats.beta.std(0.25 * 74, 0.75 * 74) == pytest.approx(0.05)
    assert weight_quantile(0.25, strength_of(0.0), 0.9) == 0.25
    assert [weight_quantile(mean, 74.0, 0.9) for mean in (0.0, 1.0)] == [0.0, 1.0]


@pytest.mark.parametrize("spread", [-0.01, 0.44, float("nan")])
def test_a_spread_of_weights_that_cannot_be(spread: float) -> None:
    with pytest.raises(ValueError, match="spread"):
        strength_of(spread)


@pytest.mark.parametrize(
    ("values", "name"),
    [((1.1, 5.0, 0.5), "mean"), ((0.5, 0.0, 0.5), "strength"), ((0.5, 5.0, 1.5), "share")],
)
def test_a_quantile_of_a_weight_that_cannot_be(values: tuple[float, ...], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        weight_quantile(*values)


def test_one_weight_moves_and_the_others_keep_their_proportions() -> None:
    assert shifted_weights([0.5, 0.3, 0.2], 0, 0.05).tolist() == pytest.approx([0.55, 0.27, 0.18])
    assert shifted_weights([0.5, 0.3, 0.2], 2, -0.05).tolist() == pytest.approx(
        [0.53125, 0.31875, 0.15]
    )


def test_weights_stay_within_their_ends() -> None:
    assert shifted_weights([0.98, 0.02], 0, 0.05).tolist() == [1.0, 0.0]
    assert shifted_weights([0.02, 0.98], 0, -0.05).tolist() == [0.0, 1.0]


def test_the_only_weight_cannot_move() -> None:
    assert shifted_weights([[1.0, 0.0], [0.5, 0.5]], 0, -0.1).tolist() == [[1.0, 0.0], [0.4, 0.6]]


def test_every_row_sums_to_one_again() -> None:
    rows = np.random.default_rng(1).dirichlet(np.ones(7), size=50)
    for place in range(7):
        moved = shifted_weights(rows, place, 0.05)
        assert moved.sum(axis=1) == pytest.approx(1.0, abs=1e-12)


def test_ranks_share_the_better_place_and_the_unranked_beat_nobody() -> None:
    assert rank_among([91, 90, 80, 79.9999999999, 10], [90, 80, np.nan, 70]).tolist() == [
        1,
        1,
        2,
        2,
        4,
    ]
    assert rank_among([5.0], []).tolist() == [1]


def test_quantiles_are_those_of_the_cut_off_normal() -> None:
    cut = stats.truncnorm((0 - 90) / 20, (100 - 90) / 20, 90, 20)
    for share in (0.1, 0.5, 0.9):
        assert score_quantile(90, 20, share) == pytest.approx(cut.ppf(share), abs=1e-9)
    assert score_quantile(50, 0, 0.1) == 50.0
    assert score_quantile(50, 1, 0.9) == pytest.approx(50 + 1.2815515655)


def test_widest_first_whichever_end_is_larger() -> None:
    assert widest([1, 9, 5, 5], [2, 4, 5, 6], 3).tolist() == [1, 0, 3]


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: shifted_weights([0.5, 0.4], 0, 0.1), "weights"),
        (lambda: shifted_weights([0.5, 0.5], 2, 0.1), "place"),
        (lambda: score_quantile(50, -1, 0.1), "error"),
        (lambda: score_quantile(50, 1, 1.1), "share"),
        (lambda: rank_among([np.nan], [1.0]), "score"),
        (lambda: widest([1.0], [1.0, 2.0], 3), "high"),
        (lambda: crossing_chance([1.0], 1.0, [-1.0]), "error"),
        (lambda: crossing_chance([1.0], np.nan, [1.0]), "line"),
        (lambda: crossing_chance([1.0], 1.0, [1.0, 2.0]), "error"),
    ],
)
def test_errors_name_the_argument(call, name) -> None:
    with pytest.raises(ValueError, match=f"^{name}: "):
        call()


def test_a_score_crosses_the_line_by_the_tail_of_its_error() -> None:
    chance = crossing_chance([40.0, 60.0, 50.0, 40.0], 50.0, [10.0, 10.0, 3.0, 0.0])
    assert chance.tolist() == pytest.approx([stats.norm.cdf(-1), stats.norm.cdf(-1), 0.5, 0.0])
